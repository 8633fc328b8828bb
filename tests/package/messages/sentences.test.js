// Messages help: one sentence for each cause, with the cure in it.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  Amount,
  accountFromEnv,
  createNotificationHandler,
  explainSignature,
  openNotification,
  PaymentServices,
  SignatureError,
  sign,
  testNotification,
  ValidationError,
  validate,
  verify,
} from 'aps-payops/server';
import { cards, phrases } from '../../secrets.js';
import { account } from './signed-capture.js';

const order = { merchant_reference: 'order-1', amount: '4999', currency: 'AED', customer_email: 'c@example.com' };

/** What is said of one parameter. */
const messageFor = (params, name, command = 'PURCHASE', options = {}) =>
  validate(command, params, options)
    .filter(({ parameter }) => parameter === name)
    .map(({ message }) => message)
    .join(' ');

/** The sentence that something throws. */
function catchError(act) {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  throw new Error('nothing was thrown');
}

test('an amount with decimals: what to give instead, in the currency of the request', () => {
  const adviceFor = (amount, currency) => messageFor({ ...order, amount, currency }, 'amount');
  assert.equal(
    adviceFor('49.99', 'AED'),
    "49.99 looks like a decimal amount: give Amount.parse('49.99', 'AED'), or minor units as digits: '4999'.",
  );
  for (const [given, currency, decimal, minor] of [
    ['49,99', 'AED', '49.99', '4999'],
    ['1,234.5', 'KWD', '1234.5', '1234500'],
    ['1.234,56', 'SAR', '1234.56', '123456'],
    ['AED 49.90', 'AED', '49.90', '4990'],
    ['.5', 'BHD', '0.5', '500'],
  ]) {
    const expected = `${given} looks like a decimal amount: give Amount.parse('${decimal}', '${currency}'), or minor units as digits: '${minor}'.`;
    assert.equal(adviceFor(given, currency), expected);
  }
  assert.equal(adviceFor('49.999', 'AED'), '49.999 has too many decimals: AED has 2.');
  assert.equal(adviceFor('49.5', 'JPY'), '49.5 has too many decimals: JPY has 0.');
  assert.match(adviceFor('49.99', undefined), /Amount\.parse\('49\.99', currency\)/);
  assert.match(adviceFor('1,234', 'AED'), /must be minor units: ASCII digits alone/);
  assert.match(adviceFor('007', 'AED'), /begins with 0.*'7'/);
  assert.match(
    messageFor({ ...order, amount: '49.99' }, 'amount', 'PURCHASE', { language: 'ar' }),
    /Amount\.parse.*4999/,
  );
  const part = { product_name: 'a', product_price: '1.5', product_category: 'b' };
  assert.match(messageFor({ ...order, products: [part] }, 'products[0].product_price', 'OTP_GENERATE'), /'150'/);
  // Nothing that may be a card number is repeated.
  assert.doesNotMatch(
    adviceFor(`${cards[0].slice(0, 14)}.${cards[0].slice(14)}`, 'AED'),
    new RegExp(cards[0].slice(0, 12)),
  );
});

test('a character that no message can hold: where it is, counted in whole characters', () => {
  const sentence = (name, position) => `${name} has a character at position ${position} that APS does not list for it.`;
  for (const character of ['\ud800', '\udc00', '\0', '\u0001']) {
    assert.equal(
      messageFor({ ...order, order_description: `😀a${character}` }, 'order_description'),
      sentence('order_description', 3),
    );
    const name = `x${character}`;
    const [issue] = validate('PURCHASE', { ...order, [name]: '1' }).filter(({ position }) => position !== undefined);
    assert.equal(issue.position, 2);
    assert.equal(issue.code, 'bad_character');
  }
});

