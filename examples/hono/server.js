import { serve } from '@hono/node-server';
import { accountFromEnv, buildForm, createNotificationHandler, PaymentServices } from 'aps-payops/server';
import { Hono } from 'hono';
import { createOrder, findOrder } from './orders.js';
import { isStaff } from './staff.js';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;
const account = accountFromEnv();
const aps = new PaymentServices(account);
const app = new Hono();

app.post('/orders', async (c) => {
  const { product } = (await c.req.json().catch(() => null)) ?? {};
  if (typeof product !== 'string') return c.text('Send {"product":"…"}.', 400);
  const order = createOrder(product);
  return order ? c.json(order, 201) : c.notFound();
});

app.get('/orders/:id/pay', (c) => {
  const order = findOrder(c.req.param('id'));
  if (order?.status !== 'open') return c.notFound();
  const params = {
    merchant_reference: order.id,
    amount: order.amount,
    customer_email: order.email,
    return_url: `${SHOP_URL}/orders/${order.id}`,
  };
  const form = buildForm('PURCHASE', params, account);
  return c.html(form.html({ button: `Pay ${order.amount.format('en-AE')}` }));
});

// APS sends the customer back here, by GET or POST. That proves nothing: the notification does.
app.on(['GET', 'POST'], '/orders/:id', (c) => {
  const order = findOrder(c.req.param('id'));
  return order ? c.json({ id: order.id, status: order.status }) : c.notFound();
});

const notified = createNotificationHandler({
  account,
  order({ merchant_reference }) {
    const order = findOrder(merchant_reference);
    return order && { merchant_reference, amount: order.amount };
  },
  on: {
    PURCHASE({ outcome, params }) {
      const order = findOrder(params.merchant_reference);
      if (outcome === 'succeeded' && order.status === 'open') order.status = 'paid';
    },
  },
});

app.post('/webhook', (c) => notified(c.req.raw));

app.post('/orders/:id/refund', async (c) => {
  if (!isStaff(c.req.header('authorization'))) return c.text('Staff only', 401);
  const order = findOrder(c.req.param('id'));
  if (order?.status !== 'paid') return c.text('Not paid', 409);
  order.status = 'refunding'; // a second click finds it so
  // Under a name that stays the same, APS refuses a second refund.
  const params = { merchant_reference: order.id, amount: order.amount, maintenance_reference: order.id };
  const { outcome } = await aps.refund(params, { baseline: true });
  if (outcome === 'succeeded') order.status = 'refunded';
  else if (outcome === 'failed' || outcome === 'rejected') order.status = 'paid';
  return c.json({ outcome });
});

serve({ fetch: app.fetch, port: Number(PORT) }, () => console.log(`The shop is at ${SHOP_URL}`));
