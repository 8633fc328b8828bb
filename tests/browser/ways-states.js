// States of the ways to pay besides a card at once: Apple Pay, instalments, valU, payment links. For photographs (screens.js)
// and for the rules of accessibility.
import { cards, createOrder, pay, payThere, waitUntilReady } from './stage.js';

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage with a short timeout
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visitWays(stage, page, language, look) {
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const order = (more = {}) => createOrder(page, { description, amount: '600.00', ...more });
  await page.goto(`/?lang=${language}`);
  await visitApplePay(page, order, look);
  await visitInstalments(page, order, look);
  await visitValu(page, order, look);
  await visitLinks(stage, page, description, look);
}

/** @typedef {(more?: Record<string, string>) => Promise<string>} Order makes one and stays at its page */
/** @typedef {(name: string) => Promise<unknown>} Look */

/** @param {import('playwright-core').Page} page @param {Order} order @param {Look} look */
async function visitApplePay(page, order, look) {
  await order();
  await waitUntilReady(page);
  const button = page.locator('button.apple-pay');
  await button.waitFor();
  await look('apple-pay');
  await button.click();
  await page.locator('[data-sheet="pay"]:enabled').waitFor();
  await look('apple-pay-sheet');
  await page.locator('[data-sheet="cancel"]').click();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.route('**/apple-pay/session', (route) => route.abort('failed'));
  await page.route('**/apple-pay', (route) => route.abort('failed'));
  await button.click();
  await page.locator('[data-apple-failed]').waitFor();
  await look('apple-pay-failed');
  await page.unrouteAll();
  await page.reload();
  await button.click();
  await page.locator('[data-sheet="pay"]:enabled').click();
  await page.locator('.result.good').waitFor();
  await look('apple-pay-paid');
}

/** @param {import('playwright-core').Page} page @param {Order} order @param {Look} look */
async function visitInstalments(page, order, look) {
  const small = await order({ amount: '5.00' });
  await page.goto(`/orders/${small}/plans`);
  await page.locator('.outcome .note').waitFor();
  await look('plans-none');
  const id = await order();
  await page.goto(`/orders/${id}/plans`);
  await look('plans');
  await page.locator('.between button').click();
  await page.locator('.between .note.error').waitFor();
  await look('plans-unchosen');
  for (const [name, card] of Object.entries({ refused: cards.amex_success, paid: cards.visa_success })) {
    await page.goto(`/orders/${id}/plans`);
    await page.locator('input[name="plan"][value="12HP34SE-NNNN89JK"]').check();
    await page.locator('.between button').click();
    await page.waitForURL(/[?&]plan=/);
    await waitUntilReady(page);
    if (name === 'refused') await look('plan-chosen');
    await pay(page, card);
    await look(`plan-${name}`);
  }
}

/** @param {import('playwright-core').Page} page @param {Order} order @param {Look} look */
async function visitValu(page, order, look) {
  const ask = async (/** @type {string} */ phone, name = '') => {
    const form = page.locator('form:has(input[name="method"][value="VALU"])');
    if (!(await form.locator('input[name="phone_number"]').isVisible())) await form.locator('summary').click();
    await form.locator('input[name="phone_number"]').fill(phone);
    if (name) await look(name);
    await form.locator('button').click();
  };
  await order({ currency: 'EGP', amount: '5' });
  await ask('00000000160', 'valu-phone');
  await page.locator('.outcome .note.error').waitFor();
  await look('valu-unknown');
  const id = await order({ currency: 'EGP', amount: '750' });
  await ask('0855 7694');
  await page.locator('input[name="phone_asked"]').waitFor({ state: 'attached' });
  await look('valu-local-phone');
  for (const [password, name] of [
    ['000000', 'valu-wrong-password'],
    ['123456', 'valu-paid'],
  ]) {
    await page.goto(`/orders/${id}`);
    await ask('00008557694');
    await page.waitForURL(/\/passwords\/order-/);
    if (password === '000000') {
      await look('valu-plans');
      await page.locator('.between button').click();
      await page.locator('#otp[aria-invalid="true"]').waitFor();
      await look('valu-nothing-given');
      await chooseNothing(page);
      await look('valu-no-plan');
    }
    await page.locator('#otp').fill(password);
    await page.locator('input[name="plan"][value="12"]').check();
    await page.locator('.between button').click();
    await page.waitForURL(`**/orders/${id}`);
    await look(name);
  }
}

/** Sends a plan that was not offered. @param {import('playwright-core').Page} page */
async function chooseNothing(page) {
  const plan = page.locator('input[name="plan"]').first();
  await plan.evaluate((input) => {
    /** @type {HTMLInputElement} */ (input).value = '36';
  });
  await plan.check();
  await page.locator('#otp').fill('123456');
  await page.locator('.between button').click();
  await page.locator('.between .note.error').waitFor();
}

/**
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage
 * @param {import('playwright-core').Page} page
 * @param {string} description
 * @param {Look} look
 */
async function visitLinks({ shop: { sandbox } }, page, description, look) {
  const makeLink = async (name = '') => {
    await page.goto('/new');
    await page.locator('#description').fill(description);
    await page.locator('#amount').fill('100.00');
    await page.locator('input[name="link"]').check();
    if (name) await look(name);
    await page.locator('form[action="/orders"] button').click();
    await page.waitForURL(/\/payments\/order-/);
  };
  await makeLink('link-form');
  const payment = page.url();
  const order = `/orders/${/order-[0-9a-f]{8}/.exec(payment)?.[0]}`;
  const link = await page.locator('#link').inputValue();
  await look('link-made');
  await page.goto(order);
  await look('link-order');
  await page.goto(link);
  await look('link-gateway');
  await payThere(page, cards.visa_success);
  await page.locator('.result.good').waitFor();
  await look('link-order-paid');
  await page.goto(payment);
  await look('link-paid');
  sandbox.faults({ dropReply: 1, commands: ['PAYMENT_LINK'] });
  await makeLink();
  await look('link-uncertain');
  sandbox.faults({ dropReply: 0, commands: null });
  await makeLink();
  const expiring = /order-[0-9a-f]{8}/.exec(page.url())?.[0];
  for (let days = 0; days < 4 && (await page.locator('#link').count()) > 0; days++) {
    await page.locator('form.clock button').click();
    await page.waitForLoadState();
  }
  await look('link-expired');
  await page.goto(`/orders/${expiring}`);
  await look('link-order-expired');
}
