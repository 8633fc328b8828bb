// npm run generate: writes docs/reference.md (kept in git) out of the tables in Rust.

import { generateDocs } from './lib/generate.js';
import { main } from './lib/main.js';
import { setup } from './lib/setup.js';

await main(async () => {
  await setup();
  await generateDocs();
});
