// The package as npm would ship it, installed in a project of its own under .cache/packed, with the tests beside it:
// there `import 'aps-payops'` finds the installed package, while tools are found further up, in our node_modules.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, packed } from './paths.js';
import { Problem, runOrFail } from './run.js';
import { step } from './step.js';

const { files } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const shipped = ['package.json', ...files.filter((/** @type {string} */ name) => !name.includes('*')), 'pkg/wasm'];

/** Expects that everything is built. */
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
  // The script that npm would run before builds what is built already.
  await runOrFail('npm pack', 'npm', ['pack', '--ignore-scripts', '--pack-destination', packed]);
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Problem('npm pack wrote no tarball');
  writeFileSync(join(packed, 'package.json'), '{ "name": "packed", "private": true, "type": "module" }\n');
  await runOrFail('npm install', 'npm', ['install', ...npmFlags, join(packed, tarball)], { cwd: packed });
  // A test that looks inside, at ../../pkg, gets the sources: what is shipped is made of them.
  symlinkSync(at('pkg'), join(packed, 'pkg'), 'junction');
}
