// What the pages say of an order's money is so: paid twice, declined beside what waits, returned in part, long after a
// challenge began, with answers lost. Refusals are in the user's language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { testCards } from 'aps-payops/sandbox';
import { sign } from 'aps-payops/server';
import {
  books,
  CHALLENGE,
  cards,
  createOrder,
  decide,
  openDesk,
  operate,
  paid,
  pay,
  readBalance,
  readResult,
} from './stage.js';
import { openForEach, stage } from './with-shop.js';

openForEach({ timeout: 600, sandbox: { returnMethod: 'POST' } });

/** The sums that the customer sees, payment by payment. @param {import('playwright-core').Page} page */
const sums = async (page) =>
  (await page.locator('.result .facts').allTextContents()).map((text) =>
    text
      .match(/(?:Charged|Refunded to you|Held on your card)\s*AED.[\d.]+/g)
      .map((sum) => sum.replace(/\s*AED\s*/, ' ')),
  );

/** The gateway's clock, put forward by a week. @param {import('playwright-core').Page} page */
async function aWeekLater(page) {
  await page.goto('/');
  const before = await page.locator('.clock time').getAttribute('datetime');
  await page.locator('.clock button').click();
  await page.waitForFunction((was) => document.querySelector('.clock time')?.getAttribute('datetime') !== was, before);
}

test('an order paid twice whose surplus was given back is paid, and only once', async () => {
  const page = await stage.page();
  const id = await createOrder(page, { command: 'PURCHASE' });
  await pay(page, cards.visa_challenge);
  const challenge = page.url();
  await page.goto(`/orders/${id}`);
  await pay(page, cards.mastercard_success);
  await page.goto(challenge);
  await decide(page, 'Pass');
  assert.match(await page.locator('.result .note').textContent(), /paid more than once/);
  assert.deepEqual(await sums(page), [['Charged 100.00'], ['Charged 100.00']]);
  await openDesk(page);
  await page.locator('main > .note a').click();
  await page.waitForURL(/-1-/);
  await operate(page, 'REFUND');
  assert.equal(await page.locator('main > .note').count(), 0);
  await openDesk(page);
  assert.equal(await page.locator('main > .note').count(), 0, 'the good payment is not to be given back');
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Thank you. Your order is paid');
  assert.equal(await page.locator('.result .note').count(), 0);
  assert.deepEqual(await sums(page), [['Charged 100.00', 'Refunded to you 100.00'], ['Charged 100.00']]);
  await openDesk(page);
  await operate(page, 'REFUND');
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Your payment was refunded');
  assert.deepEqual(stage.complaints, []);
});

test('captured, refunded and held amounts are shown apart, and nothing is refunded while some is held', async () => {
  const page = await stage.page();
  const id = await paid(page);
  const order = async () => {
    await page.goto(`/orders/${id}`);
    return [await readResult(page), ...(await sums(page)).flat()];
  };
  assert.deepEqual(await order(), ['Thank you. Your order is confirmed', 'Held on your card 100.00']);
  await openDesk(page);
  await operate(page, 'CAPTURE', '30');
  const part = ['Charged 30.00', 'Held on your card 70.00'];
  assert.deepEqual(await order(), ['Thank you. Your order is confirmed', ...part]);
  assert.doesNotMatch(await page.locator('.result').textContent(), /The amount is held/);
  await openDesk(page);
  await operate(page, 'REFUND', '30');
  const back = ['Charged 30.00', 'Refunded to you 30.00'];
  const title = 'Part of your payment was refunded';
  assert.deepEqual(await order(), [title, ...back, 'Held on your card 70.00']);
  await aWeekLater(page);
  assert.deepEqual(await order(), ['Your payment was refunded', ...back]);
});

test('a void whose answer was lost leaves it open whether the amount is held', async () => {
  const page = await stage.page();
  const id = await paid(page);
  stage.shop.sandbox.webhook = undefined;
  stage.shop.sandbox.faults({ next: { command: 'VOID_AUTHORIZATION', dropReply: true, lag: true } });
  await operate(page, 'VOID_AUTHORIZATION');
  await page.goto(`/orders/${id}`);
  const text = await page.locator('.result').textContent();
  assert.match(text, /not known yet whether it went through/);
  assert.doesNotMatch(text, /The amount is held/);
});

test('a challenge passed a week after it began holds the money from then on', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, cards.visa_challenge);
  const challenge = page.url();
  await aWeekLater(page);
  await page.goto(challenge);
  await decide(page, 'Pass');
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.equal(books(stage)[0].state, 'authorized');
  await openDesk(page);
  await operate(page, 'CAPTURE', '30');
  assert.equal((await readBalance(page)).captured, '30.00');

  // There was no notification, so the gateway is looked up.
  stage.shop.sandbox.webhook = undefined;
  const late = await createOrder(page);
  await pay(page, cards.visa_challenge);
  const other = page.url();
  await aWeekLater(page);
  await page.goto(other);
  const held = new Promise((resolve) => {
    page.route('**/return/**', (route) => route.abort('aborted').then(resolve));
  });
  await page.locator('button[value="pass"]').click();
  await held;
  await page.unroute('**/return/**');
  assert.equal(books(stage)[1].state, 'authorized');
  await page.goto(`/orders/${late}`);
  await page.getByRole('button', { name: 'Check the result' }).click();
  await page.waitForURL(/\/orders\/[^/?]+$/);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
});

