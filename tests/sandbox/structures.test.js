// Structures are held against the dictionary as parameters are: member by member.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { BARE } from './plain-browser.js';
import { ask, paying, post, reference, request } from './plain-merchant.js';

const sandbox = createSandbox();
const describe = ({ response_code, response_message }) => `${response_code} ${response_message}`;

test('apple_header and apple_paymentMethod are whole, and nothing more', async () => {
  const { account } = sandbox;
  const header = { apple_transactionId: 't', apple_ephemeralPublicKey: 'k', apple_publicKeyHash: 'h' };
  const method = { apple_displayName: 'Visa 1', apple_network: 'Visa', apple_type: 'debit' };
  const pay = async (apple_header, apple_paymentMethod = method) => {
    const wallet = { digital_wallet: 'APPLE_PAY', apple_data: 'ZA==', apple_signature: 'c2ln' };
    const params = paying('PURCHASE', reference(), { ...BARE, ...wallet, apple_header, apple_paymentMethod });
    return describe(await post(sandbox, request({ ...account, ...account.applePay }, params)));
  };
  assert.equal(await pay(header), '14000 Success');
  for (const name of Object.keys(header)) {
    const { [name]: left, ...rest } = header;
    assert.equal(await pay(rest), `00001 Missing parameter: apple_header.${name}`);
    assert.equal(await pay({ ...header, [name]: '' }), `00001 Missing parameter: apple_header.${name}`);
  }
  assert.equal(await pay({ ...header, wifi: '1' }), '00027 Invalid extra parameters: apple_header.wifi');
  assert.equal(await pay({ ...header, constructor: 'x' }), '00027 Invalid extra parameters: apple_header.constructor');
  assert.equal(await pay([header]), '00002 Invalid parameter format: apple_header');
  assert.equal(await pay('t'), '00002 Invalid parameter format: apple_header');
  assert.equal(
    await pay({ ...header, apple_transactionId: { a: 'b' } }),
    '00002 Invalid parameter format: apple_header.apple_transactionId',
  );
  assert.equal(
    await pay(header, { apple_network: 'Visa', apple_type: 'debit' }),
    '00001 Missing parameter: apple_paymentMethod.apple_displayName',
  );
});

test('products are a list of name, price and category', async () => {
  const product = { product_name: 'iphone', product_price: '10000', product_category: 'phone' };
  const send = async (products) => {
    const params = {
      service_command: 'OTP_GENERATE',
      merchant_reference: reference(),
      payment_option: 'VALU',
      phone_number: '00008557694',
      amount: '10000',
      currency: 'EGP',
      products,
    };
    return describe(await post(sandbox, request(sandbox.account, params)));
  };
  assert.equal(await send([product, product]), '88000 Success');
  assert.equal(await send(product), '00002 Invalid parameter format: products');
  assert.equal(await send(['iphone']), '00002 Invalid parameter format: products[0]');
  const { product_price, ...priceless } = product;
  assert.equal(await send([product, priceless]), '00001 Missing parameter: products[1].product_price');
  assert.equal(await send([{ ...product, product_price: '12.50' }]), '00005 Invalid amount');
  assert.equal(await send([{ ...product, vat: '5' }]), '00027 Invalid extra parameters: products[0].vat');
});

test('columns and filters are of the documented names', async () => {
  const filter = { key: 'currency', value: 'AED' };
  const send = async (more) =>
    describe(
      await ask(sandbox, {
        query_command: 'GENERATE_REPORT',
        merchant_reference: reference(),
        from_date: '2026-01-01T00:00:00+03:00',
        to_date: '2026-02-01T00:00:00+03:00',
        columns: ['amount', 'currency'],
        ...more,
      }),
    );
  assert.equal(await send({ filters: [filter] }), '56000 Success');
  assert.equal(await send({ columns: [] }), '00001 Missing parameter: columns');
  assert.equal(await send({ columns: 'amount' }), '00002 Invalid parameter format: columns');
  assert.equal(await send({ columns: ['amount', 'price'] }), '00033 Parameter value not allowed: columns[1]');
  const long = { ...filter, key: 'x'.repeat(111) };
  assert.equal(await send({ filters: [filter, long] }), '00032 Invalid parameter length: filters[1].key');
  assert.equal(await send({ filters: [{ key: 'currency' }] }), '00001 Missing parameter: filters[0].value');
  assert.equal(await send({ filters: filter }), '00002 Invalid parameter format: filters');
});

test('airline data is known to its last leg, and may have more', async () => {
  const send = async (airline_data) => describe(await ask(sandbox, paying('PURCHASE', reference(), { airline_data })));
  const leg = { leg_carrier_code: 'EK', leg_departure_airport: 'DXB' };
  const itinerary = (legs) => ({ airline_itinerary: { itinerary_leg: legs, itinerary_number_in_party: '1' } });
  assert.equal(await send(itinerary([leg, leg])), '14000 Success');
  assert.equal(await send({ leg, airline_new: '1' }), '14000 Success');
  const path = 'airline_data.airline_itinerary.itinerary_leg';
  assert.equal(await send(itinerary(leg)), `00002 Invalid parameter format: ${path}`);
  assert.equal(await send(itinerary([leg, { leg: '1' }])), '14000 Success');
  assert.equal(await send(itinerary([{ leg_fare: ['1'] }])), `00002 Invalid parameter format: ${path}[0].leg_fare`);
});
