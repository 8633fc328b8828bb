import { Amount, accountFromEnv, buildForm, createNotificationHandler, PaymentServices } from 'aps-payops/server';

export { Order } from './order.js';

export default {
  async fetch(request, env) {
    const account = accountFromEnv(env);
    const orders = (id) => env.ORDERS.get(env.ORDERS.idFromName(id));
    const { pathname } = new URL(request.url);
    const [, collection, id, action] = pathname.split('/');

    if (pathname === '/webhook') return notified(account, orders)(request);
    if (collection !== 'orders') return notFound();
    if (!id && request.method === 'POST') return createOrder(request, orders);
    if (id && !action) return showOrder(orders, id);
    if (action === 'pay' && request.method === 'GET') return showForm(request, account, orders, id);
    if (action === 'refund' && request.method === 'POST') return refund(request, env, account, orders, id);
    return notFound();
  },
};

async function createOrder(request, orders) {
  const { product } = (await request.json().catch(() => null)) ?? {};
  if (typeof product !== 'string') return new Response('Send {"product":"…"}.', { status: 400 });
  const id = crypto.randomUUID();
  const order = await orders(id).create(id, product);
  return order ? Response.json(order, { status: 201 }) : notFound();
}

// APS sends the customer back here, by GET or POST. That proves nothing: the notification does.
async function showOrder(orders, id) {
  const order = await orders(id).read();
  return order ? Response.json({ id, status: order.status }) : notFound();
}

async function showForm(request, account, orders, id) {
  const order = await orders(id).read();
  if (order?.status !== 'open') return notFound();
  const amount = Amount.fromMinor(order.amount, order.currency);
  const return_url = new URL(`/orders/${id}`, request.url).href;
  const params = { merchant_reference: id, amount, customer_email: order.email, return_url };
  const form = buildForm('PURCHASE', params, account);
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return new Response(form.html({ button: `Pay ${amount.format('en-AE')}` }), { headers });
}

function notified(account, orders) {
  return createNotificationHandler({
    account,
    async order({ merchant_reference }) {
      const order = await orders(merchant_reference).read();
      return order && { merchant_reference, amount: order.amount, currency: order.currency };
    },
    on: {
      async PURCHASE({ outcome, params }) {
        if (outcome === 'succeeded') await orders(params.merchant_reference).move('open', 'paid');
      },
    },
  });
}

async function refund(request, env, account, orders, id) {
  if (!(await isStaff(request, env))) return new Response('Staff only', { status: 401 });
  const order = orders(id);
  if (!(await order.move('paid', 'refunding'))) return new Response('Not paid', { status: 409 });
  const { amount, currency } = await order.read();
  // Under a name that stays the same, APS refuses a second refund.
  const params = { merchant_reference: id, amount, currency, maintenance_reference: id };
  const { outcome } = await new PaymentServices(account).refund(params, { baseline: true });
  if (outcome === 'succeeded') await order.move('refunding', 'refunded');
  else if (outcome === 'failed' || outcome === 'rejected') await order.move('refunding', 'paid');
  return Response.json({ outcome });
}

async function isStaff(request, { STAFF_TOKEN }) {
  if (!STAFF_TOKEN) return false;
  const digest = (text) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const given = await digest(request.headers.get('authorization') ?? '');
  return crypto.subtle.timingSafeEqual(given, await digest(`Bearer ${STAFF_TOKEN}`));
}

const notFound = () => new Response('Not found', { status: 404 });
