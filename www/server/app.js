// The shop as a web-standard handler: what runs here under Node runs the same as a serverless function. Nothing in it is
// Node's own. State is in the store, time comes from the clock, files are handed in.
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createDesk, Refusal } from './desk.js';
import { createGuard } from './guard.js';
import { homePage } from './pages/home.js';
import { orderPage } from './pages/order.js';
import { errorPage, paymentPage } from './pages/payment.js';
import { requireSandbox } from './sandbox-only.js';
import { translator } from './strings.js';

const TOKEN = /^[0-9a-f-]{36}$/;
/** Where the clock's form may lead back to: our own paths. */
const OWN_PATH = /^\/(?:(?:orders|payments)\/[\w.-]{1,40})?$/;

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account never one of production: this desk is a demonstration
 * @param {ReturnType<typeof import('./store.js').createMemoryStore>} options.store
 * @param {import('./cards.js').Card[]} options.cards
 * @param {string[]} options.origins under which the shop is reached; the customer returns to the first
 * @param {Record<string, { type: string, body: string }>} options.assets by path
 * @param {typeof fetch} [options.fetch]
 * @param {() => number} [options.clock] the gateway's time, milliseconds since 1970
 * @param {{ advance(by: { days: number }): unknown }} [options.sandbox] the offline gateway, if it is that
 * @param {number} [options.timeout] milliseconds for one answer of the gateway: a person waits for it
 * @param {(line: string) => void} [options.log]
 * @returns {{ fetch: (request: Request) => Response | Promise<Response> }}
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
  log = console.error,
}) {
  requireSandbox(account);
  const desk = createDesk({ account, fetch, timeout, store, clock, origin: origins[0] ?? '', cards });
  const app = new Hono();

  for (const layer of createGuard({ origins })) app.use(layer);
  app.use(async (c, next) => {
    const asked = c.req.query('lang');
    if (asked === 'en' || asked === 'ar') setCookie(c, 'lang', asked, { sameSite: 'Lax', path: '/', httpOnly: true });
    const language = asked ?? getCookie(c, 'lang');
    c.set('language', language === 'ar' ? 'ar' : 'en');
    return next();
  });

  /** @returns {import('./pages/parts.js').Context} */
  const contextOf = (c, path = c.req.path) => {
    const language = c.get('language');
    return { t: translator(language), language, csrf: c.get('csrf') ?? '', now: clock(), offline: !!sandbox, path };
  };

  /** Runs what a form asks for, once. */
  const once = (c, work) => {
    const token = c.get('fields').get('token') ?? '';
    if (!TOKEN.test(token)) throw new Refusal('no_token', 400);
    return store.once(token, work);
  };

  const messageOf = (context, error) => context.t(error.code in REFUSALS ? REFUSALS[error.code] : error.code);

  app.get('/assets/:name', (c) => {
    const asset = assets[c.req.path];
    return asset ? c.body(asset.body, 200, { 'content-type': asset.type }) : c.notFound();
  });

  app.get('/', async (c) => c.html(homePage(contextOf(c), await desk.all())));

  app.post('/orders', async (c) => {
    const typed = pick(c.get('fields'), ['description', 'amount', 'currency', 'email']);
    try {
      const id = await once(c, () => desk.createOrder(typed, c.get('language')));
      return c.redirect(`/orders/${id}`, 303);
    } catch (error) {
      const { status, issues } = refusal(error);
      return c.html(homePage(contextOf(c, '/'), await desk.all(), { typed, issues }), status);
    }
  });

  app.get('/orders/:id', async (c) => c.html(orderPage(contextOf(c), await desk.order(c.req.param('id')), cards)));

  app.post('/orders/:id/pay', async (c) => {
    const id = c.req.param('id');
    const fields = c.get('fields');
    const choice = pick(fields, ['command', 'card']);
    try {
      const again = fields.get('again') === 'yes';
      const reference = await once(c, () => desk.pay(id, { ...choice, again }, c.get('language')));
      return c.redirect(`/payments/${reference}`, 303);
    } catch (error) {
      const { status, issues } = refusal(error);
      const context = contextOf(c, `/orders/${id}`);
      const form = { choice, issues, message: messageOf(context, error) };
      return c.html(orderPage(context, await desk.order(id), cards, form), status);
    }
  });

  app.get('/payments/:reference', async (c) =>
    c.html(paymentPage(contextOf(c), await desk.payment(c.req.param('reference')))),
  );

  app.post('/payments/:reference/operations', async (c) => {
    const reference = c.req.param('reference');
    const typed = pick(c.get('fields'), ['command', 'amount']);
    try {
      await once(c, () => desk.operate(reference, typed, c.get('language')));
      return c.redirect(`/payments/${reference}`, 303);
    } catch (error) {
      const { status, issues } = refusal(error);
      const context = contextOf(c, `/payments/${reference}`);
      const entry = await desk.payment(reference);
      // The form may be gone meanwhile, but not why it was refused.
      const offered = entry.view?.commands.includes(typed.command);
      const message =
        offered || issues.length === 0 ? messageOf(context, error) : issues.map((i) => i.message).join(' ');
      return c.html(paymentPage(context, entry, { typed, issues, message }), status);
    }
  });

  app.post('/payments/:reference/refresh', async (c) => {
    const reference = c.req.param('reference');
    await once(c, () => desk.refresh(reference, c.get('language')));
    return c.redirect(`/payments/${reference}`, 303);
  });

  app.post('/clock', async (c) => {
    if (!sandbox) return c.notFound();
    await once(c, async () => sandbox.advance({ days: 7 }));
    const path = c.get('fields').get('path') ?? '/';
    return c.redirect(OWN_PATH.test(path) ? path : '/', 303);
  });

  const returned = async (c, message) => {
    const reference = await desk.arrived(message, 'return');
    return c.redirect(`/payments/${reference}`, 303);
  };
  app.get('/return', async (c) => returned(c, new URL(c.req.url).search.slice(1)));
  app.post('/return', async (c) => returned(c, await c.req.text()));
  app.post('/notify', async (c) => {
    await desk.arrived(await c.req.text(), 'notification');
    return c.text('OK');
  });

  app.notFound((c) => {
    const context = contextOf(c, '/');
    return c.html(errorPage(context, context.t('not_found')), 404);
  });

  app.onError((error, c) => {
    const context = contextOf(c, '/');
    if (error instanceof Refusal) return c.html(errorPage(context, messageOf(context, error)), error.status);
    // The package's errors hold no secrets; a refused message is somebody's attempt, or a phrase that was changed.
    if (error.name === 'SignatureError' || error.name === 'ReplyMismatchError') {
      log(`${c.req.method} ${c.req.path}: ${error.message}`);
      const text = context.t('refused_message');
      return c.req.path === '/notify' ? c.text(text, 400) : c.html(errorPage(context, text), 400);
    }
    log(`${c.req.method} ${c.req.path}: ${error.name}: ${error.message}`);
    return c.html(errorPage(context, context.t('unexpected')), 500);
  });

  return { fetch: (request) => app.fetch(request) };
}

/** Refusals whose sentence has another name. */
const REFUSALS = /** @type {Record<string, any>} */ ({ validation: 'invalid', lifecycle: 'invalid' });

/** What to show beside the form; anything else goes to the error page. */
function refusal(error) {
  if (error instanceof Refusal && error.code !== 'not_found' && error.code !== 'no_token') return error;
  if (error.name === 'LifecycleError') return { status: 409, issues: error.issues };
  if (error.name === 'ValidationError') return { status: 422, issues: error.issues };
  throw error;
}

/** @param {URLSearchParams} fields @param {string[]} names @returns {any} */
function pick(fields, names) {
  return Object.fromEntries(names.map((name) => [name, fields.get(name) ?? '']));
}
