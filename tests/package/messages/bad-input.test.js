// Input that must never get through: every problem is reported by name, all at once, and nothing is sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Amount,
  buildRequest,
  openReply,
  PaymentServices,
  SignatureError,
  sign,
  ValidationError,
  validate,
  verify,
} from 'aps-payops/server';
import fc from 'fast-check';
import { cards, phrases, securityCodes } from '../../secrets.js';
import { account, capture } from './signed-capture.js';

const payer = { merchant_reference: 'order-1', amount: '1000', currency: 'AED', customer_email: 'a@example.com' };
const failOnSend = () => assert.fail('nothing may be sent');
const aps = new PaymentServices(account, { fetch: failOnSend });

/** `parameter:code` of the errors, and a check that a request would be refused for them, nothing sent. */
async function errorsOf(command, params) {
  const issues = validate(command, params);
  for (const issue of issues) {
    assert.equal(typeof issue.message, 'string');
    assert.ok(issue.message.length > 5 && issue.source.length > 2, JSON.stringify(issue));
  }
  const errors = issues.filter(({ severity }) => severity === 'error');
  const codes = errors.map(({ parameter, code }) => `${parameter}:${code}`);
  if (errors.length > 0) {
    const isSameError = (error) => {
      assert.ok(error instanceof ValidationError, error);
      const all = error.issues.map(({ parameter, code }) => `${parameter}:${code}`);
      for (const one of codes) assert.ok(all.includes(one), `${one} among ${all}`);
      return true;
    };
    assert.throws(() => buildRequest(command, params, account), isSameError);
    await assert.rejects(() => aps.send(command, params), isSameError);
  } else {
    assert.ok(buildRequest(command, params, account).body);
  }
  return codes;
}

const VALUES = [
  ...['1e3', '1,000', ' 1', '1 ', '-5', '+5', '٥', '19.99', '19.999', '0x10', 'NaN', 'Infinity', '１', '1_000', '007'],
  ...[19.99, 20, Number.NaN, -1, 0, true, {}, [], ['1'], () => 1, Symbol('1'), new Date(0), '1\0', '\ud800'],
];

test('an invalid amount is rejected as one, as text and as any other type', async () => {
  for (const amount of VALUES) {
    const codes = await errorsOf('CAPTURE', { ...capture, amount });
    assert.equal(codes.length, 1, `${String(amount)}: ${codes}`);
    assert.match(codes[0], /^amount:(not_an_amount|bad_format|bad_character)$/, String(amount));
  }
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount: '12345678901' }), ['amount:too_long']);
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount: 12_345_678_901n }), ['amount:too_long']);
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount: -1n }), ['amount:not_an_amount']);
  for (const amount of ['0', '000', 0n])
    assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount }), ['amount:zero_amount']);
  for (const amount of [undefined, null, ''])
    assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount }), ['amount:missing']);
  for (const amount of ['9999999999', 1n, '1']) assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount }), []);
});

test('Amount takes exact decimal text and nothing else', () => {
  const refused = [
    '1e3',
    '1,000',
    ' 1',
    '1 ',
    '-5',
    '+5',
    '٥',
    '19.999',
    '',
    '.',
    '5.',
    '.5',
    '1.2.3',
    '0x10',
    '１',
    '12345678901',
    '100000000.00',
  ];
  for (const text of [...refused, 19.99, 20, Number.NaN, 5n, null, undefined, {}, ['1'], true, Symbol('1')]) {
    assert.throws(() => Amount.parse(text, 'AED'), ValidationError, String(text));
  }
  for (const currency of [
    'aed',
    'XXX',
    'XTS',
    'XAU',
    'BGN',
    'HRK',
    'ZWL',
    '',
    'AEDX',
    ' AED',
    null,
    undefined,
    7,
    'AE\0',
  ]) {
    assert.throws(
      () => Amount.parse('1', currency),
      ({ issues }) => issues.some(({ parameter, code }) => parameter === 'currency' && code === 'bad_currency'),
      String(currency),
    );
  }
  assert.equal(Amount.parse('19.99', 'AED').minor, 1999n);
  assert.equal(Amount.parse('99999999.99', 'AED').minor, 9_999_999_999n);
  for (const minor of ['-1', '1.5', '', ' 1', 1.5, -1, Number.MAX_VALUE, null, true, -1n, 10_000_000_000n]) {
    assert.throws(() => Amount.fromMinor(minor, 'AED'), ValidationError, String(minor));
  }
});

