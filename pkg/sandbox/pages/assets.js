/** The files that the pages load, and the headers of both. */

import { ASSETS } from '../../generated/assets.js';

/** @type {Record<string, string>} */
const TYPES = {
  'sandbox.css': 'text/css;charset=UTF-8',
  'sandbox.js': 'text/javascript;charset=UTF-8',
  'sandbox.svg': 'image/svg+xml',
};

/**
 * @param {string} name
 * @returns {{ headers: Record<string, string>, body: string } | undefined}
 */
export function asset(name) {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) return undefined;
  const body = ASSETS[name] ?? '';
  return { headers: { 'content-type': type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' }, body };
}

/**
 * @param {object} [options]
 * @param {string} [options.returnUrl] Where a form of the page ends up, possibly by a redirect.
 * @param {boolean} [options.framed] Whether a shop may frame the page; true by default.
 * @returns {Record<string, string>}
 */
export function pageHeaders({ returnUrl, framed = true } = {}) {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    `form-action 'self'${returnUrl === undefined ? '' : ` ${source(new URL(returnUrl))}`}`,
    "base-uri 'none'",
    ...(framed ? [] : ["frame-ancestors 'none'"]),
  ];
  return {
    'content-type': 'text/html;charset=UTF-8',
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

/**
 * A Content-Security-Policy cannot express IPv6 addresses.
 *
 * @param {URL} url
 */
const source = ({ origin, hostname, protocol }) => (hostname.startsWith('[') ? protocol : origin);
