// Routes of the desk: table, payment, confirmation, uncertain operations, figures.
import { getCookie, setCookie } from 'hono/cookie';
import { sentenceOf } from '../rules.js';
import { createFigures } from './figures.js';
import { findDoubts, readWish } from './listing.js';
import { confirmPage } from './pages/confirm.js';
import { figuresPage } from './pages/figures.js';
import { LINK_DAYS, newOrderPage } from './pages/new-order.js';
import { paymentPage } from './pages/payment.js';
import { paymentsPage } from './pages/payments.js';
import { uncertainPage } from './pages/uncertain.js';
import { Refusal } from './refusal.js';

const YEAR = 365 * 24 * 60 * 60;
/** A form's token, which is also the key of its operation. */
const TOKEN = /^[0-9a-f-]{36}$/;
const keyOf = (/** @type {string} */ token) => `desk ${token}`;
const LONGEST = { by: 60, why: 200 };

/**
 * @param {import('hono').Hono} app
 * @param {object} shop what the shop's handler has
 * @param {ReturnType<typeof import('./desk.js').createDesk>} shop.desk
 * @param {ReturnType<typeof import('./checkout.js').createCheckout>} shop.checkout
 * @param {import('./store.js').Store} shop.store
 * @param {() => number} shop.clock
 * @param {boolean} shop.secure whether cookies go over HTTPS alone
 * @param {(c: any, work: () => Promise<any>) => Promise<any>} shop.once
 * @param {(c: any, path?: string) => import('./pages/parts.js').Context} shop.contextOf
 * @param {(context: import('./pages/parts.js').Context, error: any) => string} shop.messageOf
 * @param {(error: any) => { status: any, issues: readonly any[] }} shop.refusal throws what is no refusal
 */
