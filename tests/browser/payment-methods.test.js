// Ways to pay besides a card that is typed in: the bank's or the lender's page, and cards that the shop was asked to
// remember. Shown by currency and by what the account has; each is paid, declined and left in the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enabledMethods, METHODS, methodsFor, payBy } from '../../www/server/methods.js';
import { books, cards, createOrder, open, payButton, readResult, typeCard, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

/** @param {import('playwright-core').Page} page */
const listMethods = (page) =>
  page.locator('.methods input[name="method"]').evaluateAll((all) => all.map((one) => one.value));

/** Opens what has to be opened, and goes to the page of a method. @param {import('playwright-core').Page} page @param {string} name */
async function choose(page, name) {
  if (await page.locator('details.again:not([open])').count()) await page.locator('details.again > summary').click();
  const form = page.locator(`form:has(input[name="method"][value="${name}"])`);
  if (await form.locator('summary').count()) {
    await form.locator('summary').click();
    await form.locator('input[name="phone_number"]').fill('971501234567');
  }
  await form.locator('button').click();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
}

test('each method pays the currencies that it has, if the account has it', () => {
  const names = (/** @type {string} */ currency, enabled = METHODS) =>
    methodsFor(currency, enabled).map(({ name }) => name);
  assert.deepEqual(names('KWD'), ['KNET', 'TABBY']);
  assert.deepEqual(names('QAR'), ['NAPS']);
  assert.deepEqual(names('BHD'), ['BENEFIT']);
  assert.deepEqual(names('OMR'), ['OMANNET']);
  assert.deepEqual(names('SAR'), ['TABBY', 'TAMARA', 'STCPAY']);
  assert.deepEqual(names('EGP'), ['VALU']);
  assert.deepEqual(names('USD'), []);
  assert.deepEqual(names('KWD', ['NAPS', 'TABBY']), ['TABBY']);
  const order = { id: 'order-1', description: '', command: /** @type {const} */ ('AUTHORIZATION') };
  for (const method of methodsFor('KWD', METHODS)) {
    const { command, params } = payBy(method, order, '96550000000');
    assert.equal(command, method.atOnce ? 'PURCHASE' : 'AUTHORIZATION');
    assert.equal('phone_number' in params, method.needsPhone);
    assert.equal(params.order_description, method.needsPhone ? 'order-1' : undefined);
  }
});

test('SHOP_METHODS lists the methods of an account; the offline sandbox has all', () => {
  assert.deepEqual(enabledMethods({}, { offline: true }), METHODS);
  assert.deepEqual(enabledMethods({}, { offline: false }), []);
  assert.deepEqual(enabledMethods({ SHOP_METHODS: 'KNET, TABBY,' }, { offline: false }), ['KNET', 'TABBY']);
  assert.deepEqual(enabledMethods({ SHOP_METHODS: '' }, { offline: true }), []);
  assert.throws(() => enabledMethods({ SHOP_METHODS: 'KNET,PAYPAL' }, { offline: true }), { code: 'unknown_method' });
});

test('KNET and OmanNet, NAPS and BENEFIT take the money on the bank’s page; a decline leads back to all ways', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    for (const [currency, name, words] of [
      ['KWD', 'KNET', 'KNET'],
      ['OMR', 'OMANNET', 'OmanNet'],
      ['QAR', 'NAPS', 'NAPS'],
      ['BHD', 'BENEFIT', 'BENEFIT'],
    ]) {
      await createOrder(page, { currency, amount: '12' });
      assert.ok((await listMethods(page)).includes(String(name)));
      await choose(page, String(name));
      if (name === 'KNET') {
        await page.locator('button[value="fail"]').click();
        await page.waitForURL(/\/orders\//);
        assert.equal(await readResult(page), 'Your payment did not go through');
        assert.match(String(await page.locator('.result').textContent()), /Nothing was charged/);
        await choose(page, String(name));
      }
      await page.locator('button[value="pass"]').click();
      await page.waitForURL(/\/orders\//);
      // The order said that it is captured later: these take it at once.
      assert.equal(await readResult(page), 'Thank you. Your order is paid', name);
      assert.match(String(await page.locator('.result .facts').textContent()), new RegExp(`Paid by\\s*${words}`));
    }
    assert.deepEqual(
      books(stage).map(({ command, captured }) => [command, captured]),
      ['0', '12000', '12000', '1200', '12000'].map((captured) => ['PURCHASE', captured]),
    );
    assert.deepEqual(stage.complaints, []);
  } finally {
    await stage.close();
  }
});

test('Tabby and Tamara need a phone number, and an invalid one is reported', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    for (const name of ['TABBY', 'TAMARA']) {
      const id = await createOrder(page, { description: '' });
      const form = page.locator(`form:has(input[name="method"][value="${name}"])`);
      await form.locator('summary').click();
      await form.locator('input[name="phone_number"]').fill(name === 'TABBY' ? 'call me' : '123');
      await form.locator('button').click();
      await page.locator('.outcome .note.error').waitFor();
      assert.match(String(await page.locator('.outcome .note').textContent()), /Enter the phone number in digits/);
      await page.goto(`/orders/${id}`);
      await choose(page, name);
      await page.locator('button[value="pass"]').click();
      await page.waitForURL(/\/orders\//);
      assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
    }
    assert.deepEqual(
      books(stage).map(({ command }) => command),
      ['AUTHORIZATION', 'AUTHORIZATION'],
    );
  } finally {
    await stage.close();
  }
});

