// What is inside a structure is signed with it, so its names and texts are held to the same rules.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { buildRequest, validate } from 'aps-payops/server';

const order = { merchant_reference: 'order-1', amount: '100', currency: 'AED' };

test('a name inside a structure cannot be read as a parameter, whatever follows it', () => {
  for (const [airline_data, path] of [
    [{ 'a=1': '' }, 'airline_data.a=1'],
    [{ amount: {} }, 'airline_data.amount'],
    [{ leg: { currency: '' } }, 'airline_data.leg.currency'],
    [{ legs: [{ fort_id: [] }] }, 'airline_data.legs[0].fort_id'],
    [{ legs: [[{ status: 'x' }]] }, 'airline_data.legs[0][0].status'],
    [{ leg: 'b=c' }, 'airline_data.leg'],
    [{ leg: 'amount=' }, 'airline_data.leg'],
    [{ legs: ['a', 'response_code=14000'] }, 'airline_data.legs[1]'],
  ]) {
    const issues = validate('CAPTURE', { ...order, airline_data });
    assert.deepEqual(
      issues.map(({ parameter, code, severity }) => [parameter, code, severity]),
      [[path, 'reserved_text', 'error']],
      path,
    );
  }
  for (const airline_data of [{ booking: '' }, { legs: [] }, { key: 'YWI==' }, { amounts: '1', the_status: 'x' }]) {
    assert.deepEqual(validate('CAPTURE', { ...order, airline_data }), [], JSON.stringify(airline_data));
  }
});

test('a known part is checked by its path, in every place of a list', () => {
  const { account } = createSandbox();
  const verify = (/** @type {unknown} */ filters) =>
    validate('GENERATE_REPORT', {
      merchant_reference: 'report-1',
      from_date: '2026-01-01T00:00:00Z',
      to_date: '2026-02-01T00:00:00Z',
      columns: ['amount'],
      filters,
    }).filter(({ parameter }) => parameter.startsWith('filters'));
  assert.deepEqual(verify([{ key: 'currency', value: 'USD' }]), []);
  const [issue, ...others] = verify([
    { key: 'currency', value: 'USD' },
    { key: 'no such', value: 'USD' },
  ]);
  assert.deepEqual([issue?.parameter, issue?.code, others.length], ['filters[1].key', 'not_allowed', 0]);
  assert.ok(
    buildRequest('CAPTURE', { ...order, airline_data: { booking: 'x' } }, account).body.includes('"booking":"x"'),
  );
});

test('an unknown part is reported where all parts are known, and may still be sent', () => {
  const issuesOf = (/** @type {import('aps-payops').CommandName} */ command, /** @type {object} */ params) =>
    validate(command, params)
      .filter(({ code }) => code === 'unknown')
      .map(({ parameter, severity }) => `${parameter}:${severity}`);
  assert.deepEqual(
    issuesOf('OTP_GENERATE', { products: [{ product_name: 'a' }, { product_name: 'b', colour: 'red' }] }),
    ['products[1].colour:warning'],
  );
  assert.deepEqual(issuesOf('PURCHASE', { ...order, apple_header: { apple_publicKeyHash: 'YQ==', key: 'x' } }), [
    'apple_header.key:warning',
  ]);
  assert.deepEqual(issuesOf('PURCHASE', { ...order, apple_header: ['x'] }), ['apple_header[0]:warning']);
  assert.deepEqual(issuesOf('GENERATE_REPORT', { columns: { a: 'amount' }, filters: [{ key: 'currency', z: '1' }] }), [
    'columns.a:warning',
    'filters[0].z:warning',
  ]);
  assert.deepEqual(issuesOf('CAPTURE', { ...order, airline_data: { newer: ['x'] } }), []);
});

