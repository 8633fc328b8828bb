// Browsers: the artefact without hash or signer, compiled at first use, since import must never throw there.

import * as glue from '../wasm/checkout/aps_payops.js';
import hex from '../wasm/checkout/bytes.js';
import { bytesFromHex } from './hex.js';

/** Whether the wasm was compiled on import. */
export const eager = false;

/** @type {(typeof glue & Pick<glue.InitOutput, 'memory'>) | undefined} */
let loaded;

/** Compiles once. Throws whatever WebAssembly throws, anew at each call. */
export function load() {
  loaded ??= { ...glue, memory: glue.initSync({ module: bytesFromHex(hex) }).memory };
  return loaded;
}
