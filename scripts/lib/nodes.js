// The versions of Node that are measured, as npm ships them (benches/nodes): installed once, under .cache.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { at, cache } from './paths.js';
import { runOrFail } from './run.js';
import { step } from './step.js';

const folder = join(cache, 'nodes');

/**
 * Node 20, 22 and 24; if npm has none for this machine, the one that is running.
 * @returns {Promise<{ version: string, path: string }[]>}
 */
export async function nodes() {
  const files = ['package.json', 'package-lock.json'];
  await step(
    'Node 20, 22 and 24',
    { inputs: files.map((name) => `benches/nodes/${name}`), outputs: ['.cache/nodes/node_modules'] },
    async () => {
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      for (const name of files) copyFileSync(at('benches', 'nodes', name), join(folder, name));
      await runOrFail('npm ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
      // npm removes the folder if there is nothing to install.
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
    },
  );
  const found = readdirSync(join(folder, 'node_modules'))
    .sort()
    .map((name) => join(folder, 'node_modules', name, 'bin', 'node'))
    .filter((path) => existsSync(path))
    .map((path) => ({ version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path }));
  return found.length > 0 ? found : [{ version: process.version, path: process.execPath }];
}
