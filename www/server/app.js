// The shop as a web-standard request handler without Node APIs, so that it also runs as a serverless function. Store, clock
// and files are passed in.
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createCheckout, ORDER } from './checkout.js';
import { customerOf } from './customer.js';
import { createDesk } from './desk.js';
import { addDesk } from './desk-routes.js';
import { createFiles } from './files.js';
import { gatewayOrigins } from './forms.js';
import { createGuard } from './guard.js';
import { findProblem, inspect } from './inspector.js';
import { addMethods } from './method-routes.js';
import { APPLE_PAY, instalmentsFor, METHODS, methodsFor } from './methods.js';
import { bankPage, hostedPage, shopErrorPage } from './pages/between.js';
import { inspectorPage } from './pages/inspector.js';
import { orderPage } from './pages/order.js';
import { errorPage } from './pages/payment.js';
import { lastPhone } from './password-routes.js';
import { bindPlan, chosenPlan } from './plan-routes.js';
import { createRecords } from './records.js';
import { Refusal } from './refusal.js';
import { requireSandbox } from './sandbox-only.js';
import { createStoredCards } from './stored-cards.js';
import { translator } from './strings.js';
import { createWatch, tagOf } from './watch.js';

/** @typedef {import('./strings.js').Key} Key */

const TOKEN = /^[0-9a-f-]{36}$/;
const RETURN = `/return/:language{en|ar}/:id{${ORDER}}`;
/** A path that is safe to log: clients choose it, and it may contain line ends or card numbers. */
const forLog = (/** @type {string} */ text) =>
  text
    .replace(/[^\w/.-]/g, '?')
    .replace(/\d{9,}|(?:\d[?._-]?){13,}/g, '…')
    .slice(0, 100);
const pathOf = (c) => forLog(c.req.path);
/** Messages shown beside the order, by the query that asks for them. @type {Record<string, Key>} */
const TOLD = { back: 'sent_back', unused: 'card_unused' };
/** Paths that the clock's form may return to. */
const OWN_PATH = /^\/(?:(?:orders|payments)\/[\w.-]{1,40}|inspector|new|uncertain|figures)?$/;

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account never one of production: this desk is a demonstration
 * @param {import('./store.js').Store} options.store
 * @param {import('./cards.js').Card[]} options.cards test cards to show beside the form
 * @param {string[]} options.origins under which the shop is reached; the customer returns to the first
 * @param {Record<string, import('./files.js').File>} options.assets by path
 * @param {typeof fetch} [options.fetch]
 * @param {() => number} [options.clock] the gateway's time, milliseconds since 1970
 * @param {{ advance(by: { days: number }): unknown }} [options.sandbox] the offline gateway, if it is that
 * @param {number} [options.timeout] milliseconds for one answer of the gateway: a person waits for it
 * @param {boolean} [options.wasm] whether pages may compile WebAssembly; without it the server alone checks
 * @param {readonly string[]} [options.methods] the ways to pay that the account has, besides cards
 * @param {import('./apple-pay-routes.js').ApplePay | null} [options.applePay] how Apple learns who asks; null without it
 * @param {(line: string) => void} [options.log]
 * @returns {{ fetch: (request: Request) => Promise<Response> }}
 */
