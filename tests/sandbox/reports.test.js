// Reports and lists of tokens: what the gateway has in its books. Over HTTP, with the client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';

const NOW = Date.UTC(2026, 10, 22);
const NUMBER = '4005550000000001';
const DECLINED = '4000000000000119';
const card = { card_number: NUMBER, expiry_date: '3005', card_security_code: '123', card_holder_name: 'A "B", C' };
const aed = (/** @type {string} */ text) => Amount.parse(text, 'AED');

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const sandbox = createSandbox({ clock: () => NOW });
  await sandbox.listen();
  t.after(() => sandbox.close());
  return { sandbox, aps: new PaymentServices(sandbox.account) };
}

/** @param {AsyncIterable<Readonly<Record<string, string>>> | null} rows */
async function all(rows) {
  const found = [];
  for await (const row of rows ?? []) found.push(row);
  return found;
}

const day = (/** @type {number} */ number) => `2026-11-${number}T00:00:00+00:00`;

test('a report has a row for each operation of its days, in its columns, by its filters', async (t) => {
  const { sandbox, aps } = await start(t);
  const customer_email = 'a@example.com';
  const placed = await aps.authorize({ merchant_reference: 'one', amount: aed('100.00'), ...card, customer_email });
  await aps.capture({ merchant_reference: 'one', amount: aed('30.00') });
  await aps.capture({ merchant_reference: 'one', amount: aed('90.00') });
  const usd = Amount.parse('5.00', 'USD');
  await aps.purchase({ merchant_reference: 'two', amount: usd, ...card, card_number: DECLINED, customer_email });
  sandbox.advance({ days: 3 });
  await aps.refund({ merchant_reference: 'one', amount: aed('10.00'), maintenance_reference: 'r' });

  /** @param {string} merchant_reference @param {object} [more] */
  const order = async (merchant_reference, more) => {
    const generated = await aps.reports.generate({
      merchant_reference,
      from_date: day(21),
      to_date: day(30),
      columns: ['merchant_reference', 'operation', 'amount', 'currency', 'response_code'],
      ...more,
    });
    assert.equal(generated.code, '56000');
    const { reply, rows } = await aps.reports.download({ merchant_reference });
    assert.equal(reply, null);
    return (await all(rows)).map((row) => Object.values(row).join(' '));
  };
  const lines = [
    'one AUTHORIZATION 10000 AED 02000',
    'one CAPTURE 3000 AED 04000',
    'one CAPTURE 9000 AED 05042',
    'one REFUND 1000 AED 06000',
    'two PURCHASE 500 USD 13666',
  ];
  assert.deepEqual(await order('all'), lines);
  assert.deepEqual(await order('early', { to_date: day(23) }), [...lines.slice(0, 3), ...lines.slice(4)]);
  assert.deepEqual(await order('usd', { filters: [{ key: 'currency', value: 'usd' }] }), lines.slice(4));
  const two = [
    { key: 'operation', value: 'CAPTURE' },
    { key: 'status', value: '04' },
  ];
  assert.deepEqual(await order('two', { filters: two }), lines.slice(1, 2));
  const columns = ['fort_id', 'card_number', 'card_bin', 'card_holder_name', 'customer_email', 'payment_option'].concat(
    ['eci', 'transaction_date', 'order_date', '3ds_indicator', 'authorization_code', 'acquirer_mid'],
  );
  const filters = [{ key: 'operation', value: 'REFUND' }];
  await aps.reports.generate({ merchant_reference: 'wide', from_date: day(21), to_date: day(30), columns, filters });
  const [row] = await all((await aps.reports.get({ merchant_reference: 'wide' })).rows);
  assert.deepEqual(row, {
    fort_id: placed.params.fort_id,
    card_number: '400555******0001',
    card_bin: '400555',
    card_holder_name: 'A "B", C',
    customer_email,
    payment_option: 'VISA',
    eci: 'ECOMMERCE',
    transaction_date: '2026-11-25T00:00:00.000Z',
    order_date: '2026-11-22T00:00:00.000Z',
    '3ds_indicator': 'NO',
    authorization_code: placed.params.authorization_code,
    acquirer_mid: '',
  });
  // A report is of when it was ordered.
  await aps.refund({ merchant_reference: 'one', amount: aed('1.00'), maintenance_reference: 's' });
  assert.equal((await all((await aps.reports.download({ merchant_reference: 'all' })).rows)).length, 5);
});

