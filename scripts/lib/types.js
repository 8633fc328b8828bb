// The types that npm ships, from the JSDoc of pkg/: CommonJS declarations (.d.cts) of everything that an entry reaches,
// and for `import` wrappers around the entries (.d.mts), so that both kinds have the same classes.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { declareTables, dropTypesOfComments, linkDeclarations } from './declarations.js';
import { at, cache } from './paths.js';
import { runOrFail } from './run.js';
import { filesBelow, step } from './step.js';

/** tsc of the pinned typescript package. */
export const tsc = at('node_modules', 'typescript', 'bin', 'tsc');

/** Writes the declarations: that of TypeScript 7 drops what is said about a `@typedef` and an `@overload`. */
const tsc5 = at('node_modules', 'typescript-5', 'bin', 'tsc');

/** Entries, by the module that each is. */
const ENTRIES = {
  index: 'index',
  server: 'server',
  journal: 'journal',
  sandbox: 'sandbox/index',
  'apple-pay': 'apple-pay',
  slim: 'slim',
};

/**
 * Types that are inferred from what an entry exports. A library that exports `schema('CAPTURE')` must be able to name them in
 * its declarations.
 * @type {Record<string, string>}
 */
const INFERRED = {
  index: `export type * from './generated/commands.js';
export type { CurrencyInfo } from './money/currencies.js';
export type { ParamsSchema } from './standard-schema.js';
`,
  server: `export type { BatchMethods, ReportMethods } from './client/index.js';
export type { FormMethods, Methods } from './client/services.js';
export type { ClientEvent } from './net/observe.js';
export type { NotificationListener, NotificationOptions } from './notification.js';
`,
};

const handWritten = () => filesBelow(at('pkg')).filter((file) => /\.(js|d\.ts)$/.test(file) && !isOutput(file));

const isOutput = (/** @type {string} */ file) =>
  ['types', 'cjs', 'esm', 'node'].some((name) => file.startsWith(at('pkg', name)));

/** Where tsc writes. */
const emitted = join(cache, 'types');

export async function buildTypes() {
  const inputs = handWritten().map((file) => file.slice(at().length));
  await step(
    'types',
    {
      inputs: [
        ...inputs,
        'pkg/generated/commands.d.ts',
        'tsconfig.json',
        'package-lock.json',
        ...['declarations', 'prune-declarations'].map((name) => `scripts/lib/${name}.js`),
        'scripts/lib/types.js',
      ],
      outputs: ['pkg/types/index.d.cts'],
    },
    async () => {
      rmSync(emitted, { recursive: true, force: true });
      rmSync(at('pkg', 'types'), { recursive: true, force: true });
      // What it says of a faulty source is no declaration to ship.
      await runOrFail('tsc', process.execPath, [tsc, '--noEmit']);
      await runOrFail('tsc 5', process.execPath, [
        ...[tsc5, '--noEmit', 'false', '--noCheck', '--declaration', '--emitDeclarationOnly', '--outDir', emitted],
      ]);
      await writeTypes();
    },
  );
}

async function writeTypes() {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const module of Object.values(ENTRIES)) readModule(module, texts);
  // TypeScript is there only when set-up is done.
  const { pruneDeclarations } = await import('./prune-declarations.js');
  for (const [module, text] of pruneDeclarations(texts, Object.values(ENTRIES))) {
    const out = at('pkg', 'types', `${module}.d.cts`);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text.replaceAll(SPECIFIER, '$1.cjs'));
  }
  for (const [name, module] of Object.entries(ENTRIES)) {
    const file = at('pkg', 'types', `${name}`);
    if (name !== module) writeFileSync(`${file}.d.cts`, `export * from './${module}.cjs';\n`);
    writeFileSync(`${file}.d.mts`, `export * from './${name}.cjs';\n`);
  }
}

/** What names another module: `from './x.js'`, `import('./x.js')`. */
const SPECIFIER = /(?<=\bfrom\s*['"]|\bimport\(\s*['"])(\.{1,2}\/[^'"]+)\.js(?=['"])/g;

/**
 * Reads the declaration of a module, and of all that it names.
 * @param {string} module below pkg, without its ending
 * @param {Map<string, string>} texts by module
 */
function readModule(module, texts) {
  if (texts.has(module)) return;
  const text = portable(read(module)) + (INFERRED[module] ?? '');
  texts.set(module, text);
  for (const [, other = ''] of text.matchAll(SPECIFIER)) readModule(join(dirname(module), other), texts);
}

/** tsc copies no declaration that was there before. @param {string} module */
function read(module) {
  if (module === 'generated/methods') return declareTables(readFileSync(at('pkg', `${module}.js`), 'utf8'));
  for (const folder of [emitted, at('pkg')]) {
    try {
      return readFileSync(join(folder, `${module}.d.ts`), 'utf8');
    } catch {
      // In the other one.
    }
  }
  throw new Error(`no declaration of ${module}`);
}

/**
 * Declarations for every TypeScript from 5.0 on: before 5.7 the classes of bytes took no argument.
 * @param {string} text
 */
function portable(text) {
  return dropTypesOfComments(linkDeclarations(text))
    .replaceAll('Uint8Array<ArrayBuffer>', "ReturnType<Uint8ArrayConstructor['of']>")
    .replaceAll(/\b(Uint8Array|Buffer)<ArrayBuffer(?:Like)?>/g, '$1')
    .replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4));
}
