// Everywhere but browsers and Workers: the artefact that can do everything, compiled on import.

import * as glue from '../wasm/server/aps_payops.js';
import { inlinedBytes } from './hex.js';

/** Whether the wasm was compiled on import. */
export const eager = true;

/** @type {unknown} */
let failure;
const loaded = compiled();

function compiled() {
  try {
    return { ...glue, memory: glue.initSync({ module: inlinedBytes() }).memory };
  } catch (error) {
    // Told at the first call, by an error that can be caught: an engine may be without WebAssembly (node --jitless).
    failure = error;
    return undefined;
  }
}

/** The wasm's functions and its memory. */
export function load() {
  if (loaded === undefined) throw failure;
  return loaded;
}
