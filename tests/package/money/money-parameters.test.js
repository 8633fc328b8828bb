// Only the dictionary says which parameters are money: all of them reject numbers and take Amounts, at any depth.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount } from 'aps-payops';
import { buildRequest, validate } from 'aps-payops/server';
import { account } from '../../account.js';
import { commands, dictionary } from '../messages/dictionary.js';

const MONEY = Object.entries(dictionary.parameters)
  .filter(([name, { kind }]) => kind === 'amount' && !name.includes('@'))
  .map(([name]) => name);

/** Parameters with a value at a path: `products[].product_price` in the second of two products. */
function at(path, value) {
  const [name, member] = path.split('[].');
  if (member === undefined) return { [name]: value };
  const product = { product_name: 'iphone', product_price: '100', product_category: 'phone' };
  return { [name]: [product, { ...product, [member]: value }] };
}

const withPath = (path) => {
  const [name] = path.split('[');
  return commands.filter((command) => ['required', 'optional'].includes(command.parameters[name]));
};

test('the dictionary has money inside structures', () => {
  for (const name of ['amount', 'products[].product_price', 'total_downpayment', 'total_down_payment', 'item_price']) {
    assert.ok(MONEY.includes(name), name);
  }
});

for (const path of MONEY) {
  test(`${path} rejects numbers and takes Amounts, in every command that has it`, () => {
    const reportedPath = path.replace('[]', '[1]');
    const found = withPath(path);
    assert.ok(found.length > 0);
    for (const { name } of found) {
      const codes = (value, more) =>
        validate(name, { ...at(path, value), ...more })
          .filter(({ parameter }) => parameter === reportedPath)
          .map(({ code, severity }) => `${code} ${severity}`);
      for (const number of [20, 19.99, 0]) {
        assert.deepEqual(codes(number), ['not_an_amount error'], `${name} ${number}`);
      }
      // That a void has an amount is only unusual.
      const unusual = name === 'VOID_AUTHORIZATION' ? ['not_allowed warning'] : [];
      for (const good of [Amount.parse('20', 'EGP'), '2000', 2000n]) {
        assert.deepEqual(codes(good, { currency: 'EGP' }), unusual, `${name} ${good}`);
      }
      const issues = validate(name, { ...at(path, Amount.parse('20', 'EGP')), currency: 'SAR' });
      assert.ok(
        issues.some(({ parameter, code }) => parameter === 'currency' && code === 'conflict'),
        name,
      );
      const zero = dictionary.parameters[path].zero ? [] : ['zero_amount error', ...unusual];
      assert.deepEqual(codes('0', { currency: 'EGP' }), zero, `${name} 0`);
      assert.deepEqual(codes('01', { currency: 'EGP' }), ['not_an_amount error', ...unusual], `${name} 01`);
    }
  });
}

test('an Amount in a product is sent as its minor units', () => {
  const amount = Amount.parse('150', 'EGP');
  const { params } = buildRequest(
    'OTP_GENERATE',
    {
      amount,
      merchant_reference: 'valu-1',
      payment_option: 'VALU',
      phone_number: '00008557694',
      merchant_order_id: 'Valu123',
      total_downpayment: Amount.parse('0', 'EGP'),
      products: [
        { product_name: 'iphone', product_price: Amount.parse('100', 'EGP'), product_category: 'phone' },
        { product_name: 'case', product_price: Amount.parse('50', 'EGP'), product_category: 'phone' },
      ],
    },
    account,
  );
  assert.deepEqual(
    params.products.map((product) => product.product_price),
    ['10000', '5000'],
  );
  assert.deepEqual([params.amount, params.currency, params.total_downpayment], ['15000', 'EGP', '0']);
});
