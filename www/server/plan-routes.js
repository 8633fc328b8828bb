// Instalments: the customer chooses a bank's plan before entering the card, and the payment requests it.
import { instalmentsFor } from './methods.js';
import { planKey, plansPage } from './pages/plans.js';
import { readPlans } from './plans.js';
import { Refusal } from './refusal.js';
import { isDeclined } from './results.js';

/** Milliseconds for which a choice is kept: longer than a page stays open. */
const LASTS = 30 * 86_400_000;

/**
 * The plan that an order is to be paid by: the one that the query of its page names, as it was offered; else that of the last
 * attempt, if it did not go through.
 *
 * @param {import('./store.js').Store} store
 * @param {{ order: { id: string }, payments: readonly any[] }} found
 * @param {string | undefined} key `none` to pay in full
 * @returns {Promise<import('./plans.js').Plan | undefined>}
 */
export async function chosenPlan(store, { order, payments }, key) {
  if (key !== undefined) return store.note('plan', `${order.id} ${key}`);
  const last = payments.at(-1)?.record;
  return last && isDeclined(last) ? last.plan : undefined;
}

/** Binds a plan to the form that is shown with it. @param {import('./store.js').Store} store @param {string} reference */
export const bindPlan = (store, reference, /** @type {import('./plans.js').Plan} */ plan) =>
  store.saveNote('form-plan', reference, plan, { until: Date.now() + LASTS });

/**
 * @param {import('hono').Hono<any>} app
 * @param {any} shop
 */
export function addPlans(app, { aps, methods, store, checkout, once, orTell, contextOf }) {
  /** The plans of all banks for an order. */
  const find = async (c) => {
    const { order, amount } = await checkout.reserve(c.req.param('id'));
    if (!instalmentsFor(amount.currency, methods)) throw new Refusal('no_such_method', 422);
    const reply = await aps.installments.plans({ amount });
    const plans = reply.outcome === 'succeeded' ? readPlans(reply.params.installment_detail, c.get('language')) : [];
    if (plans.length === 0) throw new Refusal('no_plans', 409);
    return { order, amount, plans };
  };

  app.get('/orders/:id/plans', (c) =>
    orTell(c, c.req.param('id'), async () => c.html(plansPage(contextOf(c), await find(c)))),
  );

  app.post('/orders/:id/plans', (c) => {
    const id = c.req.param('id');
    return orTell(c, id, async () => {
      const found = await find(c);
      const key = c.get('fields').get('plan') ?? '';
      const plan = found.plans.find((one) => planKey(one) === key);
      if (!plan) return c.html(plansPage(contextOf(c), { ...found, message: contextOf(c).t('plan_missing') }), 422);
      const path = await once(c, async () => {
        await store.saveNote('plan', `${id} ${key}`, plan, { until: Date.now() + LASTS });
        return `/orders/${id}?plan=${encodeURIComponent(key)}`;
      });
      return c.redirect(path, 303);
    });
  });
}
