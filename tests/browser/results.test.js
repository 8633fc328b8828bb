// What customers read about their payment: in plain words, from one table, in both languages; and pages that wait show the
// result by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from '../../www/server/results.js';
import { STRINGS } from '../../www/server/strings.js';
import { SHOP } from '../../www/server/strings-shop.js';
import { tagOf } from '../../www/server/watch.js';
import { CHALLENGE, cards, createOrder, open, pay, payButton, readResult, typeCard, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

/** What developers say, and no customer reads. */
const DEVELOPERS = /\b\d{5}\b|merchant|parameter|token|CHECK_STATUS|signature|acquirer|_|gateway|issuer|response/i;

test('every reason has a sentence in both languages, without a word of developers', () => {
  const codes = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, '0'));
  for (const outcome of ['failed', 'rejected']) {
    for (const code of [null, ...codes.map((code) => `13${code}`)]) {
      const key = reasonOf({ outcome, code });
      for (const language of /** @type {const} */ (['en', 'ar'])) {
        const text = STRINGS[language][key];
        assert.ok(text, `${key} in ${language}`);
        assert.match(text, language === 'en' ? /Nothing was charged/ : /لم يُخصم أي مبلغ/);
      }
    }
  }
  assert.equal(reasonOf({ outcome: 'failed', code: '13666' }), 'reason_bank');
  assert.equal(reasonOf({ outcome: 'failed', code: '03029' }), 'reason_funds');
  assert.equal(reasonOf({ outcome: 'rejected', code: '00016' }), 'reason_number');
  assert.equal(reasonOf({ outcome: 'rejected', code: null }), 'reason_nothing');
  // The sentences about a bank's page or a wallet do not mention cards.
  for (const chosen of [{ payment_option: 'KNET' }, { digital_wallet: 'STCPAY' }]) {
    assert.equal(reasonOf({ outcome: 'failed', code: '13029', chosen }), 'reason_method');
    assert.equal(reasonOf({ outcome: 'rejected', code: '00748', chosen }), 'reason_password');
    assert.equal(reasonOf({ outcome: 'rejected', code: '00072', chosen }), 'reason_cancelled');
  }
  assert.doesNotMatch(STRINGS.en.reason_method, /card/);
  assert.equal(reasonOf({ outcome: 'failed', code: '13029', chosen: { token_name: 'T1' } }), 'reason_funds');
  for (const [key, text] of Object.entries(SHOP.en)) assert.doesNotMatch(text, DEVELOPERS, key);
});

test('a decline says what happened and what to do, and keeps all input except the card', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await createOrder(page);
    await pay(page, cards.visa_declined);
    await waitUntilReady(page);
    const text = await page.locator('.result').textContent();
    assert.match(text, /Your bank declined this payment\. Nothing was charged\. Try another card\./);
    assert.doesNotMatch(await page.locator('.outcome').textContent(), /\b0\d{4}\b|issuer|acquirer/i);
    assert.equal(await page.locator('#card_holder_name').inputValue(), 'Layla Haddad');
    for (const id of ['card_number', 'expiry_date', 'card_security_code']) {
      assert.equal(await page.locator(`#${id}`).inputValue(), '', id);
    }
    const kept = await page.evaluate(() =>
      JSON.stringify([sessionStorage, localStorage].flatMap((kept) => Object.values(kept))),
    );
    assert.doesNotMatch(kept, /\d{4}/);
    await pay(page, cards.visa_insufficient_funds);
    assert.match(await page.locator('.result').textContent(), /not enough money/);
    await page.goto(`${new URL(page.url()).pathname}?lang=ar`);
    assert.match(await page.locator('.result').textContent(), /لم يُخصم أي مبلغ/);
    await pay(page);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.deepEqual(stage.complaints, []);
  } finally {
    await stage.close();
  }
});

