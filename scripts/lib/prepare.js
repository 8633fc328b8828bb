// Set-up and build, with which every command of this repository starts.

import { packAssets } from './assets.js';
import { bundleEntries } from './bundle.js';
import { generate } from './generate.js';
import { withLock } from './lock.js';
import { setup } from './setup.js';
import { buildTypes } from './types.js';
import { buildWasm } from './wasm.js';

/**
 * @param {object} [options]
 * @param {boolean} [options.optimised] whether the wasm is as it ships; compiling it for a loop of edits takes a fraction
 * @param {boolean} [options.types] whether the types that npm ships are written
 * @returns {Promise<void>}
 */
export const prepare = ({ optimised = true, types = true } = {}) =>
  withLock(async () => {
    await setup();
    await buildWasm({ optimised });
    await generate();
    await packAssets();
    if (types) await buildTypes();
    await bundleEntries();
  });
