// The types that npm ships, from the JSDoc of pkg/.

import { cpSync, rmSync } from 'node:fs';
import { at } from './paths.js';
import { must } from './run.js';
import { filesBelow, step } from './step.js';

/** tsc of the pinned typescript package. */
export const tsc = at('node_modules', 'typescript', 'bin', 'tsc');

const handWritten = () => filesBelow(at('pkg')).filter((file) => /\.(js|d\.ts)$/.test(file) && !isOutput(file));

const isOutput = (/** @type {string} */ file) => file.startsWith(at('pkg', 'types'));

export async function buildTypes() {
  const inputs = handWritten().map((file) => file.slice(at().length));
  await step(
    'types',
    {
      inputs: [...inputs, 'pkg/generated/commands.d.ts', 'tsconfig.json', 'package-lock.json'],
      outputs: ['pkg/types/index.d.ts'],
    },
    async () => {
      rmSync(at('pkg', 'types'), { recursive: true, force: true });
      await must('tsc', process.execPath, [
        ...[tsc, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', 'pkg/types'],
      ]);
      // tsc copies no declaration that was there before; what it wrote points at them by relative path.
      for (const file of handWritten().filter((name) => name.endsWith('.d.ts'))) {
        cpSync(file, file.replace(at('pkg'), at('pkg', 'types')));
      }
    },
  );
}
