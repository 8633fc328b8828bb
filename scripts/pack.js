// Builds, then packs and installs the package where the tests use it: see lib/pack.js.

import { main } from './lib/main.js';
import { pack } from './lib/pack.js';
import { prepare } from './lib/prepare.js';

await main(async () => {
  await prepare();
  await pack();
});
