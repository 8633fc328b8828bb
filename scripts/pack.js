// Packs and installs the package where the tests use it: see lib/pack.js.

import { main } from './lib/main.js';
import { pack } from './lib/pack.js';

await main(pack);