test('reports without rows, without days, and without an owner', async (t) => {
  const { aps } = await start(t);
  const columns = ['amount'];
  const some = { from_date: day(21), to_date: day(23), columns };
  await aps.reports.generate({ merchant_reference: 'empty', ...some });
  const empty = await aps.reports.download({ merchant_reference: 'empty' });
  assert.deepEqual([empty.reply?.code, empty.rows], ['56000', null]);
  const back = await aps.reports.generate({
    merchant_reference: 'back',
    from_date: day(23),
    to_date: day(21),
    columns,
  });
  assert.deepEqual([back.code, back.outcome], ['57122', 'failed']);
  await assert.rejects(aps.reports.generate({ merchant_reference: 'odd', ...some, to_date: 'tomorrow' }), {
    name: 'ValidationError',
    message: /\[to_date: bad_format\]/,
  });
  for (const merchant_reference of ['back', 'odd', 'none']) {
    assert.equal((await aps.reports.download({ merchant_reference })).reply?.code, '57036');
  }
});

test('GET_TOKENS lists the tokens of a customer, without what pays', async (t) => {
  const { aps, sandbox } = await start(t);
  const pay = (/** @type {string} */ merchant_reference, /** @type {object} */ more) =>
    aps.purchase(/** @type {any} */ ({ merchant_reference, amount: aed('1.00'), ...more }));
  const [ann, bob] = ['ann@example.com', 'bob@example.com'];
  await pay('1', { ...card, customer_email: ann, remember_me: 'YES', token_name: 'ann-1' });
  await pay('2', { ...card, customer_email: bob, remember_me: 'YES', token_name: 'bob-1' });
  await pay('3', { ...card, customer_email: bob, remember_me: 'NO' });
  const form = aps.paymentPage.tokenize({
    merchant_reference: '4',
    return_url: 'https://shop.example/back',
    token_name: 'ann-2',
  });
  const { card_holder_name, ...typed } = card;
  await fetch(form.action, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...form.fields, ...typed }),
  });
  const names = async (/** @type {object} */ more) => {
    const reply = await aps.tokens.list({ merchant_reference: 'list', ...more });
    const tokens = /** @type {any} */ (reply.params).tokens;
    return [reply.code, tokens?.map((/** @type {{ token_name: string }} */ one) => one.token_name)];
  };
  assert.deepEqual(await names({}), ['54000', ['ann-1', 'bob-1', 'ann-2']]);
  assert.deepEqual(await names({ customer_email: ann }), ['54000', ['ann-1']]);
  // Whose a card is that the browser gave, its first payment tells.
  await pay('5', { token_name: 'ann-2', customer_email: ann });
  assert.deepEqual(await names({ customer_email: ann }), ['54000', ['ann-1', 'ann-2']]);
  assert.deepEqual(await names({ token_name: 'bob-1' }), ['54000', ['bob-1']]);
  assert.deepEqual(await names({ customer_email: 'nobody@example.com' }), ['54000', []]);
  assert.deepEqual(await names({ token_name: 'none' }), ['55044', undefined]);
  await aps.tokens.update({ merchant_reference: 'u', token_name: 'ann-1', token_status: 'INACTIVE' });
  assert.deepEqual(await names({ customer_email: ann }), ['54000', ['ann-2']]);

  const { params } = await aps.tokens.list({ merchant_reference: 'list', token_name: 'bob-1' });
  assert.deepEqual(/** @type {any} */ (params).tokens, [
    {
      token_name: 'bob-1',
      card_number: '400555******0001',
      card_bin: '400555',
      card_brand: 'VISA',
      expiry_date: '3005',
      card_holder_name: 'A "B", C',
      creation_date: '2026-11-22T00:00:00+00:00',
    },
  ]);
  assert.ok(!JSON.stringify(sandbox.log()).includes(NUMBER));
});

test('TOKENIZATION for instalments returns the chosen plan', async (t) => {
  const { aps } = await start(t);
  const form = aps.paymentPage.tokenize({
    merchant_reference: 'plan',
    return_url: 'https://shop.example/back',
    installments: 'STANDALONE',
    amount: aed('100.00'),
  });
  const typed = { card_number: NUMBER, expiry_date: '3005', card_security_code: '123' };
  const body = new URLSearchParams({ ...form.fields, ...typed });
  const response = await fetch(form.action, { method: 'POST', redirect: 'manual', body });
  const back = new URL(response.headers.get('location') ?? '').searchParams;
  const [token_name, issuer_code, plan_code] = ['token_name', 'issuer_code', 'plan_code'].map(
    (name) => back.get(name) ?? '',
  );
  assert.deepEqual([back.get('response_code'), back.get('number_of_installments')], ['18000', '6']);
  const paid = await aps.purchase({
    merchant_reference: 'plan',
    amount: aed('100.00'),
    customer_email: 'a@example.com',
    installments: 'YES',
    token_name,
    issuer_code,
    plan_code,
  });
  assert.deepEqual([paid.code, paid.params.number_of_installments], ['14000', '6']);
});