test('currencies are active ones in capitals, and those of an Amount agree', async () => {
  for (const currency of ['aed', 'XXX', 'AE', 'AEDD', '784', 'XAU', 'د.إ']) {
    assert.deepEqual(await errorsOf('CAPTURE', { ...capture, currency }), ['currency:bad_currency']);
  }
  const amount = Amount.parse('10.00', 'AED');
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, amount, currency: 'USD' }), ['currency:conflict']);
  assert.deepEqual(await errorsOf('CAPTURE', { merchant_reference: 'order-1', amount }), []);
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, order_description: amount }), [
    'order_description:bad_format',
  ]);
});

test('members that JSON would lose or fake are refused by name', async () => {
  const inherited = Object.assign(
    Object.create({ ...Object.prototype, order_description: 'x', hasOwnProperty: Object }),
    capture,
  );
  assert.deepEqual(
    await errorsOf('CAPTURE', inherited).then(
      (codes) => codes.includes('params:bad_format') || codes.some((one) => /not_allowed/.test(one)),
    ),
    true,
  );
  const proto = JSON.parse('{"__proto__": "x", "merchant_reference": "order-1", "amount": "1000", "currency": "AED"}');
  assert.deepEqual(await errorsOf('CAPTURE', proto), ['__proto__:not_allowed']);
  const accessor = Object.defineProperty({ ...capture }, 'amount', { enumerable: true, get: () => '1' });
  assert.ok((await errorsOf('CAPTURE', accessor)).includes('amount:not_allowed'));
  class Order {
    merchant_reference = 'order-1';
  }
  assert.ok((await errorsOf('CAPTURE', new Order())).includes('params:bad_format'));
  for (const params of [null, undefined, 'x', 7, [], new Map(), new Date(), () => {}]) {
    assert.ok((await errorsOf('CAPTURE', params)).includes('params:bad_format'), String(params));
  }
  assert.deepEqual(await errorsOf('CAPTURE', { ...capture, [Symbol('x')]: 'x' }), [], 'a symbol names no parameter');
  assert.equal(Object.prototype.order_description, undefined);
  Object.prototype.order_description = 'polluted';
  try {
    assert.deepEqual(await errorsOf('CAPTURE', { ...capture }), ['order_description:not_allowed']);
  } finally {
    delete Object.prototype.order_description;
  }
});

test('nested values are text, whole numbers, objects and lists; to a depth, without cycles', async () => {
  const airline = (airline_data) => errorsOf('CAPTURE', { ...capture, airline_data });
  assert.deepEqual(await airline({ a: 'x', b: 1, c: 2n, d: ['x', { e: '' }] }), []);
  for (const bad of [null, undefined, 1.5, true, () => 1, Symbol('x'), new Date(), new Map(), Number.NaN, '\udc00']) {
    const codes = await airline({ ok: 'x', bad });
    assert.ok(codes.length === 1 && codes[0].startsWith('airline_data.bad:'), `${String(bad)}: ${codes}`);
    const inList = await airline({ list: ['x', bad] });
    assert.ok(inList.length === 1 && inList[0].startsWith('airline_data.list[1]:'), `${String(bad)}: ${inList}`);
  }
  const cycle = { a: {} };
  cycle.a.b = cycle;
  cycle.a.c = [cycle, cycle];
  assert.ok((await airline(cycle)).length > 0);
  let deep = {};
  for (let i = 0; i < 1000; i++) deep = { deep };
  assert.equal((await airline(deep)).length, 1);
  assert.ok((await airline({ wide: Array.from({ length: 300_000 }, () => 'x') })).length > 0);
});

