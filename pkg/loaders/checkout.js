// Browsers: the artefact without hash or signer, compiled at first use, since import must never throw there.

import * as glue from '../wasm/checkout/aps_payops.js';
import hex from '../wasm/checkout/bytes.js';
import { bytesFromHex } from './hex.js';

/** Whether the wasm was compiled on import. */
export const eager = false;

/** @type {glue.InitOutput | undefined} */
let loaded;

/** Compiles once. Throws whatever WebAssembly throws, anew at each call. */
export function load() {
  // All its calls take and give numbers, so they need no glue.
  loaded ??= glue.initSync({ module: bytesFromHex(hex) });
  return loaded;
}