export function addDesk(app, { desk, checkout, store, clock, secure, once, contextOf, messageOf, refusal }) {
  const figures = createFigures(store, clock);
  const wishOf = (/** @type {any} */ c) => readWish(new URL(c.req.url).searchParams);
  /** The name last given in this browser. */
  const nameOf = (/** @type {any} */ c) => clip(decode(getCookie(c, 'by') ?? ''), LONGEST.by);
  const remember = (/** @type {any} */ c, /** @type {string} */ by) =>
    setCookie(c, 'by', encodeURIComponent(by), { sameSite: 'Lax', path: '/', httpOnly: true, secure, maxAge: YEAR });

  app.get('/', async (c) => {
    const doubts = findDoubts(new URL(c.req.url).searchParams);
    return c.html(paymentsPage(contextOf(c), await desk.list.page(wishOf(c)), doubts));
  });

  app.get('/payments.csv', (c) => {
    const pieces = desk.list.csv(wishOf(c));
    const body = new ReadableStream({
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(new TextEncoder().encode(value));
      },
      cancel: async () => void (await pieces.return(undefined)),
    });
    const day = new Date(clock()).toISOString().slice(0, 10);
    return c.body(body, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="payments-${day}.csv"`,
    });
  });

  app.get('/new', async (c) => c.html(newOrderPage(contextOf(c), await store.waiting())));

  app.post('/orders', async (c) => {
    const fields = c.get('fields');
    const typed = pick(fields, ['description', 'amount', 'currency', 'email', 'command', 'link', 'days', 'mailed']);
    if (!LINK_DAYS.includes(typed.days)) typed.days = '7';
    try {
      const path = await once(c, async () => {
        const id = await checkout.createOrder(typed, c.get('language'));
        if (typed.link !== 'yes') return `/orders/${id}`;
        const link = { days: Number(typed.days), isMailed: typed.mailed === 'yes' };
        return `/payments/${await checkout.startLink(id, link, c.get('language'))}`;
      });
      return c.redirect(path, 303);
    } catch (error) {
      const { status, issues } = refusal(error);
      const context = contextOf(c, '/new');
      // A form that was sent before has nothing wrong in its fields.
      const message = issues.length === 0 ? messageOf(context, error) : undefined;
      return c.html(newOrderPage(context, await store.waiting(), { typed, issues, message }), status);
    }
  });

  /** The page of a payment, with issues beside the form they concern. */
  const showPayment = async (c, { typed, issues = [], message, status = 200 } = {}) => {
    const reference = c.req.param('reference');
    const context = contextOf(c, `/payments/${reference}`);
    const [entry, journal] = await Promise.all([desk.payment(reference), desk.journal(reference)]);
    return c.html(paymentPage(context, { ...entry, journal }, { typed, issues, message, by: nameOf(c) }), status);
  };

  /** Shows a refused operation on the page of its payment. */
  const showRefused = async (c, typed, error) => {
    const { status, issues } = refusal(error);
    const context = contextOf(c);
    const { view } = await desk.payment(c.req.param('reference'));
    // The form may no longer be offered; the reason is shown all the same.
    const isOffered = view?.commands.includes(typed.command);
    const message =
      isOffered || issues.length === 0
        ? messageOf(context, error)
        : issues.map((one) => sentenceOf(one, context.t('amount'))).join(' ');
    return showPayment(c, { typed, issues, message, status });
  };

  app.get('/payments/:reference', (c) => showPayment(c));

  const typedOf = (/** @type {URLSearchParams} */ fields) => {
    const { why, by, ...typed } = pick(fields, ['command', 'amount', 'by', 'why', 'token']);
    return { ...typed, by: by.trim(), why: why.trim() };
  };

  /** What is wrong with the reason of an operation, which may be left out. */
  const issuesOfWhy = (/** @type {any} */ c, /** @type {string} */ why) =>
    why === '' || isText(why, LONGEST.why)
      ? []
      : [{ parameter: 'why', severity: 'error', message: contextOf(c).t('bad_why') }];

  /** The confirmation page. It keeps the form's token, so that going back starts no new operation. */
  app.get('/payments/:reference/confirm', async (c) => {
    const reference = c.req.param('reference');
    const { token, ...rest } = typedOf(new URL(c.req.url).searchParams);
    const typed = { ...rest, by: nameOf(c), token: TOKEN.test(token) ? token : crypto.randomUUID() };
    if (await desk.isDone(reference, keyOf(typed.token))) return c.redirect(`/payments/${reference}`, 303);
    const issues = issuesOfWhy(c, typed.why);
    try {
      const asked = await desk.prepare(reference, typed, c.get('language'));
      if (issues.length > 0) throw new Refusal('invalid', 422, issues);
      return c.html(confirmPage(contextOf(c, `/payments/${reference}`), asked.entry, { ...asked, typed }));
    } catch (error) {
      // All that is wrong at once.
      const others = error.issues?.filter((/** @type {any} */ one) => !issues.includes(one)) ?? [];
      const isBoth = issues.length > 0 && others.length > 0;
      return showRefused(
        c,
        typed,
        isBoth ? new Refusal('invalid', error.status ?? 422, [...others, ...issues]) : error,
      );
    }
  });

  app.post('/payments/:reference/operations', async (c) => {
    const reference = c.req.param('reference');
    const typed = typedOf(c.get('fields'));
    try {
      const long = issuesOfWhy(c, typed.why);
      if (long.length > 0) throw new Refusal('invalid', 422, long);
      if (!isText(typed.by, LONGEST.by)) {
        const asked = await desk.prepare(reference, typed, c.get('language'));
        const context = contextOf(c, `/payments/${reference}`);
        const issues = [{ parameter: 'by', severity: 'error', message: context.t('bad_by') }];
        return c.html(confirmPage(context, asked.entry, { ...asked, typed, issues }), 422);
      }
      remember(c, typed.by);
      const how = { operation: keyOf(typed.token), language: c.get('language') };
      await once(c, () => desk.operate(reference, typed, how));
      return c.redirect(`/payments/${reference}`, 303);
    } catch (error) {
      return showRefused(c, typed, error);
    }
  });

  app.post('/payments/:reference/refresh', async (c) => {
    const reference = c.req.param('reference');
    await once(c, () => desk.refresh(reference, c.get('language')));
    return c.redirect(`/payments/${reference}`, 303);
  });

  /**
   * Adds the route by which a person decides, by name and with a reason, what the gateway has not told.
   * @param {'settle' | 'dismiss'} command
   * @param {string[]} names the form's other fields
   * @param {(reference: string, typed: any) => Promise<unknown>} decide
   * @param {(typed: any, t: (key: string) => string) => any[]} [findMore] what else is wrong
   */
  const addDecision = (command, names, decide, findMore = () => []) =>
    app.post(`/payments/:reference/${command}`, async (c) => {
      const reference = c.req.param('reference');
      const { by, why, ...others } = pick(c.get('fields'), [...names, 'by', 'why']);
      const typed = { ...others, by: by.trim(), why: why.trim() };
      const context = contextOf(c);
      const { t } = context;
      const issues = [...findMore(typed, t), ...findMissing(t, typed)];
      const shown = { ...typed, command };
      if (issues.length > 0)
        return showPayment(c, { typed: shown, issues, message: t(`invalid_${command}`), status: 422 });
      try {
        remember(c, typed.by);
        await once(c, () => decide(reference, typed));
        return c.redirect(`/payments/${reference}`, 303);
      } catch (error) {
        const { status } = refusal(error);
        return showPayment(c, { typed: shown, message: messageOf(context, error), status });
      }
    });

  addDecision('settle', ['operation', 'outcome'], desk.settle, ({ outcome }, t) =>
    ['succeeded', 'failed'].includes(outcome)
      ? []
      : [{ parameter: 'outcome', severity: 'error', message: t('settle_choose') }],
  );
  addDecision('dismiss', ['notification'], desk.dismiss);

  app.get('/uncertain', async (c) => {
    const [, settled, open] = /^(\d{1,6})-(\d{1,6})$/.exec(c.req.query('told') ?? '') ?? [];
    const told = settled === undefined ? null : { settled, open };
    return c.html(uncertainPage(contextOf(c), await desk.uncertain(), told));
  });

  app.post('/uncertain/recover', async (c) => {
    const { settled, open } = await once(c, () => desk.recover(c.get('language')));
    return c.redirect(`/uncertain?told=${settled}-${open}`, 303);
  });

  app.get('/figures', async (c) => {
    const read = figures.read(c.req.query('currency') ?? '');
    const [found, { doubts }] = await Promise.all([read, desk.uncertain()]);
    return c.html(figuresPage(contextOf(c), { ...found, doubts: doubts.length }));
  });
}

/** @param {URLSearchParams} fields @param {string[]} names @returns {any} */
function pick(fields, names) {
  return Object.fromEntries(names.map((name) => [name, fields.get(name) ?? '']));
}

/**
 * What is missing of who decides by hand, and why.
 * @param {(key: string) => string} t
 * @param {{ by: string, why: string }} who
 */
function findMissing(t, who) {
  const wrong = /** @type {const} */ (['by', 'why']).filter((name) => !isText(who[name], LONGEST[name]));
  return wrong.map((name) => ({ parameter: name, severity: 'error', message: t(`bad_${name}`) }));
}

const clip = (/** @type {string} */ text, /** @type {number} */ most) => [...text].slice(0, most).join('');
const isText = (/** @type {string} */ text, /** @type {number} */ most) => text !== '' && [...text].length <= most;

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
