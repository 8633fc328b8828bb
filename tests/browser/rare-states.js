// States that hardly anyone comes by: what is refused, forged, late, given back in full, settled by a person, or not to be had.
// For photographs (screens.js) and for the rules of accessibility.
import { Amount } from 'aps-payops';
import { journaled } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { PaymentServices, sign } from 'aps-payops/server';
import {
  askFor,
  cards,
  createOrder,
  decide,
  formOf,
  openDesk,
  operate,
  paid,
  pay,
  payWithoutGateway,
  startHosted,
  typeCard,
  waitUntilReady,
} from './stage.js';

/** @typedef {Awaited<ReturnType<typeof import('./stage.js').open>>} Stage */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {(name: string) => Promise<unknown>} Look */
/** @typedef {(more?: Record<string, string>) => Promise<string>} Order makes one and stays at its page */

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Stage} stage with `returnMethod: 'POST'` and a short timeout
 * @param {Page} page
 * @param {'en' | 'ar'} language
 * @param {Look} look
 */
export async function visitRare(stage, page, language, look) {
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const order = (more = {}) => createOrder(page, { description, amount: '349.50', ...more });
  await page.goto(`/?lang=${language}`);
  await page.goto('/figures');
  await look('figures-empty');
  await visitAttempts(stage, page, order, look);
  await visitWaysRefused(stage, page, order, look);
  await visitFailures(stage, page, order, look);
  await visitMoney(page, order, look);
  await visitContradiction(stage, page, order, look);
  await visitUnexplained(stage, page, order, look);
  await visitUsedForms(stage, page, order, look);
  await visitUnderWay(stage, page, look);
  await visitDoubts(stage, page, look);
  await visitDeskForms(stage, page, description, look);
  await visitUnreachable(stage, page, order, look);
}

