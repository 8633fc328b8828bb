// Mistakes that were found by trying to break the package, and must not return.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { createSandbox } from 'aps-payops/sandbox';
import {
  Amount,
  buildForm,
  buildRequest,
  explainSignature,
  openNotification,
  openReply,
  Payment,
  PaymentServices,
  sign,
  ValidationError,
  validate,
  verify,
} from 'aps-payops/server';
import { cards, phrases, securityCodes } from '../../secrets.js';
import { account, base, capture, options, signed } from './signed-capture.js';

const manyMembers = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));

test('the lookup of an order is awaited, native promise or not', async () => {
  // biome-ignore lint/suspicious/noThenProperty: what query builders are
  const thenableOf = (order) => ({ then: (resolve) => resolve(order) });
  await assert.rejects(async () => openNotification(signed(base), account, { expect: () => thenableOf(null) }), {
    name: 'OrderNotFoundError',
  });
  const found = await openNotification(signed(base), account, {
    expect: () => thenableOf({ merchant_reference: 'order-1', amount: 'any' }),
  });
  assert.equal(found.outcome, 'succeeded');
});

test('an empty expectation is rejected', () => {
  for (const expect of [
    {},
    [],
    { orderId: 'x' },
    { merchant_reference: undefined },
    { amount: '1000', currency: 'AED' },
  ]) {
    assert.throws(() => openNotification(signed(base), account, { expect }), ValidationError, inspect(expect));
  }
  for (const order of [{}, [], { orderId: 'x' }, 7, { merchant_reference: '\ud800' }]) {
    assert.throws(
      () => openNotification(signed(base), account, { expect: () => order }),
      ValidationError,
      inspect(order),
    );
  }
});

test('an Amount in the request counts, and an empty request is rejected', () => {
  const request = {
    params: { ...capture, command: 'CAPTURE', amount: Amount.parse('99', 'USD'), currency: undefined },
  };
  assert.throws(() => openReply(signed(base), account, { request }), { name: 'ReplyMismatchError' });
  const cycle = {};
  cycle.cycle = cycle;
  for (const params of [{}, undefined, cycle, { command: '\ud800' }]) {
    assert.throws(() => openReply(signed(base), account, { request: { params } }), { name: 'ConfigurationError' });
  }
});

test('a reply about another refund of the same order and amount is another reply', () => {
  const refundRequest = { ...capture, command: 'REFUND', maintenance_reference: 'm1', fort_id: '1' };
  const refund = { ...base, command: 'REFUND', response_code: '06000', status: '06', fort_id: '1' };
  const open = (params) => openReply(signed(params), account, { request: { params: refundRequest } });
  assert.equal(open({ ...refund, maintenance_reference: 'm1' }).outcome, 'succeeded');
  assert.equal(open(refund).outcome, 'succeeded');
  for (const other of [{ maintenance_reference: 'm2' }, { fort_id: '2' }]) {
    assert.throws(() => open({ ...refund, ...other }), { name: 'ReplyMismatchError' });
  }
});

test('input over a limit is rejected, never cut', () => {
  const big = { ...capture, airline_data: { x: ['a'], ...manyMembers(70_000) } };
  assert.throws(() => buildRequest('CAPTURE', big, account), ValidationError);
  assert.throws(() => sign({ x: ['a'], ...manyMembers(70_000) }, options), ValidationError);
  const message = { ...base, signature: sign(base, options) };
  for (let nulls = 16_370; nulls < 16_390; nulls++) {
    const padded = {
      ...message,
      ...Object.fromEntries(Array.from({ length: nulls }, (_, i) => [`z${i}`, null])),
      zz: 'y',
    };
    assert.equal(verify(padded, options), false);
  }
  assert.throws(() => sign({ a: Array(400).fill('x'.repeat(1 << 20)) }, options), ValidationError);
  assert.throws(() => sign({ a: 'x'.repeat(3 << 20) }, options), ValidationError);
  assert.equal(verify(message, options), true, 'and the next call works');
});

test('a body with repeated names is rejected at once', () => {
  for (const count of [100_000, 500_000]) {
    // Node 24 takes seconds to read this text itself.
    const body = new URLSearchParams('a&'.repeat(count));
    const started = performance.now();
    assert.throws(() => openNotification(body, account), { code: 'unreadable' });
    // Not a measurement: it took seconds, quadratically.
    assert.ok(performance.now() - started < 10_000);
  }
});

