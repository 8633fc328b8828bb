// States of the customer's pages that states.js does not come by: other ways to pay, stored cards, forms that nothing can
// check, pages that wait, what is not there. For photographs (screens.js) and for the rules of accessibility.
import { cards, createOrder, pay, payButton, typeCard, waitUntilReady } from './stage.js';

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage with `returnMethod: 'POST'` and a short timeout
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visitCustomer(stage, page, language, look) {
  const { sandbox } = stage.shop;
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const order = (more = {}) => createOrder(page, { description, amount: '349.50', ...more });
  await page.goto(`/?lang=${language}`);

  // Every brand, as the marks and the hint follow it.
  await order();
  for (const [name, card] of Object.entries({ amex: cards.amex_success, mada: cards.mada_success })) {
    for (const id of ['card_number', 'expiry_date']) await page.locator(`#${id}`).fill('');
    await typeCard(page, card);
    await look(`typed-${name}`);
  }
  await page.locator('#card_number').fill('6011000990139424');
  await page.locator('#expiry_date').fill('30/12');
  await page.locator('#expiry_date').press('Tab');
  await look('not-taken');

  // Other ways to pay.
  await page.locator('input[value="TAMARA"] ~ details > summary').click();
  await look('lender');
  await page.locator('input[value="TAMARA"] ~ details input').fill('123');
  await page.locator('input[value="TAMARA"] ~ details button').click();
  await page.locator('.outcome .note.error').waitFor();
  await look('lender-wrong-phone');
  await order({ currency: 'KWD', amount: '12.500' });
  await waitUntilReady(page);
  await look('bank-method');
  await page.locator('input[value="KNET"] ~ button').click();
  await page.locator('button[value="fail"]').click();
  await page.waitForURL(/\/orders\//);
  await look('bank-method-declined');
  await page.locator('input[value="KNET"] ~ button').click();
  await page.locator('button[value="pass"]').click();
  await page.waitForURL(/\/orders\//);
  await look('bank-method-paid');

  // A wallet that sends a password.
  await order({ currency: 'SAR' });
  await page.locator('form[action$="/passwords"] summary').click();
  await page.locator('form[action$="/passwords"] input[name="phone_number"]').fill('966557877988');
  await page.locator('form[action$="/passwords"] button').click();
  await page.locator('#otp').waitFor();
  await look('password');
  await page.locator('#otp').fill('000000');
  await page.locator('.between button').click();
  await page.waitForURL(/\/orders\/[^/]+$/);
  await look('password-wrong');

  // A card that is remembered.
  await order({ command: 'PURCHASE' });
  await waitUntilReady(page);
  await page.locator('#save_card').check();
  await pay(page, cards.mastercard_success);
  await order();
  await waitUntilReady(page);
  await look('stored-card');
  await page.locator('.stored form[action$="/cards"] button').click();
  await page.locator('.stored').waitFor({ state: 'detached' });

  // Declines by reason.
  await pay(page, cards.visa_insufficient_funds);
  await look('declined-funds');

  // News of a payment that waits, while another card is typed.
  const id = await order();
  await pay(page, cards.visa_challenge);
  const challenge = page.url();
  await page.goto(`/orders/${id}`);
  await page.locator('details.again > summary').click();
  await waitUntilReady(page);
  const bank = await page.context().newPage();
  await bank.goto(challenge);
  await bank.locator('button[value="pass"]').click();
  await bank.waitForURL(/\/orders\//);
  await bank.close();
  await page.locator('[data-news]').waitFor({ timeout: 20_000 });
  await look('news');

  // Nothing can check a card.
  await page.route('**/assets/checkout*.wasm', (route) => route.abort('blockedbyclient'));
  await order();
  await page.locator('[data-card-payment="unavailable"]').waitFor();
  await look('unavailable');
  await page.unroute('**/assets/checkout*.wasm');

  // On paper.
  await order();
  await pay(page);
  await page.emulateMedia({ media: 'print' });
  await look('receipt-on-paper');
  await page.emulateMedia({ media: 'screen' });

  // What is not there, and what is out of date.
  await page.goto('/orders/order-00000000');
  await look('order-missing');
  await order();
  await page.locator('form[action$="/hosted"]').evaluate((form) => {
    form.querySelector('[name="csrf"]').value = 'aa';
  });
  await page.locator('form[action$="/hosted"] button').click();
  await page.locator('.between').waitFor();
  await look('out-of-date');

  // An answer that was lost, of an order that can be paid by a bank's page too.
  sandbox.webhook = undefined;
  await order({ currency: 'KWD', amount: '12.500' });
  await typeCard(page, cards.visa_success);
  sandbox.faults({ dropReply: 1, commands: ['AUTHORIZATION', 'PURCHASE', 'CHECK_STATUS'] });
  await payButton(page).click();
  await page.waitForURL(/lang=/);
  await page.locator('details.again > summary').click();
  await look('uncertain-again');
  sandbox.faults({ dropReply: 0, commands: null });
}
