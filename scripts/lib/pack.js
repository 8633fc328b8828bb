// The package as npm would ship it, installed in a project of its own under .cache/packed, together with the tests:
// there `import 'aps-payops'` finds the installed package, while tools are found further up, in our node_modules.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, packed } from './paths.js';
import { Problem, runOrFail } from './run.js';
import { step } from './step.js';

const { files } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const shipped = ['package.json', ...files.filter((/** @type {string} */ name) => !name.includes('*')), 'pkg/wasm'];

/** Everything must be built before. */
export async function pack() {
  await step(
    'package, packed and installed',
    { inputs: [...shipped, 'scripts/lib/pack.js'], outputs: ['.cache/packed/node_modules/aps-payops/package.json'] },
    install,
  );
  rmSync(join(packed, 'tests'), { recursive: true, force: true });
  cpSync(at('tests'), join(packed, 'tests'), { recursive: true });
}

async function install() {
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  const npmFlags = ['--no-audit', '--no-fund', '--offline'];
  // Without npm's `prepack` script, since everything is built already.
  await runOrFail('npm pack', 'npm', ['pack', '--ignore-scripts', '--pack-destination', packed]);
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Problem('npm pack wrote no tarball');
  writeFileSync(join(packed, 'package.json'), '{ "name": "packed", "private": true, "type": "module" }\n');
  await runOrFail('npm install', 'npm', ['install', ...npmFlags, join(packed, tarball)], { cwd: packed });
  // A test that imports ../../pkg gets the sources of what is shipped.
  symlinkSync(at('pkg'), join(packed, 'pkg'), 'junction');
}
