import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { ask, authentic, merchant, paying, reference, request } from './hand.js';

const RETURN = 'https://shop.example/back?session=1';
const BARE = { card_number: undefined, expiry_date: undefined, card_security_code: undefined };

/** A browser as far as needed: posts forms, reads pages. */
const browser = (sandbox) => {
  const { origin } = new URL(sandbox.account.environment.paymentPage);
  return {
    get: (path) => sandbox.fetch(new URL(path, origin)),
    post: (path, fields) => sandbox.fetch(new URL(path, origin), { method: 'POST', body: new URLSearchParams(fields) }),
  };
};
const open = (sandbox, params) => browser(sandbox).post('/FortAPI/paymentPage', request(sandbox.account, params));
const returned = (response) => {
  assert.equal(response.status, 303);
  const { origin, pathname, searchParams } = new URL(response.headers.get('location'));
  assert.equal(origin + pathname, 'https://shop.example/back');
  assert.equal(searchParams.get('session'), '1');
  const { session, ...params } = Object.fromEntries(searchParams);
  return params;
};
const action = (html) => /action="(\/FortAPI\/[^"]+)"/.exec(html)[1];

test('pay on the page, and come back with a signed result', async () => {
  const sandbox = createSandbox();
  const order = reference();
  const response = await open(
    sandbox,
    paying('PURCHASE', order, { ...BARE, return_url: RETURN, order_description: 'A & B' }),
  );
  assert.equal(response.status, 200);
  const html = await response.text();
  for (const forbidden of [/<style/, /style=/, /<script(?! src)/, / on[a-z]+=/]) assert.doesNotMatch(html, forbidden);
  assert.match(response.headers.get('content-security-policy'), /default-src 'none'/);
  assert.match(html, /A &#38; B/);
  assert.match(html, /4005550000000001/);
  const { post } = browser(sandbox);
  const again = await post(action(html), {
    card_number: '4005550000000002',
    expiry_date: '3005',
    card_security_code: '123',
  });
  assert.equal(again.status, 200);
  assert.match(await again.text(), /00016: Invalid card number/);
  const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123', amount: '1' };
  const result = returned(await post(action(html), card));
  authentic(result, sandbox.account);
  assert.deepEqual([result.response_code, result.amount, result.card_number], ['14000', '10000', '400555******0001']);
  assert.deepEqual(returned(await post(action(html), card)), result, 'twice tells the same');
  assert.equal(sandbox.payments().length, 1);
});

test('declined, cancelled', async () => {
  const sandbox = createSandbox();
  const { post } = browser(sandbox);
  const form = () =>
    open(sandbox, paying('AUTHORIZATION', reference(), { ...BARE, return_url: RETURN })).then((page) => page.text());
  const declined = returned(
    await post(action(await form()), {
      card_number: '4000000000000119',
      expiry_date: '3005',
      card_security_code: '123',
    }),
  );
  authentic(declined, sandbox.account);
  assert.equal(declined.response_code, '03666');
  const cancelled = returned(await post(action(await form()), { cancel: '1' }));
  authentic(cancelled, sandbox.account);
  assert.equal(cancelled.response_code, '00072');
});

test('what is wrong with the form shows, and leads back only where the merchant signed', async () => {
  const sandbox = createSandbox();
  const good = paying('PURCHASE', reference(), { ...BARE, return_url: RETURN });
  const tampered = { ...request(sandbox.account, good), return_url: 'https://evil.example/' };
  const refused = await browser(sandbox).post('/FortAPI/paymentPage', tampered);
  assert.equal(refused.status, 200);
  assert.match(await refused.text(), /00008: Signature mismatch/);
  assert.match(await (await open(sandbox, { ...good, return_url: undefined })).text(), /00037/);
  assert.match(await (await open(sandbox, { ...good, return_url: 'javascript:alert(1)' })).text(), /00002/);
  assert.equal(returned(await open(sandbox, { ...good, currency: 'aed' })).response_code, '00013');
  assert.equal(returned(await open(sandbox, { ...good, card_number: '4005550000000001' })).response_code, '00027');
  assert.match(await (await open(sandbox, { command: 'CAPTURE', merchant_reference: 'x' })).text(), /00004/);
  for (const body of ['a=%ff', 'a=%', 'a=1&a=2']) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const unread = await sandbox.fetch(sandbox.account.environment.paymentPage, { method: 'POST', headers, body });
    assert.match(await unread.text(), /00073: Invalid request format/);
  }
  assert.equal((await browser(sandbox).post('/FortAPI/paymentPage/nothing', {})).status, 404);
});

