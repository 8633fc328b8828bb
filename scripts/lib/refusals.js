// Generates substitutes for entries that must not run somewhere: the same names, read from the entry itself.

import { execFileSync } from 'node:child_process';
import { at } from './paths.js';
import { Problem } from './run.js';

/** @typedef {{ kind: 'class' | 'function' | 'list', statics: string[] } | { kind: 'error', from: string }} Export */

/** Runs in a process of its own, so that `npm run dev` sees the current sources. */
const SCRIPT = `
  const from = async (path) => import(new URL(path, process.argv[1]));
  const errors = { './pkg/errors.js': await from('pkg/errors.js'), './pkg/batch/format-error.js': await from('pkg/batch/format-error.js') };
  const kindOf = (thing) => {
    if (Array.isArray(thing)) return { kind: 'list' };
    if (typeof thing !== 'function') return {};
    if (thing.prototype instanceof Error) {
      return { kind: 'error', from: Object.keys(errors).find((path) => Object.values(errors[path]).includes(thing)) };
    }
    if (!/^class\\b/.test(Function.prototype.toString.call(thing))) return { kind: 'function' };
    return { kind: 'class', statics: Object.getOwnPropertyNames(thing).filter((name) => typeof thing[name] === 'function') };
  };
  const entries = {};
  for (const [name, path] of Object.entries(JSON.parse(process.argv[2]))) {
    const entry = await from(path);
    entries[name] = Object.fromEntries(Object.keys(entry).sort().map((own) => [own, kindOf(entry[own])]));
  }
  process.stdout.write(JSON.stringify(entries));
`;

/**
 * What each entry exports.
 * @param {Record<string, string>} entries their sources
 * @returns {Record<string, Record<string, Export>>}
 */
export function describeEntries(entries) {
  const args = ['--input-type=module', '-e', SCRIPT, `file://${at()}/`, JSON.stringify(entries)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

/**
 * The source of an entry's substitute.
 * @param {string} entry as it is imported, such as `aps-payops/server`
 * @param {Record<string, Export>} names
 * @param {'refuseInPages' | 'refuseInNative'} refuse
 */
export function refusalSource(entry, names, refuse) {
  const lines = Object.entries(names).map(([name, found]) => {
    const args = `'${entry}', '${name}'`;
    if (name === 'isAvailable' && refuse === 'refuseInNative') return `export const isAvailable = () => false;`;
    switch (found.kind) {
      case 'error':
        return `export { ${name} } from '${found.from}';`;
      case 'class':
        return `export const ${name} = /* @__PURE__ */ refusing(${refuse}, ${args}, ${JSON.stringify(found.statics)});`;
      case 'function':
        return `export const ${name} = () => ${refuse}(${args});`;
      case 'list':
        return `export const ${name} = /* @__PURE__ */ Object.freeze([]);`;
      default:
        throw new Problem(`${entry}: there is no substitute for ${name} in a page yet`);
    }
  });
  return `import { ${refuse}, refusing } from './pkg/refuse.js';\n${lines.join('\n')}\n`;
}
