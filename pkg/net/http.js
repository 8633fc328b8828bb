// Sends one request and reads one answer: the time limit, the caller's signal, and the errors when no answer comes.

import { errorCode, TransportError } from '../errors.js';
import { MAX_BYTES } from '../generated/parameters.js';
import { whenAborted } from './abort.js';

/**
 * @typedef {object} FetchInit
 * @property {string} method POST
 * @property {Readonly<Record<string, string>>} headers what the body is
 * @property {string | Blob | ReadableStream<Uint8Array>} body what is sent
 * @property {'manual' | 'error'} redirect never followed
 * @property {'half'} [duplex] with a stream
 * @property {AbortSignal} signal gives up
 */
/** @typedef {(url: string, init: FetchInit) => Promise<Response>} Fetch as much of `fetch` as is used */

/** Errors that can only happen before a byte of the request is sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** Errors that can also happen later, so they prove something only while connecting. */
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
 * Sends a request or upload and reads the answer, which is JSON. A signed answer to a request is accepted with any HTTP
 * status, because APS reports everything in the message; an answer to an upload only with a successful status, because
 * proxies may answer before they have read it.
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options `timeout` in milliseconds
 * @returns {Promise<string>}
 * @throws {TransportError}
 */
export function exchange(fetch, request, options) {
  const isUpload = typeof request.body !== 'string';
  return sendWithin(fetch, request, options, (response, end) =>
    readAnswer(response, end, isUpload).catch((error) => {
      // There is an answer, so the request was sent, whatever the error says.
      throw networkError(error, 'unknown');
    }),
  );
}

/**
 * Sends a request whose answer may be a file.
 * @template T
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options `timeout` in milliseconds, until it is opened
 * @param {(response: Response) => Promise<T>} open reads enough to distinguish a reply from a file; the
 *   rest has no time limit
 * @returns {Promise<T>}
 * @throws {TransportError} and what `open` throws
 */
export function respond(fetch, request, options, open) {
  return sendWithin(fetch, request, options, (response, end) => open(lendResponse(response, end)));
}

/**
 * @template T
 * @param {Fetch} fetch
 * @param {Built} request
 * @param {{ timeout: number, signal?: AbortSignal }} options
 * @param {(response: Response, end: AbortSignal) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function sendWithin(fetch, request, { timeout, signal }, read) {
  const { url, method, headers, body, redirect, duplex } = request;
  const controller = new AbortController();
  /** @type {(error: unknown) => void} */
  let giveUp = () => {};
  /** @type {Promise<never>} */
  const end = new Promise((_, reject) => {
    giveUp = reject;
  });
  let isAnswered = false;
  const takeBack = whenAborted(signal, () => giveUp(aborted('unknown')));
  const message = `No answer within ${timeout} ms.`;
  const timer = setTimeout(() => giveUp(new TransportError('timeout', 'unknown', message)), timeout);
  const lent = body instanceof ReadableStream ? lend(body, controller.signal, giveUp) : body;
  const init = { method, headers, body: lent, redirect, signal: controller.signal, ...(duplex && { duplex }) };
  const ask = async () => {
    let response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      throw isBlockedPort(error) ? offlineError(url, error) : networkError(error, neverSent(error) ? 'no' : 'unknown');
    }
    if (controller.signal.aborted) response?.body?.cancel?.().catch(() => {});
    return read(response, controller.signal);
  };
  try {
    if (signal?.aborted) throw aborted('no');
    // A race, because an injected fetch may ignore the signal.
    const result = await Promise.race([end, ask()]);
    isAnswered = true;
    return result;
  } finally {
    clearTimeout(timer);
    takeBack();
    // After a complete answer there is nothing to abort, and a file that was passed on must continue; but a body may still
    // be read.
    if (!isAnswered || lent !== body) controller.abort();
  }
}

/**
 * A body that is cancelled when the call ends, since an aborted `fetch` may go on reading it.
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} end
 * @param {(error: unknown) => void} fail called when the body itself fails, which `fetch` would report as a broken connection
 * @returns {ReadableStream<Uint8Array>}
 */
