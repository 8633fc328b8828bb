// Apple Pay: the button where the browser has `ApplePaySession`, the sandbox's stand-in elsewhere, and what the server takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApplePay } from '../../www/apple-pay.js';
import { assertPresentable } from './looks.js';
import { books, createOrder, hiddenFields, open, post, readResult } from './stage.js';
import { browser } from './with-chromium.js';

test('the stand-in asks for a session, pays with a token, and is over', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await createOrder(page, { amount: '42.00' });
    const button = page.locator('button.apple-pay');
    await button.waitFor();
    await assertPresentable(page, 'apple-button', () => button.waitFor());
    await assertPresentable(page, 'apple-sheet', async () => {
      await button.click();
      await page.locator('[data-sheet="pay"]:enabled').waitFor();
    });
    await page.locator('[data-sheet="cancel"]').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    assert.deepEqual(books(stage), []);
    await button.click();
    await page.locator('[data-sheet="pay"]:enabled').click();
    await page.locator('.result.good').waitFor();
    assert.match(String(await page.locator('.result .facts').textContent()), /Paid by\s*Apple Pay/);
    assert.deepEqual(
      books(stage).map(({ command, authorized }) => [command, authorized]),
      [['AUTHORIZATION', '4200']],
    );
    // By credentials of its own.
    const sent = stage.shop.sandbox.log().find(({ request }) => request?.digital_wallet === 'APPLE_PAY')?.request;
    assert.equal(sent?.access_code, stage.shop.sandbox.account.applePay.access_code);
    assert.equal(await page.locator('button.apple-pay').count(), 0);
    assert.deepEqual(stage.complaints, []);
  } finally {
    await stage.close();
  }
});

test('with Apple Pay in the browser, its sheet opens with the amount of the order', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await page.addInitScript(() => {
      globalThis.ApplePaySession = class {
        static STATUS_SUCCESS = 0;
        static STATUS_FAILURE = 1;
        static supportsVersion = () => true;
        static canMakePayments = () => true;
        constructor(version, request) {
          globalThis.asked = { version, request };
        }
        begin() {
          this.onvalidatemerchant({
            validationURL: 'https://apple-pay-gateway.apple.com/paymentservices/startSession',
          });
        }
        completeMerchantValidation() {
          // A token that lacks everything: nothing is sent to the gateway.
          this.onpaymentauthorized({ payment: { token: { paymentData: {} } } });
        }
        completePayment({ status }) {
          globalThis.ended = status;
        }
      };
    });
    const id = await createOrder(page, { currency: 'KWD', amount: '1.250' });
    await page.locator('button.apple-pay').click();
    await page.locator('[data-apple-failed]').waitFor();
    assert.equal(await page.evaluate(() => globalThis.ended), 1);
    const { version, request } = await page.evaluate(() => globalThis.asked);
    assert.deepEqual(
      [version, request.countryCode, request.currencyCode, request.total.amount],
      [3, 'AE', 'KWD', '1.250'],
    );
    assert.deepEqual(books(stage), []);
    await page.goto(`/orders/${id}`);
    assert.equal(await page.locator('.result').count(), 0, 'nothing was tried');
  } finally {
    await stage.close();
  }
});

test('an invalid token is rejected, and a form that is sent twice pays once', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page);
    const fields = await hiddenFields(page.locator('section.apple form'));
    const token = {
      paymentData: {
        ...{ data: 'YWJj', signature: 'YWJj' },
        header: { ephemeralPublicKey: 'YWJj', publicKeyHash: 'YWJj', transactionId: 'ab' },
      },
      paymentMethod: { displayName: 'Visa 0001', network: 'Visa', type: 'debit' },
    };
    const pay = (more = {}) =>
      post(stage, page, `/orders/${id}/apple-pay`, { ...fields, apple_token: JSON.stringify(token), ...more });
    assert.equal((await pay({ apple_token: '{' })).status(), 422);
    const { paymentMethod: _, ...bare } = token;
    assert.equal((await pay({ apple_token: JSON.stringify(bare), token: crypto.randomUUID() })).status(), 422);
    assert.equal((await pay({ csrf: 'aa' })).status(), 403);
    const [first, second] = await Promise.all([pay(), pay()]);
    assert.deepEqual([await first.json(), await second.json()], [{ isPaid: true }, { isPaid: true }]);
    const late = await pay({ token: crypto.randomUUID() });
    assert.deepEqual([late.status(), await late.json()], [409, { isPaid: false }]);
    assert.equal(books(stage).length, 1);
    await page.goto(`/orders/${id}`);
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  } finally {
    await stage.close();
  }
});

test('Apple Pay outside the sandbox needs a certificate, or is not offered', async () => {
  assert.equal(await readApplePay({}), null);
  await assert.rejects(readApplePay({ APPLE_PAY_KEY: 'key.pem' }), {
    code: 'incomplete_apple_pay',
    message: /APPLE_PAY_CERTIFICATE, APPLE_PAY_MERCHANT, APPLE_PAY_DOMAIN/,
  });
});
