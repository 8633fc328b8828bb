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
  return limited(fetch, request, options, answer, false);
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
  return limited(fetch, request, options, (response) => response, true);
}

/**
 * @template T
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options
 * @param {(response: Response) => T | Promise<T>} read
 * @param {boolean} isHandedOn whether what was not read of the answer is still wanted
 * @returns {Promise<T>}
 */
async function limited(fetch, request, { timeout, signal }, read, isHandedOn) {
  const { url, method, headers, body, redirect, duplex } = request;
  if (signal?.aborted) throw aborted('no');
  const controller = new AbortController();
  /** @type {(error: TransportError) => void} */
  let giveUp = () => {};
  /** @type {Promise<never>} */
  const end = new Promise((_, reject) => {
    giveUp = reject;
  });
  let isAnswered = false;
  const onAbort = () => giveUp(aborted('unknown'));
  signal?.addEventListener('abort', onAbort, { once: true });
  const message = `No answer within ${timeout} ms.`;
  const timer = setTimeout(() => giveUp(new TransportError('timeout', 'unknown', message)), timeout);
  const init = { method, headers, body, redirect, signal: controller.signal, ...(duplex && { duplex }) };
  const ask = async () => {
    let response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      throw failure(error, neverSent(error) ? 'no' : 'unknown');
    }
    try {
      return await read(response);
    } catch (error) {
      // There is an answer, so the request went out, whatever its error says.
      throw failure(error, 'unknown');
    }
  };
  try {
    // A race, because an injected fetch may not heed the signal.
    const result = await Promise.race([end, ask()]);
    isAnswered = true;
    return result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Also after an answer: what was not read of it is not wanted, unless it is handed on.
    if (!(isHandedOn && isAnswered)) controller.abort();
  }
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function answer(response) {
  checkStatus(response);
  const reader = response.body?.getReader?.();
  const bytes = reader === undefined ? new Uint8Array(await response.arrayBuffer()) : await whole(() => reader.read());
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // No text: refused below.
  }
  // paymentApi answers with a JSON object; anything else is a page of some proxy's.
  if (!/^\s*\{/.test(text)) throw unreadable();
  return text;
}

/**
 * Whether it can be an answer of APS's at all.
 * @param {Response} response
 * @throws {TransportError} `redirect`, `http_status`, `unreadable`
 */
export function checkStatus(response) {
  if (typeof response !== 'object' || response === null) throw unreadable();
  const { status, type, redirected } = response;
  if (type === 'opaqueredirect' || redirected || (status >= 300 && status < 400)) {
    throw new TransportError('redirect', 'unknown', 'The gateway answered with a redirect, which is never followed.');
  }
  if (status < 200 || status >= 300) {
    throw new TransportError('http_status', 'unknown', `The gateway answered with HTTP status ${status}.`);
  }
}

/**
 * A message that comes in pieces.
 * @param {() => Promise<{ done?: boolean, value?: Uint8Array | void }>} next gives one after another
 * @returns {Promise<Uint8Array>}
 * @throws {TransportError} `unreadable`: it is longer than any of APS's
 */
export async function whole(next) {
  const pieces = [];
  let length = 0;
  for (let { value } = await next(); value; { value } = await next()) {
    length += value.length;
    if (length > LONGEST_BODY) throw unreadable();
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
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
 * @param {unknown} error what `fetch` threw, or the reading of its answer
 * @param {'no' | 'unknown'} sent
 * @returns {TransportError}
 */
function failure(error, sent) {
  if (error instanceof TransportError) return error;
  const code = errorCode(error);
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
