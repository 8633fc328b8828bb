// Requests that APS would reject, or from which the customer would not return, are reported before anything is sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildForm, buildRequest, validate } from 'aps-payops/server';
import { account } from './signed-capture.js';

const order = { merchant_reference: 'order-1', amount: '10000', currency: 'AED', customer_email: 'c@example.com' };
const valu = {
  currency: 'EGP',
  amount: '10000',
  merchant_reference: 'valu-1',
  payment_option: 'VALU',
  phone_number: '01000000000',
  merchant_order_id: 'v1',
};

/** What is said of one parameter: `code severity`. */
const issuesOf = (command, params, name) =>
  validate(command, params)
    .filter(({ parameter }) => parameter === name)
    .map(({ code, severity }) => `${code} ${severity}`);

/** Every parameter that is the address of a page, with a command that has it. */
const PAGES = [
  ['PURCHASE', 'return_url', order],
  ['AUTHORIZATION', 'return_url', order],
  ['TOKENIZATION', 'return_url', { merchant_reference: 'order-1' }],
  ['CREATE_TOKEN', 'return_url', { merchant_reference: 'order-1' }],
  ['PAYMENT_LINK', 'return_url', order],
  ['3DS_ENROLLMENT', 'merchant_3ds_url', { ...order, token_name: 'Op9Vmp' }],
];

test('the address of a page is absolute and has a host', () => {
  for (const [command, name, params] of PAGES) {
    const of = (value) => issuesOf(command, { ...params, [name]: value }, name);
    for (const value of [
      '/return',
      'return.php',
      '//shop.example/x',
      'shop.example/x',
      'localhost:3000',
      'https:///x',
    ]) {
      assert.ok(of(value).includes('bad_format error'), `${command} ${value}: ${of(value)}`);
    }
    assert.ok(of('javascript:alert').includes('bad_format error'));
    assert.deepEqual(of('https://shop.example/return'), [], command);
  }
});

test('the address of a page is https, or on this machine, and has no fragment', () => {
  for (const [command, name, params] of PAGES) {
    const of = (value) => issuesOf(command, { ...params, [name]: value }, name);
    for (const value of ['http://shop.example/x', 'http://127.example/', 'ftp://shop.example/x', 'shop-app://return']) {
      assert.deepEqual(of(value), ['bad_format warning'], `${command} ${value}`);
    }
    for (const value of ['http://localhost:3000/x', 'http://127.0.0.1:8080/x', 'HTTPS://shop.example/x']) {
      assert.deepEqual(of(value), [], value);
    }
    assert.deepEqual(of('https://shop.example/#done'), ['bad_format warning']);
    assert.deepEqual(of('http://shop.example/#done'), ['bad_format warning', 'bad_format warning']);
  }
  const [fragment] = validate('PURCHASE', { ...order, return_url: 'https://shop.example/#done' });
  assert.match(fragment.message, /return_url must be without a fragment/);
});

test('customer_ip is one address and nothing else', () => {
  const of = (value) => issuesOf('PURCHASE', { ...order, customer_ip: value }, 'customer_ip');
  for (const value of ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '2001:0db8:3042:0002:5a55:caff:fef6:bdbf']) {
    assert.deepEqual(of(value), [], value);
  }
  for (const value of ['unknown', '192.0.2.1:443', '256.0.2.1', '192.0.2', '::1::', '2001:db8::g', 'localhost']) {
    assert.deepEqual(of(value), ['bad_format error'], value);
  }
  // A list of proxies, brackets, a zone: by the character that does not belong.
  for (const value of ['192.0.2.1, 10.0.0.1', '[2001:db8::1]', 'fe80::1%eth0', ' 192.0.2.1']) {
    assert.deepEqual(of(value), ['bad_character error'], value);
  }
  const [issue] = validate('PURCHASE', { ...order, customer_ip: 'unknown' });
  assert.match(issue.message, /customer_ip must be one IPv4 or IPv6 address without a port/);
});