test('an amount that is a number, or nothing at all', () => {
  assert.match(messageFor({ ...order, amount: 20 }, 'amount'), /an Amount, or minor units.*the number 20 could be/);
  assert.match(messageFor({ ...order, amount: 49.99 }, 'amount'), /the number 49\.99 could be/);
  for (const amount of [undefined, null, ''])
    assert.equal(messageFor({ ...order, amount }, 'amount'), 'amount is required.');
  assert.match(
    catchError(() => Amount.parse(49.99, 'AED')),
    /must be text, not of type number: '49\.99' for Amount\.parse/,
  );
  assert.match(
    catchError(() => Amount.parse(undefined, 'AED')),
    /not of type undefined/,
  );
  assert.match(
    catchError(() => Amount.parse('', 'AED')),
    /amount is empty/,
  );
  assert.match(
    catchError(() => Amount.fromMinor(49.99, 'AED')),
    /not of type number.*'4999' for Amount\.fromMinor/,
  );
  assert.match(
    catchError(() => Amount.fromMinor('49.99', 'AED')),
    /give Amount\.parse\('49\.99', 'AED'\)/,
  );
  for (const [value, kind] of [
    [undefined, 'undefined'],
    [null, 'null'],
    ['4999', 'string'],
    [4999, 'number'],
  ]) {
    assert.match(
      catchError(() => Amount.from(value, 'total')),
      new RegExp(`total must be an Amount, not ${kind}`),
    );
  }
});

test('an amount of another notation, or of no currency', () => {
  assert.match(
    catchError(() => Amount.parse('49,99', 'AED')),
    /49,99 is not decimal text: write '49\.99'/,
  );
  assert.match(
    catchError(() => Amount.parse('49.999', 'AED')),
    /49\.999 has too many decimals: AED has 2/,
  );
  assert.match(
    catchError(() => Amount.parse('1.5', 'JPY')),
    /JPY has 0/,
  );
  for (const of of [
    (currency) => catchError(() => Amount.parse('1', currency)),
    (currency) => messageFor({ ...order, currency }, 'currency'),
  ]) {
    assert.match(of('aed'), /aed is not an active ISO 4217 currency code: write AED/);
    assert.match(of('Dirham'), /Dirham is not an active ISO 4217 currency code\./);
    assert.match(of('784'), /must be an active ISO 4217 currency code, such as AED/);
  }
  assert.match(
    catchError(() => Amount.parse('1')),
    /There is no currency: give an active ISO 4217 code/,
  );
});

test('an issue about a value that is not allowed lists the allowed ones', () => {
  assert.match(messageFor({ ...order, eci: 'WEB' }, 'eci'), /eci must be one of ECOMMERCE, MOTO, RECURRING/);
  assert.match(
    messageFor({ ...order, eci: 'MOTO', payment_option: 'MADA', token_name: 't' }, 'payment_option'),
    /payment_option must be one of AMEX, MASTERCARD, VISA, because of eci/,
  );
  assert.match(messageFor({ ...order, payment_option: 'KNET' }, 'currency'), /one of KWD, because of payment_option/);
  assert.match(
    messageFor({ ...order, token_name: 't', card_number: cards[0] }, 'card_number'),
    /does not go with token_name/,
  );
  assert.match(messageFor({ ...order, check_3ds: 'MAYBE' }, 'check_3ds'), /must be one of NO/);
  for (const { code, allowed, with: reason, expected, sender, message } of [
    ...validate('PURCHASE', { ...order, eci: 'X', digital_wallet: 'X', installments: 'X', payment_option: 'X' }),
    ...validate('PAYMENT_LINK', { ...order, link_command: 'X', notification_type: 'X' }),
  ].filter((one) => one.code === 'not_allowed')) {
    assert.ok(allowed ?? reason ?? expected ?? sender, `${code} ${message}`);
    assert.ok(message.includes(allowed ?? reason ?? expected ?? sender), message);
  }
  assert.match(
    catchError(() => new PaymentServices({ ...account, digest: 'MD5' })),
    /SHA-256, SHA-512/,
  );
  assert.match(
    catchError(() => new PaymentServices({ ...account, language: 'fr' })),
    /en or ar/,
  );
});

