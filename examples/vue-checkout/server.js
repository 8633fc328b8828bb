import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import {
  accountFromEnv,
  buildForm,
  createNotificationHandler,
  openNotification,
  PaymentServices,
} from 'aps-payops/server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { createOrder, findOrder } from './orders.js';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;
const account = accountFromEnv();
const aps = new PaymentServices(account);
const { action: gateway } = buildForm('TOKENIZATION', { merchant_reference: 'none' }, account);
const app = new Hono();

app.use(
  secureHeaders({
    referrerPolicy: 'same-origin',
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      // The card goes to APS, and to nobody else.
      formAction: ["'self'", new URL(gateway).origin],
    },
  }),
);

app.post('/orders', async (c) => {
  const { product } = (await c.req.json().catch(() => null)) ?? {};
  if (typeof product !== 'string') return c.text('Send {"product":"…"}.', 400);
  const order = createOrder(product);
  return order ? c.json(order, 201) : c.notFound();
});

// What the card form posts to APS beside the card: signed here, where the phrases are.
app.get('/orders/:id/form', (c) => {
  const order = findOrder(c.req.param('id'));
  if (order?.status !== 'open') return c.notFound();
  const params = { merchant_reference: order.id, return_url: `${SHOP_URL}/orders/${order.id}/card` };
  const { action, fields } = buildForm('TOKENIZATION', params, account);
  return c.json({ action, fields: { ...fields } });
});

// The customer comes back with a token instead of a card. It pays for this order, at its price.
app.on(['GET', 'POST'], '/orders/:id/card', async (c) => {
  const order = findOrder(c.req.param('id'));
  if (!order) return c.notFound();
  const message = c.req.method === 'GET' ? new URL(c.req.url).searchParams : await c.req.text();
  const expect = { merchant_reference: order.id, command: 'TOKENIZATION' };
  const { outcome, params } = openNotification(message, account, { expect });
  if (outcome === 'succeeded' && order.status === 'open') {
    order.status = 'paying'; // this may be loaded twice
    const reply = await aps.purchase({
      merchant_reference: order.id,
      amount: order.amount,
      customer_email: order.email,
      token_name: params.token_name,
      return_url: `${SHOP_URL}/orders/${order.id}/back`,
    });
    if (reply.outcome === 'succeeded') order.status = 'paid';
    else if (reply.outcome === 'failed' || reply.outcome === 'rejected') order.status = 'declined';
    // The page goes on to 3-D Secure: browsers hold redirects after a form to form-action.
    else order.next = reply.redirectTo;
  }
  return c.redirect(`/?order=${order.id}`, 303);
});

// Back from 3-D Secure. What became of it, the notification says.
app.on(['GET', 'POST'], '/orders/:id/back', (c) => {
  const order = findOrder(c.req.param('id'));
  if (!order) return c.notFound();
  order.next = undefined;
  return c.redirect(`/?order=${order.id}`, 303);
});

app.get('/orders/:id', (c) => {
  const order = findOrder(c.req.param('id'));
  return order ? c.json({ id: order.id, status: order.status, next: order.next }) : c.notFound();
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
    failed({ params }) {
      const order = findOrder(params.merchant_reference);
      if (order.status !== 'paid') order.status = 'declined';
    },
  },
});
app.post('/webhook', (c) => notified(c.req.raw));

app.use(serveStatic({ root: './dist' }));

serve({ fetch: app.fetch, port: Number(PORT) }, () => console.log(`The shop is at ${SHOP_URL}`));
