// What a customer does: pays by card or on the gateway's page, passes and fails challenges, clicks twice, goes back. After
// each test the stage looks through every byte that came to the shop: no card number, no security code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertNoCardData,
  books,
  CHALLENGE,
  cards,
  createOrder,
  decide,
  openDesk,
  pay,
  payButton,
  payThere,
  readResult,
  startHosted,
  stateOf,
  waitUntilReady,
} from './stage.js';
import { openForEach, stage } from './with-shop.js';

openForEach();

test('a card without 3-D Secure: authorized or captured, as the order requires', async () => {
  const page = await stage.page();
  await createOrder(page, { amount: '49.99' });
  await pay(page);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.match(await page.locator('.result').textContent(), /AED.49\.99.*Visa.*···· 0001/s);
  await createOrder(page, { amount: '1.250', currency: 'KWD', command: 'PURCHASE' });
  await pay(page, cards.amex_success);
  assert.equal(await readResult(page), 'Thank you. Your order is paid');
  // They cannot be authorized: their money is taken at once.
  for (const card of [cards.mada_success, cards.meeza_success]) {
    await createOrder(page);
    await pay(page, card);
    assert.equal(await readResult(page), 'Thank you. Your order is paid');
  }
  assert.deepEqual(
    books(stage).map(({ command, authorized, captured }) => [command, authorized, captured]),
    [
      ['AUTHORIZATION', '4999', '0'],
      ['PURCHASE', '1250', '1250'],
      ['PURCHASE', '10000', '10000'],
      ['PURCHASE', '10000', '10000'],
    ],
  );
  assert.deepEqual(stage.complaints, []);
});

test('the card goes to the gateway alone, with APS’s parameters and no others', async () => {
  const page = await stage.page();
  await createOrder(page);
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request));
  await pay(page, cards.mastercard_success);
  const [form] = sent;
  assert.equal(new URL(form.url()).pathname, '/FortAPI/paymentPage');
  const { number, expiry, securityCode } = cards.mastercard_success;
  const { access_code, merchant_identifier } = stage.shop.sandbox.account;
  const { merchant_reference, return_url, signature, ...fields } = Object.fromEntries(
    new URLSearchParams(form.postData() ?? ''),
  );
  assert.deepEqual(fields, {
    service_command: 'TOKENIZATION',
    access_code,
    merchant_identifier,
    language: 'en',
    card_number: number,
    expiry_date: expiry,
    card_security_code: securityCode,
    card_holder_name: 'Layla Haddad',
    // Without a word, APS would keep the card.
    remember_me: 'NO',
  });
  assert.match(merchant_reference, /^order-[0-9a-f]{8}-1-[0-9a-f]{4}$/);
  assert.match(signature, /^[0-9a-f]{64}$/);
  assert.ok(return_url.startsWith(`${stage.shop.url}/return/en/order-`));
  // That the stage would see a card number, had one come.
  assert.match(stage.received(), /POST \/orders HTTP/);
  assert.throws(() => assertNoCardData(`POST /x HTTP/1.1\r\n\r\ncard=${number.replace(/(.{4})/g, '$1+')}`));
  assert.throws(() => assertNoCardData('card_security_code=123'));
});

test('a challenge is passed, failed', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, cards.visa_challenge);
  await decide(page, 'Pass');
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  await createOrder(page, { command: 'PURCHASE' });
  await pay(page, cards.mastercard_challenge);
  await decide(page, 'Fail');
  assert.equal(await readResult(page), 'Your payment did not go through');
  await pay(page, cards.visa_success);
  assert.equal(await readResult(page), 'Thank you. Your order is paid');
  assert.deepEqual(
    books(stage).map(({ captured, authorized }) => [authorized, captured]),
    [
      ['10000', '0'],
      ['0', '0'],
      ['10000', '10000'],
    ],
  );
  assert.deepEqual(stage.complaints, []);
});

