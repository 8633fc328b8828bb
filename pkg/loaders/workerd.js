// Workers compile no bytes at run time: the platform hands us the compiled module.

import * as glue from '../wasm/server/aps_payops.js';
import module from '../wasm/server/aps_payops_bg.wasm';

/** Whether the wasm was compiled on import. */
export const eager = true;

const made = () => ({ ...glue, memory: glue.initSync({ module }).memory });
/** The first instance is made on import. @type {ReturnType<typeof made> | undefined} */
let first = made();

/** The functions and the memory of an instance that was not handed out before. */
export function load() {
  const ready = first;
  first = undefined;
  return ready ?? made();
}
