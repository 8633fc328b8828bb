import { serve } from '@hono/node-server';
import { accountFromEnv, createNotificationHandler, PaymentServices } from 'aps-payops/server';
import { Hono } from 'hono';
import { findOrder, ordersOf } from './orders.js';
import { customerOf } from './sessions.js';

const { PORT = '3000' } = process.env;
const account = accountFromEnv();
const aps = new PaymentServices(account);
const app = new Hono();

// Everything under /app needs the session that the app has got by logging in.
app.use('/app/*', async (c, next) => {
  const customer = customerOf(c.req.header('authorization'));
  if (!customer) return c.text('Log in first', 401);
  c.set('customer', customer);
  await next();
});

app.get('/app/orders', (c) => c.json(ordersOf(c.get('customer'))));

// What the SDK needs for one payment: a token for this device, and the order in APS's terms. The app shows the amount; it
// does not choose it, for a notification about another one is refused.
app.post('/app/orders/:id/payment', async (c) => {
  const { device_id } = (await c.req.json().catch(() => null)) ?? {};
  if (typeof device_id !== 'string') return c.text('Send {"device_id":"…"}.', 400);
  const order = findOrder(c.req.param('id'));
  if (order?.customer !== c.get('customer') || order.status !== 'open') return c.notFound();
  const { outcome, params, message } = await aps.sdk.token({ device_id });
  if (outcome !== 'succeeded') return c.json({ error: message }, 502);
  return c.json({
    sdk_token: params.sdk_token,
    command: 'PURCHASE',
    merchant_reference: order.id,
    ...order.amount.toJSON(),
    customer_email: order.customer,
  });
});

const notified = createNotificationHandler({
  account,
  order({ merchant_reference }) {
    const order = findOrder(merchant_reference);
    return order && { merchant_reference, amount: order.amount, command: 'PURCHASE' };
  },
  on: {
    succeeded({ params }) {
      findOrder(params.merchant_reference).status = 'paid';
    },
  },
});
app.post('/webhook', (c) => notified(c.req.raw));

serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => console.log(`Listening on ${port}`));
