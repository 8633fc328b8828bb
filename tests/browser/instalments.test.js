// Instalments chosen on the page: by bank and amount, with the card that is typed afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPresentable } from './looks.js';
import { books, cards, createOrder, open, pay, readResult, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

test('the chosen plan goes with the purchase; a card of another bank is reported; payment in full stays in full', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page, { amount: '600.00' });
    const choose = async (/** @type {string} */ code) => {
      await page.goto(`/orders/${id}/plans`);
      await page.locator(`input[name="plan"][value="12HP34SE-${code}"]`).check();
      await page.locator('.between button').click();
      await page.waitForURL(/[?&]plan=/);
      await waitUntilReady(page);
    };
    await page.goto(`/orders/${id}/plans`);
    await assertPresentable(page, 'plans');
    assert.match(String(await page.locator('.plans').textContent()), /Sandbox Bank.*6 monthly.*12 monthly/s);
    await choose('NNNN89JK');
    assert.match(String(await page.locator('.note.plan').textContent()), /12 monthly instalments.*Sandbox Bank/s);
    await pay(page, cards.amex_success);
    assert.equal(await readResult(page), 'Your payment did not go through');
    assert.match(String(await page.locator('.result').textContent()), /cannot be/);
    assert.equal(books(stage).filter(({ captured }) => captured !== '0').length, 0);
    // The decline keeps everything but the card.
    assert.match(String(await page.locator('.note.plan').textContent()), /12 monthly instalments.*Sandbox Bank/s);
    await pay(page, cards.visa_success);
    assert.equal(await readResult(page), 'Thank you. Your order is paid');
    assert.match(String(await page.locator('.result .facts').textContent()), /Instalments\s*12 monthly instalments/);
    const paid = stage.shop.sandbox.log().findLast(({ request }) => request?.command === 'PURCHASE');
    const { installments, issuer_code, plan_code, amount } = paid?.request ?? {};
    assert.deepEqual([installments, issuer_code, plan_code, amount], ['YES', '12HP34SE', 'NNNN89JK', '60000']);
    assert.equal(paid?.reply?.number_of_installments, '12');

    const whole = await createOrder(page, { amount: '600.00' });
    await page.goto(`/orders/${whole}/plans`);
    // Without a choice the plans are offered again.
    await page.locator('.between form').evaluate((form) => {
      /** @type {HTMLFormElement} */ (form).noValidate = true;
    });
    await page.locator('.between button').click();
    assert.equal(await page.locator('.between .note.error').textContent(), 'Choose one of the plans.');
    await page.locator('input[name="plan"]').first().check();
    await page.locator('.between button').click();
    await pay(page, cards.amex_success);
    await page.locator('.note.plan a', { hasText: 'Pay in full' }).click();
    await waitUntilReady(page);
    assert.equal(await page.locator('.note.plan').count(), 0);
    await pay(page, cards.visa_success);
    const full = stage.shop.sandbox.log().findLast(({ request }) => request?.command === 'AUTHORIZATION');
    assert.equal(full?.request?.plan_code, undefined);
    // Nothing is offered for less than the smallest plan, nor in a currency without plans.
    const small = await createOrder(page, { amount: '5.00' });
    await page.goto(`/orders/${small}/plans`);
    assert.match(String(await page.locator('.outcome .note').textContent()), /no instalment plans/);
    await createOrder(page, { currency: 'USD', amount: '600' });
    assert.equal(await page.locator('a[href$="/plans"]').count(), 0);
  } finally {
    await stage.close();
  }
});