test('any input leads only to errors of this package', async () => {
  for (const message of ['<html>', '', '{"a":"b', '{"a":"1","a":"2"}', '{"a":'.repeat(1000), 'x'.repeat(11 << 20)]) {
    assert.throws(() => explainSignature(message, options), ValidationError);
  }
  assert.throws(() => sign(base, { ...options, ignore: ['\ud800'] }), { name: 'ConfigurationError' });
  assert.throws(() => openNotification(signed(base), account, { ignore: ['\ud800'] }), ValidationError);
  const aps = new PaymentServices({ ...account, helper() {} }, { fetch: async () => undefined, retries: 0 });
  const reply = await aps.capture(capture);
  assert.equal(reply.outcome, 'uncertain');
  const payment = Payment.authorized(Amount.parse('10', 'AED'), { at: Date.now() });
  assert.deepEqual(validate('CAPTURE', capture, { payment: payment.toJSON() }), []);
  assert.ok(validate('CAPTURE', capture, { payment: {} }).length > 0);
  assert.deepEqual(validate('CAPTURE', capture, null), []);
});

test('a request whose reply would be ambiguous is not sent', () => {
  for (const name of ['x_amount', 'xstatus', 'a=b']) {
    const issues = validate('CAPTURE', { ...capture, [name]: 'x' }, { allow: [name] });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['reserved_text'],
      name,
    );
  }
  for (const airline_data of [{ a: 'b=c' }, { 'b=': 'c' }, { a: ['status=14'] }, { status: '14' }]) {
    const codes = validate('CAPTURE', { ...capture, airline_data }).map(({ code }) => code);
    assert.ok(codes.includes('reserved_text'), inspect(airline_data));
  }
  assert.deepEqual(validate('CAPTURE', { ...capture, airline_data: { base64: 'YWI=' } }), []);
});

test('after two operations at once, no reply has an outdated payment', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const card = {
    card_number: cards[0],
    expiry_date: '3005',
    card_security_code: securityCodes[0],
    card_holder_name: 'A B',
  };
  const order = { merchant_reference: 'order-1', amount: Amount.parse('10', 'AED'), customer_email: 'a@example.com' };
  const { payment } = await aps.authorize({ ...order, ...card });
  const part = { merchant_reference: 'order-1', amount: Amount.parse('4', 'AED') };
  const both = await Promise.all([aps.capture(part, { payment }), aps.capture(part, { payment })]);
  assert.deepEqual(
    both.map(({ outcome }) => outcome),
    ['succeeded', 'succeeded'],
  );
  assert.deepEqual(
    both.map((reply) => reply.payment && String(reply.payment.captured)),
    ['4.00', undefined],
  );
});

test('a message with __proto__ in it is rejected', () => {
  const request = buildRequest('CHECK_STATUS', { merchant_reference: 'order-1' }, account);
  const signature = sign(base, options);
  const json = (/** @type {string} */ member) => JSON.stringify({ ...base, signature }).replace('{', `{${member},`);
  for (const message of [
    json('"__proto__":{"token_name":"x"}'),
    json('"\\u005f_proto__":"x"'),
    json('"deep":{"__proto__":"x"}'),
    json('"list":[{"__proto__":"x"}]'),
    `${new URLSearchParams({ ...base, signature })}&__proto__=x`,
    new URLSearchParams([...Object.entries({ ...base, signature }), ['__proto__', 'x']]),
    JSON.parse(json('"__proto__":"x"')),
  ]) {
    assert.equal(verify(message, { ...options, ignore: ['__proto__', 'deep', 'list'] }), false);
    assert.throws(() => explainSignature(message, options), ValidationError);
    assert.throws(
      () => openNotification(message, account),
      /** @param {any} error */ ({ code }) => ['unreadable', 'validation'].includes(code),
    );
  }
  const unsigned = '{"status":"00","response_code":"00002","__proto__":{"token_name":"x"}}';
  assert.throws(() => openReply(unsigned, account, { request }), { code: 'unreadable' });
});

test('every parameter that counts minor units takes an Amount, and no number', () => {
  const order = { merchant_reference: 'order-1', customer_email: 'a@example.com', customer_ip: '192.0.2.1' };
  const egp = (/** @type {string} */ text) => Amount.parse(text, 'EGP');
  const codes = (/** @type {object} */ params) =>
    validate('PURCHASE', { ...order, ...params }).map(({ parameter, code }) => `${parameter}:${code}`);
  const minor = { amount: '100000', currency: 'EGP' };
  for (const name of ['wallet_amount', 'cashback_wallet_amount', 'item_price']) {
    for (const number of [0, 20, 19.99])
      assert.deepEqual(codes({ ...minor, [name]: number }), [`${name}:not_an_amount`]);
    for (const good of ['0', '2000', 2000n, egp('20')]) assert.deepEqual(codes({ ...minor, [name]: good }), []);
    assert.deepEqual(codes({ ...minor, [name]: Amount.parse('20', 'AED') }), ['currency:conflict']);
    const mixed = { amount: egp('1000'), [name]: Amount.parse('20', 'AED') };
    assert.deepEqual(codes(mixed), ['currency:conflict']);
    assert.deepEqual(codes({ [name]: mixed[name], amount: mixed.amount }), ['currency:conflict']);
  }
  const given = { ...order, amount: egp('1000'), wallet_amount: egp('20'), cashback_wallet_amount: egp('0') };
  const { params } = buildRequest('PURCHASE', given, account);
  assert.deepEqual(
    [params.amount, params.currency, params.wallet_amount, params.cashback_wallet_amount],
    ['100000', 'EGP', '2000', '0'],
  );
  // A message to sign or verify is not our request: totals may be numbers there.
  assert.equal(sign({ captured_amount: 1 }, options), sign({ captured_amount: '1' }, options));
  assert.throws(() => sign({ amount: 1 }, options), ValidationError);
});

