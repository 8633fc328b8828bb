// Set-up and build, as every command of this repository starts.

import { packAssets } from './assets.js';
import { bundleForNode } from './bundle.js';
import { generate } from './generate.js';
import { alone } from './lock.js';
import { setup } from './setup.js';
import { buildTypes } from './types.js';
import { buildWasm } from './wasm.js';

/** @returns {Promise<void>} */
export const prepare = () =>
  alone(async () => {
    await setup();
    await buildWasm();
    await generate();
    await packAssets();
    await buildTypes();
    await bundleForNode();
  });
