// Our calls, and what merchants would write without us. Every call gets its own arguments.

import { createRequire } from 'node:module';
import {
  Amount,
  buildRequest,
  openNotification,
  openReply,
  Payment,
  PaymentServices,
  sign,
  validate,
  verify,
} from 'aps-payops/server';
import * as byHand from './by-hand.js';

const payfort = createRequire(import.meta.url)('payfort-node');

/** Not the account of tests: by the length of its phrases, one block more or less is hashed, and figures would shift. */
const account = {
  environment: /** @type {const} */ ('sandbox'),
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: 'bench-request-phrase',
  sha_response_phrase: 'bench-response-phrase',
  digest: /** @type {const} */ ('SHA-256'),
  language: /** @type {const} */ ('en'),
};
const REQUEST = account.sha_request_phrase;
const request = { phrase: REQUEST, digest: account.digest };
const response = { phrase: account.sha_response_phrase, digest: account.digest };
const NOW = Date.now();

const supplied = {
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  language: account.language,
};

/** @typedef {(i: number) => unknown} Contender */
/** @typedef {{ label: string, ours: string, theirs: string, minus?: string, limit?: number }} Ratio */
/** @typedef {{ title: string, contenders: Record<string, Contender>, ratios: Ratio[] }} Group */

/**
 * A call's arguments, made before it is timed.
 * @template T
 * @param {number} calls
 * @param {(i: number) => T} make
 * @returns {(i: number) => T}
 */
function prepared(calls, make) {
  const list = Array.from({ length: calls }, (_, i) => make(i));
  return (i) => /** @type {T} */ (list[i]);
}

const purchase = (/** @type {number} */ i) => ({
  merchant_reference: `order-${i}`,
  amount: String(10_000 + i),
  currency: 'AED',
  customer_email: `customer${i}@example.com`,
  order_description: 'Two items',
});

const arabic = (/** @type {number} */ i) => ({
  merchant_reference: `order-${i}`,
  amount: String(10_000 + i),
  currency: 'AED',
  customer_email: `customer${i}@example.com`,
  order_description: 'قميص قطني أزرق وحذاء رياضي',
});

const capture = (/** @type {number} */ i) => ({
  merchant_reference: `order-${i}`,
  fort_id: String(169_000_000_000_000_000n + BigInt(i)),
  amount: String(1000 + i),
  currency: 'AED',
  order_description: 'Two items',
});

const valu = (/** @type {number} */ i) => ({
  merchant_reference: `order-${i}`,
  amount: String(10_000 + i),
  currency: 'EGP',
  payment_option: 'VALU',
  phone_number: '00008557694',
  merchant_order_id: `Valu${i}`,
  products: [
    { product_name: 'iphone', product_price: String(10_000 + i), product_category: 'phone' },
    { product_name: 'cover', product_price: '900', product_category: 'phone' },
  ],
});

/**
 * Building one kind of request, beside writing it by hand.
 * @param {number} calls
 * @param {object} kind
 * @param {string} kind.title
 * @param {string} kind.command
 * @param {string} [kind.selector]
 * @param {(i: number) => Record<string, any>} kind.params
 * @param {(i: number) => Record<string, unknown>} [kind.options]
 * @param {number} [kind.limit]
 * @returns {Group}
 */
function building(calls, { title, command, selector = 'command', params, options, limit }) {
  const own = prepared(calls, params);
  const given = options && prepared(calls, options);
  const whole = prepared(calls, (i) => ({ [selector]: command, ...supplied, ...params(i) }));
  const zod = byHand.zodSchema(whole(0), selector);
  const valibot = byHand.valibotSchema(whole(0), selector);
  const isFlat = Object.values(whole(0)).every((value) => typeof value === 'string');
  const ours = 'aps-payops: validate, build and sign';
  const theirs = 'zod 4, then node:crypto by hand';
  return {
    title,
    contenders: {
      [ours]: given
        ? (i) => buildRequest(command, own(i), account, given(i)).body
        : (i) => buildRequest(command, own(i), account).body,
      [theirs]: (i) => byHand.body(zod(whole(i)), REQUEST),
      'valibot, then node:crypto by hand': (i) => byHand.body(valibot(whole(i)), REQUEST),
      'node:crypto by hand, nothing checked': (i) => byHand.body(whole(i), REQUEST),
      // It signs text alone.
      ...(isFlat && { 'payfort-node: sign alone': (i) => payfort.create_signature(REQUEST, whole(i)) }),
      '@noble/hashes: sign alone': (i) => byHand.signNoble(whole(i), REQUEST),
    },
    ratios: [{ label: title, ours, theirs, limit }],
  };
}

/** @param {number} calls */
function buildings(calls) {
  const payment = Payment.authorized(Amount.parse('1000', 'AED'), { at: NOW });
  return [
    building(calls, { title: 'a flat ASCII request', command: 'PURCHASE', params: purchase, limit: 1.2 }),
    building(calls, { title: 'a request in Arabic', command: 'PURCHASE', params: arabic, limit: 2.2 }),
    building(calls, {
      title: 'a request with options',
      command: 'PURCHASE',
      params: purchase,
      options: (i) => ({ at: NOW + i, accept: ['order_description:bad_character'] }),
      limit: 1.4,
    }),
    building(calls, {
      title: 'a request with { payment }',
      command: 'CAPTURE',
      params: capture,
      options: (i) => ({ payment, at: NOW + i }),
      limit: 1.8,
    }),
    building(calls, {
      title: 'a nested request',
      command: 'OTP_GENERATE',
      selector: 'service_command',
      params: valu,
    }),
  ];
}

