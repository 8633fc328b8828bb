// `aps-payops/slim`: the same as `aps-payops`, for pages that stream the wasm instead of carrying it in their script.

import { findReason, isAvailable as isLoaded, provide } from './core/instance.js';
import { WasmBlockedError } from './errors.js';
import { instantiate } from './loaders/instantiate.js';

export { attachCheckout } from './checkout/index.js';
export {
  ApsError,
  ConfigurationError,
  LifecycleError,
  OrderNotFoundError,
  ReplyMismatchError,
  SignatureError,
  TransportError,
  ValidationError,
  WasmBlockedError,
} from './errors.js';
export { cardBrand, validate } from './message/validate.js';
export { Amount } from './money/amount.js';
export { describe, describeAcquirer } from './money/codes.js';
export { currencies } from './money/currencies.js';
export { Payment } from './money/payment.js';
export { schema } from './schema.js';

/** @type {Promise<void> | undefined} */
let started;

/**
 * Fetches and compiles the wasm, while it arrives if the browser supports that. Everything else in this entry may be called
 * once the promise is fulfilled. Calling it again does nothing; after a failure it tries again.
 * @param {string | URL | Request | Response | BufferSource | WebAssembly.Module} source where
 *   `aps-payops/checkout.wasm` is, or its bytes
 * @returns {Promise<void>}
 * @throws {WasmBlockedError} the wasm cannot run here
 * @throws {TypeError} it could not be fetched
 */
export function init(source) {
  started ??= start(source).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

/**
 * Whether the wasm can run here, even before it has arrived: false, for example, under a policy without
 * `'wasm-unsafe-eval'`.
 * @returns {boolean}
 */
export function isAvailable() {
  if (isLoaded()) return true;
  try {
    // The smallest WebAssembly module: magic number and version.
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

/** @param {Parameters<typeof init>[0]} source */
async function start(source) {
  // Only a failure to compile is caused by the engine or the policy; a failure to fetch is not.
  const found = isFetched(source) ? await fetchWasm(source) : source;
  try {
    const module = await compileWasm(found);
    const instance = instantiate(module);
    if (typeof instance.reserve !== 'function')
      throw new TypeError('aps-payops/slim: this is not aps-payops/checkout.wasm');
    provide(() => instantiate(module), instance);
  } catch (error) {
    // The connection broke while the wasm arrived.
    if (error instanceof TypeError) throw error;
    throw new WasmBlockedError(findReason(error));
  }
}

/**
 * The kind of an object from any realm: a frame, a test or a platform may have its own `Response`.
 * @param {unknown} thing
 */
const tagOf = (thing) => Object.prototype.toString.call(thing).slice(8, -1);

/**
 * @param {Parameters<typeof init>[0]} source
 * @returns {source is string | URL | Request | Response}
 */
function isFetched(source) {
  return typeof source === 'string' || ['URL', 'Request', 'Response'].includes(tagOf(source));
}

/** @param {unknown} source @returns {source is Response} */
const isResponse = (source) => tagOf(source) === 'Response';

/**
 * @param {string | URL | Request | Response} source
 * @returns {Promise<Response>}
 */
async function fetchWasm(source) {
  const response = isResponse(source) ? source : await fetch(source);
  if (!response.ok) throw new TypeError(`aps-payops/slim: the wasm could not be fetched (HTTP ${response.status}).`);
  return response;
}

/**
 * @param {Response | BufferSource | WebAssembly.Module} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compileWasm(source) {
  if (tagOf(source) === 'WebAssembly.Module') return /** @type {WebAssembly.Module} */ (source);
  if (!isResponse(source)) return WebAssembly.compile(/** @type {BufferSource} */ (source));
  // Streaming needs the MIME type application/wasm, which not every server sends.
  const streams = /^application\/wasm\b/i.test(source.headers.get('content-type') ?? '');
  return streams && 'compileStreaming' in WebAssembly
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(await source.arrayBuffer());
}
