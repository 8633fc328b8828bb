// The only way from JavaScript into the wasm. Each entry registers how to load its artefact, which is loaded once.

import { ApsError, WasmBlockedError } from '../errors.js';

/** @typedef {typeof import('../wasm/server/aps_payops.js') & { memory: { readonly buffer: ArrayBuffer } }} Core */

/** @type {(() => Core) | undefined} */
let loader;
/** @type {Core | undefined} */
let loaded;
/**
 * Whether a call has begun and not returned. A trap or a stack overflow leaves its stack pointer and whatever it was
 * changing where they were: nothing may rely on that instance again.
 */
let isUnderway = false;
/** Made beforehand: on a full stack there is no room to make an error. @type {ApsError} */
let spare;

/**
 * Registers the artefact of an entry and returns its argument. Entries wrap their exports in it, so that bundlers
 * drop what is not used and `aps-payops/slim` shares the classes without the inlined bytes.
 * @template T
 * @param {() => unknown} load makes an instance synchronously, a new one each time
 * @param {T} thing
 * @returns {T}
 */
export function using(load, thing) {
  loader ??= /** @type {() => Core} */ (load);
  return thing;
}

/**
 * Takes an instance of a module that was compiled elsewhere.
 * @param {() => unknown} load makes another one
 * @param {unknown} instance
 */
export function provide(load, instance) {
  loader ??= /** @type {() => Core} */ (load);
  spare ??= overflowError();
  loaded ??= /** @type {Core} */ (instance);
}

/**
 * The wasm, compiled at first use; a new instance after a call that did not return. Its functions are called by `call`.
 * @returns {Core}
 * @throws {WasmBlockedError} when it cannot run here
 */
export function core() {
  if (isUnderway) discard();
  return loaded ?? start();
}

/**
 * Calls a function of the wasm.
 * @template {Exclude<keyof Core, 'memory' | 'initSync' | 'read_form_data' | 'read_search_params'>} N
 * @param {N} name
 * @param {Parameters<Core[N]>} given
 * @returns {ReturnType<Core[N]>}
 * @throws {ApsError} `stack_overflow`, `internal`: the call did not return; the next one has a new instance
 */
export function call(name, ...given) {
  const wasm = core();
  isUnderway = true;
  try {
    const answer = /** @type {(...given: unknown[]) => any} */ (wasm[name])(...given);
    isUnderway = false;
    return answer;
  } catch (error) {
    let failure = spare;
    try {
      failure = discardAfter(error);
    } catch {
      failure.cause = error;
    }
    throw failure;
  }
}

/**
 * Calls a function of the wasm that reads an object of the caller. The code of that object runs meanwhile: it may throw, and
 * it may call us again, on the same instance, so this call is not `isUnderway`.
 * @template {'read_form_data' | 'read_search_params'} N
 * @param {N} name
 * @param {Parameters<Core[N]>[0]} object
 * @returns {ReturnType<Core[N]>}
 * @throws {ApsError} `stack_overflow`, `internal`, or what the object threw; the next call has a new instance
 */
export function callOn(name, object) {
  const wasm = core();
  let error;
  try {
    const answer = /** @type {(object: unknown) => any} */ (wasm[name])(object);
    if (loaded === wasm) return answer;
  } catch (thrown) {
    error = thrown;
  }
  // A call that the object made may have failed, and wiped what this one worked with.
  const isOurs = loaded !== wasm || error instanceof WebAssembly.RuntimeError;
  // At the edge of the stack assignments succeed where calls fail: `core` discards the instance.
  isUnderway = true;
  throw isOurs || isOverflow(error) ? discardAfter(error) : error;
}

function discard() {
  const broken = loaded;
  // Done first: at the end of the stack calls fail, but assignments do not.
  loaded = undefined;
  isUnderway = false;
  // Phrases and card numbers must not wait for the garbage collector.
  if (broken) new Uint8Array(broken.memory.buffer).fill(0);
}

/** @param {unknown} error a trap, or what the engine threw at the edge of the stack */
function discardAfter(error) {
  discard();
  if (isOverflow(error)) return overflowError(error);
  return new ApsError('internal', 'WebAssembly failed; the next call uses a new instance.', { cause: error });
}

/** @param {unknown} [cause] */
function overflowError(cause) {
  return new ApsError('stack_overflow', 'The call stack is too deep for this call: make it from a shallower one.', {
    cause,
  });
}

/** V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError. @param {unknown} error */
function isOverflow(error) {
  const text = String(/** @type {{ message?: unknown }} */ (error)?.message);
  // No regular expression: compiled at the edge of the stack, one ends the process (V8).
  return text.includes('call stack') || text.includes('recursion');
}

function start() {
  if (!loader) throw new ApsError('not_ready', 'aps-payops/slim: await init() first.');
  try {
    spare = overflowError();
    loaded = loader();
  } catch (error) {
    if (isOverflow(error)) throw discardAfter(error);
    throw new WasmBlockedError(findReason(error));
  }
  return loaded;
}

/**
 * @param {unknown} error thrown by `WebAssembly`
 * @returns {'csp' | 'unsupported' | 'size_limit'}
 */
export function findReason(error) {
  if (typeof WebAssembly === 'undefined') return 'unsupported';
  if (error instanceof RangeError) return 'size_limit';
  // Engines word it differently, but all name the policy: Chromium "Content Security Policy directive", Firefox and
  // Safari "blocked by CSP" or "unsafe-eval".
  const text = String(/** @type {{ message?: unknown }} */ (error)?.message);
  return /content security policy|unsafe-eval|\bCSP\b/i.test(text) ? 'csp' : 'unsupported';
}

/** Whether the wasm can run here: false, for example, under a policy without `'wasm-unsafe-eval'`. */
export function isAvailable() {
  try {
    core();
    return true;
  } catch {
    return false;
  }
}