/** @param {Record<string, string>} params */
const signed = (params) => ({ ...params, signature: sign(params, response) });

/** @param {number} i */
const paid = (i) =>
  JSON.stringify(
    signed({
      command: 'PURCHASE',
      ...supplied,
      ...purchase(i),
      fort_id: String(169_000_000_000_000_000n + BigInt(i)),
      response_code: '14000',
      response_message: 'Success',
      status: '14',
      authorization_code: `P10000000000${i}`,
      card_number: '400555******0001',
      expiry_date: '3005',
      eci: 'ECOMMERCE',
      payment_option: 'VISA',
    }),
  );

/** @param {number} i */
const captured = (i) =>
  JSON.stringify(
    signed({
      command: 'CAPTURE',
      ...supplied,
      ...capture(i),
      response_code: '04000',
      response_message: 'Success',
      status: '04',
    }),
  );

/**
 * @param {number} calls
 * @returns {Group}
 */
function replies(calls) {
  const text = prepared(calls, paid);
  const built = prepared(calls, (i) => ({ request: buildRequest('PURCHASE', purchase(i), account) }));
  const order = prepared(calls, (i) => {
    const { merchant_reference, amount, currency } = purchase(i);
    return { expect: { command: 'PURCHASE', merchant_reference, amount, currency } };
  });
  const ours = 'aps-payops: verify';
  const theirs = 'JSON.parse, sort, crypto.hash, timingSafeEqual';
  return {
    title: 'a reply',
    contenders: {
      [ours]: (i) => verify(text(i), response),
      [theirs]: (i) => byHand.verify(text(i), (params) => byHand.sign(params, response.phrase)),
      'the same with payfort-node': (i) =>
        byHand.verify(text(i), ({ signature: _, ...params }) => payfort.create_signature(response.phrase, params)),
      'the same with @noble/hashes': (i) =>
        byHand.verify(text(i), (params) => byHand.signNoble(params, response.phrase)),
      'aps-payops: openReply': (i) => openReply(text(i), account, built(i)).outcome,
      'aps-payops: openNotification': (i) => openNotification(text(i), account, order(i)).outcome,
    },
    ratios: [
      { label: 'verify ÷ by hand', ours, theirs, limit: 0.9 },
      { label: 'openReply ÷ verify', ours: 'aps-payops: openReply', theirs: ours },
      { label: 'openNotification ÷ verify', ours: 'aps-payops: openNotification', theirs: ours, limit: 5 },
    ],
  };
}

/**
 * Whole operations, on a `fetch` that answers at once.
 * @param {number} calls
 * @returns {Group}
 */
function operations(calls) {
  const own = prepared(calls, capture);
  const text = prepared(calls, captured);
  const payment = Payment.authorized(Amount.parse('1000', 'AED'), { at: Date.now() });
  let next = 0;
  const fetch = async () => new Response(text(next), { headers: { 'content-type': 'application/json' } });
  const aps = new PaymentServices(account, { fetch });
  const checkOutcome = (/** @type {{ outcome: string }} */ { outcome }) => {
    if (outcome !== 'succeeded') throw new Error(`the capture ${outcome}`);
    return true;
  };
  const stub = 'the stubbed fetch and its text alone';
  const plain = 'aps.capture(params)';
  const guarded = 'aps.capture(params, { payment })';
  return {
    title: 'a whole operation',
    contenders: {
      'aps-payops: verify': (i) => verify(text(i), response),
      [stub]: async (i) => {
        next = i;
        return (await (await fetch()).text()).length > 0;
      },
      [plain]: async (i) => {
        next = i;
        return checkOutcome(await aps.capture(own(i)));
      },
      [guarded]: async (i) => {
        next = i;
        return checkOutcome(await aps.capture(own(i), { payment }));
      },
    },
    ratios: [
      { label: `${plain} ÷ verify`, ours: plain, minus: stub, theirs: 'aps-payops: verify', limit: 18 },
      { label: `${guarded} ÷ verify`, ours: guarded, minus: stub, theirs: 'aps-payops: verify', limit: 18 },
    ],
  };
}

/**
 * @param {number} calls
 * @returns {Group}
 */
function parts(calls) {
  const own = prepared(calls, purchase);
  const whole = prepared(calls, (i) => ({ command: 'PURCHASE', ...supplied, ...purchase(i) }));
  const hmac = { phrase: REQUEST, digest: /** @type {const} */ ('HMAC-256') };
  return {
    title: 'parts',
    contenders: {
      'aps-payops: validate': (i) => validate('PURCHASE', own(i)).length === 0,
      'aps-payops: sign, SHA-256': (i) => sign(whole(i), request),
      'node:crypto by hand: sign, SHA-256': (i) => byHand.sign(whole(i), REQUEST),
      'aps-payops: sign, HMAC-256': (i) => sign(whole(i), hmac),
      'node:crypto by hand: sign, HMAC-256': (i) => byHand.signHmac(whole(i), REQUEST),
      '@noble/hashes: sign, HMAC-256': (i) => byHand.signNobleHmac(whole(i), REQUEST),
    },
    ratios: [],
  };
}

/**
 * @param {number} calls how many distinct arguments a round has
 * @returns {Group[]}
 */
export const groups = (calls) => [...buildings(calls), replies(calls), operations(calls), parts(calls)];