function lend(body, end, fail) {
  const reader = body.getReader();
  return new ReadableStream(
    {
      start(controller) {
        const cancel = () => {
          // Fails instead of closing, which would look like the end of the file.
          controller.error(aborted('unknown'));
          reader.cancel().catch(() => {});
        };
        end.addEventListener('abort', cancel, { once: true });
      },
      async pull(controller) {
        let piece;
        try {
          piece = await reader.read();
        } catch (error) {
          fail(error);
          throw error;
        }
        if (end.aborted) return;
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/**
 * The parts of an answer that are read; its body is cancelled when the call ends.
 * @param {Response} response
 * @param {AbortSignal} end
 * @returns {Response}
 */
function lendResponse(response, end) {
  if (typeof response?.body?.getReader !== 'function' || response.body.locked) return response;
  const { status, type, redirected, body } = response;
  return /** @type {Response} */ ({ status, type, redirected, body: lend(body, end, () => {}) });
}

/**
 * @param {Response} response
 * @param {AbortSignal} end
 * @param {boolean} isUpload
 * @returns {Promise<string>}
 */
async function readAnswer(response, end, isUpload) {
  const reader = response?.body?.getReader?.();
  // The rest of an answer must not stay open, and an injected fetch may ignore the signal.
  end.addEventListener('abort', () => reader?.cancel().catch(() => {}), { once: true });
  try {
    checkStatus(response);
  } catch (error) {
    if (isUpload || !(error instanceof TransportError) || error.code !== 'http_status') throw error;
    // Only APS can sign; an unsigned answer may come from any proxy in between.
    const text = await readText(response, reader).catch(() => '');
    if (isSigned(text)) return text;
    throw error;
  }
  return readText(response, reader);
}

/**
 * @param {string} text JSON or not
 */
function isSigned(text) {
  try {
    const { signature, status, response_code } = JSON.parse(text);
    return [signature, status, response_code].every((value) => typeof value === 'string' && value !== '');
  } catch {
    return false;
  }
}

/** Made at first use: nothing may fail on import. @type {TextDecoder | undefined} */
let decoder;

/**
 * @param {Response} response
 * @param {ReadableStreamDefaultReader<Uint8Array> | undefined} reader of its body, if it has one
 * @returns {Promise<string>}
 * @throws {TransportError} `unreadable`
 */
async function readText(response, reader) {
  const bytes =
    reader === undefined ? new Uint8Array(await response.arrayBuffer()) : await readWhole(() => reader.read());
  let text = '';
  try {
    decoder ??= new TextDecoder('utf-8', { fatal: true });
    text = decoder.decode(bytes);
  } catch {
    // Not text: rejected below.
  }
  // paymentApi answers with a JSON object; anything else is a proxy's page.
  if (!/^\s*\{/.test(text)) throw unreadable();
  return text;
}

/**
 * Checks whether a response can be an answer from APS.
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
    throw new TransportError('http_status', 'unknown', `The gateway answered with HTTP status ${status}.`, { status });
  }
}

/**
 * Reads a message that arrives in pieces.
 * @param {() => Promise<{ done?: boolean, value?: Uint8Array | void }>} next returns one piece after another
 * @returns {Promise<Uint8Array>}
 * @throws {TransportError} `unreadable`: it is longer than any message of APS
 */
export async function readWhole(next) {
  const pieces = [];
  let length = 0;
  for (let { value } = await next(); value; { value } = await next()) {
    length += value.length;
    if (length > MAX_BYTES) throw unreadable();
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

/** An answer came, but not from APS. */
export function unreadable() {
  return new TransportError('unreadable', 'unknown', 'The answer is empty, cut off or not a JSON object.');
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
function networkError(error, sent) {
  if (error instanceof TransportError && error.sent === sent) return error;
  const code = errorCode(error);
  const message = sent === 'no' ? 'The gateway could not be reached' : 'The connection failed';
  return new TransportError('network', sent, `${message}${code === undefined ? '' : ` (${code})`}.`, { cause: error });
}

/**
 * Whether an error of `fetch` proves that nothing was sent.
 * @param {unknown} failure
 * @param {number} [depth]
 * @returns {boolean}
 */
function neverSent(failure, depth = 0) {
  if (typeof failure !== 'object' || failure === null || depth > 4) return false;
  if (failure instanceof TransportError) return failure.sent === 'no';
  const { code, syscall, errors, cause } = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (failure));
  // Several addresses were tried: every one must have failed before sending.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverSent(error, depth + 1));
  // The host name could not be resolved.
  if (syscall === 'getaddrinfo') return true;
  if (typeof code === 'string') return NEVER_SENT.has(code) || (UNREACHABLE.has(code) && syscall === 'connect');
  return neverSent(cause, depth + 1);
}

/**
 * Whether `fetch` itself rejected the port, as it does with ports that are not for HTTP.
 * @param {unknown} failure
 */
function isBlockedPort(failure) {
  const { cause } = /** @type {{ cause?: unknown }} */ (failure ?? {});
  return cause instanceof Error && cause.message === 'bad port';
}

/**
 * The address of a sandbox that does not listen has such a port.
 * @param {string} url
 * @param {unknown} cause
 * @returns {TransportError}
 */
function offlineError(url, cause) {
  const cure = 'give the client sandbox.fetch as fetch, or await sandbox.listen() before reading sandbox.account';
  const message = `Nothing can listen at ${new URL(url).origin}. If this is an offline sandbox, ${cure}.`;
  return new TransportError('network', 'no', message, { cause });
}

/**
 * Waits, or returns at once when the signal aborts.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} always fulfilled
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      takeBack();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const takeBack = whenAborted(signal, done);
  });
}
