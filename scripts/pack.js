// Builds, then packs and installs the package where the tests use it: see lib/pack.js. With --built what was built is packed
// as it is, since other tests are reading it.

import { main } from './lib/main.js';
import { pack } from './lib/pack.js';
import { prepare } from './lib/prepare.js';

await main(async () => {
  if (!process.argv.includes('--built')) await prepare();
  await pack();
});
