// A payment link made at the desk: it is copied, paid by its customer, and marked as paid by the gateway's notification.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPresentable } from './looks.js';
import { books, cards, open, payThere, readResult, stateOf } from './stage.js';
import { browser } from './with-chromium.js';

/** Makes a link for a new order. @param {import('playwright-core').Page} page @param {{ days?: string, mailed?: boolean }} [options] */
async function makeLink(page, { days = '3', mailed = false } = {}) {
  await page.goto('/new');
  await page.locator('#description').fill('Two lamps');
  await page.locator('#amount').fill('100.00');
  await page.locator('input[name="link"]').check();
  await page.locator('#days').selectOption(days);
  await page.locator('input[name="mailed"]').setChecked(mailed);
  await page.locator('form[action="/orders"] button').click();
  await page.waitForURL(/\/payments\/order-/);
}

test('a link is made, copied, paid elsewhere, and marked as paid by the notification alone', async () => {
  const stage = await open(browser);
  try {
    const desk = await stage.page({ permissions: ['clipboard-read', 'clipboard-write'] });
    await desk.goto('/new');
    await assertPresentable(desk, 'link-form', () => desk.locator('input[name="link"]').check());
    await makeLink(desk, { mailed: true });
    const payment = desk.url();
    const link = await desk.locator('#link').inputValue();
    await desk.locator('button[data-copy]').click();
    assert.equal(await desk.evaluate(() => navigator.clipboard.readText()), link);
    assert.match(String(await desk.locator('button[data-copy]').textContent()), /Copied/);
    await assertPresentable(desk, 'link-made');
    const { sandbox } = stage.shop;
    const linkRequest = sandbox.log().find(({ request }) => request?.service_command === 'PAYMENT_LINK')?.request;
    assert.deepEqual([linkRequest?.notification_type, linkRequest?.link_command], ['EMAIL', 'AUTHORIZATION']);
    const days = (Date.parse(String(linkRequest?.request_expiry_date)) - Date.now()) / 86_400_000;
    assert.ok(days > 2.99 && days < 3.01, `${days} days`);

    // The order's own page leads to it, and warns of paying twice.
    const id = /order-[0-9a-f]{8}/.exec(payment)?.[0];
    await desk.goto(`/orders/${id}`);
    assert.equal(await readResult(desk), 'Your payment link is ready');
    assert.equal(await desk.locator('.result a.button').getAttribute('href'), link);
    await assertPresentable(desk, 'link-order');

    // The customer's browser never comes back to the shop.
    const customer = await stage.page();
    await customer.route('**/return/**', (route) => route.abort());
    await customer.goto(link);
    await payThere(customer, cards.visa_success);
    await desk.goto(payment);
    for (let tries = 0; (await stateOf(desk))?.trim() !== 'Authorized' && tries < 20; tries++) await desk.reload();
    assert.match(String(await stateOf(desk)), /Authorized/);
    assert.equal(await desk.locator('#link').count(), 0);
    assert.match(String(await desk.locator('.steps').textContent()), /Notification/);
    assert.deepEqual(
      books(stage).map(({ command, authorized }) => [command, authorized]),
      [['AUTHORIZATION', '10000']],
    );
    await desk.goto(`/orders/${id}`);
    assert.equal(await readResult(desk), 'Thank you. Your order is confirmed');
  } finally {
    await stage.close();
  }
});

test('a link whose answer is lost is uncertain, one that is refused is not, and one that is over says so', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const { sandbox } = stage.shop;
    sandbox.faults({ dropReply: 1, commands: ['PAYMENT_LINK'] });
    await makeLink(page);
    assert.match(String(await stateOf(page)), /Uncertain/);
    assert.equal(await page.locator('#link').count(), 0);
    sandbox.faults({ dropReply: 0, commands: null });
    await makeLink(page, { days: '1' });
    await page.locator('#link').waitFor();
    await page.locator('form.clock button').click();
    await page.waitForLoadState();
    assert.match(String(await page.locator('section.link').textContent()), /The link has expired/);
    assert.doesNotMatch(String(await page.locator('main').textContent()), /can pay by the link/);
    assert.equal(await page.locator('[data-copy]').count(), 0);
    const id = /order-[0-9a-f]{8}/.exec(page.url())?.[0];
    await page.goto(`/orders/${id}`);
    assert.equal(await readResult(page), 'Your payment link has expired');
    assert.equal(await page.locator('.result a.button').count(), 0);
    // The gateway is days ahead: it takes no link that is over.
    sandbox.advance({ days: 20 });
    await makeLink(page);
    assert.match(String(await stateOf(page)), /Not attempted/);
    assert.equal(await page.locator('#link').count(), 0);
    // Nothing can be paid by it, so that the customer is not warned of paying twice.
    await page.goto(`/orders/${/order-[0-9a-f]{8}/.exec(page.url())?.[0]}`);
    assert.equal(await readResult(page), 'Your payment did not go through');
    assert.equal(await page.locator('details.again').count(), 0);
    assert.deepEqual(books(stage), []);
  } finally {
    await stage.close();
  }
});