test('text that is too long, even 10 MB of it, is refused by its length', async () => {
  const long = 'x'.repeat(10 << 20);
  for (const name of ['merchant_reference', 'order_description', 'fort_id']) {
    assert.deepEqual(await errorsOf('CAPTURE', { ...capture, [name]: long }), [`${name}:too_long`]);
  }
  assert.ok((await errorsOf('CAPTURE', { ...capture, airline_data: { a: long } })).length > 0);
  const [unknown] = await errorsOf('CAPTURE', { ...capture, [long]: 'x' });
  assert.match(unknown, /:too_long$/);
  assert.equal(verify(long, { phrase: 'x', digest: 'SHA-256' }), false);
  const refusal = (/** @type {() => unknown} */ call) => {
    assert.throws(call, ValidationError);
    try {
      call();
    } catch (error) {
      return error.issues.map(({ parameter, code }) => `${parameter}:${code}`);
    }
  };
  assert.deepEqual(
    refusal(() => Amount.parse('1'.repeat(10 << 20), 'AED')),
    ['amount:not_an_amount'],
  );
  assert.deepEqual(
    refusal(() => Amount.parse('1', long)),
    ['currency:bad_currency'],
  );
  assert.deepEqual(
    validate(long, capture).map(({ parameter, code }) => `${parameter}:${code}`),
    ['command:unknown_command'],
  );
});

test('every problem is reported at once, in a stable order', async () => {
  const params = {
    merchant_reference: 'a b',
    amount: '1.5',
    currency: 'aed',
    customer_email: '',
    eci: 'X',
    nonsense: '1',
    card_number: '4111',
  };
  const codes = await errorsOf('PURCHASE', params);
  for (const one of [
    'amount:not_an_amount',
    'card_number:too_short',
    'currency:bad_currency',
    'customer_email:missing',
    'eci:not_allowed',
    'merchant_reference:bad_character',
    'nonsense:unknown',
  ]) {
    assert.ok(codes.includes(one), `${one} among ${codes}`);
  }
  const turned = Object.fromEntries(Object.entries(params).reverse());
  assert.deepEqual(await errorsOf('PURCHASE', turned), codes);
});

test('rules that APS is known to enforce are errors; rules that are only documented are warnings, and can be accepted', () => {
  const url = { ...payer, return_url: 'https://shop.example/a%20b' };
  const [issue, ...more] = validate('PURCHASE', url);
  assert.deepEqual(
    [more.length, issue.parameter, issue.code, issue.severity],
    [0, 'return_url', 'bad_character', 'warning'],
  );
  assert.deepEqual(validate('PURCHASE', url, { accept: ['return_url:bad_character'] }), []);
  assert.equal(validate('PURCHASE', { ...payer, brand_new: 'x' })[0].code, 'unknown');
  assert.deepEqual(validate('PURCHASE', { ...payer, brand_new: 'x' }, { allow: ['brand_new'] }), []);
  assert.deepEqual(
    validate('PURCHASE', { ...payer, accept: 'x' }, { accept: ['accept:unknown'] }).length,
    1,
    'errors stay',
  );
  const kwd = { ...payer, amount: '1234', currency: 'KWD', payment_option: 'VISA' };
  assert.deepEqual(
    validate('PURCHASE', kwd).map(({ code, severity }) => [code, severity]),
    [['visa_last_digit', 'warning']],
  );
  assert.equal(validate('REFUND', { fort_id: '1', amount: '1', currency: 'AED' })[0].severity, 'warning');
  assert.equal(validate('NONSENSE', {})[0].code, 'unknown_command');
});