test('STC Pay: a wrong password pays nothing, the right one does, once', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page, { currency: 'SAR', amount: '75' });
    const ask = async (/** @type {string} */ phone) => {
      const form = page.locator('form[action$="/passwords"]');
      // Open since the last password, if that was wrong.
      if (!(await form.locator('input[name="phone_number"]').isVisible())) await form.locator('summary').click();
      await form.locator('input[name="phone_number"]').fill(phone);
      await form.locator('button').click();
    };
    await ask('12');
    assert.match(String(await page.locator('.outcome .note').textContent()), /Enter the phone number/);
    // What was typed is still there, where it was typed, with the sentence beside it.
    const field = page.locator('details[open] input[name="phone_number"]');
    assert.deepEqual([await field.inputValue(), await field.getAttribute('aria-invalid')], ['12', 'true']);
    assert.match(String(await page.locator('details[open] .message').textContent()), /Enter the phone number/);
    assert.ok(await field.evaluate((input) => input === document.activeElement));
    // The address of the refused form is in the browser's bar.
    await page.goto(`/orders/${id}/passwords`);
    assert.equal(new URL(page.url()).pathname, `/orders/${id}`);
    // A password that cannot be one does not use up the try, and an Arabic keyboard writes digits too.
    await ask('٩٦٦ ٥٥ ٧٨٧ ٧٩٨٨');
    await page.waitForURL(/\/passwords\/order-/);
    for (const malformed of ['   ', 'abcd', '١٢']) {
      await page.locator('#otp').fill(malformed);
      await page.locator('.between button').click();
      assert.match(String(await page.locator('.note.error').textContent()), /as it was sent/);
      assert.equal(await page.locator('#otp').getAttribute('aria-invalid'), 'true');
    }
    await page.locator('#otp').fill('٠٠٠ ٠٠٠');
    await page.locator('.between button').click();
    await page.waitForURL(`**/orders/${id}`);
    assert.equal(await readResult(page), 'Your payment did not go through');
    assert.deepEqual(
      stage.shop.sandbox
        .log()
        .map(({ request }) => request?.otp)
        .filter(Boolean),
      ['000000'],
    );
    for (const [password, heading] of [
      ['000000', 'Your payment did not go through'],
      ['123456', 'Thank you. Your order is paid'],
    ]) {
      await ask('966 55 787 7988');
      await page.waitForURL(/\/passwords\/order-/);
      assert.match(String(await page.locator('main').textContent()), /···· 7988/);
      await page.locator('#otp').fill(String(password));
      const there = page.url();
      await page.locator('.between button').click();
      await page.waitForURL(`**/orders/${id}`);
      assert.equal(await readResult(page), heading);
      // It is over: its page leads back to the order.
      await page.goto(there);
      await page.waitForURL(`**/orders/${id}`);
    }
    assert.match(String(await page.locator('.result .facts').textContent()), /Paid by\s*STC Pay/);
    assert.deepEqual(
      books(stage).map(({ command, captured }) => [command, captured]),
      [['PURCHASE', '7500']],
    );
    // The password cannot be read afterwards.
    await page.goto(`/payments/${stage.shop.sandbox.payments()[0]?.merchant_reference}`);
    assert.doesNotMatch(await page.content(), /123456/);
  } finally {
    await stage.close();
  }
});

