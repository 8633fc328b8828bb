// What a genuine message proves, however odd it is: an order that was paid is never offered for payment again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from 'aps-payops/server';
import { createOrder, operate, paid, pay, readResult } from './stage.js';
import { openForEach, stage } from './with-shop.js';

openForEach();

/** The gateway's own message, made by hand: signed as APS signs. */
function signed(params) {
  const { access_code, merchant_identifier, sha_response_phrase, digest } = stage.shop.sandbox.account;
  const message = { access_code, merchant_identifier, language: 'en', ...params };
  return { ...message, signature: sign(message, { phrase: String(sha_response_phrase), digest }) };
}

const success = (merchant_reference, more) =>
  signed({
    command: 'AUTHORIZATION',
    merchant_reference,
    amount: '10000',
    currency: 'AED',
    customer_email: 'a@b.ae',
    response_code: '02000',
    response_message: 'Success',
    status: '02',
    ...more,
  });

/** Begins a payment on the gateway's page without going there. @returns the merchant_reference */
async function startHosted(page, id) {
  await page.route('**/FortAPI/**', (route) => route.abort('aborted'));
  await page.goto(`/orders/${id}`);
  const [response] = await Promise.all([
    page.waitForResponse(/\/payments\/[^/]+\/gateway/),
    page.waitForEvent('requestfailed', (request) => request.url().includes('/FortAPI/')),
    page.locator('form[action$="/hosted"]').evaluate((form) => form.requestSubmit()),
  ]);
  await page.unroute('**/FortAPI/**');
  return new URL(response.url()).pathname.split('/')[2];
}

for (const payment_option of ['MADA', 'KNET', 'Apple Pay']) {
  test(`a signed success counts, even with payment_option ${payment_option}`, async () => {
    const page = await stage.page();
    const id = await createOrder(page);
    const reference = await startHosted(page, id);
    const message = success(reference, { payment_option });
    assert.equal((await page.context().request.post('/notify', { data: message })).status(), 200);
    await page.goto(`/orders/${id}`);
    assert.equal(await page.locator('.card-form').count(), 0);
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
    assert.deepEqual(stage.log, []);
  });
}

test('another attempt from an old page is told that the order is paid, without alarm', async () => {
  const page = await stage.page();
  await createOrder(page);
  const old = await page.context().newPage();
  await old.goto(page.url());
  await pay(page);
  await old.locator('form[action$="/hosted"] button').click();
  await old.locator('.outcome > .note.warning').waitFor();
  assert.match(String(await old.locator('.outcome > .note').textContent()), /already been paid/);
  assert.equal(await old.locator('.note.error').count(), 0);
  assert.equal(await readResult(old), 'Thank you. Your order is confirmed');
});

test('a paid order no longer leads to the gateway or the bank', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const first = await startHosted(page, id);
  const again = await page.context().request.get(`/payments/${first}/gateway`, { maxRedirects: 0 });
  assert.equal(again.status(), 200);
  await page.context().request.post('/notify', { data: success(first, {}) });
  const late = await page.context().request.get(`/payments/${first}/gateway`, { maxRedirects: 0 });
  assert.equal(late.status(), 303);
  assert.equal(late.headers().location, `/orders/${id}`);
});

test('a void is confirmed by its notification, and nothing is logged', async () => {
  const page = await stage.page();
  await paid(page);
  await operate(page, 'VOID_AUTHORIZATION');
  await stage.shop.sandbox.delivered();
  const arrived = ({ kind, params }) => kind === 'notification' && params?.command === 'VOID_AUTHORIZATION';
  const { status } = stage.shop.sandbox.log().find(arrived);
  assert.equal(status, 200);
  assert.deepEqual(stage.log, []);
});

test('the same answer with its signature in other letters is the same answer', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const reference = await startHosted(page, id);
  const message = success(reference, {});
  const steps = async () => {
    await page.goto(`/payments/${reference}`);
    return page.locator('.step').count();
  };
  await page.context().request.post('/notify', { data: message });
  const before = await steps();
  for (const signature of [message.signature.toUpperCase(), message.signature.replace('a', 'A')]) {
    await page.context().request.post('/notify', { data: { ...message, signature } });
  }
  assert.ok(before > 0);
  assert.equal(await steps(), before);
});

test('a log line is one line, whatever the path', async () => {
  const page = await stage.page();
  for (const path of ['x%0aFAKE%20LINE%1b[31m', 'order-00000000%0aFAKE', '1234567890123456', '..%2f..%2fx']) {
    const answer = await page
      .context()
      .request.get(`/return/en/${path}?status=14&response_code=14000&signature=aa`, { maxRedirects: 0 });
    assert.equal(answer.status(), 404, path);
  }
  const real = await page.context().request.get('/return/en/order-00000000?status=14&signature=aa');
  assert.equal(real.status(), 400);
  for (const line of stage.log) assert.doesNotMatch(line, /\n|FAKE|\p{Cc}/u);
});
