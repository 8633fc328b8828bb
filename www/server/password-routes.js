// Payment by one-time password: STC Pay and valU.
import { toWesternDigits } from '../rules.js';
import { methodsFor } from './methods.js';
import { passwordPage } from './pages/methods.js';
import { checkPhone, phoneOf } from './phone.js';
import { readPlans } from './plans.js';
import { Refusal } from './refusal.js';
import { isDeclined } from './results.js';

/** Milliseconds for which a password can be used. */
const LASTS = 15 * 60_000;
/** The most characters of a password that are shown again. */
const LONGEST = 10;
/** APS sends no second password within a minute. */
const TOO_SOON = '983';
/** The phone number is not registered with valU. */
const UNKNOWN = '00160';

/**
 * A requested password: everything but the password itself.
 *
 * @typedef {object} Asked
 * @property {string} id of the order
 * @property {'STCPAY' | 'VALU'} method
 * @property {string} phone
 * @property {boolean} again whether the customer was warned that another payment may yet succeed
 * @property {Record<string, string>} params that the payment repeats
 * @property {Record<string, string>} chosen those of them that may be kept with it
 * @property {import('./plans.js').Plan[]} plans to choose from; none by a wallet
 */

/**
 * What was given with a password, and what is wrong with it.
 *
 * @typedef {object} Given
 * @property {import('./strings.js').Key} [planIssue]
 * @property {import('./strings.js').Key} [otpIssue]
 * @property {string} tenure
 * @property {string} otp
 */

/** STC Pay (WOO; NEW STC Pay). */
const stcPay = {
  async ask(/** @type {import('aps-payops/server').PaymentServices} */ aps, { reference, amount, phone }) {
    const params = { digital_wallet: /** @type {const} */ ('STCPAY'), phone_number: phone };
    const reply = await aps.stcPay.generateOtp({ ...params, merchant_reference: reference, amount });
    return { reply, params, chosen: { digital_wallet: 'STCPAY' }, plans: [] };
  },
};

/** valU (NEW valU): one `merchant_reference` for password, plans and payment; no down payment. */
const valu = {
  async ask(
    /** @type {import('aps-payops/server').PaymentServices} */ aps,
    { reference, order, amount, phone, language },
  ) {
    const bought = order.description || order.id;
    const merchant_order_id = reference.replace(/\W|_|-/g, '');
    const payment_option = /** @type {const} */ ('VALU');
    const named = { merchant_reference: reference, payment_option, phone_number: phone, merchant_order_id };
    const [product_name, product_price] = [[...bought].slice(0, 50).join(''), String(amount.minor)];
    const reply = await aps.valu.generateOtp({
      ...{ ...named, amount, total_downpayment: '0', include_installments: /** @type {const} */ ('YES') },
      products: [{ product_name, product_price, product_category: 'goods' }],
    });
    if (reply.outcome !== 'succeeded') return { reply, params: {}, chosen: {}, plans: [] };
    const listed = await aps.installments.plans({ merchant_reference: reference });
    const detail = listed.outcome === 'succeeded' ? listed.params.installment_detail : null;
    const { transaction_id = '' } = /** @type {Record<string, string>} */ (reply.params);
    const params = {
      ...{ payment_option, phone_number: phone, merchant_order_id, customer_code: phone, total_down_payment: '0' },
      ...(transaction_id && { transaction_id }),
      purchase_description:
        bought
          .replace(/[^A-Za-z0-9 ]/g, ' ')
          .trim()
          .slice(0, 100) || 'Order',
    };
    return { reply, params, chosen: { payment_option }, plans: readPlans(detail, language) };
  },
};

const KINDS = { STCPAY: stcPay, VALU: valu };

/**
 * What the last password was sent for, if it did not pay: another can be had for the same phone.
 *
 * @param {import('./store.js').Store} store
 * @param {{ payments: readonly any[] }} found
 * @returns {Promise<import('./pages/methods.js').Typed | undefined>}
 */
export async function lastPhone(store, { payments }) {
  const last = payments.at(-1)?.record;
  return last && isDeclined(last) ? store.note('phone', last.reference) : undefined;
}

/**
 * @param {import('hono').Hono<any>} app
 * @param {any} shop
 */
