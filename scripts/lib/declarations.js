// Rewrites the declarations of tsc so that editors show the documentation of each name.

/**
 * - `export const sign: typeof signParams`, which is how an entry binds a function to its wasm, becomes a re-export: an
 *   editor shows nothing about a constant, and everything about the function itself.
 * - `export type Reply = import('./reply.js').Reply` becomes a re-export for the same reason.
 * - Comments that hold nothing but a `@typedef` go: the type stands beside them.
 * @param {string} text a `.d.ts` file
 * @returns {string}
 */
export function linkDeclarations(text) {
  const imports = new Map(
    Array.from(text.matchAll(/^import \{ (\w+)(?: as (\w+))? \} from (["'].+["']);$/gm), ([, name, local, from]) => [
      local ?? name,
      { name, from },
    ]),
  );
  const bound = new Set();
  return text
    .replace(/^\/\*\*(?:(?!\*\/)[\s\S])*?@typedef(?:(?!\*\/)[\s\S])*\*\/\n/gm, '')
    .replace(/^export const (\w+): typeof (?:import\((.+)\)\.)?(\w+);$/gm, (line, own, module, name) => {
      const source = module ? { name, from: module } : imports.get(name);
      if (!source) return line;
      bound.add(own);
      return `export { ${rename(source.name, own)} } from ${source.from};`;
    })
    .replace(/^export type (\w+) = import\((.+)\)\.(\w+);$/gm, (line, own, module, name) => {
      if (bound.has(own)) return '';
      if (imports.has(own)) return line;
      return `import type { ${rename(name, own)} } from ${module};\nexport type { ${own} };`;
    });
}

/**
 * Comments without types and without undescribed parameters: the declaration next to them has both.
 * @param {string} text a `.d.ts` file
 * @returns {string}
 */
export const dropTypesOfComments = (text) =>
  text.replaceAll(/\/\*\*[\s\S]*?\*\//g, (comment) =>
    comment
      .replaceAll(/(@(?:param|returns|property)) \{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\} */g, '$1 ')
      .replaceAll(/^ *\* @param (?:\[\w+\]|\w+)\n/gm, '')
      .replaceAll(/@throws \{import\([^)]*\)\.(\w+)\}/g, '@throws {$1}')
      .replaceAll(/^ *\* @(?:type \{.*\}|readonly|overload|template(?: \{.*\})? \w+|returns ?)\n/gm, '')
      .replace(/^(\/\*\*)\n *\* (.*)\n *(\*\/)$/, '$1 $2 $3'),
  );

const rename = (/** @type {string} */ name, /** @type {string} */ own) => (name === own ? own : `${name} as ${own}`);

/**
 * The declaration of a module of tables, objects of objects of text: tsc drops comments inside an object.
 * @param {string} text JavaScript, as it is generated
 * @returns {string}
 */
export const declareTables = (text) =>
  text
    .replace(/^export const (\w+) = .*\{$/gm, 'export declare const $1: {')
    .replace(/^( +)(\w+: (?:\{|'\w+'))(,?)$/gm, (_, indent, member, end) => `${indent}readonly ${member}${end && ';'}`)
    .replace(/^( *)\}\)?[,;]$/gm, '$1};');