test('a date, a time or an address is answered with the format that it must have', () => {
  const time = /must be a real time with the offset to UTC, 2030-12-20T15:36:55\+03:00\.$/;
  const day = /must be YYYY-MM-DD, a real day\.$/;
  const month = /: it must be YYMM, a real month\.$/;
  for (const [command, name, value, code, sentence] of [
    ['PAYMENT_LINK', 'request_expiry_date', '2030-12-20 15:36:55', 'bad_character', time],
    ['PAYMENT_LINK', 'request_expiry_date', '20/12/2030', 'bad_character', time],
    ['PAYMENT_LINK', 'request_expiry_date', '2030-12-20T15:36:55.000Z', 'bad_character', time],
    ['PAYMENT_LINK', 'request_expiry_date', '2030-12-20T15:36:55', 'bad_format', time],
    ['PAYMENT_LINK', 'request_expiry_date', '2030-12-20T15:36:55+03:0000', 'too_long', time],
    ['GENERATE_REPORT', 'from_date', '2017-01-01 14:36', 'bad_character', time],
    ['GENERATE_REPORT', 'to_date', '٢٠١٧-٠١-٠١', 'bad_character', time],
    ['PURCHASE', 'recurring_expiry_date', '2030-01-01T00:00:00Z', 'too_long', day],
    ['PURCHASE', 'recurring_expiry_date', '1/1/2030', 'too_short', day],
    ['PURCHASE', 'customer_date_birth', '03/10/1977', 'bad_format', day],
    ['PURCHASE', 'customer_ip', '192.0.2.1, 10.0.0.1', 'bad_character', /: it must be one IPv4 or IPv6 address/],
    ['PURCHASE', 'expiry_date', '٣٠٠٥', 'bad_character', month],
    ['PURCHASE', 'expiry_date', '300', 'too_short', month],
    ['PURCHASE', 'expiry_date', '30005', 'too_long', month],
  ]) {
    const issues = (/** @type {'en' | 'ar'} */ language) =>
      validate(command, { ...order, [name]: value }, { language }).filter(({ parameter }) => parameter === name);
    assert.deepEqual(
      issues('en').map((one) => `${one.code} ${one.severity}`),
      [`${code} error`],
      value,
    );
    assert.match(issues('en')[0]?.message, sentence, value);
    assert.match(issues('ar')[0]?.message, /المطلوب: /, value);
  }
});

test('what goes with the payment API only is rejected in a form for the payment page', () => {
  const mpi = { '3ds_eci': '05', '3ds_enrolled': 'Y', '3ds_status': 'Y', '3ds_xid': 'x=', ver_token: 'v' };
  const nested = {
    airline_data: { airline_booking_reference: 'MC12D8' },
    network_token: { token: '4000000000001234' },
  };
  const page = { ...order, ...mpi, ...nested };
  const names = [...Object.keys(mpi), ...Object.keys(nested)];
  for (const command of ['AUTHORIZATION', 'PURCHASE']) {
    assert.throws(
      () => buildForm(command, page, account),
      ({ issues }) => {
        const errors = issues.filter(({ severity }) => severity === 'error');
        assert.deepEqual(
          errors.map(({ parameter, code }) => `${parameter} ${code}`),
          names.sort().map((name) => `${name} not_allowed`),
        );
        for (const { parameter, message } of errors) {
          assert.equal(message, `${parameter} goes with the payment API only: leave it out of the form.`);
        }
        return true;
      },
      command,
    );
    assert.ok(buildForm(command, { ...order, '3ds_eci': '05' }, account, { allow: ['3ds_eci'] }).fields['3ds_eci']);
    assert.ok(buildRequest(command, { ...page, card_number: '' }, account).params.ver_token);
  }
});

