import { accountFromEnv, buildForm, createNotificationHandler, PaymentServices } from 'aps-payops/server';
import express from 'express';
import { createOrder, findOrder } from './orders.js';
import { isStaff } from './staff.js';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;
const account = accountFromEnv();
const aps = new PaymentServices(account);
const app = express();

app.post('/orders', express.json(), (req, res) => {
  const order = createOrder(req.body?.product);
  if (!order) return res.sendStatus(404);
  res.status(201).json(order);
});

app.get('/orders/:id/pay', (req, res) => {
  const order = findOrder(req.params.id);
  if (order?.status !== 'open') return res.sendStatus(404);
  const params = {
    merchant_reference: order.id,
    amount: order.amount,
    customer_email: order.email,
    return_url: `${SHOP_URL}/orders/${order.id}`,
  };
  const form = buildForm('PURCHASE', params, account);
  res.send(form.html({ button: `Pay ${order.amount.format('en-AE')}` }));
});

// APS sends the customer back here, by GET or POST. That proves nothing: the notification does.
app.all('/orders/:id', (req, res) => {
  const order = findOrder(req.params.id);
  if (!order) return res.sendStatus(404);
  res.json({ id: order.id, status: order.status });
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

// The body as it came: what a parser makes of it may have lost what was signed.
app.post('/webhook', express.text({ type: () => true, limit: '1mb' }), async (req, res) => {
  const response = await notified(new Request(`${SHOP_URL}/webhook`, { method: 'POST', body: req.body }));
  res.status(response.status).send(await response.text());
});

app.post('/orders/:id/refund', async (req, res) => {
  if (!isStaff(req.get('authorization'))) return res.sendStatus(401);
  const order = findOrder(req.params.id);
  if (order?.status !== 'paid') return res.sendStatus(409);
  order.status = 'refunding'; // a second click finds it so
  // Under a name that stays the same, APS refuses a second refund.
  const params = { merchant_reference: order.id, amount: order.amount, maintenance_reference: order.id };
  const { outcome } = await aps.refund(params, { baseline: true });
  if (outcome === 'succeeded') order.status = 'refunded';
  else if (outcome === 'failed' || outcome === 'rejected') order.status = 'paid';
  res.json({ outcome });
});

app.listen(PORT, () => console.log(`The shop is at ${SHOP_URL}`));
