/** A fetch that never leaves the process. */

import { ConnectionCut } from './with-faults.js';

/**
 * The address of a sandbox that does not listen. Only `sandbox.fetch` answers there: browsers and fetch refuse
 * port 1.
 */
export const OFFLINE = 'http://127.0.0.1:1';

/**
 * @param {import('./router.js').Router} router
 * @param {(origin: string) => boolean} isOurs
 * @returns {(input: string | URL | Request, init?: RequestInit) => Promise<Response>}
 */
export function makeFetch(router, isOurs) {
  return async (input, init = {}) => {
    const request = input instanceof Request ? new Request(input, init) : undefined;
    const signal = request?.signal ?? init.signal ?? undefined;
    signal?.throwIfAborted();
    const url = new URL(request?.url ?? String(input));
    if (!isOurs(url.origin)) throw makeFailure('ECONNREFUSED');
    const headers = request?.headers ?? new Headers(init.headers);
    const method = request?.method ?? init.method?.toUpperCase() ?? 'GET';
    const { body, type } = await readBody(request ?? init.body);
    const contentType = headers.get('content-type') ?? type;
    signal?.throwIfAborted();
    try {
      const outgoing = await router.respond({ method, path: url.pathname, contentType, body }, signal);
      signal?.throwIfAborted();
      const { status, headers } = outgoing;
      return new Response(outgoing.body === '' ? null : outgoing.body, { status, headers });
    } catch (error) {
      throw error instanceof ConnectionCut ? makeFailure('ECONNRESET') : error;
    }
  };
}

/**
 * @param {Request | RequestInit['body']} given
 * @returns {Promise<{ body: Uint8Array, type: string }>}
 */
async function readBody(given) {
  if (given === undefined || given === null) return { body: new Uint8Array(), type: '' };
  // By far the most frequent case, and a Response costs more than the rest of an exchange.
  if (typeof given === 'string') return { body: Buffer.from(given), type: 'text/plain;charset=UTF-8' };
  const content = given instanceof Request ? given : new Response(given);
  return { body: new Uint8Array(await content.arrayBuffer()), type: content.headers.get('content-type') ?? '' };
}

/** @param {'ECONNREFUSED' | 'ECONNRESET'} code */
function makeFailure(code) {
  const syscall = code === 'ECONNRESET' ? 'read' : 'connect';
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });
}
