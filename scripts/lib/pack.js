// The package as npm would ship it, installed in a project of its own under .cache/packed, with the tests beside it:
// there `import 'aps-payops'` finds the installed package, while tools are found further up, in our node_modules.

import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, packed } from './paths.js';
import { must, Problem } from './run.js';

export async function pack() {
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  const npmFlags = ['--no-audit', '--no-fund', '--offline'];
  await must('npm pack', 'npm', ['pack', '--pack-destination', packed]);
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Problem('npm pack wrote no tarball');
  writeFileSync(join(packed, 'package.json'), '{ "name": "packed", "private": true, "type": "module" }\n');
  process.stdout.write(
    await must('npm install', 'npm', ['install', ...npmFlags, join(packed, tarball)], { cwd: packed }),
  );
  cpSync(at('tests'), join(packed, 'tests'), { recursive: true });
  // A test that looks inside, at ../../pkg, gets the installed files too.
  symlinkSync(join('node_modules', 'aps-payops', 'pkg'), join(packed, 'pkg'), 'junction');
}