test('a page that waits says what not to do, and shows the result by itself', async () => {
  const stage = await open(browser, { timeout: 400 });
  try {
    const page = await stage.page();
    const { sandbox } = stage.shop;
    sandbox.webhook = undefined;
    await createOrder(page);
    await waitUntilReady(page);
    sandbox.faults({ dropReply: 1, commands: ['AUTHORIZATION', 'CHECK_STATUS'] });
    await typeCard(page, cards.visa_success);
    await payButton(page).click();
    await page.waitForURL(/\/orders\/[^/]+\?lang=/);
    assert.equal(await readResult(page), 'We do not know yet whether you paid');
    const text = await page.locator('.result').textContent();
    assert.match(text, /do not pay again yet/);
    assert.match(text, /updates by itself/);
    sandbox.faults({ dropReply: 0, commands: null });
    await page.locator('.result.good').waitFor({ timeout: 15_000 });
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
    assert.doesNotMatch(page.url(), /\?/);
    // Nobody asks any more.
    let requests = 0;
    page.on('request', (request) => {
      requests += Number(request.url().includes('/standing'));
    });
    await page.waitForTimeout(2500);
    assert.equal(requests, 0);
  } finally {
    await stage.close();
  }
});

test('an update does not replace a form that is being filled in', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page);
    await pay(page, cards.visa_challenge);
    await page.waitForURL(CHALLENGE);
    const bank = await page.context().newPage();
    await bank.goto(page.url());
    await page.goto(`/orders/${id}`);
    await page.locator('details.again > summary').click();
    await typeCard(page, cards.mastercard_success);
    await bank.locator('button[value="pass"]').click();
    await bank.waitForURL(/\/orders\//);
    await page.locator('[data-news]').waitFor({ timeout: 15_000 });
    assert.notEqual(await page.locator('#card_number').inputValue(), '');
    await page.locator('[data-news] a').click();
    await page.locator('.result.good').waitFor();
    assert.equal(stage.shop.sandbox.payments().length, 1);
  } finally {
    await stage.close();
  }
});

test('without scripts a waiting page reloads until it has the result', async () => {
  const stage = await open(browser, { timeout: 400 });
  try {
    const page = await stage.page();
    const { sandbox } = stage.shop;
    sandbox.webhook = undefined;
    const id = await createOrder(page);
    sandbox.faults({ dropReply: 1, commands: ['AUTHORIZATION', 'CHECK_STATUS'] });
    await pay(page);
    await page.close();
    sandbox.faults({ dropReply: 0, commands: null });
    const plain = await stage.page({ javaScriptEnabled: false });
    await plain.goto(`/orders/${id}`);
    await plain.locator('.result.good').waitFor({ timeout: 15_000 });
    assert.equal(await plain.locator('meta[http-equiv="refresh"]').count(), 0);
  } finally {
    await stage.close();
  }
});

test('unknown pages and failures are shown on the shop’s own page', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    for (const path of [
      '/orders/order-00000000',
      '/orders/nothing',
      '/payments/order-00000000-1-aaaa/bank',
      '/return/en/x',
    ]) {
      const answer = await page.goto(path);
      assert.equal(answer?.status(), 404, path);
      assert.equal(await page.locator('h1').textContent(), 'We cannot find this order', path);
      assert.equal(await page.locator('body.shop').count(), 1, path);
    }
    const id = await createOrder(page);
    await page.goto(`/return/ar/${id}?response_code=14000&status=14&signature=aa`);
    assert.equal(await page.locator('body.shop').count(), 1);
    assert.doesNotMatch(await page.locator('main').textContent(), /[a-z]{3}/i);
    // After a fault of the shop, too, the order is one click away.
    const { order } = stage.shop.store;
    stage.shop.store.order = () => Promise.reject(new Error('a fault of the shop'));
    assert.equal((await page.goto(`/orders/${id}?lang=en`))?.status(), 500);
    stage.shop.store.order = order;
    await page.locator('main a').click();
    await page.locator('.card-form').waitFor();
    assert.equal(new URL(page.url()).pathname, `/orders/${id}`);
  } finally {
    await stage.close();
  }
});

test('the tag of an order changes with what there is to see, and with nothing else', () => {
  const record = { reference: 'a', outcome: 'pending', code: null };
  const found = (/** @type {object} */ more = {}) => ({
    standing: 'open',
    payments: [{ record: { ...record, ...more }, state: 'x' }],
  });
  assert.equal(tagOf(found()), tagOf(found({ steps: [1, 2] })));
  assert.notEqual(tagOf(found()), tagOf(found({ outcome: 'failed' })));
  assert.notEqual(tagOf(found()), tagOf({ ...found(), standing: 'paid' }));
});
