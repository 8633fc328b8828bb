// node scripts/with-build.js FILE …: sets up and builds, then runs FILE with the arguments that follow it.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './lib/main.js';
import { prepare } from './lib/prepare.js';
import { Problem } from './lib/run.js';

await main(async () => {
  const [node = '', , file, ...args] = process.argv;
  if (!file) throw new Problem('usage: node scripts/with-build.js FILE …');
  await prepare();
  process.argv = [node, resolve(file), ...args];
  await import(pathToFileURL(resolve(file)).href);
});
