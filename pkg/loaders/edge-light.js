// Edge functions compile no bytes at run time: the platform hands us the compiled module, if asked by `?module`.

import * as glue from '../wasm/server/aps_payops.js';
import module from '../wasm/server/aps_payops_bg.wasm?module';

/** Whether the wasm was compiled on import. */
export const eager = true;

const loaded = { ...glue, memory: glue.initSync({ module }).memory };

/** The wasm's functions and its memory. */
export function load() {
  return loaded;
}
