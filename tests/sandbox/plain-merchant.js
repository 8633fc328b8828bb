/** A hand-written merchant: signs and verifies without the package, so that the sandbox is tested independently. */

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';

/** @param {unknown} value */
const java = (value) =>
  Array.isArray(value)
    ? `[${value.map(java).join(', ')}]`
    : typeof value === 'object' && value !== null
      ? `{${Object.entries(value)
          .map(([name, member]) => `${name}=${java(member)}`)
          .join(', ')}}`
      : String(value);

export function handSign(params, phrase, digest = 'SHA-256') {
  const names = Object.keys(params).filter((name) => name !== 'signature');
  const text =
    phrase +
    names
      .sort()
      .map((name) => `${name}=${java(params[name])}`)
      .join('') +
    phrase;
  const algorithm = digest.endsWith('512') ? 'sha512' : 'sha256';
  const hash = digest.startsWith('HMAC') ? createHmac(algorithm, phrase) : createHash(algorithm);
  return hash.update(text).digest('hex');
}

const first = (phrase) => (Array.isArray(phrase) ? phrase[0] : phrase);

export const CARD = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };

let references = 0;
export const reference = () => `order-${++references}`;

/** A signed request; `undefined` leaves a parameter out. */
export function request(account, params, { phrase = first(account.sha_request_phrase) } = {}) {
  const { merchant_identifier, access_code, language, digest } = account;
  const all = { merchant_identifier, access_code, language, ...params };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  return 'signature' in params ? all : { ...all, signature: handSign(all, phrase, digest) };
}

export async function post(sandbox, body, { fetch = sandbox.fetch, signal } = {}) {
  const { paymentApi, reportingApi } = sandbox.account.environment;
  const isReport = /_REPORT$/.test((typeof body === 'string' ? '' : body.query_command) ?? '');
  const response = await fetch(isReport ? reportingApi : paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal,
  });
  assert.equal(response.status, 200);
  return response.json();
}

/** Asks, and checks that the answer is signed exactly when its status is not 00. */
export async function ask(sandbox, params, options = {}) {
  const { account } = sandbox;
  const reply = await post(sandbox, request(account, params, options), options);
  authentic(reply, account);
  return reply;
}

export function authentic(reply, account) {
  const isUnsigned = reply.status === '00' && reply.response_code !== '00072';
  if (isUnsigned) assert.ok(!('signature' in reply), 'status 00 is not signed, but for a cancel');
  else assert.equal(reply.signature, handSign(reply, first(account.sha_response_phrase), account.digest));
  assert.equal(reply.response_code.slice(0, 2), reply.status);
}

export const paying = (command, merchant_reference, more = {}) => ({
  command,
  merchant_reference,
  amount: '10000',
  currency: 'AED',
  customer_email: 'a@example.com',
  ...CARD,
  ...more,
});

/** Commands in short, each giving the response code. */
export function merchant(sandbox, options) {
  const code = async (params) => (await ask(sandbox, params, options)).response_code;
  return {
    authorize: (merchant_reference, more) => code(paying('AUTHORIZATION', merchant_reference, more)),
    purchase: (merchant_reference, more) => code(paying('PURCHASE', merchant_reference, more)),
    capture: (merchant_reference, amount, more) =>
      code({ command: 'CAPTURE', merchant_reference, amount: String(amount), currency: 'AED', ...more }),
    refund: (merchant_reference, amount, more) =>
      code({ command: 'REFUND', merchant_reference, amount: String(amount), currency: 'AED', ...more }),
    void: (merchant_reference, more) => code({ command: 'VOID_AUTHORIZATION', merchant_reference, ...more }),
    status: (params) =>
      ask(
        sandbox,
        { query_command: 'CHECK_STATUS', ...(typeof params === 'string' ? { merchant_reference: params } : params) },
        options,
      ),
  };
}

export const waitUntil = async (holds, ms = 5000) => {
  for (const end = Date.now() + ms; !holds(); ) {
    assert.ok(Date.now() < end, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