test('a card whose order another payment has paid is reported as not used', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const open = await page.context().newPage();
  const later = await page.context().newPage();
  for (const tab of [open, later]) await tab.goto(`/orders/${id}`);
  await pay(page, cards.visa_challenge);
  await pay(open, cards.mastercard_success);
  assert.match(await open.locator('.note[role="alert"]:not([hidden])').textContent(), /just entered was not used/);
  assert.equal(await readResult(open), 'Your bank asks you to confirm');
  assert.equal(books(stage).length, 1);
  // Once the first has failed, a page from before pays.
  await decide(page, 'Fail');
  await pay(later, cards.mastercard_success);
  assert.equal(await readResult(later), 'Thank you. Your order is confirmed');
  assert.equal(await later.locator('.note[role="alert"]').count(), 0);
  await open.goto(`${stage.shop.url}/orders/${id}?unused=1&lang=ar`);
  assert.match(await open.locator('.note[role="alert"]').textContent(), /لم تُستخدم البطاقة/);
  assert.deepEqual(
    books(stage).map(({ authorized }) => authorized),
    ['0', '10000'],
  );
});

test('a decline is shown together with another payment that is pending', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  await pay(page, cards.visa_challenge);
  await page.goto(`/orders/${id}`);
  await pay(page, cards.visa_declined);
  assert.deepEqual(await page.locator('.result h2').allTextContents(), [
    'Your last attempt did not go through',
    'Your bank asks you to confirm',
  ]);
  assert.match(await page.locator('.result.error').textContent(), /Transaction has been declined|declined/i);
  await page.getByRole('link', { name: 'Go to your bank’s page' }).click();
  await page.waitForURL(CHALLENGE);
  await decide(page, 'Pass');
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
});

test('a card whose first digits do not tell that it cannot be authorized pays at once', async () => {
  const page = await stage.page();
  await createOrder(page);
  const card = testCards.find(({ brand, number }) => brand === 'MEEZA' && number.length === 16);
  assert.ok(card);
  await pay(page, card);
  assert.equal(await readResult(page), 'Thank you. Your order is paid');
  assert.deepEqual(await sums(page), [['Charged 100.00']]);
  await page.reload();
  assert.deepEqual(
    books(stage).map(({ command, captured }) => [command, captured]),
    [['PURCHASE', '10000']],
  );
  await page.goto('/');
  assert.deepEqual(await page.locator('.row .chip').allTextContents(), ['Captured', 'Not attempted']);
});

test('a refund that was declined is sent again as the same refund; another one is another', async () => {
  const page = await stage.page();
  await paid(page, { command: 'PURCHASE', card: cards.visa_refund_declined });
  const references = () =>
    stage.shop.sandbox
      .log()
      .flatMap(({ request }) => (request?.command === 'REFUND' ? [request.maintenance_reference] : []));
  await operate(page, 'REFUND', '40');
  assert.equal((await readBalance(page)).refunded, '0.00');
  // Its notification is of it, and no step of its own.
  await page.waitForFunction(async () =>
    (await (await fetch(location.href)).text()).includes('Confirmed by a notification'),
  );
  await page.reload();
  assert.equal(await page.locator('.steps .step', { hasText: 'Refund' }).count(), 1);
  await operate(page, 'REFUND', '40');
  assert.equal((await readBalance(page)).refunded, '40.00');
  await operate(page, 'REFUND', '40');
  const [first, again, next] = references();
  assert.equal(again, first);
  assert.notEqual(next, first);
});

test('an operation with a lost answer is one step once its notification arrives', async () => {
  const page = await stage.page();
  await paid(page);
  stage.shop.sandbox.faults({
    next: { command: 'CAPTURE', dropReply: true, lag: true, reorderWebhook: { ms: 2500 } },
  });
  await operate(page, 'CAPTURE', '30');
  const captures = page.locator('.steps > li', { has: page.locator('.step b', { hasText: 'Capture' }) });
  for (let tries = 0; !(await captures.textContent()).includes('Confirmed by a notification'); tries += 1) {
    assert.ok(tries < 100, 'the notification never came');
    await pause(100);
    await page.reload();
  }
  assert.equal(await captures.count(), 1);
  const text = await captures.textContent();
  assert.match(text, /Succeeded.*Confirmed by a notification/s);
  assert.doesNotMatch(text, /Confirmed by CHECK_STATUS/);
  assert.equal(await page.locator('main > .note.warning').count(), 0);
  await operate(page, 'CAPTURE', '30');
  assert.equal(await captures.count(), 2);
  assert.equal((await readBalance(page)).captured, '60.00');
});