test('rules of the six operations', async () => {
  const expect = async (command, params, codes) =>
    assert.deepEqual(await errorsOf(command, params), codes, JSON.stringify(params));
  // Sources differ, so it is a warning.
  const voided = { merchant_reference: 'x', amount: '1', currency: 'AED' };
  await expect('VOID_AUTHORIZATION', voided, []);
  assert.deepEqual(
    validate('VOID_AUTHORIZATION', voided).map(({ parameter, severity }) => `${parameter} ${severity}`),
    ['amount warning', 'currency warning'],
  );
  await expect('VOID_AUTHORIZATION', {}, ['merchant_reference:missing']);
  await expect('VOID_AUTHORIZATION', { fort_id: '149295435400084008' }, []);
  await expect('VOID_AUTHORIZATION', { fort_id: 149295435400084 }, []);
  await expect('VOID_AUTHORIZATION', { fort_id: 2 ** 60 }, ['fort_id:bad_format', 'merchant_reference:missing']);
  await expect('REFUND', { maintenance_reference: 'r-1', amount: '1', currency: 'AED' }, [
    'merchant_reference:missing',
  ]);
  await expect('CHECK_STATUS', { maintenance_reference: 'r-1' }, []);
  await expect('CHECK_STATUS', { maintenance_reference: 'r'.repeat(41) }, ['maintenance_reference:too_long']);
  const card = {
    card_number: cards[0],
    expiry_date: '3005',
    card_security_code: securityCodes[0],
    card_holder_name: 'A B',
  };
  await expect('AUTHORIZATION', { ...payer, ...card }, []);
  await expect('AUTHORIZATION', { ...payer, ...card, payment_option: 'MADA' }, ['payment_option:purchase_only']);
  await expect('PURCHASE', { ...payer, payment_option: 'MADA' }, []);
  // Only documented, so they are warnings.
  await expect('PURCHASE', { ...payer, payment_option: 'MADA', check_3ds: 'NO' }, []);
  await expect('PURCHASE', { ...payer, payment_option: 'MADA', eci: 'MOTO' }, []);
  await expect('AUTHORIZATION', { ...payer, eci: 'RECURRING', token_name: 't' }, ['eci:purchase_only']);
  await expect('PURCHASE', { ...payer, eci: 'RECURRING' }, ['token_name:missing']);
  await expect('PURCHASE', { ...payer, eci: 'RECURRING', token_name: 't', card_security_code: securityCodes[0] }, []);
  for (const expiry_date of ['3000', '3013', '05/30', '30 5', '305']) {
    assert.match(
      String(await errorsOf('PURCHASE', { ...payer, ...card, expiry_date })),
      /^(expiry_date:(bad_format|bad_character|too_short|too_long),?)+$/,
    );
  }
  const amex = { ...card, card_number: cards[2] };
  await expect('PURCHASE', { ...payer, ...amex }, ['card_security_code:bad_format']);
  await expect('PURCHASE', { ...payer, ...amex, card_security_code: securityCodes[1] }, []);
  await expect('PURCHASE', { ...payer, ...card, card_security_code: securityCodes[1] }, [
    'card_security_code:bad_format',
  ]);
  await expect('PURCHASE', { ...payer, ...card, card_number: `${cards[0].slice(0, -1)}2` }, [
    'card_number:bad_checksum',
  ]);
  assert.equal(
    validate('PURCHASE', { ...payer, ...card, expiry_date: '2105' }, { at: Date.UTC(2026, 0) })[0].code,
    'expired',
  );
  await expect('PURCHASE', { ...payer, order_description: 'a=b' }, ['order_description:reserved_text']);
  await expect('PURCHASE', { ...payer, return_url: 'https://a.example/?x=1&status=2' }, ['return_url:reserved_text']);
  for (const name of ['order_description', 'maintenance_reference']) {
    await expect('PURCHASE', { ...payer, return_url: `https://a.example/?${name}=2` }, ['return_url:reserved_text']);
  }
  await expect('PURCHASE', { ...payer, return_url: 'https://a.example/?x=1' }, []);
  await expect('PURCHASE', { ...payer, customer_name: 'محمّد عبد الله' }, []);
});

test('parameters that the account supplies may be given, if they agree', async () => {
  const { access_code, merchant_identifier } = account;
  const given = { access_code, merchant_identifier, language: 'en', command: 'CAPTURE', ...capture };
  const plain = buildRequest('CAPTURE', capture, account);
  assert.deepEqual(buildRequest('CAPTURE', given, account).params, plain.params);
  assert.deepEqual(
    buildRequest('CAPTURE', { ...given, signature: plain.params.signature }, account).params,
    plain.params,
  );
  for (const other of [
    { access_code: 'other' },
    { merchant_identifier: 'other' },
    { command: 'REFUND' },
    { signature: '0'.repeat(64) },
  ]) {
    const [name] = Object.keys(other);
    assert.throws(
      () => buildRequest('CAPTURE', { ...given, ...other }, account),
      ({ issues }) => issues[0].parameter === name && issues[0].code === 'conflict',
    );
  }
});

