// The desk when answers are lost: an operation stays uncertain until the gateway or its notification shows the outcome.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaymentServices } from 'aps-payops/server';
import {
  cards,
  createOrder,
  formOf,
  open,
  openDesk,
  operate,
  paid,
  pay,
  payWithoutGateway,
  readBalance,
  stateOf,
  typeCard,
} from './stage.js';
import { browser } from './with-chromium.js';
import { openForEach, stage } from './with-shop.js';

openForEach({ timeout: 1000 });

test('an uncertain operation is shown as uncertain until the gateway reports it', async () => {
  const page = await stage.page();
  // Without notifications, only CHECK_STATUS shows the outcome.
  stage.shop.sandbox.webhook = undefined;
  for (const [card, end] of [
    [cards.visa_uncertain, 'captured'],
    [cards.visa_uncertain_declined, 'failed'],
  ]) {
    stage.shop.sandbox.faults({ dropReply: 1, commands: ['CHECK_STATUS'] });
    await paid(page, { command: 'PURCHASE', card });
    stage.shop.sandbox.faults({ dropReply: 0 });
    assert.equal(await stateOf(page), 'Uncertain');
    assert.equal(await page.locator('form[data-check="operation"]').count(), 0);
    await page.locator('form[action$="/refresh"] button').click();
    await page.locator(`.total .chip.${end}`).waitFor();
  }
  assert.deepEqual(stage.complaints, []);
});

test('a lost answer stays uncertain until CHECK_STATUS shows the outcome', async () => {
  const slow = await open(browser, { timeout: 300 });
  try {
    const page = await slow.page();
    const { sandbox } = slow.shop;
    await paid(page);
    sandbox.webhook = undefined;
    // Carried out, but without an answer, and CHECK_STATUS does not show it yet.
    sandbox.faults({ next: { command: 'CAPTURE', dropReply: true, lag: { ms: 60_000 } } });
    await operate(page, 'CAPTURE', '30');
    assert.match(await page.locator('.note.warning').textContent(), /Capture: Uncertain/);
    assert.equal((await readBalance(page)).captured, '0.00');
    sandbox.advance({ minutes: 2 });
    await page.locator('form[action$="/refresh"] button').click();
    await page.locator('.total .chip.partially_captured').waitFor();
    assert.equal((await readBalance(page)).captured, '30.00');
    assert.equal(await page.locator('.note.warning').count(), 0);
    assert.match(await page.locator('.steps > li').nth(1).textContent(), /Confirmed by CHECK_STATUS/);

    // Never carried out: the request may still arrive, and until then nothing else is sent.
    sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
    await operate(page, 'CAPTURE', '10');
    // What was exchanged again and again is shown once.
    const details = page.locator('.steps > li').first().locator('details');
    assert.match(String(await details.textContent()), /Sent \d+ times in a row, with the same result\./);
    const replies = await details.locator('h3:has(.chip) ~ .scroll').allTextContents();
    assert.ok(replies.length <= 5, `${replies.length} tables`);
    // Why no answer came is said in the language of the page.
    await page.goto(`${page.url()}?lang=ar`);
    const told = await page.locator('.steps > li').first().locator('p.error').textContent();
    assert.match(String(told), /انقطع الاتصال/);
    assert.doesNotMatch(String(told), /[A-Za-z]{3,} [a-z]/);
    await page.goto(page.url().replace('lang=ar', 'lang=en'));
    await page.locator('form[action$="/refresh"] button').click();
    await page.locator('.steps > li').nth(5).waitFor();
    assert.match(await page.locator('.note.warning').textContent(), /Capture: Uncertain/);
    assert.equal((await readBalance(page)).captured, '30.00');
    await formOf(page, 'CAPTURE').locator('button').click();
    assert.match(await page.locator('.note.error').textContent(), /not settled yet, so nothing was sent/);
    assert.equal(sandbox.payments()[0].captured, '3000');
    await page.goto('/');
    assert.deepEqual(await page.locator('.row .chip').allTextContents(), ['Partly captured', 'Uncertain']);
  } finally {
    await slow.close();
  }
});

test('a gateway that cannot be reached has attempted nothing', async () => {
  const other = await open(browser, { sandbox: { returnMethod: 'POST' } });
  try {
    const page = await other.page();
    await createOrder(page);
    await typeCard(page, cards.visa_success);
    await payWithoutGateway(page, other.shop.sandbox);
    await openDesk(page);
    assert.equal(await stateOf(page), 'Not attempted');
  } finally {
    await other.close();
  }
});

test('a notification settles an uncertain operation for good', async () => {
  const page = await stage.page();
  await createOrder(page, { command: 'PURCHASE' });
  await pay(page, cards.visa_uncertain);
  await openDesk(page);
  await page.waitForFunction(async () => {
    const html = await (await fetch(location.href)).text();
    return html.includes('chip captured');
  });
  await page.reload();
  assert.equal(await stateOf(page), 'Captured');
  assert.equal((await readBalance(page)).captured, '100.00');
  assert.deepEqual(stage.log, []);
});

test('a notification that no operation explains is dismissed by a person', async () => {
  const page = await stage.page();
  await paid(page, { command: 'PURCHASE' });
  const { sandbox } = stage.shop;
  const [{ merchant_reference, currency }] = sandbox.payments();
  // In the back office, as far as the shop can see.
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  await aps.refund({ merchant_reference, amount: '100', currency });
  await page.waitForFunction(async () =>
    (await (await fetch('/uncertain')).text()).includes('Unexplained notification'),
  );
  await page.goto('/uncertain');
  await page.locator('#doubts a.reference').first().click();
  const form = page.locator('form[action$="/dismiss"]');
  await form.locator('[name="by"]').fill('  ');
  await form.locator('[name="why"]').fill('refunded in the back office');
  await form.locator('button').click();
  assert.match(String(await page.locator('[role="alert"]').first().textContent()), /Nothing was dismissed/);
  assert.equal(await form.locator('[name="why"]').inputValue(), 'refunded in the back office');
  await form.locator('[name="by"]').fill('Amal');
  await form.locator('button').click();
  await form.waitFor({ state: 'detached' });
  assert.match(String(await page.locator('main').textContent()), /Dismissed · Amal: refunded in the back office/);
  await page.goto('/uncertain');
  assert.doesNotMatch(String(await page.locator('main').textContent()), /Unexplained notification/);
});