test('errors in a card are shown while it is typed, and nothing invalid is sent', async () => {
  const page = await stage.page();
  await createOrder(page);
  await waitUntilReady(page);
  const message = (name) => page.locator(`[data-aps-message="${name}"]`).textContent();
  await page.locator('#card_number').pressSequentially('4005550000000002');
  assert.equal(await page.locator('#card_number').inputValue(), '4005 5500 0000 0002');
  assert.equal(await page.locator('[data-aps-brand]').textContent(), 'Visa');
  await page.locator('#expiry_date').pressSequentially('0120');
  await page.locator('#card_security_code').pressSequentially('12');
  const posts = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await payButton(page).click();
  for (const name of ['card_number', 'expiry_date', 'card_security_code', 'card_holder_name']) {
    assert.notEqual(await message(name), '', name);
  }
  assert.equal(await page.evaluate(() => document.activeElement?.matches('[data-aps-summary]')), true);
  assert.equal(await page.locator('[data-aps-summary] a').count(), 4);
  assert.deepEqual(posts, []);
  await page.locator('#card_number').fill('');
  await page.locator('#expiry_date').fill('');
  await page.locator('#card_security_code').fill('');
  await pay(page, cards.amex_success);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.deepEqual(stage.complaints, []);
});

test('a decline is shown, and another card may be tried', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, cards.visa_declined);
  assert.equal(await readResult(page), 'Your payment did not go through');
  assert.match(await page.locator('.result').textContent(), /Nothing was charged/);
  assert.equal(await page.locator('#card_number').inputValue(), '');
  await pay(page, cards.visa_insufficient_funds);
  assert.equal(await readResult(page), 'Your payment did not go through');
  await pay(page);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.deepEqual(stage.complaints, []);
});

test('the gateway’s own page: paid, challenged, left', async () => {
  const page = await stage.page();
  await createOrder(page);
  await startHosted(page);
  await payThere(page, cards.visa_success);
  await page.waitForURL(/\/orders\//);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');

  await createOrder(page, { command: 'PURCHASE' });
  await startHosted(page);
  await payThere(page, cards.visa_challenge);
  await page.waitForURL(CHALLENGE);
  await decide(page, 'Pass');
  assert.equal(await readResult(page), 'Thank you. Your order is paid');

  const id = await createOrder(page);
  await startHosted(page);
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Your payment is not finished');
  await page.getByRole('button', { name: 'Check the result' }).click();
  await page.waitForURL(/\/orders\//);
  assert.equal(await readResult(page), 'Your payment is not finished');
  await page.getByRole('link', { name: 'Go to the payment page' }).click();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
  await payThere(page, cards.mastercard_success);
  await page.waitForURL(/\/orders\//);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.deepEqual(
    books(stage).map(({ authorized, captured }) => [authorized, captured]),
    [
      ['10000', '0'],
      ['10000', '10000'],
      ['10000', '0'],
    ],
  );
  assert.deepEqual(stage.complaints, []);
});

test('a challenge in Arabic at 360 px, captured twice, refunded once, by keyboard alone', async () => {
  const page = await stage.page({ viewport: { width: 360, height: 740 }, locale: 'ar-AE' });
  const reach = async (selector) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab never reaches ${selector}`);
  };
  const fits = async () =>
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.goto('/new?lang=ar');
  await fits();
  await reach('#amount');
  await page.keyboard.type('100.00');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders\//);
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [
    'ar',
    'rtl',
  ]);
  await fits();
  const { number, expiry, securityCode } = cards.visa_challenge;
  await reach('#card_number');
  await page.keyboard.type(number);
  await reach('#expiry_date');
  await page.keyboard.type(`${expiry.slice(2)}${expiry.slice(0, 2)}`);
  await reach('#card_security_code');
  await page.keyboard.type(securityCode);
  await reach('#card_holder_name');
  await page.keyboard.type('ليلى حداد');
  await page.keyboard.press('Enter');
  await page.waitForURL(CHALLENGE);
  // The gateway's page is in the customer's language.
  await page.locator('button[value="pass"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders\//);
  assert.equal(await readResult(page), 'شكرًا لك. تم تأكيد طلبك');
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  await fits();

  await openDesk(page);
  for (const [command, amount] of [
    ['CAPTURE', '30'],
    ['CAPTURE', '50.00'],
    ['REFUND', '20'],
  ]) {
    const steps = await page.locator('.steps > li').count();
    await reach(`#amount-${command}`);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(amount);
    await page.keyboard.press('Enter');
    await page.locator('form.confirm').waitFor();
    await reach('#by');
    await page.keyboard.type('ليلى');
    await page.keyboard.press('Enter');
    await page.locator('.steps > li').nth(steps).waitFor({ state: 'attached' });
    await fits();
  }
  assert.equal(await stateOf(page), 'مستردة جزئيًا');
  const [{ authorized, captured, refunded }] = books(stage);
  assert.deepEqual([authorized, captured, refunded], ['10000', '8000', '2000']);
  assert.deepEqual(stage.complaints, []);
});
