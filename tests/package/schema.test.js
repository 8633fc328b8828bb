// The rules of a command as a Standard Schema.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, ConfigurationError, schema } from 'aps-payops';

const good = { merchant_reference: 'order-1', amount: Amount.parse('49.99', 'AED') };

test('a schema has the face of the standard', () => {
  const { '~standard': standard } = schema('CAPTURE');
  assert.equal(standard.version, 1);
  assert.equal(standard.vendor, 'aps-payops');
  assert.deepEqual(standard.validate(good), { value: good });
});

test('errors are reported with the path of the parameter, warnings are not', () => {
  const { '~standard': standard } = schema('PURCHASE');
  const products = [{ product_name: 'a' }, { product_name: 'a=b' }];
  const { issues } = standard.validate({ ...good, amount: 20, products, no_such: 'x' });
  const paths = issues.map(({ path }) => path.join('/'));
  assert.ok(paths.includes('amount'));
  assert.ok(paths.includes('no_such'));
  assert.ok(paths.includes('customer_email'));
  assert.ok(paths.includes('products/1/product_name'), paths.join());
  assert.ok(issues.every(({ message }) => message.length > 0));
});

test('a value that is no plain object has one issue, of the whole', () => {
  const { '~standard': standard } = schema('PURCHASE');
  for (const value of [null, undefined, 'x', 1, [], new Date()]) {
    const { issues } = standard.validate(value);
    assert.deepEqual(
      issues.map(({ path }) => path),
      [[]],
    );
    assert.match(issues[0].message, /plain object/);
  }
  const { issues } = standard.validate({ params: {} });
  assert.ok(issues.some(({ path }) => path.join() === 'params') && issues.length > 1);
});

test('options reach the rules', () => {
  const { '~standard': standard } = schema('CAPTURE', { allow: ['new_parameter'], language: 'ar' });
  assert.equal(standard.validate({ ...good, new_parameter: 'x' }).issues, undefined);
  assert.match(standard.validate({}).issues[0].message, /[\u0600-\u06ff]/);
});

test('an unknown command is rejected', () => {
  assert.throws(() => schema('CAPTRUE'), ConfigurationError);
});
