import { createHash, timingSafeEqual } from 'node:crypto';
import { accountFromEnv, buildForm, createNotificationHandler, PaymentServices } from 'aps-payops/server';
import { createOrder, findOrder, moveOrder } from './orders.js';

const account = accountFromEnv();
const aps = new PaymentServices(account);

const notified = createNotificationHandler({
  account,
  async order({ merchant_reference }) {
    const order = await findOrder(merchant_reference);
    return order && { merchant_reference, amount: order.amount };
  },
  on: {
    async PURCHASE({ outcome, params }) {
      if (outcome === 'succeeded') await moveOrder(params.merchant_reference, 'open', 'paid');
    },
  },
});

const routes = {
  async 'POST /orders'(request) {
    const { product } = (await request.json().catch(() => null)) ?? {};
    if (typeof product !== 'string') return new Response('Send {"product":"…"}.', { status: 400 });
    const order = await createOrder(product);
    return order ? Response.json(order, { status: 201 }) : notFound();
  },
  async 'GET /orders/:id/pay'(request, id) {
    const order = await findOrder(id);
    if (order?.status !== 'open') return notFound();
    const params = {
      merchant_reference: id,
      amount: order.amount,
      customer_email: order.email,
      return_url: new URL(`/orders/${id}`, request.url).href,
    };
    const form = buildForm('PURCHASE', params, account);
    const html = form.html({ button: `Pay ${order.amount.format('en-AE')}` });
    return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  },
  'GET /orders/:id': showOrder,
  // APS sends the customer back by GET or POST. That proves nothing: the notification does.
  'POST /orders/:id': showOrder,
  'POST /webhook': notified,
  async 'POST /orders/:id/refund'(request, id) {
    if (!isStaff(request.headers.get('authorization'))) return new Response('Staff only', { status: 401 });
    if (!(await moveOrder(id, 'paid', 'refunding'))) return new Response('Not paid', { status: 409 });
    const { amount } = await findOrder(id);
    // Under a name that stays the same, APS refuses a second refund.
    const params = { merchant_reference: id, amount, maintenance_reference: id };
    const { outcome } = await aps.refund(params, { baseline: true });
    if (outcome === 'succeeded') await moveOrder(id, 'refunding', 'refunded');
    else if (outcome === 'failed' || outcome === 'rejected') await moveOrder(id, 'refunding', 'paid');
    return Response.json({ outcome });
  },
};

async function showOrder(_request, id) {
  const order = await findOrder(id);
  return order ? Response.json({ id, status: order.status }) : notFound();
}

const notFound = () => new Response('Not found', { status: 404 });

const digest = (text) => createHash('sha256').update(text).digest();

function isStaff(authorization) {
  const { STAFF_TOKEN } = process.env;
  return Boolean(STAFF_TOKEN) && timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${STAFF_TOKEN}`));
}

/** Takes events of an HTTP API (payload version 2.0). */
export async function handler(event) {
  const { method } = event.requestContext.http;
  const [, collection, id, action] = event.rawPath.split('/');
  const route = [collection, id && ':id', action].filter(Boolean).join('/');
  const handle = routes[`${method} /${route}`];
  const response = handle ? await handle(requestOf(event), id) : notFound();
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

// API Gateway may hand over a body as base64: its bytes are what was signed.
function requestOf({ requestContext, rawPath, headers, body, isBase64Encoded }) {
  const { method } = requestContext.http;
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Request(`https://${requestContext.domainName}${rawPath}`, { method, headers, body: bytes });
}