test('a number that JavaScript cannot hold is named, unless it may be a secret', () => {
  for (const [name, command, rest] of [
    ['fort_id', 'CAPTURE', { merchant_reference: 'o', amount: '1', currency: 'AED' }],
    ['merchant_reference', 'CHECK_STATUS', {}],
    ['batch_id', 'PROCESS_BATCH', { merchant_reference: 'o' }],
  ]) {
    // biome-ignore lint/correctness/noPrecisionLoss: the literal under test
    const params = { ...rest, [name]: 169996200000123456 };
    const sentence = '169996200000123456 is beyond what a JavaScript number holds: give it as a string.';
    assert.equal(messageFor(params, name, command), sentence);
    const error = new ValidationError(validate(command, params));
    assert.ok(error.message.includes(sentence), error.message);
  }
  for (const name of ['card_number', 'card_security_code', 'token_name', 'whatever']) {
    // biome-ignore lint/correctness/noPrecisionLoss: the literal under test
    const message = messageFor({ ...order, [name]: 6304000000000000123 }, name);
    assert.match(message, /must be a string: the number is beyond what a JavaScript number holds/);
    assert.doesNotMatch(message, /63040000/);
  }
  assert.match(
    catchError(() => sign({ fort_id: 2 ** 60 }, { phrase: 'p', digest: 'SHA-256' })),
    /as a string/,
  );
});

const sent = {
  command: 'PURCHASE',
  merchant_reference: 'order-1',
  amount: '4999',
  currency: 'AED',
  response_code: '14000',
};
const body = testNotification(sent, account);
const found = { expect: { merchant_reference: 'order-1', amount: '4999', currency: 'AED' } };

