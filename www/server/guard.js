// Protects the desk, which moves money: the Host check stops DNS rebinding, the Origin check and the CSRF token stop other
// sites, and the content security policy stops injected markup.
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { Refusal } from './refusal.js';

/**
 * `'wasm-unsafe-eval'` allows the package's WebAssembly, but not `eval`. `form-action` names the gateway, which the card form
 * posts to; browsers apply it to redirects, too.
 *
 * @param {string[]} gateway the origins of the gateway's pages
 * @param {boolean} wasm
 */
const policyOf = (gateway, wasm) =>
  [
    "default-src 'none'",
    `script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action ${["'self'", ...gateway].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`, which makes browsers send `Origin: null` with our own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(self)',
};

/** Paths for the gateway's messages, sent directly or through the browser; their signature authenticates them. */
const FROM_GATEWAY = /^\/(?:return\/|notify$)/;

/** Forms with a text that people paste: what is too long is shown again, with the reason. */
const PASTED = /^\/inspector$/;

const FORM_BYTES = 16 * 1024;
const MESSAGE_BYTES = 1024 * 1024;
const SESSION = /^[0-9a-f-]{36}$/;

/**
 * @param {object} options
 * @param {string[]} options.origins under which the shop is reached
 * @param {string[]} options.gateway the origins of the gateway's pages
 * @param {boolean} options.wasm whether the policy lets pages compile WebAssembly
 * @param {() => Promise<Uint8Array>} options.secret that the tokens of forms are made with, the same in every process
 */
export function createGuard({ origins, gateway, wasm, secret }) {
  const policy = policyOf(gateway, wasm);
  const ours = new Set(origins);
  const hosts = new Set(origins.map((origin) => new URL(origin).host));
  /** @type {Promise<CryptoKey> | undefined} */
  let imported;
  const key = () => {
    imported ??= importKey(secret).catch((error) => {
      // The next request tries again.
      imported = undefined;
      throw error;
    });
    return imported;
  };

  /** @type {import('hono').MiddlewareHandler} */
  const headers = async (c, next) => {
    await next();
    c.res.headers.set('content-security-policy', policy);
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    // Assets set their own caching.
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  };

  /** @type {import('hono').MiddlewareHandler} */
  const address = async (c, next) => {
    if (!hosts.has(c.req.header('host') ?? '')) return c.text('This host name is not served here.', 421);
    const origin = c.req.header('origin');
    const gateway = FROM_GATEWAY.test(c.req.path);
    const moves = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    if (!gateway && (origin === undefined ? moves : !ours.has(origin))) {
      return c.text('This origin may not ask the shop for anything.', 403);
    }
    return next();
  };

  /** @type {import('hono').MiddlewareHandler} */
  const session = async (c, next) => {
    // No new session on return from the gateway: the browser may not have sent its cookie.
    if (FROM_GATEWAY.test(c.req.path) || c.req.path.startsWith('/assets/')) return next();
    let id = getCookie(c, 'session') ?? '';
    if (!SESSION.test(id)) {
      id = crypto.randomUUID();
      const secure = (origins[0] ?? '').startsWith('https:');
      setCookie(c, 'session', id, { httpOnly: true, sameSite: 'Lax', path: '/', secure });
    }
    const signature = await crypto.subtle.sign('HMAC', await key(), new TextEncoder().encode(id));
    c.set('csrf', hex(new Uint8Array(signature)));
    return next();
  };

  /** @type {import('hono').MiddlewareHandler} */
  const form = async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || FROM_GATEWAY.test(c.req.path)) return next();
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/x-www-form-urlencoded') return c.text('Only forms are taken here.', 415);
    const fields = new URLSearchParams(await c.req.text());
    const cookie = getCookie(c, 'session') ?? '';
    const token = bytes(fields.get('csrf') ?? '');
    // WebCrypto's verify compares in constant time.
    const good =
      SESSION.test(cookie) &&
      (await crypto.subtle.verify('HMAC', await key(), token, new TextEncoder().encode(cookie)));
    if (!good) throw new Refusal('stale_form', 403);
    c.set('fields', fields);
    return next();
  };

  /** @type {import('hono').MiddlewareHandler} */
  const size = (c, next) =>
    bodyLimit({
      maxSize: FROM_GATEWAY.test(c.req.path) || PASTED.test(c.req.path) ? MESSAGE_BYTES : FORM_BYTES,
      onError: () => {
        throw new Refusal('too_long', 413);
      },
    })(c, next);

  return [headers, address, session, size, form];
}

/** @param {() => Promise<Uint8Array>} secret */
async function importKey(secret) {
  const raw = /** @type {BufferSource} */ (await secret());
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** @param {Uint8Array} data */
function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text */
function bytes(text) {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return new Uint8Array();
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