export function createShop({
  account,
  store,
  cards,
  origins,
  assets,
  fetch = globalThis.fetch,
  clock = Date.now,
  sandbox,
  timeout = 20_000,
  wasm = true,
  methods = METHODS,
  applePay = null,
  log = console.error,
}) {
  requireSandbox(account);
  const records = createRecords({ account, fetch, timeout, store, clock });
  const desk = createDesk({ records, store, clock });
  const stored = createStoredCards(store);
  const checkout = createCheckout({ account, records, store, clock, origin: origins[0] ?? '', stored });
  const watch = createWatch({ clock: Date.now, ask: (order) => checkout.refresh(order, 'en') });
  const files = createFiles(assets);
  const app = new Hono();
  const secure = (origins[0] ?? '').startsWith('https:');

  // Before the guard, which refuses in the user's language.
  app.use(async (c, next) => {
    const asked = c.req.query('lang');
    if (asked === 'en' || asked === 'ar')
      setCookie(c, 'lang', asked, { sameSite: 'Lax', path: '/', httpOnly: true, secure });
    const language = asked ?? getCookie(c, 'lang');
    c.set('language', language === 'ar' ? 'ar' : 'en');
    return next();
  });
  for (const layer of createGuard({
    origins,
    gateway: gatewayOrigins(account),
    wasm,
    secret: () => store.secret('forms'),
  }))
    app.use(layer);

  /** @returns {import('./pages/parts.js').Context} */
  const contextOf = (c, path = c.req.path) => {
    const language = c.get('language');
    const csrf = c.get('csrf') ?? '';
    return { t: translator(language), language, csrf, now: clock(), offline: !!sandbox, path, file: files.path };
  };

  /** Runs `work` once per form token. */
  const once = (c, work) => {
    const token = c.get('fields').get('token') ?? '';
    if (!TOKEN.test(token)) throw new Refusal('no_token', 400);
    return store.once(token, work);
  };

  const messageOf = (context, error) => context.t(error.code in REFUSALS ? REFUSALS[error.code] : error.code);

  app.get('/assets/:name', (c) => files.respond(c.req.path, c.req.header('accept-encoding') ?? '') ?? c.notFound());

  addDesk(app, { desk, checkout, store, clock, secure, once, contextOf, messageOf, refusal });

  /** The customer's page of an order, with a form to pay it by card if it can be paid. */
  const showOrder = async (c, id, { message, status = 200, typed } = {}) => {
    const found = await desk.order(id);
    const paid = found.standing === 'paid';
    const form = paid ? null : await checkout.cardForm(id, c.get('language'));
    for (const { record } of found.payments) await stored.learn(record);
    const customer = customerOf(c, { secure });
    if (form) await stored.formShown(form.fields.merchant_reference ?? '', customer);
    const asked = c.req.query('plan');
    const plan = form ? await chosenPlan(store, found, asked) : undefined;
    if (form && plan) await bindPlan(store, form.fields.merchant_reference ?? '', plan);
    const others = {
      methods: methodsFor(found.order.amount.currency, methods),
      stored: await stored.of(customer),
      applePay: methods.includes(APPLE_PAY) ? applePay : null,
      hasPlans: instalmentsFor(found.order.amount.currency, methods),
      plan,
      typed: typed ?? (await lastPhone(store, found)),
    };
    const context = contextOf(c, `/orders/${id}${asked && form ? `?plan=${encodeURIComponent(asked)}` : ''}`);
    const watched = found.standing === 'open' ? { tag: tagOf(found), wait: watch.look(id) } : null;
    const told = Object.keys(TOLD).find((name) => c.req.query(name) && (!paid || name !== 'back'));
    return c.html(
      orderPage(context, found, { form, cards, others, watched, message, told: told && context.t(TOLD[told]) }),
      status,
    );
  };

  app.get('/orders/:id', (c) => showOrder(c, c.req.param('id')));

  /** Whether there is news of an order, for its page to ask. */
  app.get('/orders/:id/standing', async (c) => {
    const id = c.req.param('id');
    const found = await desk.order(id);
    if (found.standing === 'open') return c.json({ tag: tagOf(found), wait: watch.look(id) });
    watch.forget(id);
    return c.json({ tag: tagOf(found), wait: null });
  });

  app.post('/orders/:id/hosted', async (c) => {
    const id = c.req.param('id');
    const again = c.get('fields').get('again') === 'yes';
    try {
      const reference = await once(c, () => checkout.startHosted(id, { again }, c.get('language')));
      return c.redirect(`/payments/${reference}/gateway`, 303);
    } catch (error) {
      const { status } = refusal(error);
      const key = error.code in SHOP_REFUSALS ? SHOP_REFUSALS[error.code] : 'not_started';
      return showOrder(c, id, { message: contextOf(c).t(key), status });
    }
  });

  addMethods(app, {
    account,
    refusals: SHOP_REFUSALS,
    fetch,
    timeout,
    methods,
    applePay,
    stored,
    store,
    checkout,
    once,
    showOrder,
    contextOf,
    secure,
  });

  app.get('/payments/:reference/gateway', async (c) => {
    const { order, amount, form } = await checkout.hostedForm(c.req.param('reference'), c.get('language'));
    if (!form) return c.redirect(`/orders/${order.id}`, 303);
    return c.html(hostedPage(contextOf(c), { order, amount, form }));
  });

  app.post('/orders/:id/refresh', async (c) => {
    const id = c.req.param('id');
    await once(c, () => checkout.refresh(id, c.get('language')));
    return c.redirect(`/orders/${id}`, 303);
  });

  /** A page between ours and the bank's: the card form's `form-action` would block a redirect. */
  app.get('/payments/:reference/bank', async (c) => {
    const { order, amount, record } = await desk.payment(c.req.param('reference'));
    const { standing } = await desk.order(order.id);
    if (!isChallenged(record) || standing === 'paid') return c.redirect(`/orders/${order.id}`, 303);
    return c.html(bankPage(contextOf(c), { order, amount, url: record.redirectTo }));
  });

  app.get('/inspector', (c) => c.html(inspectorPage(contextOf(c))));
  app.post('/inspector', (c) => {
    const text = c.get('fields').get('message') ?? '';
    const problem = findProblem(text);
    if (problem) return c.html(inspectorPage(contextOf(c), { text, found: null, problem }), 422);
    return c.html(inspectorPage(contextOf(c), { text, found: inspect(text, account) }));
  });

  app.post('/clock', async (c) => {
    if (!sandbox) return c.notFound();
    await once(c, async () => sandbox.advance({ days: 7 }));
    const path = c.get('fields').get('path') ?? '/';
    return c.redirect(OWN_PATH.test(path) ? path : '/', 303);
  });

  /** The order is named by the path and the verified message, so no cookie is needed. */
  const returned = async (c, message) => {
    const order = c.req.param('id');
    const language = c.req.param('language') === 'ar' ? 'ar' : 'en';
    c.set('language', language);
    const { id, reference } = await checkout.arrived(message, { via: 'return', order, language });
    if (!reference) return c.redirect(`/orders/${id}?lang=${language}&unused=1`, 303);
    const record = await store.payment(reference);
    const path = isChallenged(record) ? `/payments/${reference}/bank` : `/orders/${id}`;
    return c.redirect(`${path}?lang=${language}`, 303);
  };
  app.get(RETURN, async (c) => returned(c, new URL(c.req.url).search.slice(1)));
  app.post(RETURN, async (c) => returned(c, await c.req.text()));
  app.post('/notify', async (c) => {
    const { handled } = await checkout.arrived(await c.req.text(), { via: 'notification' });
    // Another process is handling it: have the gateway retry, in case that one fails.
    return handled === 'elsewhere' ? c.text('', 503) : c.text('OK');
  });

  /** An error page for customers. */
  const shopError = (c, key, status, order = undefined) => {
    const context = contextOf(c, '/');
    const title = context.t(key in SHOP_TITLES ? SHOP_TITLES[key] : 'error_title');
    return c.html(shopErrorPage(context, { title, text: context.t(key), order }), status);
  };

  // After a refused form its address is in the browser's bar, and may be loaded.
  app.get('/orders/:id/:form{methods|passwords|plans|hosted|cards|refresh}', (c) =>
    c.redirect(`/orders/${c.req.param('id')}`, 303),
  );
  app.get('/payments/:reference/:form{operations|settle|dismiss|refresh}', (c) =>
    c.redirect(`/payments/${c.req.param('reference')}`, 303),
  );

  app.notFound((c) => {
    if (isForCustomers(c.req.path)) return shopError(c, 'order_missing_text', 404);
    const context = contextOf(c, '/');
    return c.html(errorPage(context, context.t('not_found'), context.t('not_found_title')), 404);
  });

  app.onError(async (error, c) => {
    const context = contextOf(c, '/');
    const forCustomers = isForCustomers(c.req.path);
    if (error instanceof Refusal) {
      const title = error.code === 'not_found' ? context.t('not_found_title') : undefined;
      if (!forCustomers) return c.html(errorPage(context, messageOf(context, error), title), error.status);
      if (error.code === 'not_found') return shopError(c, 'order_missing_text', error.status);
      const key = error.code in SHOP_REFUSALS ? SHOP_REFUSALS[error.code] : 'not_started';
      return shopError(c, key, error.status, orderIn(c.req.path));
    }
    // The package's errors contain no secrets. A message is refused if it is forged or the phrase was changed. Orders are
    // stored before anyone can pay, so an unknown order will not appear later.
    if (['SignatureError', 'ReplyMismatchError', 'OrderNotFoundError'].includes(error.name)) {
      log(`${c.req.method} ${pathOf(c)}: ${error.message}`);
      if (c.req.path === '/notify') return c.text(context.t('refused_message'), 400);
      // APS does not sign refusals (status 00), such as an unreadable card or a cancellation. They change nothing, so
      // anyone may send them; the order's page shows its state.
      if (error.code === 'unsigned')
        return c.redirect(`/orders/${c.req.param('id')}?lang=${context.language}&back=1`, 303);
      return shopError(c, 'refused_return', 400, c.req.param('id'));
    }
    log(`${c.req.method} ${pathOf(c)}: ${error.name}: ${error.message}`);
    if (forCustomers) return shopError(c, 'shop_problem_text', 500, orderIn(c.req.path));
    if (isCutOff(error)) return c.html(errorPage(context, context.t('records_unavailable')), 503);
    return c.html(errorPage(context, context.t('unexpected')), 500);
  });

  return { fetch: async (request) => app.fetch(request) };
}

