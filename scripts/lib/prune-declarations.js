// Removes declarations that no entry refers to. The others keep their files and names, which editors and compilers show.

import { posix } from 'node:path';
import ts from 'typescript-5';

/**
 * A statement, the names that it declares, and whether it stays.
 * @typedef {object} Part
 * @property {ts.Statement} node
 * @property {string[]} names
 * @property {boolean} isKept
 */
/**
 * @typedef {object} Module
 * @property {ts.SourceFile} source
 * @property {Part[]} parts
 * @property {Map<string, { from: string, name: string }>} imported by local name; `name` is `*` for a namespace
 * @property {Map<string, { from?: string, name: string }>} exported by exported name, where that is not declared with `export`
 * @property {string[]} stars modules that it exports whole
 * @property {Set<string>} used names that are imported or exported and needed
 */

const isExported = (/** @type {ts.Statement} */ node) =>
  ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** @param {ts.Statement} node @returns {string[]} */
function namesOf(node) {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = /** @type {{ name?: ts.Node }} */ (/** @type {unknown} */ (node));
  return name ? [name.getText()] : [];
}

/**
 * @param {string} module
 * @param {string} text
 * @returns {Module}
 */
function parse(module, text) {
  const source = ts.createSourceFile(`${module}.d.ts`, text, ts.ScriptTarget.Latest, true);
  /** @type {Module} */
  const found = { source, parts: [], imported: new Map(), exported: new Map(), stars: [], used: new Set() };
  for (const node of source.statements) {
    if (ts.isImportDeclaration(node)) {
      const from = resolve(module, node.moduleSpecifier);
      const { name, namedBindings } = node.importClause ?? {};
      if (name) found.imported.set(name.text, { from, name: 'default' });
      if (namedBindings && ts.isNamespaceImport(namedBindings)) {
        found.imported.set(namedBindings.name.text, { from, name: '*' });
      } else {
        for (const one of namedBindings?.elements ?? []) {
          found.imported.set(one.name.text, { from, name: (one.propertyName ?? one.name).text });
        }
      }
    } else if (ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier && resolve(module, node.moduleSpecifier);
      if (node.exportClause && ts.isNamedExports(node.exportClause)) {
        for (const one of node.exportClause.elements) {
          found.exported.set(one.name.text, { from, name: (one.propertyName ?? one.name).text });
        }
      } else if (from !== undefined) {
        found.stars.push(from);
      }
    } else {
      found.parts.push({ node, names: namesOf(node), isKept: false });
    }
  }
  return found;
}

/** The path of an imported module; for a package its name, which no module here has. */
const resolve = (/** @type {string} */ module, /** @type {ts.Node} */ specifier) => {
  const { text } = /** @type {ts.StringLiteral} */ (specifier);
  return text.startsWith('.') ? posix.join(posix.dirname(module), text).replace(/\.js$/, '') : text;
};

/**
 * @param {Map<string, string>} texts declarations by module, which name one another as `./other.js`
 * @param {string[]} entries modules of which everything is kept
 * @returns {Map<string, string>} what is left of each
 */
export function pruneDeclarations(texts, entries) {
  const modules = new Map(Array.from(texts, ([module, text]) => [module, parse(module, text)]));

  const keepAll = (/** @type {string} */ module) => {
    const found = modules.get(module);
    if (!found) return;
    for (const part of found.parts) if (isExported(part.node)) keepPart(module, part);
    for (const name of found.exported.keys()) keepExport(module, name);
    for (const star of found.stars) keepAll(star);
  };
  /** @type {(module: string, name: string) => boolean} whether the module has it */
  const keepExport = (module, name) => {
    const found = modules.get(module);
    if (!found) return false;
    if (name === '*') {
      keepAll(module);
      return true;
    }
    const lead = found.exported.get(name);
    if (lead) {
      if (found.used.has(`export ${name}`)) return true;
      found.used.add(`export ${name}`);
      if (lead.from === undefined) keepLocal(module, lead.name);
      else keepExport(lead.from, lead.name);
      return true;
    }
    const parts = found.parts.filter(({ names }) => names.includes(name));
    for (const part of parts) keepPart(module, part);
    return parts.length > 0 || found.stars.some((star) => keepExport(star, name));
  };
  const keepLocal = (/** @type {string} */ module, /** @type {string} */ name) => {
    const found = modules.get(module);
    const lead = found?.imported.get(name);
    if (found && lead && !found.used.has(`import ${name}`)) {
      found.used.add(`import ${name}`);
      keepExport(lead.from, lead.name);
    }
    for (const part of found?.parts ?? []) if (part.names.includes(name)) keepPart(module, part);
  };
  const keepPart = (/** @type {string} */ module, /** @type {Part} */ part) => {
    if (part.isKept) return;
    part.isKept = true;
    const visit = (/** @type {ts.Node} */ node) => {
      if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
        let name = node.qualifier;
        while (name && ts.isQualifiedName(name)) name = name.left;
        keepExport(resolve(module, node.argument.literal), name?.text ?? '*');
      } else if (ts.isIdentifier(node)) {
        keepLocal(module, node.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(part.node);
  };

  for (const entry of entries) keepAll(entry);
  const left = Array.from(modules, ([module, found]) => /** @type {const} */ ([module, print(found)]));
  return new Map(left.filter(([, text]) => text !== ''));
}

/** @param {Module} module */
function print({ source, parts, stars, used }) {
  if (parts.every(({ isKept }) => !isKept) && used.size === 0 && stars.length === 0) return '';
  const kept = new Set(parts.filter(({ isKept }) => isKept).map(({ node }) => /** @type {ts.Node} */ (node)));
  const lines = source.statements.map((node) => {
    const own = node.getFullText();
    if (ts.isImportDeclaration(node)) return without(node, own, node.importClause?.namedBindings, 'import', used);
    if (ts.isExportDeclaration(node)) return without(node, own, node.exportClause, 'export', used);
    return kept.has(node) ? own : '';
  });
  return `${lines.join('').trim()}\n`;
}

/**
 * An import or export of names, of which only those that are used stay.
 * @param {ts.ImportDeclaration | ts.ExportDeclaration} node
 * @param {string} text
 * @param {ts.Node | undefined} names
 * @param {'import' | 'export'} kind
 * @param {Set<string>} used
 */
function without(node, text, names, kind, used) {
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names))) {
    const lead = names && ts.isNamespaceImport(names) ? names.name.text : undefined;
    return lead !== undefined && !used.has(`import ${lead}`) ? '' : text;
  }
  // `export {}` says that a file is a module.
  if (names.elements.length === 0) return text;
  const left = names.elements.filter((one) => used.has(`${kind} ${one.name.text}`));
  if (left.length === 0) return '';
  const start = names.getStart() - node.getFullStart();
  const inside = left.map((one) => one.getText()).join(', ');
  return `${text.slice(0, start)}{ ${inside} }${text.slice(names.getEnd() - node.getFullStart())}`;
}