test('3-D Secure: pass, fail, twice', async () => {
  for (const [result, code, state] of [
    ['pass', '02000', 'authorized'],
    ['fail', '03030', 'failed'],
  ]) {
    const sandbox = createSandbox();
    const { get, post } = browser(sandbox);
    const order = reference();
    const challenge = { card_number: '4557012345678902', return_url: RETURN, token_name: 'kept', remember_me: 'YES' };
    const reply = await ask(sandbox, paying('AUTHORIZATION', order, challenge));
    assert.deepEqual([reply.response_code, reply.status], ['20064', '20']);
    assert.match(reply['3ds_url'], /^http:\/\/127\.0\.0\.1:1\/FortAPI\/3ds\/[-0-9a-f]{36}$/);
    const shop = merchant(sandbox);
    const waiting = await shop.status(order);
    assert.deepEqual([waiting.transaction_code, waiting.authorized_amount], ['20064', '0']);
    assert.equal(await shop.capture(order, 1), '05662');
    assert.equal(await shop.purchase(order), '00066');
    const { pathname } = new URL(reply['3ds_url']);
    const html = await (await get(pathname)).text();
    assert.match(html, /455701\*{6}8902/);
    assert.doesNotMatch(html, /4557012345678902/);
    const back = returned(await post(action(html), { result }));
    authentic(back, sandbox.account);
    assert.equal(back.response_code, code);
    assert.equal(back.fort_id, reply.fort_id);
    assert.equal(sandbox.payments()[0].state, state);
    const other = result === 'pass' ? 'fail' : 'pass';
    assert.deepEqual(returned(await post(pathname, { result: other })), back);
    assert.equal(sandbox.payments()[0].state, state);
    assert.equal((await post(pathname, { result: 'maybe' })).status, 400);
    assert.equal((await post('/FortAPI/3ds/unknown', { result })).status, 404);
    const token = await shop.purchase(reference(), { ...BARE, token_name: 'kept', check_3ds: 'NO' });
    assert.equal(token, result === 'pass' ? '14000' : '00044');
  }
});

test('3-D Secure from the page, back by POST, over HTTP', async () => {
  const sandbox = createSandbox({ returnMethod: 'POST' });
  const { url } = await sandbox.listen();
  const form = (path, fields) =>
    fetch(new URL(path, url), { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const merchant_extra = `"><script>'`;
  const params = paying('PURCHASE', reference(), { ...BARE, return_url: RETURN, merchant_extra });
  const html = await (await form('/FortAPI/paymentPage', request(sandbox.account, params))).text();
  const sent = await form(action(html), {
    card_number: '5313581000123430',
    expiry_date: '3005',
    card_security_code: '123',
  });
  assert.equal(sent.status, 303);
  assert.match(sent.headers.get('location'), /^\/FortAPI\/3ds\//);
  const back = await form(sent.headers.get('location'), { result: 'pass' });
  assert.equal(back.status, 200);
  const page = await back.text();
  assert.match(page, /<form id="return" method="post" action="https:\/\/shop\.example\/back\?session=1">/);
  const decode = (text) => text.replace(/&#([0-9]+);/g, (_, code) => String.fromCharCode(code));
  const fields = [...page.matchAll(/name="([^"]*)" value="([^"]*)"/g)].filter(([, name]) => name !== 'viewport');
  const result = Object.fromEntries(fields.map(([, name, value]) => [decode(name), decode(value)]));
  authentic(result, sandbox.account);
  assert.deepEqual([result.response_code, result.merchant_extra], ['14000', merchant_extra]);
  const script = await fetch(new URL('/FortAPI/return.js', url));
  assert.match(script.headers.get('content-type'), /javascript/);
  assert.equal((await fetch(new URL('/FortAPI/sandbox.css', url))).status, 200);
  await sandbox.close();
});

test('a challenge without return_url ends on a page of its own', async () => {
  const sandbox = createSandbox();
  const reply = await ask(sandbox, paying('PURCHASE', reference(), { card_number: '4557012345678902' }));
  const page = await browser(sandbox).post(new URL(reply['3ds_url']).pathname, { result: 'pass' });
  assert.match(await page.text(), /14000: Success/);
});