export function addPasswords(app, { aps, methods, store, checkout, once, orTell, contextOf }) {
  /** @returns {Promise<Asked | undefined>} */
  const askedFor = async (c) => {
    const asked = await store.note('password', c.req.param('reference'));
    return asked?.id === c.req.param('id') ? asked : undefined;
  };

  const ask = async (c, id) => {
    const fields = c.get('fields');
    const { order, amount, reference } = await checkout.reserve(id);
    const method = /** @type {keyof typeof KINDS} */ (fields.get('method') ?? '');
    const isOffered = methodsFor(amount.currency, methods).some(({ name }) => name === method);
    if (!isOffered || !Object.hasOwn(KINDS, method)) throw new Refusal('no_such_method', 422);
    const phone = phoneOf(fields);
    checkPhone(phone, fields);
    const how = { reference, order, amount, phone, language: c.get('language') };
    const { reply, params, chosen, plans } = await KINDS[method].ask(aps, how);
    if (reply.outcome !== 'succeeded') throw new Refusal(whyNotSent(reply.code), 502);
    if (method === 'VALU' && plans.length === 0) throw new Refusal('no_plans', 409);
    const again = fields.get('again') === 'yes';
    const asked = { id, method, phone, again, params, chosen, plans };
    const until = Date.now() + LASTS;
    await store.saveNote('password', reference, asked, { until });
    // It was taken: another try with it is not questioned again.
    await store.saveNote('phone', reference, { method, phone, asked: phone }, { until });
    return `/orders/${id}/passwords/${reference}`;
  };

  app.post('/orders/:id/passwords', async (c) => {
    const id = c.req.param('id');
    return orTell(c, id, async () => c.redirect(await once(c, () => ask(c, id)), 303));
  });

  const show = async (c, asked, /** @type {Given | undefined} */ given = undefined) => {
    const [id, reference] = [c.req.param('id'), c.req.param('reference')];
    const { amount } = await checkout.reserve(id);
    const { method, again, plans, phone } = asked;
    const page = { order: { id }, amount, reference, method, again, plans, phone: phone.slice(-4), given };
    return c.html(passwordPage(contextOf(c), page), given ? 422 : 200);
  };

  app.get('/orders/:id/passwords/:reference', async (c) => {
    const asked = await askedFor(c);
    if (!asked) return c.redirect(`/orders/${c.req.param('id')}`, 303);
    return orTell(c, c.req.param('id'), () => show(c, asked));
  });

  app.post('/orders/:id/passwords/:reference', async (c) => {
    const [id, reference] = [c.req.param('id'), c.req.param('reference')];
    const fields = c.get('fields');
    const asked = await askedFor(c);
    return orTell(c, id, async () => {
      const tenure = fields.get('plan') ?? '';
      const otp = toWesternDigits(fields.get('otp') ?? '').replace(/[\s-]/g, '');
      const isPlanned = !asked?.plans.length || asked.plans.some(({ months }) => months === tenure);
      // Nothing malformed uses up the only attempt.
      const isWhole = /^\d{4,10}$/.test(otp);
      if (asked && !(isPlanned && isWhole)) {
        return show(c, asked, {
          ...(!isPlanned && { planIssue: 'plan_missing' }),
          ...(!isWhole && { otpIssue: 'password_wrong' }),
          tenure,
          // What is longer may be a card number.
          otp: otp.length > LONGEST ? '' : otp,
        });
      }
      await once(c, async () => {
        // One attempt per password: the next needs a new password and a new payment.
        const taken = asked && (await store.takeNote('password', reference));
        if (!taken) throw new Refusal('password_over', 409);
        const plan = taken.plans.length > 0 ? { tenure } : {};
        const { again, params, chosen } = taken;
        const payment = { reference, again, paidBy: { ...params, ...plan, otp }, chosen: { ...chosen, ...plan } };
        await checkout.payDirectly(id, payment, c.get('language'));
      });
      return c.redirect(`/orders/${id}`, 303);
    });
  });
}

/** @param {string} code */
function whyNotSent(code) {
  if (code.endsWith(TOO_SOON)) return 'password_too_soon';
  return code === UNKNOWN ? 'password_unknown' : 'password_not_sent';
}
