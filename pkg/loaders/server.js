// Everywhere but browsers and Workers: the artefact that can do everything, compiled on import.

import * as glue from '../wasm/server/aps_payops.js';
import hex from '../wasm/server/bytes.js';
import { bytesFromHex } from './hex.js';

/** Whether the wasm was compiled on import. */
export const eager = true;

const loaded = { ...glue, memory: glue.initSync({ module: bytesFromHex(hex) }).memory };

/** The wasm's functions and its memory. */
export function load() {
  return loaded;
}