test('a payment by VISA has amounts that end in 0, in every operation on it', () => {
  const authorized = (/** @type {string} */ payment_option) =>
    Payment.authorized(Amount.parse('5', 'KWD'), { payment_option });
  const codes = (/** @type {string} */ amount, /** @type {string} */ payment_option) =>
    validate(
      'CAPTURE',
      { merchant_reference: 'order-1', amount, currency: 'KWD' },
      { payment: authorized(payment_option) },
    ).map(({ parameter, code, severity }) => `${parameter}:${code}:${severity}`);
  assert.deepEqual(codes('1234', 'VISA'), ['amount:visa_last_digit:warning']);
  assert.deepEqual(codes('1230', 'VISA'), []);
  assert.deepEqual(codes('1234', 'MASTERCARD'), []);
});

test('bytes are read from any realm, shared or not', () => {
  const bytes = Buffer.from(signed(base));
  const fill = (/** @type {any} */ buffer) => {
    new Uint8Array(buffer).set(bytes);
    return buffer;
  };
  const foreign = fill(runInNewContext(`new ArrayBuffer(${bytes.length})`));
  assert.ok(!(foreign instanceof ArrayBuffer));
  for (const message of [
    bytes,
    foreign,
    fill(new ArrayBuffer(bytes.length)),
    fill(new SharedArrayBuffer(bytes.length)),
  ]) {
    assert.equal(verify(message, options), true);
  }
});

test('a form is signed as browsers post it: with CRLF, and without NUL', () => {
  const order = { ...capture, customer_email: 'a@example.com', return_url: 'https://shop.example/' };
  const fields = (/** @type {string} */ order_description) =>
    buildForm('PURCHASE', { ...order, order_description }, account).fields;
  for (const text of ['a\nb', 'a\rb', 'a\r\nb']) assert.deepEqual(fields(text), fields('a\r\nb'));
  assert.equal(fields('a\n\r\n\rb').order_description, 'a\r\n\r\n\r\nb');
  const { signature, ...rest } = fields('a\nb');
  assert.equal(signature, sign(rest, { phrase: phrases.request, digest: 'SHA-256' }));
  assert.throws(
    () => fields('a\0b'),
    /** @param {any} error */ ({ issues }) => {
      assert.deepEqual(
        issues.map(({ parameter, code }) => [parameter, code]),
        [['order_description', 'bad_character']],
      );
      return true;
    },
  );
  assert.equal(
    buildRequest('PURCHASE', { ...order, order_description: 'a\nb' }, account).params.order_description,
    'a\nb',
  );
});

test('an expected order with an undefined member is rejected', () => {
  const order = { merchant_reference: 'order-1', amount: '1000', currency: 'AED', command: 'CAPTURE' };
  for (const name of Object.keys(order)) {
    const expect = { ...order, [name]: undefined };
    for (const given of [expect, () => expect]) {
      assert.throws(() => openNotification(signed(base), account, { expect: given }), ValidationError, name);
    }
  }
});

test('the result of a payment’s toJSON can be passed instead of the payment', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const payment = Payment.authorized(Amount.parse('5', 'AED')).toJSON();
  await assert.rejects(aps.capture(capture, { payment }), { code: 'lifecycle' });
  assert.throws(() => buildRequest('CAPTURE', capture, account, { payment }), { code: 'lifecycle' });
  await assert.rejects(aps.capture(capture, { payment: { ...payment, captured: '-1' } }), ValidationError);
  const order = { merchant_reference: 'o-9', amount: '500', currency: 'AED' };
  const paid = await aps.authorize({
    ...order,
    card_number: cards[0],
    expiry_date: '3005',
    card_security_code: securityCodes[0],
    card_holder_name: 'A B',
    customer_email: 'a@example.com',
    customer_ip: '192.0.2.1',
  });
  const reply = await aps.capture(order, { payment: paid.payment.toJSON() });
  assert.equal(String(reply.payment.captured), '5.00');
});