/** Several attempts at one order. @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitAttempts({ shop: { store } }, page, order, look) {
  const id = await order();
  await pay(page, cards.visa_challenge);
  const challenge = page.url();
  await openDesk(page);
  await look('payment-challenged');
  await page.goto(`/orders/${id}`);
  await pay(page, cards.mastercard_declined);
  await look('declined-again');
  await page.goto(`/orders/${id}?unused=1`);
  await look('card-unused');
  await page.goto(challenge);
  await decide(page, 'Pass');
  await openDesk(page);
  await look('payment-after-decline');

  // A page from before the payment.
  await order();
  const late = await page.context().newPage();
  await late.goto(page.url());
  await pay(late);
  await late.close();
  await page.locator('form[action$="/hosted"] button').click();
  await page.locator('.outcome > .note').waitFor();
  await look('paid-already');

  // The bank has not decided.
  const waiting = await order();
  await pay(page, cards.visa_declined);
  const [record] = await store.ofOrder(waiting);
  await store.savePayment({ ...record, outcome: 'pending', code: null });
  await page.goto(`/orders/${waiting}`);
  await look('pending');
  await openDesk(page);
  await look('payment-pending');
}

/** @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitWaysRefused({ shop: { sandbox } }, page, order, look) {
  const id = await order({ currency: 'SAR' });
  const ask = async () => {
    const form = page.locator('form[action$="/passwords"]');
    if (!(await form.locator('input[name="phone_number"]').isVisible())) await form.locator('summary').click();
    await form.locator('input[name="phone_number"]').fill('966557877988');
    await form.locator('button').click();
  };
  await ask();
  await page.waitForURL(/\/passwords\/order-/);
  const asked = page.url();
  // The gateway has just been asked for the same.
  const { fetch } = sandbox;
  sandbox.fetch = async (input, init) => {
    await fetch.call(sandbox, input, init);
    return fetch.call(sandbox, input, init);
  };
  await page.goto(`/orders/${id}`);
  await ask();
  await page.locator('.outcome .note.error').waitFor();
  await look('password-too-soon');
  sandbox.fetch = fetch;
  await page.goto(asked);
  await page.locator('#otp').fill('no digits');
  await page.locator('.between button').click();
  await page.locator('.note.error').waitFor();
  await look('password-unreadable');
  const late = await page.context().newPage();
  await late.goto(page.url());
  for (const tab of [page, late]) {
    await tab.locator('#otp').fill('000000');
    await tab.locator('.between button').click();
    await tab.waitForURL(tab === page ? `**/orders/${id}` : /\/orders\//);
  }
  await late.close();
  const instalments = await order({ amount: '600.00' });
  await page.goto(`/orders/${instalments}/plans`);
  await page.locator('.between form').evaluate((form) => {
    /** @type {HTMLFormElement} */ (form).noValidate = true;
  });
  await page.locator('.between button').click();
  await page.locator('.between .note.error').waitFor();
  await look('plan-missing');

  // The lender's page, and a page of the gateway that is over.
  await order();
  await page.locator('input[value="TABBY"] ~ details > summary').click();
  await page.locator('input[value="TABBY"] ~ details input').fill('971501234567');
  await page.locator('input[value="TABBY"] ~ details button').click();
  await page.waitForURL(/\/FortAPI\//);
  await look('gateway-lender');
  await order();
  await startHosted(page);
  const gone = page.url();
  await page.locator('button[name="cancel"]').click();
  await page.waitForURL(/\/orders\//);
  await look('cancelled');
  await page.goto(gone);
  await look('gateway-over');
}

/** @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitFailures({ shop: { store } }, page, order, look) {
  // Without its script the form gives way to the hosted page.
  await page.route('**/assets/checkout*.js', (route) => route.abort('blockedbyclient'));
  const id = await order();
  await page.locator('.card-form').waitFor({ state: 'hidden', timeout: 10_000 });
  await look('script-missing');
  await page.unroute('**/assets/checkout*.js');
  const failing = async (/** @type {string} */ path, /** @type {string} */ name) => {
    const own = store.order;
    store.order = async () => {
      throw new Error('a fault of the shop');
    };
    await page.goto(path);
    await look(name);
    store.order = own;
  };
  await failing(`/orders/${id}`, 'shop-problem');
  await pay(await back(page, id), cards.visa_success);
  await openDesk(page);
  await failing(page.url(), 'unexpected');
}

/** @param {Page} page @param {string} id */
async function back(page, id) {
  await page.goto(`/orders/${id}`);
  await waitUntilReady(page);
  return page;
}

/** Money that moved. @param {Page} page @param {Order} order @param {Look} look */
async function visitMoney(page, order, look) {
  const returned = await order({ command: 'PURCHASE' });
  await pay(page, cards.mada_success);
  await openDesk(page);
  await look('payment-captured');
  await operate(page, 'REFUND');
  await look('payment-returned');
  await page.goto(`/orders/${returned}`);
  await look('returned');

  await order();
  await pay(page, cards.visa_refund_declined);
  await openDesk(page);
  const path = new URL(page.url()).pathname;
  await askFor(page, 'VOID_AUTHORIZATION');
  await look('asked-before-void');
  await page.goto(path);
  await askFor(page, 'CAPTURE', '100');
  await look('asked-before-capture');
  await page.goto(path);
  await operate(page, 'CAPTURE', '100');
  await operate(page, 'REFUND', '40');
  await look('payment-refund-declined');
}

/**
 * Sends a notification, signed as the gateway signs.
 *
 * @param {Page} page
 * @param {Stage['shop']['sandbox']} sandbox
 * @param {Record<string, any>} message
 */
async function notify(page, { account: { sha_response_phrase, digest } }, { signature, ...params }) {
  const signed = { ...params, signature: sign(params, { phrase: String(sha_response_phrase), digest }) };
  const headers = { 'content-type': 'application/json' };
  const answer = await page.request.post('/notify', { data: JSON.stringify(signed), headers });
  if (!answer.ok()) throw new Error(`the shop answered ${answer.status()} to a notification`);
}

/** A refund from the gateway's back office. @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitUnexplained({ shop: { sandbox } }, page, order, look) {
  await order({ command: 'PURCHASE' });
  await pay(page, cards.mada_success);
  await openDesk(page);
  const path = new URL(page.url()).pathname;
  const [{ merchant_reference, currency }] = sandbox.payments().slice(-1);
  const backOffice = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const refund = await backOffice.refund({ merchant_reference, amount: '2500', currency });
  await notify(page, sandbox, refund.params);
  await page.goto('/uncertain');
  await look('uncertain-unexplained');
  await page.goto(path);
  await look('payment-unexplained');
  const form = page.locator('form[action$="/dismiss"]');
  await form.locator('[name="by"]').fill(' ');
  await form.locator('[name="why"]').fill('refunded in the back office');
  await form.locator('button').click();
  await page.locator('[role="alert"]').first().waitFor();
  await look('dismissed-without-name');
  await form.locator('[name="by"]').fill('Amal');
  await form.locator('button').click();
  await form.waitFor({ state: 'detached' });
  await look('payment-dismissed');
}

/** What the gateway tells by signed notifications, where the last differs. @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitContradiction({ shop: { sandbox } }, page, order, look) {
  sandbox.webhook = undefined;
  await order({ command: 'PURCHASE' });
  await pay(page, cards.mada_success);
  await openDesk(page);
  const told = sandbox.log().findLast(({ request }) => request?.command === 'PURCHASE');
  await notify(page, sandbox, {
    ...told?.reply,
    response_code: '13666',
    status: '13',
    response_message: 'Transaction declined',
  });
  await page.reload();
  await page.locator('main > .note.warning').waitFor();
  await look('payment-contradicted');
  await page.goto('/uncertain');
  await look('uncertain-contradicted');
}

/** Forms that were sent before, and whose outcome nobody kept. @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitUsedForms({ shop: { store } }, page, order, look) {
  const use = async (/** @type {string} */ form) => {
    const token = await page.locator(`${form} [name="token"]`).inputValue();
    await store.saveNote('form', token, { by: 'another process', isDone: true }, { until: Date.now() + 3_600_000 });
    await page.locator(`${form} button:not([type="button"])`).click();
    await page.locator('[role="alert"]').first().waitFor();
  };
  const id = await order();
  await use('form[action$="/hosted"]');
  await look('form-used');
  await pay(await back(page, id), cards.visa_success);
  await openDesk(page);
  await use('form[action$="/refresh"]');
  await look('desk-form-used');
  await page.goto('/new');
  await page.locator('#amount').fill('5');
  await use('form[action="/orders"]');
  await look('order-form-used');
}

/** Another process of the shop has sent a capture, and has no answer yet. @param {Stage} stage @param {Page} page @param {Look} look */
async function visitUnderWay({ shop: { sandbox, store } }, page, look) {
  await paid(page);
  const merchant_reference = new URL(page.url()).pathname.split('/').pop() ?? '';
  // The shop calls its sandbox at the address of one that does not listen.
  const { environment } = createSandbox().account;
  const account = { ...sandbox.account, environment };
  const stop = new AbortController();
  /** @type {Promise<Response>} */
  const none = new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
  /** @type {typeof fetch} */
  const slow = (input, init) => (String(init?.body).includes('"CAPTURE"') ? none : sandbox.fetch(input, init));
  const aps = new PaymentServices(account, { fetch: slow });
  const capture = journaled(aps, store.sql)
    .capture(
      { operation: `elsewhere ${merchant_reference}`, merchant_reference, amount: Amount.parse('20', 'AED') },
      { signal: stop.signal },
    )
    .catch(() => {});
  for (let tries = 0; tries < 50 && (await page.locator('form.settle').count()) === 0; tries++) await page.reload();
  await look('payment-sent');
  await page.locator('form.settle [value="failed"]').check();
  await page.locator('form.settle [name="by"]').fill('Layla');
  await page.locator('form.settle [name="why"]').fill('The back office has nothing of it');
  await page.locator('form.settle button').click();
  await page.locator('main > .note.error').waitFor();
  await look('settled-too-soon');
  stop.abort();
  await capture;
}

/** @param {Stage} stage @param {Page} page @param {Look} look */
async function visitDoubts({ shop: { sandbox } }, page, look) {
  sandbox.webhook = undefined;
  await paid(page);
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
  await operate(page, 'CAPTURE', '20');
  await formOf(page, 'CAPTURE').locator('button').click();
  await page.locator('main > .note.error').waitFor();
  await look('payment-busy');
  await page.locator('form.settle [value="failed"]').check();
  await page.locator('form.settle [name="by"]').fill('Layla');
  await page.locator('form.settle [name="why"]').fill('The back office has nothing of it');
  await page.locator('form.settle button').click();
  await page.locator('form.settle').waitFor({ state: 'detached' });
  await look('payment-settled');

  await paid(page);
  for (let weeks = 0; weeks < 2; weeks++) {
    await page.locator('form.clock button').click();
    await page.waitForLoadState();
  }
  await look('payment-lapsed');
}

/** @param {Stage} stage @param {Page} page @param {string} description @param {Look} look */
async function visitDeskForms({ shop: { sandbox } }, page, description, look) {
  await page.goto('/?q=order-&sort=amount&dir=up&currency=SAR');
  await look('table-sorted');
  await page.goto('/?q=a+b+c+d+e+f&from=2030-01-02&to=2030-01-01');
  await look('table-doubts');
  await page.goto('/new');
  await page.locator('#description').fill(description);
  await page.locator('#amount').fill('19.999');
  await page.locator('#email').fill('nobody');
  // As without a script.
  await page.locator('form[action="/orders"]').evaluate((form) => {
    /** @type {HTMLFormElement} */ (form).submit();
  });
  await page.locator('[aria-invalid="true"]').first().waitFor();
  await look('order-refused');
  await page.goto('/new');
  await page.locator('#amount').fill('100.00');
  await page.locator('input[name="link"]').check();
  await page.locator('form[action="/orders"] button').click();
  await page.waitForURL(/\/payments\/order-/);
  await page.context().grantPermissions(['clipboard-write']);
  await page.locator('[data-copy]').click();
  await page.locator('[data-copy-told]:not(:empty)').waitFor({ state: 'attached' });
  await look('link-copied');

  const { access_code, merchant_identifier, sha_response_phrase, digest } = sandbox.account;
  const sent = { access_code, merchant_identifier, command: 'PURCHASE', order_description: 'Tom & Ann' };
  const reply = { ...sent, response_code: '14000', status: '14' };
  const signed = { ...reply, signature: sign(reply, { phrase: String(sha_response_phrase), digest }) };
  for (const [name, message] of Object.entries({
    'inspector-good': signed,
    'inspector-hints': { ...signed, order_description: 'Tom &amp; Ann' },
    'inspector-unsigned': reply,
  })) {
    await page.goto('/inspector');
    await page.locator('#message').fill(JSON.stringify(message));
    await page.locator('form[action="/inspector"] button').click();
    await page.locator('#verdict').waitFor();
    await look(name);
  }
  await page.locator('#message').fill('x'.repeat(12_001));
  await page.locator('form[action="/inspector"] button').click();
  await page.locator('#message-issues .error').waitFor();
  await look('inspector-too-long');
}

/** The gateway is gone for good: nothing was attempted. @param {Stage} stage @param {Page} page @param {Order} order @param {Look} look */
async function visitUnreachable({ shop: { sandbox } }, page, order, look) {
  const id = await order();
  await typeCard(page, cards.visa_success);
  await payWithoutGateway(page, sandbox);
  await page.goto(`/orders/${id}`);
  await look('not-attempted');
  await openDesk(page);
  await look('payment-not-attempted');
}
