// The one way from the ES modules to the wasm. An entry registers how its artefact is loaded; nothing is loaded twice.

import { ApsError, WasmBlockedError } from './errors.js';

/** @typedef {typeof import('./wasm/server/aps_payops.js') & { memory: { readonly buffer: ArrayBuffer } }} Core */

/** @type {(() => Core) | undefined} */
let loader;
/** @type {Core | undefined} */
let loaded;

/**
 * Registers the artefact of an entry and hands the thing through. Entries wrap their exports in it, so that bundlers
 * drop what is not used and `aps-payops/slim` shares the classes without the inlined bytes.
 * @template T
 * @param {() => unknown} load compiles synchronously, once
 * @param {T} thing
 * @returns {T}
 */
export function using(load, thing) {
  loader ??= /** @type {() => Core} */ (load);
  return thing;
}

/**
 * Hands over an instance that was compiled elsewhere.
 * @param {unknown} instance
 */
export function provide(instance) {
  loaded ??= /** @type {Core} */ (instance);
}

/**
 * The functions of the wasm, compiled at first use.
 * @returns {Core}
 * @throws {WasmBlockedError} when it cannot run here
 */
export function core() {
  return loaded ?? start();
}

function start() {
  if (!loader) throw new ApsError('not_ready', 'aps-payops/slim: await init() first.');
  try {
    loaded = loader();
  } catch (error) {
    throw new WasmBlockedError(reason(error));
  }
  return loaded;
}

/**
 * @param {unknown} error what `WebAssembly` threw
 * @returns {'csp' | 'unsupported' | 'size_limit'}
 */
export function reason(error) {
  if (typeof WebAssembly === 'undefined') return 'unsupported';
  if (error instanceof RangeError) return 'size_limit';
  // Engines word it differently, but all name the policy: Chromium "Content Security Policy directive", Firefox and
  // Safari "blocked by CSP" or "unsafe-eval".
  const text = String(/** @type {{ message?: unknown }} */ (error)?.message);
  return /content security policy|unsafe-eval|\bCSP\b/i.test(text) ? 'csp' : 'unsupported';
}

/** Whether the wasm can run here: false under a policy without `'wasm-unsafe-eval'`, for one. */
export function isAvailable() {
  try {
    core();
    return true;
  } catch {
    return false;
  }
}