test('empty, cut, forged, reflected and spliced replies are rejected', () => {
  const request = buildRequest('CAPTURE', capture, account);
  const good = {
    ...request.params,
    response_code: '04000',
    response_message: 'Success',
    status: '04',
    fort_id: '149295435400084008',
  };
  delete good.signature;
  const options = { phrase: phrases.response, digest: 'SHA-256' };
  const signed = (params, phrase = phrases.response) =>
    JSON.stringify({ ...params, signature: sign(params, { ...options, phrase }) });
  assert.equal(openReply(signed(good), account, { request }).outcome, 'succeeded');
  const refuses = (message, code) =>
    assert.throws(
      () => openReply(message, account, { request }),
      (error) => {
        assert.ok(error instanceof SignatureError, error);
        assert.equal(error.code, code, String(message).slice(0, 80));
        return true;
      },
    );
  const text = signed(good);
  for (const message of [
    '',
    ' ',
    '<html>Bad gateway</html>',
    text.slice(0, -1),
    text.slice(0, 40),
    '[]',
    '{"a":'.repeat(1000),
    `${'x'.repeat(10 << 20)}`,
    new Uint8Array([0x7b, 0xff]),
    '{"a":"\\ud800"}',
    `{"status":"04",${text.slice(1)}`,
  ]) {
    refuses(message, 'unreadable');
  }
  for (const message of ['{}', 'a=b', 'null', JSON.stringify(good)]) refuses(message, 'unsigned');
  refuses(signed(good, phrases.request), 'signature_mismatch');
  refuses(request.body, 'signature_mismatch');
  const same = { ...account, sha_response_phrase: phrases.request };
  assert.throws(
    () => openReply(request.body, same, { request }),
    { code: 'ambiguous' },
    'a reflected request is no reply',
  );
  // A declined reply whose description was chosen so that the same text can be cut into a success.
  const declined = {
    ...good,
    response_code: '05042',
    status: '05',
    response_message: 'x',
    order_description: 'yresponse_code=04000',
    zz: 'status=04',
  };
  const signature = sign(declined, options);
  assert.throws(() => openReply(JSON.stringify({ ...declined, signature }), account, { request }), {
    code: 'ambiguous',
  });
  for (const other of [
    { amount: '2000' },
    { currency: 'USD' },
    { merchant_reference: 'order-2' },
    { command: 'REFUND' },
    { merchant_identifier: 'other' },
  ]) {
    assert.throws(() => openReply(signed({ ...good, ...other }), account, { request }), {
      name: 'ReplyMismatchError',
      parameters: Object.keys(other),
    });
  }
});

test('any value in any place is refused or built, and never anything else', () => {
  const names = [
    'merchant_reference',
    'amount',
    'currency',
    'fort_id',
    'order_description',
    'airline_data',
    'x',
    '__proto__',
    'constructor',
  ];
  const params = fc.dictionary(
    fc.oneof(fc.constantFrom(...names), fc.string()),
    fc.anything({ withBigInt: true, withNullPrototype: true }),
  );
  fc.assert(
    fc.property(
      params,
      fc.constantFrom('CAPTURE', 'REFUND', 'VOID_AUTHORIZATION', 'PURCHASE', 'CHECK_STATUS'),
      (value, command) => {
        const errors = validate(command, value).filter(({ severity }) => severity === 'error');
        try {
          const request = buildRequest(command, value, account);
          assert.equal(errors.length, 0);
          assert.equal(verify(request.body, { phrase: phrases.request, digest: 'SHA-256' }), true);
        } catch (error) {
          assert.ok(error instanceof ValidationError, error);
          assert.ok(errors.length > 0);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