/** Pays by typing a card, which is to be remembered or not. */
async function payAndSave(page, card, save) {
  await createOrder(page);
  await waitUntilReady(page);
  await page.locator('#save_card').setChecked(save);
  await typeCard(page, card);
  await payButton(page).click();
}

test('a card is remembered with consent alone, pays again by its security code, and can be removed', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    /** @type {string[]} */
    const consents = [];
    page.on('request', (request) => {
      const rememberMe = new URLSearchParams(request.postData() ?? '').get('remember_me');
      if (rememberMe) consents.push(rememberMe);
    });
    await payAndSave(page, cards.mastercard_success, false);
    await page.locator('.result.good').waitFor();
    await createOrder(page);
    assert.equal(await page.locator('.stored').count(), 0);

    // Not before it has paid, and after 3-D Secure too.
    await payAndSave(page, cards.visa_challenge, true);
    await page.locator('button[value="fail"]').click();
    await page.waitForURL(/\/orders\//);
    assert.equal(await page.locator('.stored').count(), 0);
    await waitUntilReady(page);
    assert.equal(await page.locator('#save_card').isChecked(), true, 'a decline keeps the wish');
    await typeCard(page, cards.visa_challenge);
    await payButton(page).click();
    await page.locator('button[value="pass"]').click();
    await page.locator('.result.good').waitFor();
    assert.deepEqual(consents, ['NO', 'YES', 'YES']);

    const { number, securityCode } = cards.visa_challenge;
    await createOrder(page);
    assert.match(
      String(await page.locator('.stored li').textContent()),
      new RegExp(`Visa\\s+···· ${number.slice(-4)}`),
    );
    // Another browser sees none of it.
    const otherPage = await stage.page();
    await otherPage.goto(page.url());
    assert.equal(await otherPage.locator('.stored').count(), 0);
    await page.locator('.stored form[action$="/methods"] button').click();
    await page.waitForURL(/\/FortAPI\/paymentPage/);
    await page.locator('#stored_code').fill(securityCode);
    await page.locator('form.stored button').click();
    await page.locator('button[value="pass"]').click();
    await page.waitForURL(/\/orders\//);
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');

    await createOrder(page);
    const removed = await page.locator('.stored [name="card"]').first().inputValue();
    await page.locator('.stored form[action$="/cards"] button').click();
    await page.waitForURL(/\/orders\/[^/]+$/);
    await page.locator('.stored').waitFor({ state: 'detached' });
    const off = stage.shop.sandbox.log().find(({ request }) => request?.service_command === 'UPDATE_TOKEN');
    assert.equal(off?.request?.token_status, 'INACTIVE');
    assert.match(String(off?.reply?.status), /^(?:58|66)$/);
    assert.doesNotMatch(await page.content(), new RegExp(removed));
    await page.reload();
    assert.equal(await page.locator('.stored').count(), 0, 'it does not come back');
  } finally {
    await stage.close();
  }
});
