import * as glue from '../wasm/server/aps_payops.js';

/**
 * Instances of a compiled module; the first is made at once. Edges cannot compile bytes at run time: the platform
 * provides the module.
 * @param {WebAssembly.Module} module
 */
export function loaderOf(module) {
  const make = () => ({ ...glue, memory: glue.initSync({ module }).memory });
  /** @type {ReturnType<typeof make> | undefined} */
  let first = make();
  /** The functions and the memory of an instance that nobody else has. */
  return () => {
    const ready = first;
    first = undefined;
    return ready ?? make();
  };
}
