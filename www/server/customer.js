// Identifies the browser by a cookie, so that its cards can be remembered.
import { getCookie, setCookie } from 'hono/cookie';

const A_YEAR = 31_536_000;
const CUSTOMER = /^[0-9a-f-]{36}$/;

/**
 * @param {import('hono').Context} c
 * @param {{ secure: boolean }} options
 * @returns {string}
 */
export function customerOf(c, { secure }) {
  const known = getCookie(c, 'customer') ?? '';
  if (CUSTOMER.test(known)) return known;
  const id = crypto.randomUUID();
  setCookie(c, 'customer', id, { httpOnly: true, sameSite: 'Lax', path: '/orders', maxAge: A_YEAR, secure });
  return id;
}
