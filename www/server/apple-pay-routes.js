// Apple Pay: the page requests a merchant session and posts the token of the customer's device, which only APS can decrypt.
import { applePayParams } from 'aps-payops/server';
import { APPLE_PAY } from './methods.js';
import { Refusal } from './refusal.js';

/**
 * @typedef {object} ApplePay
 * @property {string} country two letters, of the shop
 * @property {boolean} isStandIn whether the page may show a stand-in where the browser has no Apple Pay
 * @property {(validationURL: string) => Promise<Record<string, unknown>>} openSession asks Apple
 */

/**
 * @param {import('hono').Hono<any>} app
 * @param {any} shop
 */
export function addApplePay(app, { applePay, methods, checkout, once, contextOf }) {
  if (!applePay || !methods.includes(APPLE_PAY)) return;

  app.post('/orders/:id/apple-pay/session', async (c) => {
    await checkout.reserve(c.req.param('id'));
    try {
      return c.json(await applePay.openSession(c.get('fields').get('url') ?? ''));
    } catch (error) {
      if (error.name !== 'ConfigurationError' && error.name !== 'TransportError') throw error;
      return c.json({ message: contextOf(c).t('apple_failed') }, 502);
    }
  });

  app.post('/orders/:id/apple-pay', async (c) => {
    const id = c.req.param('id');
    const fields = c.get('fields');
    const params = readToken(fields.get('apple_token') ?? '');
    if (!params) return c.json({ message: contextOf(c).t('apple_failed') }, 422);
    const again = fields.get('again') === 'yes';
    try {
      const isPaid = await once(c, async () => {
        const { reference } = await checkout.reserve(id);
        // mada cannot be authorized.
        const isAtOnce = params.apple_paymentMethod.apple_network.toLowerCase() === 'mada';
        const payment = { reference, again, paidBy: params, chosen: { digital_wallet: APPLE_PAY }, isAtOnce };
        await checkout.payDirectly(id, payment, c.get('language'));
        return checkout.isHeld(reference);
      });
      return c.json({ isPaid });
    } catch (error) {
      const isOurs = error instanceof Refusal && error.code !== 'not_found';
      if (!isOurs && error.name !== 'ValidationError') throw error;
      // The order's page shows its state.
      return c.json({ isPaid: false }, error.status ?? 422);
    }
  });
}

/** The parameters of an Apple Pay token, or null if the text is not a token that names its card. @param {string} text */
function readToken(text) {
  try {
    const params = applePayParams(JSON.parse(text));
    return params.apple_paymentMethod ? params : null;
  } catch {
    return null;
  }
}
