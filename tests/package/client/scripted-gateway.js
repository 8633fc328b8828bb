// An account, and a gateway with scripted answers, for answers that the sandbox never gives.

import { sign } from 'aps-payops/server';
import { account as plain } from '../../account.js';
import { cards, phrases, securityCodes } from '../../secrets.js';

export const account = { ...plain, digest: 'SHA-256', language: 'en' };

export const applePay = {
  access_code: 'ApplePay1234567890ab',
  sha_request_phrase: phrases.applePayRequest,
  sha_response_phrase: phrases.applePayResponse,
  digest: 'HMAC-256',
};

export const payer = {
  card_number: cards[0],
  expiry_date: '3005',
  card_security_code: securityCodes[0],
  card_holder_name: 'A B',
  customer_email: 'a@example.com',
  customer_ip: '192.0.2.1',
};

export const secrets = [...Object.values(phrases), cards[0]];

/** Signed as APS signs: with the response phrase. */
export function signed(params, { phrase = phrases.response, digest = 'SHA-256' } = {}) {
  return { ...params, signature: sign(params, { phrase, digest }) };
}

const CODES = {
  AUTHORIZATION: '02000',
  PURCHASE: '14000',
  CAPTURE: '04000',
  VOID_AUTHORIZATION: '08000',
  REFUND: '06000',
  CHECK_STATUS: '12000',
};

/** What APS would answer to a request, signed. `undefined` leaves a parameter out. */
export function answerTo(request, changes = {}) {
  const { signature, card_number, card_security_code, expiry_date, ...echo } = request;
  const response_code = changes.response_code ?? CODES[request.command ?? request.query_command];
  const all = {
    ...echo,
    fort_id: '149295435400084008',
    response_message: 'Success',
    response_code,
    status: response_code.slice(0, 2),
    ...changes,
  };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  return response_code.startsWith('00') ? all : signed(all);
}

/** Totals as CHECK_STATUS reports them. */
export function totals(authorized, captured, refunded, transaction_status) {
  return {
    authorized_amount: String(authorized),
    captured_amount: String(captured),
    refunded_amount: String(refunded),
    transaction_status,
    transaction_code: `${transaction_status}000`,
    transaction_message: 'Success',
  };
}

/** No such order. */
export const notFound = { response_code: '12036', response_message: 'Order not found', fort_id: undefined };

export const json = (body, init) => new Response(JSON.stringify(body), init);

/** What a fetch throws when the system says no. */
export function failed(code, more) {
  return Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code, ...more }) });
}

/** Never answers, and obeys the signal. */
export const neverAnswer = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/**
 * A fetch that asks `answer(params, init, count)` for each request, and keeps what was sent in `sent`. An answer is a
 * Response, parameters to be sent as JSON, or an error to be thrown.
 */
export function scriptedFetch(answer) {
  const sent = [];
  const fetch = async (_url, init) => {
    const params = JSON.parse(init.body);
    sent.push(params);
    const result = await answer(params, init, sent.length);
    if (result instanceof Error) throw result;
    return result instanceof Response ? result : json(result);
  };
  return { fetch, sent, commands: () => sent.map(({ command, query_command }) => command ?? query_command) };
}
