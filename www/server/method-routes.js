// Routes for stored cards and for ways to pay other than the card form.
import { PaymentServices } from 'aps-payops/server';
import { addApplePay } from './apple-pay-routes.js';
import { customerOf } from './customer.js';
import { isRedirected, methodsFor, payBy, payByStored } from './methods.js';
import { addPasswords } from './password-routes.js';
import { checkPhone, phoneOf } from './phone.js';
import { addPlans } from './plan-routes.js';
import { Refusal } from './refusal.js';

/**
 * @param {import('hono').Hono<any>} app
 * @param {object} shop
 * @param {import('aps-payops/server').Account} shop.account
 * @param {Record<string, import('./strings.js').Key>} shop.refusals sentences that are named differently from their refusals
 * @param {typeof globalThis.fetch} shop.fetch
 * @param {number} shop.timeout milliseconds
 * @param {readonly string[]} shop.methods that the account has
 * @param {ReturnType<typeof import('./stored-cards.js').createStoredCards>} shop.stored
 * @param {ReturnType<typeof import('./checkout.js').createCheckout>} shop.checkout
 * @param {(c: any, work: () => Promise<any>) => Promise<any>} shop.once
 * @param {(c: any, id: string, options?: any) => Promise<Response>} shop.showOrder
 * @param {(c: any, path?: string) => import('./pages/parts.js').Context} shop.contextOf
 * @param {import('./store.js').Store} shop.store
 * @param {import('./apple-pay-routes.js').ApplePay | null} shop.applePay how merchants are validated; null without Apple Pay
 * @param {boolean} shop.secure
 */
export function addMethods(
  app,
  { account, refusals, fetch, timeout, methods, applePay, stored, store, checkout, once, showOrder, contextOf, secure },
) {
  const aps = new PaymentServices(account, { fetch, timeout });

  /** The way to pay chosen on the order's page. */
  const choiceOf = async (c, order) => {
    const fields = c.get('fields');
    const card = (await stored.of(customerOf(c, { secure }))).find(({ key }) => key === fields.get('card'));
    if (card) return payByStored(card, order);
    const method = methodsFor(order.amount.currency, methods).find(({ name }) => name === fields.get('method'));
    if (!method || !isRedirected(method)) throw new Refusal('no_such_method', 422);
    const choice = payBy(method, order, phoneOf(fields));
    if (method.needsPhone) checkPhone(choice.params.phone_number ?? '', fields);
    return choice;
  };

  /** Runs `work`, or shows the order with the reason for a refusal. */
  const orTell = async (c, id, work) => {
    try {
      return await work();
    } catch (error) {
      const isOurs = error instanceof Refusal && error.code !== 'not_found' && error.code !== 'no_token';
      if (!isOurs && error.name !== 'ValidationError') throw error;
      const isTold = /^(?:order_|phone_|password_|plan_|no_such|no_plans|form_used)/.test(error.code);
      const key = /** @type {any} */ (isTold ? (refusals[error.code] ?? error.code) : 'not_started');
      const [method = '', number = ''] = ['method', 'phone_number'].map((name) => c.get('fields')?.get(name));
      // The phone number stays in its field, next to the message about it.
      const isAboutPhone = /^(?:phone_|password_(?:not_sent|too_soon|unknown))/.test(error.code);
      const isInvalid = /^(?:phone_|password_unknown)/.test(error.code);
      const isQuestion = error.code === 'phone_local';
      const asked = isQuestion ? { asked: phoneOf(c.get('fields')) } : {};
      const typed = isAboutPhone ? { method, phone: number, ...(isInvalid && { issue: key }), ...asked } : undefined;
      // A question is beside its field alone, with its example.
      const message = isQuestion ? undefined : contextOf(c).t(key);
      return showOrder(c, id, { message, status: error.status ?? 422, typed });
    }
  };

  app.post('/orders/:id/methods', async (c) => {
    const id = c.req.param('id');
    const again = c.get('fields').get('again') === 'yes';
    const choose = (/** @type {any} */ order) => choiceOf(c, order);
    return orTell(c, id, async () => {
      const reference = await once(c, () => checkout.startHosted(id, { again, choose }, c.get('language')));
      return c.redirect(`/payments/${reference}/gateway`, 303);
    });
  });

  addApplePay(app, { applePay, methods, checkout, once, contextOf });
  addPlans(app, { aps, methods, store, checkout, once, orTell, contextOf });
  addPasswords(app, { aps, methods, store, checkout, once, orTell, contextOf });

  app.post('/orders/:id/cards', async (c) => {
    const id = c.req.param('id');
    const customer = customerOf(c, { secure });
    const card = (await stored.of(customer)).find(({ key }) => key === c.get('fields').get('card'));
    await once(c, async () => {
      if (!card) return;
      await stored.remove(customer, card.key);
      // Our copy is removed whatever the gateway answers; a token that nobody knows cannot pay.
      const merchant_reference = `${id}-${crypto.randomUUID().slice(0, 8)}`;
      const params = { merchant_reference, token_name: card.token_name, token_status: 'INACTIVE' };
      await aps.tokens.update(params).catch(() => {});
    });
    return c.redirect(`/orders/${id}`, 303);
  });
}
