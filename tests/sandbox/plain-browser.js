/** A browser as far as the gateway's pages need one: posts forms, follows redirects within the gateway, reads pages. */

import assert from 'node:assert/strict';
import { request } from './plain-merchant.js';

export const RETURN = 'https://shop.example/back?session=1';
export const BARE = { card_number: undefined, expiry_date: undefined, card_security_code: undefined };
export const VISA = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
export const CHALLENGED = { ...VISA, card_number: '4557012345678902' };

const decode = (text) => text.replace(/&#([0-9]+);/g, (_, code) => String.fromCharCode(code));

export function openBrowser(sandbox, { fetch = sandbox.fetch } = {}) {
  const { origin } = new URL(sandbox.account.environment.paymentPage);
  const follow = async (path, init) => {
    const response = await fetch(new URL(path, origin), { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location?.startsWith('/')) return follow(location);
    const html = await response.text();
    const { pathname } = new URL(path, origin);
    return { status: response.status, headers: response.headers, location, html, path: pathname };
  };
  const get = (path) => follow(path);
  const post = (path, fields) => follow(path, { method: 'POST', body: new URLSearchParams(fields) });
  return {
    get,
    post,
    /** Posts the merchant's signed form, with what the customer's page adds to it. */
    open: (params, added = {}, options) =>
      post('/FortAPI/paymentPage', { ...request(sandbox.account, params, options), ...added }),
  };
}

/** The message to the shop in the page that leads back to it. */
export function returned({ status, location, html }, url = RETURN) {
  if (status === 200) {
    assert.ok(html.includes(`<form id="return" method="post" action="${url}">`), html);
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    return Object.fromEntries(fields.map(([, name, value]) => [decode(name), decode(value)]));
  }
  assert.equal(status, 303);
  const { origin, pathname, searchParams } = new URL(location);
  assert.equal(origin + pathname, url.split('?')[0]);
  assert.equal(searchParams.get('session'), '1');
  const { session, ...params } = Object.fromEntries(searchParams);
  return params;
}

/** The card form's address; the pages of the gateway have no other way on. */
export const action = ({ html }) => /action="(\/FortAPI\/[^"]+)"/.exec(html)[1];
