// Before: with payfort-node, which signs, and sends hosted payments.

import payfort from 'payfort-node';

const { paymentApi, access_code, merchant_identifier, request_phrase, response_phrase } = JSON.parse(
  process.env.BEFORE,
);

export const sign = (params, phrase) => payfort.create_signature(phrase, params);

export async function capture(order) {
  const params = {
    command: 'CAPTURE',
    access_code,
    merchant_identifier,
    merchant_reference: order.id,
    amount: String(Math.round(order.total * 100)),
    currency: order.currency,
    language: 'en',
  };
  const response = await fetch(paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...params, signature: sign(params, request_phrase) }),
  });
  const reply = await response.json();
  return reply.status === '04';
}

export function isPaid(notification) {
  const { signature, ...params } = JSON.parse(notification);
  return signature === sign(params, response_phrase) && params.status === '14';
}
