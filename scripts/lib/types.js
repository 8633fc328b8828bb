// The types that npm ships, from the JSDoc of pkg/.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { linkDeclarations } from './declarations.js';
import { at } from './paths.js';
import { must } from './run.js';
import { filesBelow, step } from './step.js';

/** tsc of the pinned typescript package. */
export const tsc = at('node_modules', 'typescript', 'bin', 'tsc');

/** Writes the declarations: that of TypeScript 7 drops what is said about a `@typedef` and an `@overload`. */
const tsc5 = at('node_modules', 'typescript-5', 'bin', 'tsc');

const handWritten = () => filesBelow(at('pkg')).filter((file) => /\.(js|d\.ts)$/.test(file) && !isOutput(file));

const isOutput = (/** @type {string} */ file) => file.startsWith(at('pkg', 'types'));

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
        'scripts/lib/declarations.js',
      ],
      outputs: ['pkg/types/index.d.ts'],
    },
    async () => {
      rmSync(at('pkg', 'types'), { recursive: true, force: true });
      // What it says of a faulty source is no declaration to ship.
      await must('tsc', process.execPath, [tsc, '--noEmit', '--outDir', 'pkg/types']);
      await must('tsc 5', process.execPath, [
        ...[tsc5, '--noEmit', 'false', '--noCheck', '--declaration', '--emitDeclarationOnly', '--outDir', 'pkg/types'],
      ]);
      for (const file of filesBelow(at('pkg', 'types'))) {
        writeFileSync(file, linkDeclarations(readFileSync(file, 'utf8')));
      }
      // tsc copies no declaration that was there before; what it wrote points at them by relative path.
      for (const file of handWritten().filter((name) => name.endsWith('.d.ts'))) {
        cpSync(file, file.replace(at('pkg'), at('pkg', 'types')));
      }
    },
  );
}