test('a list has no more elements than its table says', () => {
  const filters = Array.from({ length: 11 }, () => ({ key: 'currency', value: 'USD' }));
  const issuesOf = (/** @type {object[]} */ list) =>
    validate('GENERATE_REPORT', { filters: list }).filter(({ parameter }) => parameter.startsWith('filters'));
  assert.deepEqual(issuesOf(filters.slice(1)), []);
  assert.deepEqual(
    issuesOf(filters).map(({ parameter, code, max }) => [parameter, code, max]),
    [['filters', 'too_long', 10]],
  );
});

test('a structure in place of text is reported, and text in place of a structure', () => {
  const issuesOf = (/** @type {import('aps-payops').CommandName} */ command, /** @type {object} */ params) =>
    validate(command, params)
      .filter(({ code }) => code === 'bad_format')
      .map(({ parameter, severity, expected }) => [parameter, severity, expected]);
  const products = [{ product_name: 'a', product_price: { minor: '1' }, product_category: 'b' }];
  assert.deepEqual(issuesOf('OTP_GENERATE', { ...order, products }), [
    ['products[0].product_price', 'warning', 'text'],
  ]);
  assert.deepEqual(issuesOf('CAPTURE', { ...order, airline_data: 'x', merchant_reference: ['x'] }), [
    ['airline_data', 'error', 'an object'],
    ['merchant_reference', 'error', 'text'],
  ]);
});

test('a structure has the members that it cannot do without, and holds something', async () => {
  const { default: dictionary } = await import('aps-payops/dictionary.json', { with: { type: 'json' } });
  let walked = 0;
  for (const [command, { parameters }] of Object.entries(dictionary.commands)) {
    for (const name of Object.keys(parameters)) {
      const { required = [], example } = dictionary.parameters[name] ?? {};
      for (const member of required) {
        walked++;
        const isList = Array.isArray(example);
        const [whole] = [example].flat();
        const { [member]: _, ...rest } = whole;
        const issuesOf = (/** @type {object} */ structure) =>
          validate(command, { [name]: isList ? [whole, structure] : structure })
            .filter(({ parameter }) => parameter.startsWith(`${name}.`) || parameter.startsWith(`${name}[`))
            .map(({ parameter, code, severity, with: where }) => [parameter, code, severity, where]);
        assert.deepEqual(issuesOf(whole), [], `${command} ${name}`);
        const expected = [`${name}${isList ? '[]' : ''}.${member}`, 'missing', 'error', isList ? `${name}[1]` : name];
        for (const structure of [rest, { ...whole, [member]: '' }])
          assert.deepEqual(issuesOf(structure), [expected], member);
        assert.equal(issuesOf({}).length, required.length, `${command} ${name}`);
      }
    }
  }
  assert.ok(walked >= 10, `${walked}`);
  const report = { from_date: '2026-01-01T00:00:00Z', to_date: '2026-02-01T00:00:00Z', merchant_reference: 'r' };
  const issuesOf = (/** @type {object} */ params) =>
    validate('GENERATE_REPORT', { ...report, ...params }).map(({ parameter, code }) => `${parameter}:${code}`);
  assert.deepEqual(issuesOf({ columns: [] }), ['columns:missing']);
  assert.deepEqual(issuesOf({ columns: ['amount'], filters: [] }), []);
  const { account } = createSandbox();
  assert.throws(
    () => buildRequest('GENERATE_REPORT', { ...report, columns: ['amount'], filters: [{ key: 'currency' }] }, account),
    { code: 'validation' },
  );
});

test('a value that is rejected is not missing as well', () => {
  const product = { product_name: 'iphone', product_price: 10000, product_category: 'phone' };
  const issues = validate('OTP_GENERATE', {
    ...{ merchant_reference: 'order-1', amount: '10000', currency: 'EGP', payment_option: 'VALU' },
    ...{ phone_number: '01000000000', merchant_order_id: 'v1', products: [product] },
  });
  assert.deepEqual(
    issues.map(({ parameter, code }) => [parameter, code]),
    [['products[0].product_price', 'not_an_amount']],
  );
});