test('a list is a list, an object an object, text is neither', () => {
  const product = { product_name: 'iphone', product_price: '10000', product_category: 'phone' };
  assert.deepEqual(validate('OTP_GENERATE', { ...valu, products: [product] }), []);
  const wrong = [
    ['OTP_GENERATE', { ...valu, products: product }, 'products', 'a list', 'error'],
    ['OTP_GENERATE', { ...valu, products: JSON.stringify([product]) }, 'products', 'a list', 'error'],
    ['GENERATE_REPORT', { columns: { 0: 'eci' } }, 'columns', 'a list', 'error'],
    ['GENERATE_REPORT', { filters: { key: 'currency', value: 'USD' } }, 'filters', 'a list', 'error'],
    ['PURCHASE', { ...order, apple_header: [{}] }, 'apple_header', 'an object', 'error'],
    ['PURCHASE', { ...order, network_token: [{ token: '4' }] }, 'network_token', 'an object', 'error'],
    [
      'PURCHASE',
      { ...order, airline_data: { airline_passengers_list: { passenger_first_name: 'A' } } },
      'airline_data.airline_passengers_list',
      'a list',
      'warning',
    ],
  ];
  for (const [command, params, name, expected, severity] of wrong) {
    const found = validate(command, params).find(({ parameter, code }) => parameter === name && code === 'bad_format');
    assert.deepEqual([found?.expected, found?.severity], [expected, severity], `${command} ${name}`);
  }
});

test('an invisible character is named as what it is', () => {
  const listed = [
    0xad,
    0xfeff,
    ...range(0x200b, 0x200f),
    ...range(0x202a, 0x202e),
    ...range(0x2060, 0x2069),
    ...range(0xfe00, 0xfe0f),
  ];
  assert.equal(listed.length, 38);
  for (const code of listed) {
    const hidden = String.fromCodePoint(code);
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    for (const [parameter, value] of Object.entries({
      merchant_reference: `order${hidden}1`,
      customer_email: `${hidden}c@example.com`,
      order_description: `two ${hidden}socks`,
      customer_name: `A${hidden} B`,
      amount: `1000${hidden}`,
      currency: `AED${hidden}`,
      payment_option: `${hidden}VISA`,
      return_url: `https://shop.example/${hidden}`,
      token_name: `Op9Vmp${hidden}`,
    })) {
      const issues = validate('PURCHASE', { ...order, [parameter]: value }).filter(
        (one) => one.parameter === parameter,
      );
      assert.equal(issues.length, 1, `${parameter} ${name}: ${JSON.stringify(issues)}`);
      const [{ code: found, character, position, message }] = issues;
      assert.equal(found, 'bad_character');
      assert.ok(character.startsWith(`${name}, `) && message.includes(name), message);
      assert.equal([...value][position - 1], hidden);
    }
  }
  // In names of parameters, in what the dictionary does not know, in parts.
  const characters = (params, options) =>
    validate('PURCHASE', { ...order, ...params }, options).map((one) => one.character);
  assert.ok(characters({ 'eci\u200b': 'ECOMMERCE' }).some((own) => own?.startsWith('U+200B')));
  assert.ok(characters({ newer: 'a\u2060' }, { allow: ['newer'] }).some((own) => own?.startsWith('U+2060')));
  assert.ok(
    characters({ airline_data: { airline_booking_reference: 'MC\ufeff' } }).some((own) => own?.startsWith('U+FEFF')),
  );
  const [arabic] = validate('PURCHASE', { ...order, customer_name: 'A\u200b' }, { language: 'ar' });
  assert.match(arabic.message, /غير مرئي \(U\+200B/);
});

test('joiners are spelling between letters of Arabic script', () => {
  for (const name of ['علی\u200cرضا', 'می\u200cخواهم', 'لا\u200dله']) {
    assert.deepEqual(issuesOf('PURCHASE', { ...order, customer_name: name }, 'customer_name'), [], name);
  }
  for (const name of ['علی\u200c', '\u200cعلی', 'a\u200cb', 'علی\u200c رضا']) {
    assert.deepEqual(issuesOf('PURCHASE', { ...order, customer_name: name }, 'customer_name'), [
      'bad_character warning',
    ]);
  }
});

/** @param {number} from @param {number} to */
function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
