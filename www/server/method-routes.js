// Paying in another way than by a card that is typed here, and removing a card that was remembered.
import { validate } from 'aps-payops';
import { PaymentServices } from 'aps-payops/server';
import { customerOf } from './customer.js';
import { isRedirected, methodsFor, payBy, payByStcPay, payByStored } from './methods.js';
import { passwordPage } from './pages/methods.js';
import { Refusal } from './refusal.js';

/**
 * @param {import('hono').Hono<any>} app
 * @param {object} shop
 * @param {import('aps-payops/server').Account} shop.account
 * @param {typeof globalThis.fetch} shop.fetch
 * @param {number} shop.timeout milliseconds
 * @param {readonly string[]} shop.methods that the account has
 * @param {ReturnType<typeof import('./stored-cards.js').createStoredCards>} shop.stored
 * @param {ReturnType<typeof import('./checkout.js').createCheckout>} shop.checkout
 * @param {(c: any, work: () => Promise<any>) => Promise<any>} shop.once
 * @param {(c: any, id: string, options?: any) => Promise<Response>} shop.showOrder
 * @param {(c: any, path?: string) => import('./pages/parts.js').Context} shop.contextOf
 * @param {boolean} shop.secure
 */
export function addMethods(
  app,
  { account, fetch, timeout, methods, stored, checkout, once, showOrder, contextOf, secure },
) {
  const aps = new PaymentServices(account, { fetch, timeout });

  /** What a form of the order's page chose. */
  const choiceOf = (c, order) => {
    const fields = c.get('fields');
    const card = stored.of(customerOf(c, { secure })).find(({ key }) => key === fields.get('card'));
    if (card) return payByStored(card, order);
    const method = methodsFor(order.amount.currency, methods).find(({ name }) => name === fields.get('method'));
    if (!method || !isRedirected(method)) throw new Refusal('no_such_method', 422);
    const choice = payBy(method, order, phoneOf(fields));
    if (method.needsPhone) checkPhone(choice.params.phone_number ?? '');
    return choice;
  };

  /** Does what a form asks for, or shows the order with the reason why not. */
  const orTell = async (c, id, work) => {
    try {
      return await work();
    } catch (error) {
      const isOurs = error instanceof Refusal && error.code !== 'not_found' && error.code !== 'no_token';
      if (!isOurs && error.name !== 'ValidationError') throw error;
      const isTold = /^(?:order_|phone_|password_|no_such)/.test(error.code);
      const key = /** @type {any} */ (isTold ? error.code : 'not_started');
      return showOrder(c, id, { message: contextOf(c).t(key), status: error.status ?? 422 });
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

  addPasswords(app, { aps, methods, checkout, once, orTell, contextOf });

  app.post('/orders/:id/cards', async (c) => {
    const id = c.req.param('id');
    const customer = customerOf(c, { secure });
    const card = stored.of(customer).find(({ key }) => key === c.get('fields').get('card'));
    await once(c, async () => {
      if (!card) return;
      stored.remove(customer, card.key);
      // Ours is gone whatever the gateway answers; there, a token that nobody knows pays for nothing.
      const merchant_reference = `${id}-${crypto.randomUUID().slice(0, 8)}`;
      const params = { merchant_reference, token_name: card.token_name, token_status: 'INACTIVE' };
      await aps.tokens.update(params).catch(() => {});
    });
    return c.redirect(`/orders/${id}`, 303);
  });
}

/** How many passwords may be under way; the oldest are given up. */
const MOST_PASSWORDS = 1000;
/** APS sends no second one within a minute. */
const TOO_SOON = '983';

/**
 * A wallet that sends its owner a password, which the owner gives to the shop.
 *
 * @param {import('hono').Hono<any>} app
 * @param {any} shop
 */
function addPasswords(app, { aps, methods, checkout, once, orTell, contextOf }) {
  /** @type {Map<string, { id: string, phone: string, again: boolean, amount: any }>} by merchant_reference */
  const sent = new Map();
  const sentFor = (c) => {
    const asked = sent.get(c.req.param('reference'));
    return asked?.id === c.req.param('id') ? asked : undefined;
  };

  app.post('/orders/:id/passwords', async (c) => {
    const id = c.req.param('id');
    const fields = c.get('fields');
    return orTell(c, id, async () => {
      const path = await once(c, async () => {
        const { order, amount, reference } = await checkout.reserve(id);
        const isOffered = methodsFor(amount.currency, methods).some(({ name }) => name === 'STCPAY');
        if (!isOffered) throw new Refusal('no_such_method', 422);
        const phone = phoneOf(fields);
        checkPhone(phone);
        const params = { ...payByStcPay(phone), merchant_reference: reference, amount };
        const reply = await aps.stcPay.generateOtp(params);
        if (reply.outcome !== 'succeeded') {
          throw new Refusal(reply.code.endsWith(TOO_SOON) ? 'password_too_soon' : 'password_not_sent', 502);
        }
        sent.set(reference, { id: order.id, phone, again: fields.get('again') === 'yes', amount });
        if (sent.size > MOST_PASSWORDS) sent.delete(/** @type {string} */ (sent.keys().next().value));
        return `/orders/${id}/passwords/${reference}`;
      });
      return c.redirect(path, 303);
    });
  });

  app.get('/orders/:id/passwords/:reference', (c) => {
    const asked = sentFor(c);
    if (!asked) return c.redirect(`/orders/${c.req.param('id')}`, 303);
    const { id, phone, again, amount } = asked;
    const reference = c.req.param('reference');
    return c.html(passwordPage(contextOf(c), { order: { id }, amount, reference, phone: phone.slice(-4), again }));
  });

  app.post('/orders/:id/passwords/:reference', async (c) => {
    const id = c.req.param('id');
    const asked = sentFor(c);
    return orTell(c, id, async () => {
      if (!asked) throw new Refusal('password_over', 409);
      const reference = c.req.param('reference');
      const otp = (c.get('fields').get('otp') ?? '').trim();
      const { digital_wallet, phone_number } = payByStcPay(asked.phone);
      const payment = {
        reference,
        again: asked.again,
        paidBy: { digital_wallet, phone_number, otp },
        chosen: { digital_wallet },
      };
      // A password is good for one try: the next has another, for another payment.
      sent.delete(reference);
      await once(c, () => checkout.payDirectly(id, payment, c.get('language')));
      return c.redirect(`/orders/${id}`, 303);
    });
  });
}

/** @param {URLSearchParams} fields */
const phoneOf = (fields) => (fields.get('phone_number') ?? '').replace(/[\s-]/g, '');

/** Whether a lender could call it: what APS takes, and as long as phone numbers are. @param {string} phone_number */
function checkPhone(phone_number) {
  const isWrong = validate('PURCHASE', { phone_number }).some(({ parameter }) => parameter === 'phone_number');
  if (isWrong || !/^\+?\d{7,15}$/.test(phone_number)) throw new Refusal('phone_wrong', 422);
}
