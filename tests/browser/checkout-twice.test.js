// A customer who does things twice: abandons a challenge and pays again, clicks twice, has two pages open, goes back and
// reloads; messages that come twice. After each test the stage looks through every byte that came to the shop.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  books,
  CHALLENGE,
  cards,
  createOrder,
  decide,
  hiddenFields,
  open,
  openDesk,
  operate,
  pay,
  payButton,
  payThere,
  post,
  readResult,
  startHosted,
  stateOf,
  typeCard,
} from './stage.js';
import { browser } from './with-chromium.js';
import { openForEach, stage } from './with-shop.js';

openForEach();

test('an abandoned challenge: the order goes on under a new reference, a late success is shown for refund', async () => {
  const page = await stage.page();
  const id = await createOrder(page, { command: 'PURCHASE' });
  await pay(page, cards.visa_challenge);
  const challenge = page.url();
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Your bank asks you to confirm');
  // The gateway knows no more than we do.
  await page.getByRole('button', { name: 'Check the result' }).click();
  await page.waitForURL(/\/orders\//);
  assert.equal(await readResult(page), 'Your bank asks you to confirm');
  await pay(page, cards.mastercard_success);
  assert.equal(await readResult(page), 'Thank you. Your order is paid');
  assert.equal(await page.locator('.result .note').count(), 0);

  await page.goto(challenge);
  await decide(page, 'Pass');
  assert.match(await page.locator('.result .note').textContent(), /paid more than once/);
  await openDesk(page);
  assert.match(await page.locator('main > .note').textContent(), /paid more than once/);
  await page.locator('main > .note a').click();
  await page.waitForURL(/-1-/);
  await operate(page, 'REFUND');
  await page.locator('.total .chip.refunded').waitFor();
  const [first, second] = stage.shop.sandbox.payments();
  assert.notEqual(first.merchant_reference, second.merchant_reference);
  assert.deepEqual([first.refunded, second.refunded], ['10000', '0']);
  assert.deepEqual(stage.complaints, []);
});

test('an answer lost before 3ds_url was seen: the order goes on, the old payment may still succeed', async () => {
  const other = await open(browser, { timeout: 400 });
  try {
    const page = await other.page();
    const { sandbox } = other.shop;
    await createOrder(page, { command: 'PURCHASE' });
    sandbox.faults({ dropReply: 1 });
    await typeCard(page, cards.visa_challenge);
    await payButton(page).click();
    await page.waitForURL(/\/orders\/[^/]+\?lang=/);
    sandbox.faults({ dropReply: 0 });
    assert.equal(await readResult(page), 'We do not know yet whether you paid');
    await page.getByRole('button', { name: 'Check the result' }).click();
    await page.waitForURL(/\/orders\/[^/?]+$/);
    assert.equal(await readResult(page), 'We do not know yet whether you paid');
    await pay(page, cards.mastercard_success);
    assert.equal(await readResult(page), 'Thank you. Your order is paid');
    const order = page.url();
    // Somebody has the address all the same.
    const lost = sandbox.log().find(({ reply }) => reply?.['3ds_url']);
    await page.goto(lost.reply['3ds_url']);
    await decide(page, 'Pass');
    await page.goto(order);
    assert.match(await page.locator('.result .note').textContent(), /paid more than once/);
  } finally {
    await other.close();
  }
});

test('return and notification, in either order and more than once, end in one state', async () => {
  for (const first of ['return', 'notification']) {
    const other = await open(browser, { sandbox: { returnMethod: 'POST' } });
    try {
      const page = await other.page();
      const { sandbox } = other.shop;
      sandbox.webhook = undefined;
      await createOrder(page);
      await pay(page, cards.visa_challenge);
      // Held back, both of them.
      const held = new Promise((resolve) => {
        page.route('**/return/**', (route) => {
          resolve({ path: new URL(route.request().url()).pathname, body: route.request().postData() });
          return route.abort('aborted');
        });
      });
      await page.getByRole('button', { name: 'Pass', exact: true }).click();
      const { path, body } = await held;
      await page.unroute('**/return/**');
      const request = page.context().request;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const bring = {
        return: () => request.post(path, { data: body, headers, maxRedirects: 0 }),
        notification: () => request.post('/notify', { data: Object.fromEntries(new URLSearchParams(body)) }),
      };
      const second = first === 'return' ? 'notification' : 'return';
      for (const way of [first, second, first, second, first]) assert.ok((await bring[way]()).status() < 400, way);
      await openDesk(page);
      assert.equal(await stateOf(page), 'Authorized');
      // The card's token, the payment by it, and the one answer to it.
      assert.equal(await page.locator('.steps > li').count(), 3);
      assert.equal(books(other).length, 1);
    } finally {
      await other.close();
    }
  }
});

test('a double click on Pay pays once, and it can be seen that something is being done', async () => {
  const page = await stage.page();
  stage.shop.sandbox.faults({ delay: { rate: 1, ms: 700 } });
  await createOrder(page);
  await typeCard(page, cards.visa_success);
  const posts = [];
  page.on('request', (request) => request.url().includes('/paymentPage') && posts.push(request));
  // The second click comes while the first is on its way.
  const shown = await payButton(page).evaluate((button) => {
    button.click();
    button.click();
    return [button.textContent, button.getAttribute('aria-disabled'), button.form.getAttribute('aria-busy')];
  });
  assert.deepEqual(shown, ['Working…', 'true', 'true']);
  await page.waitForURL(/\/orders\/[^/]+\?lang=/);
  assert.equal(posts.filter((request) => request.method() === 'POST').length, 1);
  assert.equal(books(stage).length, 1);

  stage.shop.sandbox.faults({ delay: { rate: 0 } });
  await createOrder(page);
  await typeCard(page, cards.visa_success);
  await payButton(page).dblclick();
  await page.waitForURL(/\/orders\/[^/]+\?lang=/);
  await createOrder(page);
  await page.locator('form[action$="/hosted"] button').dblclick();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
  await page.goto('/');
  assert.equal(await page.locator('.payments tbody tr').count(), 3);
});

test('two pages of one order pay once', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const twin = await page.context().newPage();
  await twin.goto(`/orders/${id}`);
  await pay(page);
  await pay(twin);
  assert.equal(await readResult(twin), 'Thank you. Your order is confirmed');
  assert.equal(books(stage).length, 1);
  // Nor by a stale form for the gateway's page.
  const fresh = await createOrder(page);
  const fields = await hiddenFields(page.locator('form[action$="/hosted"]'));
  await pay(page);
  assert.equal((await post(stage, page, `/orders/${fresh}/hosted`, fields)).status(), 409);
  assert.equal(books(stage).length, 2);
});

test('going back and reloading at every step does no harm', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  await page.reload();
  await typeCard(page, cards.visa_challenge);
  await page.reload();
  await pay(page, cards.visa_challenge);
  await page.reload();
  await page.goBack();
  await page.waitForURL(`**/orders/${id}`);
  await page.reload();
  assert.equal(await readResult(page), 'Your bank asks you to confirm');
  await page.getByRole('link', { name: 'Go to your bank’s page' }).click();
  await page.waitForURL(CHALLENGE);
  await decide(page, 'Pass');
  await page.reload();
  await page.goBack();
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.equal(await page.locator('.card-form').count(), 0);
  assert.deepEqual(
    books(stage).map(({ state }) => state),
    ['authorized'],
  );

  const other = await createOrder(page);
  await startHosted(page);
  // Back to the page between: it does not push on.
  await page.goBack();
  await page.waitForTimeout(300);
  assert.ok(page.url().startsWith(stage.shop.url));
  await page.goto(`/orders/${other}`);
  await page.getByRole('link', { name: 'Go to the payment page' }).click();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
  await page.reload();
  await payThere(page, cards.visa_success);
  await page.waitForURL(/\/orders\//);
  await page.reload();
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.equal(books(stage).length, 2);
});
