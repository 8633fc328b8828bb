// valU: a password by SMS and a plan that the customer chooses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPresentable } from './looks.js';
import { books, createOrder, open, readResult } from './stage.js';
import { browser } from './with-chromium.js';

/** @param {import('playwright-core').Page} page @param {string} phone */
async function ask(page, phone) {
  const form = page.locator('form:has(input[name="method"][value="VALU"])');
  if (!(await form.locator('input[name="phone_number"]').isVisible())) await form.locator('summary').click();
  await form.locator('input[name="phone_number"]').fill(phone);
  await form.locator('button').click();
}

test('valU: an unknown customer is reported, a plan must be chosen, and a wrong password pays nothing', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page, { currency: 'EGP', amount: '750', description: '' });
    await ask(page, '00000000160');
    await page.locator('.outcome .note.error').waitFor();
    assert.match(String(await page.locator('.outcome .note').textContent()), /not registered with valU/);
    assert.equal(await page.locator('#phone-VALU').getAttribute('aria-invalid'), 'true');
    assert.match(String(await page.locator('#phone-VALU-issue').textContent()), /not registered with valU/);
    for (const [password, months, heading] of [
      ['000000', '6', 'Your payment did not go through'],
      ['123456', '12', 'Thank you. Your order is paid'],
    ]) {
      await page.goto(`/orders/${id}`);
      await ask(page, '00008557694');
      await page.waitForURL(/\/passwords\/order-/);
      const main = String(await page.locator('main').textContent());
      assert.match(main, /···· 7694/);
      assert.match(main, /6 monthly instalments.*fee .*5%/s);
      if (months === '6') await assertPresentable(page, 'valu');
      await page.locator('#otp').fill(String(password));
      await page.locator(`input[name="plan"][value="${months}"]`).check();
      await page.locator('.between button').click();
      await page.waitForURL(`**/orders/${id}`);
      assert.equal(await readResult(page), heading);
      if (password === '123456') continue;
      // Another password is one press away.
      assert.equal(await page.locator('#phone-VALU').inputValue(), '00008557694');
      assert.ok(await page.locator('form:has(#phone-VALU) button').isVisible());
    }
    const facts = String(await page.locator('.result .facts').textContent());
    assert.match(facts, /Paid by\s*valU/);
    assert.match(facts, /Instalments\s*12 monthly instalments/);
    const [payment] = stage.shop.sandbox.payments();
    assert.deepEqual(
      books(stage).map(({ command, captured }) => [command, captured]),
      [['PURCHASE', '75000']],
    );
    const sent = stage.shop.sandbox
      .log()
      .filter(({ request }) => request?.merchant_reference === payment?.merchant_reference);
    const names = sent.map(({ request }) => request?.command ?? request?.service_command ?? request?.query_command);
    assert.deepEqual(names.slice(0, 3), ['OTP_GENERATE', 'GET_INSTALLMENTS_PLANS', 'PURCHASE']);
    assert.equal(sent[2]?.request?.tenure, '12');
    assert.equal(sent[2]?.request?.total_down_payment, '0');
    // The password cannot be read afterwards.
    await page.goto(`/payments/${payment?.merchant_reference}`);
    assert.doesNotMatch(await page.content(), /123456/);
  } finally {
    await stage.close();
  }
});

test('valU: a plan that was not offered pays nothing, and an amount without plans is reported', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await createOrder(page, { currency: 'EGP', amount: '5' });
    await ask(page, '00008557694');
    await page.locator('.outcome .note.error').waitFor();
    assert.match(String(await page.locator('.outcome .note').textContent()), /no instalment plans for this amount/);
    await createOrder(page, { currency: 'EGP', amount: '750' });
    await ask(page, '00008557694');
    await page.waitForURL(/\/passwords\/order-/);
    const there = page.url();
    await page
      .locator('input[name="plan"]')
      .first()
      .evaluate((input) => {
        input.value = '36';
      });
    await page.locator('#otp').fill('123456');
    await page.locator('input[name="plan"]').first().check();
    await page.locator('.between button').click();
    await page.locator('.between .note.error').waitFor();
    assert.equal(page.url(), there);
    assert.match(String(await page.locator('.between .note').textContent()), /Choose one of the plans/);
    assert.deepEqual(books(stage), []);
  } finally {
    await stage.close();
  }
});