/** Whether the customer's bank waits for the customer. @param {any} record */
const isChallenged = (record) => record?.outcome === 'action_required' && Boolean(record.redirectTo);

/** Whether the database cannot be reached. @param {any} error */
const isCutOff = ({ code, message }) =>
  /^(?:ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|08|57P)/.test(code ?? '') ||
  /PGlite is clos|Connection terminated/.test(message);

/** The paths that customers see. @param {string} path */
const isForCustomers = (path) => /^\/(?:orders\/|return\/|payments\/[^/]+\/(?:gateway|bank)$)/.test(path);

const ABOUT_ORDER = new RegExp(`/(${ORDER})(?:[/-]|$)`);
/** The order that a path is about, for customers to return to. @param {string} path */
const orderIn = (path) => ABOUT_ORDER.exec(path)?.[1];

/** Sentences for refusals; the default is that the payment was not started. */
const SHOP_REFUSALS = /** @type {Record<string, Key>} */ ({
  order_paid: 'order_paid',
  order_open: 'order_open',
  stale_form: 'shop_stale',
  no_token: 'shop_stale',
  form_used: 'shop_form_used',
  too_long: 'shop_too_long',
});

/** Headings of error pages, by their text. */
const SHOP_TITLES = /** @type {Record<string, Key>} */ ({
  order_missing_text: 'order_missing',
  shop_problem_text: 'shop_problem',
});

/** Refusals whose sentence has a different key. */
const REFUSALS = /** @type {Record<string, any>} */ ({ validation: 'invalid', lifecycle: 'invalid' });

/** Refusals that are shown beside the form; other errors are rethrown to the error page. */
function refusal(error) {
  if (error instanceof Refusal && error.code !== 'not_found' && error.code !== 'no_token') return error;
  if (error.name === 'LifecycleError') return { status: 409, issues: error.issues };
  if (error.name === 'ValidationError') return { status: 422, issues: error.issues };
  throw error;
}