test('the gateway’s result is shown, not that its answer was lost', async () => {
  const page = await stage.page();
  stage.shop.sandbox.webhook = undefined;
  stage.shop.sandbox.faults({ dropReply: 1, commands: ['CHECK_STATUS'] });
  await createOrder(page);
  await pay(page, cards.visa_uncertain);
  assert.equal(await readResult(page), 'We do not know yet whether you paid');
  const text = await page.locator('.result').textContent();
  assert.doesNotMatch(text, /got lost/);
  assert.match(text, /do not pay again yet/);
});

test('a form from before a restart, and one that is too long, are refused in the user’s language', async () => {
  const page = await stage.page();
  await page.goto('/new?lang=ar');
  await page.locator('#description').fill('x'.repeat(20_000));
  const [response] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === 'POST'),
    // Past the checks of the page's script.
    page.locator('form[action="/orders"]').evaluate((form) => form.submit()),
  ]);
  assert.equal(response.status(), 413);
  assert.match(response.headers()['content-security-policy'], /default-src 'none'/);
  assert.match(await page.locator('[role="alert"]').textContent(), /أطول من المسموح/);
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [
    'ar',
    'rtl',
  ]);

  const id = await createOrder(page);
  await page.locator('form[action$="/hosted"]').evaluate((form) => {
    form.querySelector('[name="csrf"]').value = 'aa';
  });
  await page.locator('form[action$="/hosted"] button').click();
  assert.match(await page.locator('[role="alert"]').textContent(), /هذه الصفحة قديمة/);
  // A customer is led back to the order.
  assert.equal(await page.locator('main a.button').getAttribute('href'), `/orders/${id}`);
  assert.deepEqual(books(stage), []);
});

test('a forged message is rejected without an explanation, and its names do not reach the log', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const { access_code, merchant_identifier, sha_response_phrase, digest } = stage.shop.sandbox.account;
  const reply = { access_code, merchant_identifier, merchant_reference: `${id}-1-aaaa`, status: '18' };
  const signature = sign({ ...reply, response_code: '18000' }, { phrase: String(sha_response_phrase), digest });
  const number = '4005550000000002';
  for (const name of [number, number.replace(/(.{4})(?=.)/g, '$1-'), number.replace(/(.{4})(?=.)/g, '$1 ')]) {
    const query = new URLSearchParams({ ...reply, response_code: '18000', signature, [name]: '1' });
    const answer = await page.context().request.get(`/return/en/${id}?${query}`, { maxRedirects: 0 });
    assert.equal(answer.status(), 400);
    const line = stage.log.at(-1);
    assert.match(line, /^GET \/return\/en\/order-[0-9a-f]{8}: The signature of the message does not match/);
    assert.doesNotMatch(line, /extra_parameter|\d{9}|(?:\d{4}\W){3}/);
  }
  const members = Array.from({ length: 60_000 }, (_, index) => [`n${index}`, [['1']]]);
  const data = JSON.stringify({ ...Object.fromEntries(members), ...reply, response_code: '18000', signature });
  const started = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await page.context().request.post('/notify', { data: Buffer.from(data), headers });
  assert.equal(answer.status(), 400);
  // Beside other tests on a slow machine, one second was too little.
  assert.ok(performance.now() - started < 5000);
  assert.doesNotMatch(stage.log.at(-1), /extra_parameter|gave_up|\(/);
});

test('long amounts and descriptions without a space fit, and no word breaks beside them', async () => {
  const page = await stage.page();
  const id = await createOrder(page, { amount: '99999999.99', description: 'x'.repeat(140) });
  const fits = async (/** @type {(look: string) => Promise<void>} */ check = async () => {}) => {
    for (const [language, width] of /** @type {const} */ ([
      ['ar', 360],
      ['en', 360],
      ['ar', 1440],
      ['en', 1440],
    ])) {
      await page.setViewportSize({ width, height: 900 });
      const url = new URL(page.url());
      url.searchParams.set('lang', language);
      await page.goto(url.href);
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      assert.ok(over <= 0, `${page.url()} at ${width} px is ${over} px too wide`);
      await check(`${language} ${width}`);
    }
  };
  await fits(async (look) => {
    const sum = page.locator('.summary .sum span');
    assert.equal(await sum.evaluate((span) => span.getClientRects().length), 1, look);
    const height = await sum.evaluate((span) => {
      const { lineHeight } = getComputedStyle(span);
      return span.getBoundingClientRect().height / Number.parseFloat(lineHeight);
    });
    assert.ok(height < 1.5, `${look}: ${height} lines`);
  });
  await pay(page);
  await fits();
  await openDesk(page);
  await operate(page, 'CAPTURE');
  await operate(page, 'REFUND', '99999999.98');
  await fits();
  await page.goto(`/orders/${id}`);
  await fits();
});
