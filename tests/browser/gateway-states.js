// The sandbox's own pages, which customers see between the shop's: the gateway's form, a bank's challenge, a bank's page. For
// photographs (screens.js) and for the rules of accessibility.
import { cards, createOrder, pay, startHosted, waitUntilReady } from './stage.js';

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage with `returnMethod: 'POST'`
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visitGateway(_stage, page, language, look) {
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const order = (more = {}) => createOrder(page, { description, amount: '349.50', ...more });
  await page.goto(`/?lang=${language}`);

  await order();
  await startHosted(page);
  await look('gateway');
  await page.locator('input[name="card_number"]:visible').fill('4005 5500 0000 0002');
  await page.locator('input[name="expiry_date"]:visible').fill('1320');
  await page.locator('input[name="card_security_code"]:visible').fill('1');
  await page.locator('button.main').last().click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  await look('gateway-wrong');

  await order({ command: 'PURCHASE' });
  await waitUntilReady(page);
  await page.locator('#save_card').check();
  await pay(page, cards.mastercard_success);
  await order();
  await page.locator('.stored form[action$="/methods"] button').click();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
  await look('gateway-stored-card');

  await order();
  await pay(page, cards.visa_challenge);
  await look('challenge');
  await page.locator('a[href*="/left/"]').click();
  await page.waitForURL(/\/left\//);
  await look('challenge-left');
  await page.goBack();
  await page.route('**/return/**', (route) => route.abort('aborted'));
  await page.locator('button[value="pass"]').click();
  await page.locator('form[action*="/return/"]').waitFor();
  await look('back-to-the-shop');
  await page.unroute('**/return/**');

  await order({ currency: 'KWD', amount: '12.500' });
  await page.locator('input[value="KNET"] ~ button').click();
  await page.waitForURL(/\/FortAPI\//);
  await look('bank-page');
}
