// npm run build: everything under pkg/ that is not kept in git.

import { main } from './lib/main.js';
import { prepare } from './lib/prepare.js';

await main(prepare);
