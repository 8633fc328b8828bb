/** The router over HTTP, on 127.0.0.1 only. */

import { createServer } from 'node:http';
import { longestBody } from './router.js';

/** Names of this machine. Any other `Host` is a foreign page whose name was pointed here (DNS rebinding). */
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?$/i;

/**
 * @param {import('./router.js').Router} router
 * @returns {import('node:http').Server}
 */
export function serve(router) {
  return createServer((request, response) => {
    handle(router, request, response).catch(() => response.destroy());
  });
}

/**
 * @param {import('./router.js').Router} router
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function handle(router, request, response) {
  if (!LOOPBACK.test(request.headers.host ?? '')) {
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end('Host is not loopback.\n');
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const longest = longestBody(path);
  const body = await read(request, longest);
  const outgoing = await router.respond(
    {
      method: request.method ?? 'GET',
      path,
      contentType: request.headers['content-type'] ?? '',
      body,
    },
    gone.signal,
  );
  const length = Buffer.byteLength(outgoing.body);
  // The connection cannot be reused after a body that was not read to its end.
  const close = body.length > longest ? { connection: 'close' } : {};
  response.writeHead(outgoing.status, { ...outgoing.headers, ...close, 'content-length': length }).end(outgoing.body);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {number} longest
 * @returns {Promise<Uint8Array>} Of a body that is too long, just enough to notice.
 */
async function read(request, longest) {
  /** @type {Buffer[]} */
  const chunks = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longest) break;
  }
  return Buffer.concat(chunks);
}
