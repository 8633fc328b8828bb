// What merchants do today, beside what they would do with us. Every call gets parameters of its own.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { buildRequest, sign, validate, verify } from 'aps-payops/server';

const payfort = createRequire(import.meta.url)('payfort-node');

/** Made up for this benchmark. */
export const account = {
  environment: /** @type {const} */ ('sandbox'),
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: 'bench-request-phrase',
  sha_response_phrase: 'bench-response-phrase',
  digest: /** @type {const} */ ('SHA-256'),
  language: /** @type {const} */ ('en'),
};

const request = { phrase: account.sha_request_phrase, digest: account.digest };
const response = { phrase: account.sha_response_phrase, digest: account.digest };

/** @param {number} i */
const order = (i) => ({
  merchant_reference: `order-${i}`,
  amount: String(10_000 + i),
  currency: 'AED',
  customer_email: `customer${i}@example.com`,
  order_description: 'Two items',
});

/** @param {number} i */
const whole = (i) => ({
  command: 'PURCHASE',
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  language: 'en',
  ...order(i),
});

/** @param {number} i */
function reply(i) {
  const params = {
    ...whole(i),
    fort_id: String(169_000_000_000_000_000n + BigInt(i)),
    response_code: '14000',
    response_message: 'Success',
    status: '14',
    authorization_code: `P10000000000${i}`,
    card_number: '400555******0001',
    expiry_date: '3005',
    eci: 'ECOMMERCE',
    payment_option: 'VISA',
  };
  return JSON.stringify({ ...params, signature: sign(params, response) });
}

/** @param {Record<string, string>} params */
function canonical(params) {
  let text = '';
  for (const name of Object.keys(params).sort()) if (name !== 'signature') text += `${name}=${params[name]}`;
  return text;
}

/**
 * @param {Record<string, string>} params
 * @param {string} phrase
 */
const byHand = (params, phrase) =>
  createHash('sha256')
    .update(phrase + canonical(params) + phrase)
    .digest();

/**
 * @param {string} text
 * @param {(params: Record<string, string>) => Uint8Array} digest
 */
function verifyBy(text, digest) {
  const params = JSON.parse(text);
  return timingSafeEqual(digest(params), Buffer.from(params.signature, 'hex'));
}

/**
 * @param {Record<string, string>} params
 * @param {string} phrase
 */
const noble = (params, phrase) => sha256(utf8ToBytes(phrase + canonical(params) + phrase));

/** @param {Record<string, string>} params */
const hmacText = (params) => request.phrase + canonical(params) + request.phrase;

/**
 * Groups of contenders. `ours` is the one that ratios are taken of.
 * @param {number} calls how many distinct arguments a round has
 */
export function groups(calls) {
  const orders = Array.from({ length: calls }, (_, i) => order(i));
  const wholes = Array.from({ length: calls }, (_, i) => whole(i));
  const replies = Array.from({ length: calls }, (_, i) => reply(i));
  const at = (/** @type {any[]} */ list, /** @type {number} */ i) => list[i];
  return {
    'request, SHA-256': {
      'aps-payops: validate + build + sign': (/** @type {number} */ i) =>
        buildRequest('PURCHASE', at(orders, i), account).body,
      'payfort-node: sign': (/** @type {number} */ i) => payfort.create_signature(request.phrase, at(wholes, i)),
      'node:crypto by hand: sign': (/** @type {number} */ i) => byHand(at(wholes, i), request.phrase).toString('hex'),
      '@noble/hashes: sign': (/** @type {number} */ i) => bytesToHex(noble(at(wholes, i), request.phrase)),
      'aps-payops: sign': (/** @type {number} */ i) => sign(at(wholes, i), request),
      'aps-payops: validate': (/** @type {number} */ i) => validate('PURCHASE', at(orders, i)),
    },
    'reply, SHA-256': {
      'aps-payops: verify raw text': (/** @type {number} */ i) => verify(at(replies, i), response),
      'JSON.parse + createHash + timingSafeEqual': (/** @type {number} */ i) =>
        verifyBy(at(replies, i), (params) => byHand(params, response.phrase)),
      'JSON.parse + payfort-node + timingSafeEqual': (/** @type {number} */ i) =>
        verifyBy(at(replies, i), ({ signature: _, ...params }) =>
          Buffer.from(payfort.create_signature(response.phrase, params), 'hex'),
        ),
      'JSON.parse + @noble/hashes + timingSafeEqual': (/** @type {number} */ i) =>
        verifyBy(at(replies, i), (params) => noble(params, response.phrase)),
    },
    'request, HMAC-256': {
      'aps-payops: sign': (/** @type {number} */ i) => sign(at(wholes, i), { ...request, digest: 'HMAC-256' }),
      'node:crypto by hand: sign': (/** @type {number} */ i) =>
        createHmac('sha256', request.phrase)
          .update(hmacText(at(wholes, i)))
          .digest('hex'),
      '@noble/hashes: sign': (/** @type {number} */ i) =>
        bytesToHex(hmac(sha256, utf8ToBytes(request.phrase), utf8ToBytes(hmacText(at(wholes, i))))),
    },
  };
}
