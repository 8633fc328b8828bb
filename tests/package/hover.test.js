// What an editor shows: every export, every member of what is given and answered, every method and every overload has
// documentation. Asked of TypeScript's language service, over the declarations that are installed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript-5';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'node_modules', 'aps-payops', 'package.json'), 'utf8'));
const file = join(root, 'hover.ts');
const subPaths = Object.keys(manifest.exports).filter((path) => !/\.\w+$/.test(path));
const text = subPaths.map((path, at) => `import * as entry${at} from 'aps-payops${path.slice(1)}';\n`).join('');

/** @type {ts.CompilerOptions} */
const options = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  typeRoots: [join(root, '..', '..', 'node_modules', '@types')],
};
const host = ts.createCompilerHost(options);
const program = ts.createProgram([file], options, {
  ...host,
  fileExists: (name) => name === file || host.fileExists(name),
  readFile: (name) => (name === file ? text : host.readFile(name)),
  getSourceFile: (name, version) =>
    name === file ? ts.createSourceFile(name, text, version, true) : host.getSourceFile(name, version),
});
const checker = program.getTypeChecker();

/** @param {ts.Symbol | ts.Signature} thing */
const isDocumented = (thing) => ts.displayPartsToString(thing.getDocumentationComment(checker)).trim() !== '';

/** @param {ts.Declaration | undefined} declaration */
const isOurs = (declaration) => {
  const { fileName = '' } = declaration?.getSourceFile() ?? {};
  // What a store keeps for the engine is neither given nor read by anybody else.
  return fileName.includes('/aps-payops/pkg/types/') && !fileName.includes('/types/operation/');
};

/** Whether a member is there to be left out: of a union that it tells apart. @param {ts.Symbol} symbol */
const isNothing = (symbol) => Boolean(checker.getTypeOfSymbol(symbol).flags & ts.TypeFlags.Undefined);

/** @param {ts.Signature} signature */
const isInternal = (signature) => signature.getJsDocTags().some(({ name }) => name === 'internal');

/** @param {ts.Symbol} symbol */
const isPublic = (symbol) =>
  !symbol.name.startsWith('__') &&
  !symbol.name.startsWith('#') &&
  !(symbol.declarations ?? []).some((one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Private);

/** @param {ts.Declaration | undefined} declaration */
function placeOf(declaration) {
  const source = declaration?.getSourceFile();
  if (!declaration || !source) return '';
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
  return `${source.fileName.replace(/^.*\/pkg\/types\//, '')}:${line + 1}`;
}

/** Finds what somebody may hover over and sees nothing, by where it is declared. */
class Walk {
  /** @type {Map<string, string>} */
  silent = new Map();
  seen = new Set();

  /**
   * @param {ts.Symbol} symbol
   * @param {string} path
   */
  symbol(symbol, path) {
    if (!isDocumented(symbol) && !isNothing(symbol)) this.silent.set(placeOf(symbol.declarations?.[0]) || path, path);
    if (this.seen.has(symbol)) return;
    this.seen.add(symbol);
    const at = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (symbol.flags & ts.SymbolFlags.Value && at) this.type(checker.getTypeOfSymbolAtLocation(symbol, at), path);
    if (symbol.flags & ts.SymbolFlags.Type) this.type(checker.getDeclaredTypeOfSymbol(symbol), path);
  }

  /**
   * @param {ts.Type} type
   * @param {string} path
   */
  type(type, path) {
    if (this.seen.has(type)) return;
    this.seen.add(type);
    if (type.isUnion()) for (const part of type.types) this.type(part, path);
    for (const argument of [...(type.aliasTypeArguments ?? []), ...typeArguments(type)]) this.type(argument, path);
    const constraint = type.flags & ts.TypeFlags.TypeParameter && type.getConstraint();
    if (constraint) this.type(constraint, path);
    for (const property of type.isUnion() ? [] : type.getProperties()) {
      // What a mapped type makes up is declared nowhere.
      const { declarations = [] } = property;
      const isMine = declarations.length === 0 ? isMapped(type) : declarations.some(isOurs);
      if (isMine && isPublic(property)) this.symbol(property, `${path}.${property.name}`);
    }
    this.signatures(type, path);
  }

  /**
   * @param {ts.Type} type
   * @param {string} path
   */
  signatures(type, path) {
    const calls = type.getCallSignatures().filter((signature) => isOurs(signature.declaration));
    for (const [at, signature] of calls.entries()) {
      if (calls.length > 1 && !isDocumented(signature)) {
        this.silent.set(placeOf(signature.declaration), `${path} (overload ${at + 1})`);
      }
    }
    const constructors = type.getConstructSignatures().filter((signature) => isOurs(signature.declaration));
    for (const signature of [...calls, ...constructors].filter((one) => !isInternal(one))) {
      for (const parameter of signature.getParameters()) {
        const at = parameter.valueDeclaration;
        if (at) this.type(checker.getTypeOfSymbolAtLocation(parameter, at), `${path}(${parameter.name})`);
      }
      this.type(signature.getReturnType(), `${path}()`);
    }
  }
}

/** @param {ts.Type} type */
const isMapped = (type) =>
  Boolean(type.flags & ts.TypeFlags.Object && /** @type {ts.ObjectType} */ (type).objectFlags & ts.ObjectFlags.Mapped);

/** @param {ts.Type} type */
function typeArguments(type) {
  const isReference =
    type.flags & ts.TypeFlags.Object && /** @type {ts.ObjectType} */ (type).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(/** @type {ts.TypeReference} */ (type)) : [];
}

/** @param {ts.Statement} statement */
function exportsOf(statement) {
  assert.ok(ts.isImportDeclaration(statement));
  const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
  assert.ok(module, `${statement.getText()} finds no types`);
  return checker.getExportsOfModule(module);
}

const statements = program.getSourceFile(file)?.statements ?? [];

for (const [at, path] of subPaths.entries()) {
  test(`aps-payops${path.slice(1)} shows documentation for all that it names`, () => {
    const walk = new Walk();
    const exported = exportsOf(/** @type {ts.Statement} */ (statements[at]));
    assert.ok(exported.length > 0);
    for (const symbol of exported) {
      walk.symbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol, symbol.name);
    }
    const silent = Array.from(walk.silent, ([place, name]) => `${place} ${name}`).sort();
    assert.equal(silent.length, 0, `without documentation:\n${silent.join('\n')}`);
  });
}
