// The shop behind a proxy that keeps every byte it is sent, with its own offline gateway; and what people do on its pages.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { testCards } from 'aps-payops/sandbox';
import { startShop } from '../../www/serve.js';
import { openMemory } from '../memory.js';

export { launchChromium } from '../chromium.js';

/** Test cards by brand and outcome, such as `cards.visa_success`. */
export const cards = Object.fromEntries(
  testCards.map((card) => [`${card.brand.toLowerCase()}_${card.outcome}`, card]).reverse(),
);

/** Passes on all traffic, and records it. @param {string} host */
async function openProxy(host) {
  /** @type {Buffer[]} */
  const received = [];
  const sockets = new Set();
  let target = 0;
  const server = createServer((client) => {
    const shop = connect(target, '127.0.0.1');
    for (const socket of [client, shop]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        shop.destroy();
      });
    }
    client.on('data', (bytes) => received.push(bytes));
    client.pipe(shop);
    shop.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://${host}:${server.address().port}`,
    /** @param {string} url */
    to(url) {
      target = Number(new URL(url).port);
    },
    received: () => Buffer.concat(received).toString('latin1'),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * A shop, and pages whose every complaint is kept.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {object} [options]
 * @param {number} [options.timeout] milliseconds for one answer of the gateway
 * @param {string} [options.host] of the shop; with `localhost` the gateway is another site
 * @param {boolean} [options.wasm] whether pages may compile WebAssembly
 * @param {import('aps-payops/sandbox').SandboxOptions} [options.sandbox]
 */
export async function open(browser, { host = '127.0.0.1', timeout = 5000, wasm, sandbox } = {}) {
  /** @type {string[]} */
  const log = [];
  const proxy = await openProxy(host);
  const shop = await startShop({
    publicUrl: proxy.url,
    log: (line) => log.push(line),
    timeout,
    wasm,
    sandbox,
    data: await openMemory(),
  });
  proxy.to(shop.listening);
  /** @type {string[]} */
  const complaints = [];
  /** @type {import('playwright-core').BrowserContext[]} */
  const contexts = [];
  return {
    shop,
    log,
    complaints,
    /** Every byte that reached the shop so far, one character each. */
    received: proxy.received,
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
        // Leaving a page while it loads is not a failure.
        const { errorText = '' } = request.failure() ?? {};
        if (errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${errorText}`);
      });
      return page;
    },
    /** Closes everything, and checks that no card data reached the shop. */
    async close() {
      for (const context of contexts) await context.close();
      await shop.close();
      await proxy.close();
      assertNoCardData(proxy.received());
      for (const line of log) assertNoCardData(line);
    },
  };
}

/**
 * Finds no card number of the tests, however it is grouped or encoded, and no security code or expiry date by its name.
 *
 * @param {string} text
 */
export function assertNoCardData(text) {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  for (const place of [text, decoded]) {
    const digits = place.replace(/[ +-]/g, '');
    for (const { number } of testCards) {
      assert.ok(!place.includes(number) && !digits.includes(number), `a card number ending in ${number.slice(-4)}`);
    }
    assert.doesNotMatch(place, /(?:card_security_code|security_code|cvv|cvc)\W{1,8}\d/i);
    assert.doesNotMatch(place, /card_number\W{1,8}\d{7}/i);
  }
}

/**
 * Creates an order through the page; ends on its customer's page.
 *
 * @param {import('playwright-core').Page} page
 * @param {{ amount?: string, currency?: string, description?: string, command?: string }} [order]
 */
export async function createOrder(
  page,
  { amount = '100.00', currency = 'AED', description = 'Two lamps', command = 'AUTHORIZATION' } = {},
) {
  await page.goto('/new');
  await page.locator('#description').fill(description);
  await page.locator('#currency').selectOption(currency);
  await page.locator('#amount').fill(amount);
  await page.locator(`input[value="${command}"]`).check();
  await page.locator('form[action="/orders"] button').click();
  await page.waitForURL(/\/orders\/order-/);
  return new URL(page.url()).pathname.split('/').pop();
}

/**
 * Types a card into the order's page, key by key as people do.
 *
 * @param {import('playwright-core').Page} page
 * @param {import('aps-payops/sandbox').TestCard} card
 */
export async function typeCard(page, { number, expiry, securityCode }) {
  await waitUntilReady(page);
  await page.locator('#card_number').pressSequentially(number);
  await page.locator('#expiry_date').pressSequentially(`${expiry.slice(2)}${expiry.slice(0, 2)}`);
  await page.locator('#card_security_code').fill(securityCode);
  await page.locator('#card_holder_name').fill('Layla Haddad');
}

/** Waits until the card form is attached. @param {import('playwright-core').Page} page */
export const waitUntilReady = (page) => page.locator('[data-card-payment="ready"]').waitFor({ state: 'attached' });

export const payButton = (/** @type {import('playwright-core').Page} */ page) => page.locator('.card-form button');

/** Goes to the gateway's own page. @param {import('playwright-core').Page} page */
export async function startHosted(page) {
  if (await page.locator('details.again:not([open])').count()) await page.locator('details.again > summary').click();
  await page.locator('form[action$="/hosted"] button').click();
  await page.waitForURL(/\/FortAPI\/paymentPage/);
}

/**
 * Fills in the gateway's own page.
 *
 * @param {import('playwright-core').Page} page
 * @param {import('aps-payops/sandbox').TestCard} card
 */
export async function payThere(page, { number, expiry, securityCode }) {
  await page.locator('input[name="card_number"]:visible').fill(number);
  await page.locator('input[name="expiry_date"]:visible').fill(`${expiry.slice(2)}/${expiry.slice(0, 2)}`);
  await page.locator('input[name="card_security_code"]:visible').fill(securityCode);
  await page
    .getByRole('button', { name: /^(Pay|ادفع)$/ })
    .last()
    .click();
}

/** @param {import('playwright-core').Page} page @param {import('aps-payops/sandbox').TestCard} card */
async function payHosted(page, card) {
  await startHosted(page);
  await payThere(page, card);
}

/** The bank's challenge page of the sandbox. */
export const CHALLENGE = /\/FortAPI\/3ds\//;

/**
 * Pays the order that the page shows; ends on the order's page, or on the bank's.
 *
 * @param {import('playwright-core').Page} page
 * @param {import('aps-payops/sandbox').TestCard} [card]
 */
export async function pay(page, card = cards.visa_success) {
  // Of an order that may yet be paid by another payment.
  if (await page.locator('details.again:not([open])').count()) await page.locator('details.again > summary').click();
  await page.locator('[data-card-payment]:not([data-card-payment=""])').waitFor({ timeout: 2000 });
  if (await page.locator('[data-card-payment="unavailable"]').count()) await payHosted(page, card);
  else {
    await typeCard(page, card);
    await payButton(page).click();
  }
  await page.waitForURL(card.outcome === 'challenge' ? CHALLENGE : /\/orders\/[^/]+\?lang=/);
}

/** @param {import('playwright-core').Page} page @param {'Pass' | 'Fail'} decision */
export async function decide(page, decision) {
  await page.locator(`button[value="${decision.toLowerCase()}"]`).click();
  await page.waitForURL(/\/orders\//);
}

/** The result that the customer sees. @param {import('playwright-core').Page} page */
export const readResult = (page) => page.locator('.result h2').textContent();

/**
 * The desk's page of the newest payment.
 *
 * @param {import('playwright-core').Page} page
 */
export async function openDesk(page) {
  await page.goto('/');
  await page.locator('.payments tbody a').first().click();
  await page.waitForURL(/\/payments\//);
}

/**
 * An order, paid, and the desk's page of its payment.
 *
 * @param {import('playwright-core').Page} page
 * @param {Parameters<typeof createOrder>[1] & { card?: import('aps-payops/sandbox').TestCard }} [options]
 */
export async function paid(page, { card, ...order } = {}) {
  const id = await createOrder(page, order);
  await pay(page, card);
  await openDesk(page);
  return id;
}

/**
 * Captures, voids or refunds on the payment that the page shows: asks for it, reads the sentence, confirms.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} command
 * @param {string} [amount] all that is left if left out
 * @param {string} [why]
 */
export async function operate(page, command, amount, why = '') {
  const steps = await page.locator('.steps > li').count();
  await askFor(page, command, amount, why);
  await page.locator('#by').fill('Layla');
  await page.locator('form.confirm button').click();
  await page.locator('.steps > li').nth(steps).waitFor({ state: 'attached' });
}

/** As far as the page that asks. @param {import('playwright-core').Page} page @param {string} command @param {string} [amount] */
export async function askFor(page, command, amount, why = '') {
  const form = formOf(page, command);
  if (command !== 'VOID_AUTHORIZATION') {
    const field = form.locator('[name="amount"]');
    await field.fill(amount ?? (await field.getAttribute('data-most')));
  }
  await form.locator('[name="why"]').fill(why);
  await form.locator('button').click();
  await page.locator('form.confirm').waitFor();
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
export async function readBalance(page) {
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

/** What the gateway has in its books. @param {Awaited<ReturnType<typeof open>>} stage */
export const books = (stage) =>
  stage.shop.sandbox
    .payments()
    .map(({ command, authorized, captured, refunded, state }) => ({ command, authorized, captured, refunded, state }));

/**
 * Posts a form of ours by hand, as an attacker or a stale tab would.
 *
 * @param {Awaited<ReturnType<typeof open>>} stage
 */
export const post = (stage, page, path, fields, headers = {}) =>
  page.context().request.post(path, { form: fields, headers: { origin: stage.shop.url, ...headers }, maxRedirects: 0 });

/** The hidden fields that make a form ours. @param {import('playwright-core').Locator} form */
export const hiddenFields = (form) =>
  form.evaluate((element) => {
    const { csrf, token } = Object.fromEntries(new FormData(element));
    return { csrf, token };
  });

/**
 * Pays, and closes the gateway before the customer comes back: nothing was attempted. Needs `returnMethod: 'POST'`.
 * @param {import('playwright-core').Page} page with a card typed in
 * @param {{ close: () => Promise<unknown> }} sandbox
 */
export async function payWithoutGateway(page, sandbox) {
  const held = new Promise((resolve) => {
    page.route('**/return/**', (route) => {
      resolve(route.request());
      return route.abort('aborted');
    });
  });
  await payButton(page).click();
  const request = await held;
  await sandbox.close();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await page.context().request.post(request.url(), { data: request.postData(), headers, maxRedirects: 0 });
  await page.unroute('**/return/**');
}
