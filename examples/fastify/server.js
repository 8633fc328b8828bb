import { accountFromEnv, buildForm, createNotificationHandler, PaymentServices } from 'aps-payops/server';
import Fastify from 'fastify';
import { createOrder, findOrder } from './orders.js';
import { isStaff } from './staff.js';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;
const account = accountFromEnv();
const aps = new PaymentServices(account);
const app = Fastify();

app.post('/orders', async (request, reply) => {
  const order = createOrder(request.body?.product);
  return order ? reply.code(201).send(order) : reply.callNotFound();
});

app.get('/orders/:id/pay', async (request, reply) => {
  const order = findOrder(request.params.id);
  if (order?.status !== 'open') return reply.callNotFound();
  const params = {
    merchant_reference: order.id,
    amount: order.amount,
    customer_email: order.email,
    return_url: `${SHOP_URL}/orders/${order.id}`,
  };
  const form = buildForm('PURCHASE', params, account);
  return reply.type('text/html').send(form.html({ button: `Pay ${order.amount.format('en-AE')}` }));
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

// What APS posts, as it came: what a parser makes of it may have lost what was signed.
app.register(async (unparsed) => {
  unparsed.removeAllContentTypeParsers();
  unparsed.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  unparsed.post('/webhook', async (request, reply) => {
    const response = await notified(new Request(`${SHOP_URL}/webhook`, { method: 'POST', body: request.body }));
    return reply.code(response.status).send(await response.text());
  });

  // APS sends the customer back here, by GET or POST. That proves nothing: the notification does.
  unparsed.route({
    method: ['GET', 'POST'],
    url: '/orders/:id',
    async handler(request, reply) {
      const order = findOrder(request.params.id);
      return order ? { id: order.id, status: order.status } : reply.callNotFound();
    },
  });
});

app.post('/orders/:id/refund', async (request, reply) => {
  if (!isStaff(request.headers.authorization)) return reply.code(401).send();
  const order = findOrder(request.params.id);
  if (order?.status !== 'paid') return reply.code(409).send();
  order.status = 'refunding'; // a second click finds it so
  // Under a name that stays the same, APS refuses a second refund.
  const params = { merchant_reference: order.id, amount: order.amount, maintenance_reference: order.id };
  const { outcome } = await aps.refund(params, { baseline: true });
  if (outcome === 'succeeded') order.status = 'refunded';
  else if (outcome === 'failed' || outcome === 'rejected') order.status = 'paid';
  return { outcome };
});

await app.listen({ port: Number(PORT), host: '::' });
console.log(`The shop is at ${SHOP_URL}`);