test('messages and dates are read from any class or realm', () => {
  class Foreign {
    #own;
    constructor(form) {
      this.#own = form;
    }
    entries() {
      return this.#own.entries();
    }
    get [Symbol.toStringTag]() {
      return 'FormData';
    }
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(JSON.parse(signed(base)))) form.append(name, value);
  assert.equal(openNotification(new Foreign(form), account).outcome, 'succeeded');
  form.append('file', new Blob(['x']));
  assert.equal(verify(new Foreign(form), options), false);
  assert.throws(() => openNotification(new Foreign(form), account), { code: 'unreadable' });
  assert.equal(verify({ [Symbol.toStringTag]: 'FormData' }, options), false);
});

test('a name with a lone surrogate is reported as a bad character, not as too long', () => {
  for (const params of [{ '\ud800': 'x' }, { a: '1', '\ud800': 'x', b: 7 }, { 'a\udc00': '' }]) {
    assert.throws(
      () => sign(params, options),
      ({ issues }) => issues.length === 1 && issues[0].code === 'bad_character',
    );
  }
});

test('the limit of a message covers names and values in every form, and many names take linear time', () => {
  const phrase = { phrase: phrases.response, digest: /** @type {const} */ ('SHA-256') };
  /** @type {(pairs: [string, string][]) => Record<string, unknown>} */
  const encodings = (pairs) => {
    const data = new FormData();
    for (const [name, value] of pairs) data.append(name, value);
    return { text: String(new URLSearchParams(pairs)), search: new URLSearchParams(pairs), data };
  };
  /** @type {(count: number, name: (i: number) => string, value?: string) => [string, string][]} */
  const pairs = (count, name, value = '1') => Array.from({ length: count }, (_, i) => [name(i), value]);
  const right = (/** @type {[string, string][]} */ given) => {
    const params = Object.fromEntries(given);
    // Signed in parts: an object has fewer members.
    const text = Object.keys(params)
      .sort()
      .map((name) => `${name}=${params[name]}`)
      .join('');
    const signature = createHash('sha256').update(`${phrase.phrase}${text}${phrase.phrase}`).digest('hex');
    return /** @type {[string, string][]} */ ([...given, ['signature', signature]]);
  };
  /** @type {[string, [string, string][], boolean][]} */
  const messages = [
    ['5,000 names', pairs(5000, (i) => `n${i}`), true],
    ['90,000 names', pairs(90_000, (i) => `n${i}`), true],
    ['names of 1 MiB', pairs(1100, (i) => `${i}${'n'.repeat(1000)}`), false],
    ['values of 1 MiB', pairs(1100, (i) => `n${i}`, 'v'.repeat(1000)), false],
    ['one long name', pairs(1, () => 'n'.repeat((1 << 20) - 100)), true],
    ['a name that is too long', pairs(1, () => 'n'.repeat(1 << 20)), false],
    ['half a MiB of each', pairs(1000, (i) => `${i}`.padStart(500, 'n'), 'v'.repeat(500)), true],
    ['400,000 names', pairs(400_000, (i) => i.toString(36), ''), false],
    [
      'marks',
      [
        ['?a', '&=+% ?'],
        ['{b', 'é\n"'],
        ['', 'x'],
        ['c=d', ''],
        ['a b', '\\'],
      ],
      true,
    ],
    ['a brace first', [['{"a":1}', '{"b":2}']], true],
    ['a space first', [[' a', ' ']], true],
    ['another script first', [['ع😀', '😀']], true],
  ];
  for (const [shape, given, isRight] of messages) {
    for (const [encoding, message] of Object.entries(encodings(right(given)))) {
      const started = performance.now();
      assert.equal(verify(message, phrase), isRight, `${shape} as ${encoding}`);
      assert.ok(performance.now() - started < 2000, `${shape} as ${encoding}: ${performance.now() - started} ms`);
    }
  }
  // What one encoding of text can carry, the others are not refused.
  const marks = right([['a', '&'.repeat(1_000_000)]]);
  assert.ok(verify(JSON.stringify(Object.fromEntries(marks)), phrase));
  assert.ok(verify(new URLSearchParams(marks), phrase));
  // Repeated names are found wherever they are.
  for (const count of [2, 40, 90_000]) {
    const twice = new URLSearchParams([...pairs(count, (i) => `n${i}`), ['n1', '1']]);
    assert.throws(
      () => explainSignature(twice, phrase),
      (/** @type {any} */ { issues: [{ parameter, code }] }) => `${parameter} ${code}` === 'n1 conflict',
    );
  }
});
