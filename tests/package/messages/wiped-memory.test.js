// What stays in the memory of the wasm: the phrases and cards of a call are gone when it returns.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { account as plain } from '../../account.js';
import { cards, phrases } from '../../secrets.js';

/** @type {WebAssembly.Instance[]} */
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, given) {
    const instance = Reflect.construct(target, given);
    instances.push(instance);
    return instance;
  },
});
after(() => {
  WebAssembly.Instance = Instance;
});
const { buildForm, buildRequest, explainSignature, openNotification, openReply, sign, validate, verify } = await import(
  'aps-payops/server'
);

const digests = /** @type {const} */ (['SHA-256', 'SHA-512', 'HMAC-256', 'HMAC-512']);
const [card] = cards;
const payment = {
  merchant_reference: 'order-1',
  amount: '1000',
  currency: 'AED',
  customer_email: 'customer@example.com',
  customer_ip: '192.0.2.1',
  card_number: card,
  expiry_date: '4012',
  card_security_code: '123',
};
const declined = { status: '13', response_code: '13666', card_number: card };

/** Which 12 bytes in a row of a secret are found. (Shorter ones may stand in the dictionary.) */
function foundOf(/** @type {string} */ secret) {
  const bytes = Buffer.from(secret);
  const parts = Array.from({ length: bytes.length - 11 }, (_, start) => bytes.subarray(start, start + 12));
  return instances.flatMap(({ exports }) => {
    const memory = Buffer.from(/** @type {any} */ (exports).memory.buffer);
    return parts.filter((part) => memory.includes(part)).map(String);
  });
}

/** Runs what may refuse what it is given, and looks. */
function assertWiped(/** @type {() => unknown} */ call, /** @type {string[]} */ ...secrets) {
  let error;
  try {
    call();
  } catch (reason) {
    error = reason;
  }
  if (error) assert.match(/** @type {any} */ (error).code, /^(signature_mismatch|validation|reply_mismatch)$/);
  for (const secret of secrets) assert.equal(foundOf(secret).length, 0, String(call));
}

test('the search finds what is there', () => {
  assert.equal(instances.length, 1);
  const { memory, reserve } = /** @type {any} */ (instances[0].exports);
  const place = reserve(64);
  Buffer.from(memory.buffer).write(phrases.request, place);
  assert.equal(foundOf(phrases.request).length, phrases.request.length - 11);
  Buffer.from(memory.buffer).fill(0, place, place + 64);
  assert.deepEqual(foundOf(phrases.request), []);
});

for (const digest of digests) {
  test(`no call leaves a phrase or a card number: ${digest}`, () => {
    const long = phrases.response.repeat(8);
    const escaped = `${phrases.request}"\\\n€`;
    for (const phrase of [phrases.request, long, escaped]) {
      const account = { ...plain, sha_request_phrase: phrase, sha_response_phrase: phrase, digest };
      const key = { phrase, digest };
      const length = digest.endsWith('256') ? 64 : 128;
      const signed = { ...declined, signature: '0'.repeat(length) };
      const right = { ...declined, signature: sign(declined, key) };
      const request = buildRequest('PURCHASE', payment, account);
      const nested = { ...payment, new_parameter: { card_number: card } };
      assertWiped(() => sign(payment, key), phrase, card);
      assertWiped(() => sign({ a: { b: [card] } }, key), phrase, card);
      assertWiped(() => verify(signed, key), phrase, card);
      assertWiped(() => verify(JSON.stringify(right), key), phrase, card);
      assertWiped(() => buildRequest('PURCHASE', payment, account), phrase, card);
      assertWiped(() => buildRequest('PURCHASE', nested, account, { allow: ['new_parameter'] }), phrase, card);
      assertWiped(() => buildRequest('PURCHASE', { ...payment, amount: 'x' }, account), phrase, card);
      assertWiped(() => buildForm('PURCHASE', { ...payment, return_url: 'https://shop.example/' }, account), phrase);
      assertWiped(() => openReply(JSON.stringify(right), account, { request }), phrase, card);
      assertWiped(() => openNotification(signed, account), phrase, card);
      assertWiped(() => openNotification(new URLSearchParams(right), account), phrase, card);
      assertWiped(() => validate('PURCHASE', nested), card);
    }
  });
}

test('input longer than any message is rejected before it takes memory', () => {
  const key = { phrase: phrases.response, digest: digests[0] };
  const request = buildRequest('PURCHASE', payment, plain);
  const { memory } = /** @type {any} */ (instances[0]).exports;
  const text = 'x'.repeat(24 << 20);
  const form = new FormData();
  form.append('a', text);
  const named = new URLSearchParams([[text, 'a']]);
  const json = JSON.stringify({ a: text });
  const bytes = new TextEncoder().encode(json);
  const before = memory.buffer.byteLength;
  const reported = [];
  for (const message of [json, bytes, bytes.buffer, { a: text }, new URLSearchParams({ a: text }), named, form]) {
    assert.throws(() => openNotification(message, plain), { code: 'unreadable' });
    assert.throws(() => openReply(message, plain, { request }), { code: 'unreadable' });
    assert.equal(verify(message, key), false);
    assert.throws(
      () => explainSignature(message, key),
      (/** @type {any} */ { issues: [{ parameter, code }] }) => reported.push(`${parameter}:${code}`) > 0,
    );
  }
  assert.deepEqual(reported, [
    ...Array(3).fill('message:bad_format'),
    'a:too_long',
    'a:not_allowed',
    'message:bad_format',
    'a:not_allowed',
  ]);
  assert.ok(memory.buffer.byteLength - before < 8 << 20, `${memory.buffer.byteLength - before} bytes more`);
});

// The texts that an explanation tries are freed, not wiped: a card number may stay where they were. That is why this is last.
test('an explanation leaves no phrase', () => {
  for (const digest of digests) {
    for (const phrase of [phrases.request, phrases.response.repeat(8), `${phrases.request}"\\\n€`]) {
      const key = { phrase, digest };
      const right = { ...declined, signature: sign(declined, key) };
      const wrong = { ...declined, signature: '0'.repeat(digest.endsWith('256') ? 64 : 128) };
      assertWiped(() => explainSignature(wrong, key), phrase);
      assertWiped(() => explainSignature(right, { ...key, phrase: 'other', otherPhrase: phrase }), phrase);
    }
  }
});
