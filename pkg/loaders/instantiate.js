import { letters_from } from '../core/letters.js';

/** @typedef {import('../wasm/checkout/aps_payops.js').InitOutput} Exports */

/**
 * An instance of the checkout artefact. Its calls take and give numbers, so they need none of wasm-bindgen's glue, a
 * fifth of a kilobyte on every page; nor is there a value of JavaScript for the table that it would set up.
 * @param {WebAssembly.Module} module
 */
export function instantiate(module) {
  const { exports } = new WebAssembly.Instance(module, {
    './aps_payops_bg.js': { __wbindgen_init_externref_table() {} },
    '../../core/letters.js': { letters_from },
  });
  return /** @type {Exports} */ (/** @type {unknown} */ (exports));
}