test('an invalid webhook body: the error says what came and what to pass', () => {
  const request = () => new Request('https://shop.example/hook', { method: 'POST', body });
  const incoming = Object.assign(Readable.from([body]), { headers: {}, method: 'POST' });
  for (const [message, what, cure] of [
    [undefined, /undefined/, /express\.text\(\)/],
    [null, /null/, /body as it arrived/],
    [request(), /a Request/, /await request\.text\(\)/],
    [new Response(body), /a Response/, /await response\.text\(\)/],
    [request().text(), /a promise/, /await it/],
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    [{ then() {} }, /a promise/, /await it/],
    [request().body, /a stream/, /new Response\(stream\)\.text\(\)/],
    [Readable.from([body]), /a stream/, /read it first/],
    [incoming, /request of Node's http/, /express\.text\(\)/],
    [new Blob([body]), /a file/, /await file\.text\(\)/],
    [new Map(), /a collection/, /body as it arrived/],
    [JSON.parse(JSON.stringify(Buffer.from(body))), /a Buffer that was written as JSON/, /text of the body/],
    [{ body, headers: {}, isBase64Encoded: false }, /an event/, /event\.body/],
    [[body], /an array/, /body as it arrived/],
    [7, /a number/, /body as it arrived/],
    [() => body, /a function/, /call it/],
  ]) {
    for (const act of [
      () => openNotification(message, account, found),
      () => explainSignature(message, { phrase: phrases.response, digest: 'SHA-256' }),
    ]) {
      const sentence = catchError(act);
      assert.match(sentence, what);
      assert.match(sentence, cure, sentence);
    }
    assert.throws(() => openNotification(message, account, found), { name: 'SignatureError', code: 'unreadable' });
  }
});

test('a body that was parsed before: it may have changed', () => {
  assert.equal(openNotification(JSON.parse(body), account, found).outcome, 'succeeded');
  for (const changed of [
    { ...JSON.parse(body), amount: 4999 },
    { ...JSON.parse(body), customer_name: 'added' },
    { ...JSON.parse(body), response_message: 1.5 },
  ]) {
    assert.match(
      catchError(() => openNotification(changed, account, found)),
      /parsed before it came here.*give the text or the bytes of the body/,
    );
  }
  // Of text nothing is said that is not so.
  const text = catchError(() => openNotification(body.replace('4999', '4998'), account, found));
  assert.doesNotMatch(text, /parsed/);
});

test('a handler that is given something else than a Request says so', async () => {
  const errors = [];
  const handler = createNotificationHandler({
    account,
    order: () => null,
    on: () => {},
    onError: (error) => errors.push(error),
  });
  assert.equal((await handler({ method: 'POST', headers: {}, body })).status, 500);
  assert.match(errors[0].message, /takes a web Request.*openNotification/);
});

test('a byte order mark and trailing line breaks are taken', () => {
  const form = `${new URLSearchParams(JSON.parse(body))}`;
  for (const text of [body, form]) {
    for (const around of [`\ufeff${text}`, `${text}\n`, `${text}\r\n\r\n`, `\ufeff${text}\r\n`]) {
      for (const message of [around, new TextEncoder().encode(around), new TextEncoder().encode(around).buffer]) {
        assert.equal(openNotification(message, account, found).outcome, 'succeeded', JSON.stringify(around));
        assert.equal(verify(message, { phrase: phrases.response, digest: 'SHA-256' }), true);
      }
    }
  }
  for (const around of [`\ufeff${form}`, `${form}\n`]) {
    assert.equal(openNotification(new URLSearchParams(around), account, found).outcome, 'succeeded');
  }
  // What is signed is not touched.
  assert.throws(() => openNotification(body.replace('order-1', 'order-1\\n'), account, found), SignatureError);
});

test('a missing setting is reported by its variable', () => {
  for (const act of [() => accountFromEnv({}), () => PaymentServices.fromEnv({}, {})]) {
    const message = catchError(act);
    for (const name of [
      'ENVIRONMENT',
      'MERCHANT_IDENTIFIER',
      'ACCESS_CODE',
      'SHA_REQUEST_PHRASE',
      'SHA_RESPONSE_PHRASE',
    ]) {
      assert.ok(message.includes(`APS_${name} must`), message);
    }
    assert.doesNotMatch(message, /\bmerchant_identifier\b/);
  }
});

test('phrases in quotation marks or invisible characters are rejected', () => {
  for (const phrase of [' p', 'p\n', 'p\u00a0', '"p"', "'p'", '`p`', '“p”', '«p»', '\u200bp', 'p\ufeff', 'p\u200e']) {
    for (const field of ['sha_request_phrase', 'sha_response_phrase']) {
      const message = catchError(() => new PaymentServices({ ...account, [field]: phrase }));
      assert.match(message, new RegExp(`${field} must (have no|be given without)`), JSON.stringify(phrase));
      assert.match(
        catchError(() => new PaymentServices({ ...account, [field]: ['right', phrase] })),
        new RegExp(field),
      );
    }
  }
  assert.match(
    catchError(() => new PaymentServices({ ...account, access_code: 'zx0\u200bIP' })),
    /access_code.*invisible/,
  );
  assert.ok(new PaymentServices({ ...account, sha_request_phrase: `a"b'c«` }));
});

test('Arabic sentences have the cure, too', () => {
  const arabic = (params, name, command) => messageFor({ ...order, ...params }, name, command, { language: 'ar' });
  for (const [params, name, cure] of [
    [{ amount: 20 }, 'amount', /Amount.*bigint/],
    [{ customer_email: 'name' }, 'customer_email', /عنوان بريد إلكتروني/],
    [{ customer_ip: '1.2.3' }, 'customer_ip', /192\.0\.2\.1/],
    [{ card_number: '4005550000000001', expiry_date: '2513' }, 'expiry_date', /YYMM/],
    [{ return_url: 'shop' }, 'return_url', /https:\/\/shop\.example\/return/],
    [{ order_description: { a: '1' } }, 'order_description', /نص/],
  ]) {
    const sentence = arabic(params, name);
    assert.match(sentence, cure);
    assert.match(sentence, /والمطلوب: /);
  }
});

test('a command in another spelling: which one is meant', () => {
  const cureFor = (command) => validate(command, {})[0].message;
  for (const [given, meant] of [
    ['capture', 'CAPTURE'],
    ['Refund', 'REFUND'],
    ['authorize', 'AUTHORIZATION'],
    ['void', 'VOID_AUTHORIZATION'],
    ['check-status', 'CHECK_STATUS'],
  ]) {
    assert.match(cureFor(given), new RegExp(`write ${meant}\\.$`));
  }
  for (const given of ['', 'x', 'GET', 'CHECK', 'NONSENSE', undefined]) assert.match(cureFor(given), /such as CAPTURE/);
  assert.match(messageFor({}, 'merchant_reference', 'CAPTURE'), /unless one of these is given: fort_id\.$/);
});

test('a message that cannot be read: why', () => {
  for (const [message, why] of [
    ['', /It is empty\.$/],
    ['{"a":"1"', /it was cut short\.$/],
    ['a=1&a=2', /A name is repeated\.$/],
    ['a=%ff', /It is not UTF-8 text/],
  ]) {
    assert.match(
      catchError(() => openNotification(message, account)),
      why,
    );
  }
});
