// One request, one answer: the time limit, the caller's signal, and what can be said when no answer comes.

import { errorCode, TransportError } from './errors.js';

/**
 * @typedef {(url: string, init: {
 *   method: string,
 *   headers: Record<string, string>,
 *   body: string | Blob | ReadableStream<Uint8Array>,
 *   redirect: 'manual' | 'error',
 *   duplex?: 'half',
 *   signal: AbortSignal
 * }) => Promise<Response>} Fetch as much of `fetch` as is used
 */

/** As much as one message of APS may have. */
const LONGEST_BODY = 1024 * 1024;

/** What can only happen before a byte of the request was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** What can also happen later, so that it counts only while connecting. */
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/**
 * @typedef {{
 *   readonly url: string,
 *   readonly method: string,
 *   readonly headers: Readonly<Record<string, string>>,
 *   readonly body: string | Blob | ReadableStream<Uint8Array>,
 *   readonly redirect: 'manual' | 'error',
 *   readonly duplex?: 'half'
 * }} Built a request, or an upload
 */

/**
 * Sends what was built and reads the answer, which is JSON.
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options `timeout` in milliseconds
 * @returns {Promise<string>}
 * @throws {TransportError}
 */
export function exchange(fetch, request, options) {
  return limited(fetch, request, options, answer);
}

/**
 * Sends what was built, for an answer that may be a file: the body is not read, and no time limit is on reading it.
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options `timeout` in milliseconds, until the answer begins
 * @returns {Promise<Response>}
 * @throws {TransportError}
 */
export function respond(fetch, request, options) {
  return limited(fetch, request, options, async (send, url, init) => {
    try {
      return await send(url, init);
    } catch (error) {
      throw failure(error);
    }
  });
}

/**
 * @template T
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options
 * @param {(fetch: Fetch, url: string, init: Parameters<Fetch>[1]) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function limited(fetch, { url, method, headers, body, redirect, duplex }, { timeout, signal }, read) {
  if (signal?.aborted) throw aborted('no');
  const controller = new AbortController();
  /** @type {(error: TransportError) => void} */
  let giveUp = () => {};
  /** @type {Promise<never>} */
  const end = new Promise((_, reject) => {
    giveUp = reject;
  });
  let isUnread = false;
  const onAbort = () => giveUp(aborted('unknown'));
  signal?.addEventListener('abort', onAbort, { once: true });
  const message = `No answer within ${timeout} ms.`;
  const timer = setTimeout(() => giveUp(new TransportError('timeout', 'unknown', message)), timeout);
  try {
    const init = { method, headers, body, redirect, signal: controller.signal, ...(duplex && { duplex }) };
    // A race, because an injected fetch may not heed the signal.
    const result = await Promise.race([end, read(fetch, url, init)]);
    isUnread = result instanceof Response;
    return result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Also after an answer: what was not read of it is not wanted, unless it is handed on.
    if (!isUnread) controller.abort();
  }
}

/**
 * @param {Fetch} fetch
 * @param {string} url
 * @param {Parameters<Fetch>[1]} init
 * @returns {Promise<string>}
 */
async function answer(fetch, url, init) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw failure(error);
  }
  if (typeof response !== 'object' || response === null) throw unreadable();
  const { status } = response;
  if (response.type === 'opaqueredirect' || response.redirected || (status >= 300 && status < 400)) {
    throw new TransportError('redirect', 'unknown', 'The gateway answered with a redirect, which is never followed.');
  }
  if (status < 200 || status >= 300) {
    throw new TransportError('http_status', 'unknown', `The gateway answered with HTTP status ${status}.`);
  }
  const text = decode(await read(response).catch((error) => Promise.reject(failure(error))));
  // paymentApi answers with a JSON object; anything else is a page of some proxy's.
  if (!/^\s*\{/.test(text)) throw unreadable();
  return text;
}

/**
 * @param {Response} response
 * @returns {Promise<Uint8Array>}
 */
async function read(response) {
  const reader = response.body?.getReader?.();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  const chunks = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > LONGEST_BODY) throw unreadable();
    chunks.push(next.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** @param {Uint8Array} bytes */
function decode(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
}

/** An answer came, but none of APS's. */
export function unreadable() {
  return new TransportError('unreadable', 'unknown', 'The answer is empty, cut off or no JSON object.');
}

/** @param {'no' | 'unknown'} sent */
export function aborted(sent) {
  return new TransportError('aborted', sent, 'The caller gave up.');
}

/**
 * @param {unknown} error what `fetch` threw
 * @returns {TransportError}
 */
function failure(error) {
  if (error instanceof TransportError) return error;
  const code = errorCode(error);
  const sent = neverSent(error) ? 'no' : 'unknown';
  const message = sent === 'no' ? 'The gateway could not be reached' : 'The connection failed';
  return new TransportError('network', sent, `${message}${code === undefined ? '' : ` (${code})`}.`, { cause: error });
}

/**
 * Whether an error of `fetch` proves that nothing was sent.
 * @param {unknown} thrown
 * @param {number} [depth]
 * @returns {boolean}
 */
function neverSent(thrown, depth = 0) {
  if (typeof thrown !== 'object' || thrown === null || depth > 4) return false;
  const { code, syscall, errors, cause } = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (thrown));
  // Several addresses were tried: every one must have failed before sending.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverSent(error, depth + 1));
  if (typeof code === 'string') return NEVER_SENT.has(code) || (UNREACHABLE.has(code) && syscall === 'connect');
  return neverSent(cause, depth + 1);
}

/**
 * Waits, unless the signal says not to.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} always fulfilled
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
