// The shop on its own port with its own offline gateway, and what a person does on its pages.
import { startShop } from '../../www/serve.js';

export { launchChromium } from '../chromium.js';

/**
 * A shop, and pages whose every complaint is kept.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{ timeout?: number, sandbox?: import('aps-payops/sandbox').SandboxOptions }} [options] `timeout`:
 *   milliseconds for one answer of the gateway
 */
export async function open(browser, { timeout = 5000, sandbox } = {}) {
  /** @type {string[]} */
  const log = [];
  const shop = await startShop({ log: (line) => log.push(line), timeout, sandbox });
  /** @type {string[]} */
  const complaints = [];
  /** @type {import('playwright-core').BrowserContext[]} */
  const contexts = [];
  return {
    shop,
    log,
    complaints,
    /** @param {import('playwright-core').BrowserContextOptions} [options] */
    async page(options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', baseURL: shop.url, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('requestfailed', (request) => {
        // A page that is left in mid-flight is no failure.
        const { errorText = '' } = request.failure() ?? {};
        if (errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${errorText}`);
      });
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await shop.close();
    },
  };
}

/**
 * Creates an order through the page.
 *
 * @param {import('playwright-core').Page} page
 * @param {{ amount?: string, currency?: string, description?: string }} [order]
 */
export async function createOrder(page, { amount = '100.00', currency = 'AED', description = 'Two lamps' } = {}) {
  await page.goto('/');
  await page.locator('#description').fill(description);
  await page.locator('#currency').selectOption(currency);
  await page.locator('#amount').fill(amount);
  await page.locator('form[action="/orders"] button').click();
  await page.waitForURL(/\/orders\/order-/);
}

/**
 * Pays the order that the page shows.
 *
 * @param {import('playwright-core').Page} page
 * @param {{ command?: string, card?: string }} [choice]
 */
export async function pay(page, { command = 'AUTHORIZATION', card = 'visa-success-0001' } = {}) {
  await page.locator(`input[value="${command}"]`).check();
  await page.locator(`input[value="${card}"]`).check();
  await page.locator('form[data-check="pay"] button').click();
  await page.waitForURL(/\/payments\//);
}

/**
 * Captures, voids or refunds on the payment that the page shows.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} command
 * @param {string} [amount]
 */
export async function operate(page, command, amount) {
  const form = formOf(page, command);
  if (amount !== undefined) await form.locator('[name="amount"]').fill(amount);
  const steps = await page.locator('.steps > li').count();
  await form.locator('button').click();
  await page.locator('.steps > li').nth(steps).waitFor({ state: 'attached' });
}

/** @param {import('playwright-core').Page} page @param {string} command */
export function formOf(page, command) {
  return page.locator('form[data-check="operation"]', { has: page.locator(`[name="command"][value="${command}"]`) });
}

/**
 * The four sums of the payment that the page shows, and what the bar says to a screen reader.
 *
 * @param {import('playwright-core').Page} page
 */
export async function balance(page) {
  const sums = {};
  for (const name of ['authorized', 'captured', 'refunded', 'remaining']) {
    const text = await page.locator(`.sums .${name} dd`).textContent();
    sums[name] = text.replace(/[^\d.]/g, '');
  }
  const label = await page.locator('.balance .bar').getAttribute('aria-label');
  return { ...sums, label };
}

/** @param {import('playwright-core').Page} page */
export const stateOf = (page) => page.locator('.total .chip').textContent();
