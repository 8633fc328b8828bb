import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as errors from 'aps-payops';
import { cards, phrases } from '../../secrets.js';

const { ApsError, ConfigurationError, LifecycleError, OrderNotFoundError, ReplyMismatchError, SignatureError } = errors;
const { TransportError, ValidationError, WasmBlockedError } = errors;

const issue = (parameter, code) => ({
  parameter,
  code,
  severity: 'error',
  message: `${parameter}: ${code}.`,
  source: 's',
});

const samples = [
  [
    new ValidationError([issue('amount', 'missing'), issue('currency', 'bad_currency')]),
    'ValidationError',
    'validation',
  ],
  [new LifecycleError([issue('amount', 'lapsed')]), 'LifecycleError', 'lifecycle'],
  [new SignatureError('ambiguous'), 'SignatureError', 'ambiguous'],
  [new ReplyMismatchError(['amount', 'currency']), 'ReplyMismatchError', 'reply_mismatch'],
  [new OrderNotFoundError(), 'OrderNotFoundError', 'order_not_found'],
  [new TransportError('timeout', 'unknown', 'No answer.'), 'TransportError', 'timeout'],
  [new ConfigurationError('no_fetch', 'fetch must be a function.'), 'ConfigurationError', 'no_fetch'],
  [new WasmBlockedError('csp'), 'WasmBlockedError', 'wasm_blocked'],
];

test('every error is an ApsError with a name and a stable code', () => {
  for (const [error, name, code] of samples) {
    assert.ok(error instanceof ApsError && error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(error.code, code);
    assert.equal(String(error), `${name}: ${error.message}`);
    const json = JSON.parse(JSON.stringify(error));
    assert.deepEqual([json.name, json.code, json.message], [name, code, error.message]);
  }
  assert.ok(!(samples[1][0] instanceof ValidationError), 'LifecycleError and ValidationError are siblings');
});

test('messages name every issue', () => {
  assert.match(samples[0][0].message, /amount: missing.*currency: bad_currency/);
  assert.match(samples[3][0].message, /amount, currency/);
  assert.deepEqual(JSON.parse(JSON.stringify(samples[0][0])).issues.length, 2);
  assert.ok(Object.isFrozen(samples[0][0].issues));
});

test('the message of an error with thousands of issues can still be printed', () => {
  const many = Array.from({ length: 16_000 }, (_, place) => issue(`list[${place}]`, 'bad_format'));
  const error = new ValidationError(many);
  assert.equal(error.issues.length, 16_000);
  assert.ok(error.message.length < 10_000);
  assert.match(error.message, /^list\[0\]: bad_format.*15900 more in issues\.$/);
});

test('a code or name of a foreign error that may hold a card number is not kept', () => {
  const [card] = cards;
  const foreignError = Object.assign(new Error('x'), { code: `E${card}`, name: card, cause: { code: 'ECONNRESET' } });
  const error = new TransportError('network', 'unknown', 'The connection failed.', { cause: foreignError });
  assert.doesNotMatch(inspect(error, { showHidden: true }), new RegExp(card));
  assert.equal(error.cause.code, 'ECONNRESET');
});

test('an error of fetch is reduced to its code', () => {
  const foreignError = Object.assign(new TypeError(`failed with ${phrases.request}`), {
    config: { body: cards[0] },
    cause: Object.assign(new Error(cards[0]), { code: 'ECONNRESET' }),
  });
  const error = new TransportError('network', 'unknown', 'The connection failed.', { cause: foreignError });
  assert.equal(error.cause.code, 'ECONNRESET');
  const text = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.stack + error.cause.stack;
  for (const secret of [cards[0], phrases.request]) assert.ok(!text.includes(secret));
});

test('a parameter named like a card number is not repeated in a message, nor is a very long name', () => {
  const { message } = new ValidationError([issue(cards[0], 'unknown'), issue('x'.repeat(1e6), 'unknown')]);
  assert.ok(!message.includes(cards[0]));
  assert.ok(message.length < 1000);
});
