// Before: what many shops have written themselves.

import { createHash } from 'node:crypto';

const { paymentApi, access_code, merchant_identifier, request_phrase, response_phrase } = JSON.parse(
  process.env.BEFORE,
);

export function sign(params, phrase) {
  const text = Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('');
  return createHash('sha256')
    .update(phrase + text + phrase)
    .digest('hex');
}

export async function capture(order) {
  const params = {
    command: 'CAPTURE',
    access_code,
    merchant_identifier,
    merchant_reference: order.id,
    amount: String(Math.round(order.total * 100)), // wrong for KWD, which has three decimals
    currency: order.currency,
    language: 'en',
  };
  const response = await fetch(paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...params, signature: sign(params, request_phrase) }),
  });
  const reply = await response.json(); // if this throws, was it captured?
  return reply.status === '04';
}

export function isPaid(notification) {
  const { signature, ...params } = JSON.parse(notification);
  // Genuine, but of which order, and of how much?
  return signature === sign(params, response_phrase) && params.status === '14';
}
