// The desk's figures: sums by day and currency, what lapses within 48 hours, what is uncertain, how attempts ended.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { savePayments } from './many-payments.js';
import { cards, createOrder, formOf, open, openDesk, operate, paid, pay } from './stage.js';
import { browser } from './with-chromium.js';

const HOUR = 3_600_000;

/** @type {Awaited<ReturnType<typeof open>>} */
let stage;

/**
 * The rows of the table below a heading, cell by cell.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} id of the heading
 */
async function rowsOf(page, id) {
  const rows = await page.locator(`#${id} ~ .scroll tbody tr, #${id} ~ details tbody tr`).all();
  return Promise.all(
    rows.map(async (row) =>
      (await row.locator('th, td').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim()),
    ),
  );
}

describe('with a gateway', () => {
  beforeEach(async (t) => {
    stage = await open(browser, { timeout: 400 });
    const opened = stage;
    t.after(() => opened.close());
  });

  test('sums are those of the day and the currency, drawn and as a table', async () => {
    const page = await stage.page();
    await paid(page, { amount: '1349.50' });
    await operate(page, 'CAPTURE', '200');
    await operate(page, 'REFUND', '50.25');
    await paid(page, { amount: '12.500', currency: 'KWD' });
    await page.goto('/figures');
    assert.match(await page.locator('.chart').getAttribute('aria-label'), /in AED/);
    assert.equal(await page.locator('.chart rect').count(), 3);
    assert.match(await page.locator('.chart rect').first().locator('title').textContent(), /Authorized · AED 1349\.50/);
    const sums = await page.locator('#days ~ details tfoot td').allTextContents();
    assert.deepEqual(sums, ['1,349.50', '200.00', '50.25']);
    const [day] = await rowsOf(page, 'days');
    assert.deepEqual(day?.slice(1), ['1,349.50', '200.00', '50.25']);
    assert.equal(await page.locator('.axis.top').textContent(), 'AED 1,349.50');
    await page.getByRole('link', { name: 'KWD' }).click();
    assert.deepEqual(await page.locator('#days ~ details tfoot td').allTextContents(), ['12.500', '0.000', '0.000']);
    assert.match(await page.locator('.chart').getAttribute('aria-label'), /in KWD/);
    assert.deepEqual(stage.complaints, []);
  });

  test('the rate of success is shown by brand, and declines by reason', async () => {
    const page = await stage.page();
    for (const card of [cards.visa_success, cards.visa_declined, cards.visa_declined, cards.visa_insufficient_funds]) {
      await createOrder(page);
      await pay(page, card);
    }
    await createOrder(page);
    await pay(page, cards.mastercard_success);
    await page.goto('/figures');
    assert.deepEqual(await rowsOf(page, 'brands'), [
      ['VISA', '4', '1', '25%'],
      ['MASTERCARD', '1', '1', '100%'],
    ]);
    const declines = await rowsOf(page, 'declines');
    assert.deepEqual(
      declines.map(([, ...rest]) => rest),
      [
        ['2', '66.7%'],
        ['1', '33.3%'],
      ],
    );
    assert.match(declines[0]?.[0] ?? '', /declined.* \d{5}$/);
    assert.match(declines[1]?.[0] ?? '', /not enough money.* \d{5}$/);
    await page.goto('/figures?lang=ar');
    const arabic = await rowsOf(page, 'declines');
    assert.deepEqual(
      arabic.map(([text = '']) => text.slice(-5)),
      declines.map(([text = '']) => text.slice(-5)),
    );
    assert.match(arabic[1]?.[0] ?? '', /رصيد/);
    assert.deepEqual(stage.complaints, []);
  });

  test('authorizations that lapse within 48 hours are listed with the time left, and no others', async () => {
    const page = await stage.page();
    const { advance } = stage.shop;
    await paid(page, { amount: '300', description: 'Captured whole' });
    await operate(page, 'CAPTURE');
    await paid(page, { amount: '80', description: 'Captured in part' });
    await operate(page, 'CAPTURE', '30.50');
    await paid(page, { amount: '90', description: 'Voided' });
    await operate(page, 'VOID_AUTHORIZATION');
    await createOrder(page, { description: 'Taken at once', command: 'PURCHASE' });
    await pay(page);
    await page.goto('/figures');
    assert.match(await page.locator('main').textContent(), /No authorization lapses within 48 hours/);
    advance({ days: 5.5 });
    await paid(page, { amount: '70', description: 'Six days later' });
    await page.goto('/figures');
    const rows = await rowsOf(page, 'lapses');
    assert.deepEqual(
      rows.map((row) => row.map((text) => text.replaceAll('\u00a0', ' '))),
      [['Captured in part', 'in 35 hours', 'AED 49.50']],
    );
    await page.locator('#lapses ~ .scroll a').click();
    assert.match(await page.locator('h1').textContent(), /Captured in part/);
    advance({ days: 2 });
    await page.goto('/figures');
    assert.match(await page.locator('main').textContent(), /No authorization lapses within 48 hours/);
    assert.deepEqual(stage.complaints, []);
  });

  test('uncertain operations are counted, and the count links to the list', async () => {
    const page = await stage.page();
    await paid(page);
    stage.shop.sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
    await formOf(page, 'CAPTURE').waitFor();
    await operate(page, 'CAPTURE', '30');
    await page.goto('/figures');
    await page.getByRole('link', { name: 'Uncertain operations: 1' }).click();
    assert.equal(await page.locator('#doubts > li').count(), 1);
    await openDesk(page);
  });
});

test('with thousands of payments, the number that lapse is shown beside the first of them', async () => {
  stage = await open(browser);
  try {
    const now = Date.now();
    await savePayments(stage.shop.store, 300, now - 6 * 24 * HOUR);
    const page = await stage.page();
    await page.goto('/figures');
    assert.equal((await rowsOf(page, 'lapses')).length, 20);
    const [, shown, all] = /The first (\d+) of (\d+)\./.exec(await page.locator('main').textContent()) ?? [];
    assert.equal(shown, '20');
    assert.ok(Number(all) > 20 && Number(all) < 300, all);
    const rates = (await rowsOf(page, 'brands')).map(([brand, attempts, succeeded]) => [brand, attempts, succeeded]);
    assert.equal(
      rates.reduce((sum, [, attempts]) => sum + Number(attempts), 0),
      300,
    );
  } finally {
    await stage.close();
  }
});
