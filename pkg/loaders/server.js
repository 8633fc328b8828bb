// Everywhere but browsers and Workers: the artefact that can do everything, compiled on import.

import * as glue from '../wasm/server/aps_payops.js';
import { inlinedBytes } from './hex.js';

/** Whether the wasm was compiled on import. */
export const eager = true;

/** @type {unknown} */
let failure;
const module = compiled();
/** The first instance is made on import. */
let first = module && made();

function compiled() {
  try {
    return new WebAssembly.Module(inlinedBytes());
  } catch (error) {
    // Told at the first call, by an error that can be caught: an engine may be without WebAssembly (node --jitless).
    failure = error;
    return undefined;
  }
}

function made() {
  return { ...glue, memory: glue.initSync({ module }).memory };
}

/** The functions and the memory of an instance that was not handed out before. */
export function load() {
  if (module === undefined) throw failure;
  const ready = first;
  first = undefined;
  return ready ?? made();
}
