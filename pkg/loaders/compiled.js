import * as glue from '../wasm/server/aps_payops.js';

/**
 * Instances of a compiled module; the first is made at once. Edges compile no bytes at run time: the platform hands the
 * module over.
 * @param {WebAssembly.Module} module
 */
export function loaderOf(module) {
  const make = () => ({ ...glue, memory: glue.initSync({ module }).memory });
  /** @type {ReturnType<typeof make> | undefined} */
  let first = make();
  /** The functions and the memory of an instance that was not handed out before. */
  return () => {
    const ready = first;
    first = undefined;
    return ready ?? make();
  };
}
