// What the gateway keeps between requests: tokens, passwords, links, batches, checks. Through the client, over HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices, sign, writeBatch } from 'aps-payops/server';

const NOW = Date.UTC(2026, 10, 22);
const NUMBER = '4005550000000001';
const card = { card_number: NUMBER, expiry_date: '3005', card_security_code: '123', card_holder_name: 'A Buyer' };
const email = { customer_email: 'a@example.com' };
const aed = (/** @type {string} */ text) => Amount.parse(text, 'AED');

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const sandbox = createSandbox({ clock: () => NOW });
  await sandbox.listen();
  t.after(() => sandbox.close());
  return { sandbox, aps: new PaymentServices(sandbox.account) };
}

/** As a browser posts a form. */
const post = (/** @type {string} */ url, /** @type {Record<string, string>} */ fields) =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

test('a token is renamed, switched off, and pays only while it is on', async (t) => {
  const { aps } = await start(t);
  const first = { merchant_reference: 'first', amount: aed('10.00'), ...card, ...email };
  const paid = await aps.purchase({ ...first, remember_me: 'YES', token_name: 'tok1' });
  assert.equal(paid.params.token_name, 'tok1');
  const pay = (/** @type {string} */ merchant_reference, /** @type {string} */ token_name) =>
    aps.purchase({ merchant_reference, amount: aed('10.00'), token_name, ...email });
  assert.equal((await pay('second', 'tok1')).code, '14000');

  const renamed = await aps.tokens.update({
    merchant_reference: 'u1',
    token_name: 'tok1',
    new_token_name: 'tok2',
    expiry_date: '3012',
  });
  assert.deepEqual(
    [renamed.code, renamed.outcome, renamed.params.expiry_date, renamed.params.token_status],
    ['58000', 'succeeded', '3012', 'ACTIVE'],
  );
  assert.ok(!JSON.stringify(renamed).includes(NUMBER));
  assert.deepEqual([(await pay('third', 'tok1')).code, (await pay('fourth', 'tok2')).code], ['00044', '14000']);

  const off = await aps.tokens.update({ merchant_reference: 'u2', token_name: 'tok2', token_status: 'INACTIVE' });
  assert.deepEqual([off.code, off.outcome], ['58000', 'succeeded']);
  assert.equal((await pay('fifth', 'tok2')).code, '00044');
  await aps.tokens.update({ merchant_reference: 'u3', token_name: 'tok2', token_status: 'ACTIVE' });
  assert.equal((await pay('sixth', 'tok2')).code, '14000');
  assert.equal((await aps.tokens.update({ merchant_reference: 'u4', token_name: 'none' })).code, '00044');
});

test('CREATE_TOKEN takes a card from the browser, signed without it, and each name once', async (t) => {
  const { aps } = await start(t);
  const create = async (/** @type {Record<string, string>} */ fields) => {
    const form = aps.tokens.create({
      merchant_reference: 'c1',
      return_url: 'https://shop.example/back',
      token_name: 'mine',
    });
    const response = await post(form.action, { ...form.fields, ...fields });
    return new URL(response.headers.get('location') ?? '').searchParams;
  };
  const own = { card_number: NUMBER, expiry_date: '3005' };
  const created = await create(own);
  assert.deepEqual([created.get('response_code'), created.get('token_name')], ['52062', 'mine']);
  assert.equal(created.get('response_message'), 'Token has been created');
  assert.ok(!created.get('card_number')?.includes('5550000000'));
  assert.equal((await create(own)).get('response_code'), '53114');
  assert.equal((await create({ ...own, card_number: '4005550000000002' })).get('response_code'), '00016');
});

test('a one-time password pays once, for its order and amount', async (t) => {
  const { aps } = await start(t);
  const egp = Amount.parse('100.00', 'EGP');
  const valu = /** @type {const} */ ({ payment_option: 'VALU', phone_number: '00008557694' });
  const order = { merchant_reference: 'v1', amount: egp, ...valu };
  assert.equal((await aps.valu.verifyCustomer({ merchant_reference: 'v1', ...valu })).code, '90000');
  const sent = await aps.valu.generateOtp({ ...order, merchant_order_id: 'v1' });
  assert.deepEqual([sent.code, sent.outcome], ['88000', 'succeeded']);
  assert.equal((await aps.valu.verifyOtp({ ...order, otp: '000000' })).code, '93748');
  const right = await aps.valu.verifyOtp({ ...order, otp: '123456' });
  assert.deepEqual([right.code, right.outcome], ['92182', 'succeeded']);
  const purchase = (/** @type {string} */ otp, amount = egp) =>
    aps.purchase({
      ...order,
      ...email,
      amount,
      otp,
      tenure: '6',
      total_down_payment: '0',
      purchase_description: 'phone',
      wallet_amount: '0',
      cashback_wallet_amount: '0',
    });
  assert.equal((await purchase('000000')).code, '00748');
  const silent = { ...order, ...email, purchase_description: 'phone' };
  assert.equal((await aps.purchase(silent)).code, '00001');
  assert.equal((await purchase('123456', Amount.parse('99.00', 'EGP'))).code, '00748');
  assert.equal((await purchase('123456')).code, '14000');
  assert.equal((await purchase('123456')).outcome, 'uncertain');
});

test('a payment link is paid once, and not after its time', async (t) => {
  const { aps, sandbox } = await start(t);
  const link = await aps.links.create({
    merchant_reference: 'l1',
    amount: aed('49.99'),
    ...email,
    request_expiry_date: '2026-12-01T00:00:00+04:00',
    notification_type: 'EMAIL',
  });
  assert.deepEqual([link.code, link.outcome], ['48000', 'succeeded']);
  const url = link.params.payment_link ?? '';
  const { origin } = new URL(url);
  const page = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
  assert.match(await (await fetch(origin + page)).text(), /49\.99/);
  await post(origin + page, card);
  const again = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
  await post(origin + again, card);
  const [paid, ...others] = sandbox.payments();
  assert.deepEqual([paid?.merchant_reference, paid?.captured, others.length], ['l1', '4999', 0]);
  sandbox.advance({ days: 30 });
  assert.equal((await fetch(url, { redirect: 'manual' })).status, 410);
  const late = {
    merchant_reference: 'l2',
    amount: aed('1.00'),
    ...email,
    notification_type: /** @type {const} */ ('EMAIL'),
  };
  const reply = await aps.links.create({ ...late, request_expiry_date: '2026-12-01T00:00:00+04:00' });
  assert.equal(reply.code, '00115');
});

test('beside the number of a link, merchant_identifier may be left out', async (t) => {
  const { aps, sandbox } = await start(t);
  const { access_code, merchant_identifier, sha_request_phrase: phrase, digest } = sandbox.account;
  const send = async (/** @type {Record<string, string>} */ params) => {
    const message = { access_code, ...params };
    const body = JSON.stringify({ ...message, signature: sign(message, { phrase: String(phrase), digest }) });
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(sandbox.account.environment.paymentApi, { method: 'POST', headers, body });
    return /** @type {Record<string, string>} */ (await reply.json());
  };
  const link = await aps.links.create({
    ...{ merchant_reference: 'l9', amount: aed('49.99'), ...email },
    ...{ request_expiry_date: '2026-12-01T00:00:00+04:00', notification_type: /** @type {const} */ ('EMAIL') },
  });
  const payment_link_id = String(link.params.payment_link_id);
  const query = { query_command: 'CHECK_PAYMENT_LINK_STATUS' };
  assert.equal((await send({ ...query, payment_link_id })).response_code, '12000');
  assert.equal((await send({ ...query, payment_link_id, merchant_identifier })).response_code, '12000');
  assert.equal((await send({ ...query, payment_link_id, merchant_identifier: 'other' })).response_code, '00009');
  assert.equal((await send({ ...query, merchant_reference: 'l9', merchant_identifier })).response_code, '12000');
  assert.equal((await send({ ...query, merchant_reference: 'l9' })).response_code, '00001');
  const change = { service_command: 'UPDATE_PAYMENT_LINK', language: 'en', payment_link_status: 'CLOSED' };
  assert.equal((await send({ ...change, payment_link_id })).response_code, '48000');
  assert.equal((await send({ ...change, merchant_reference: 'l9' })).response_code, '00001');
});

test('a batch file is carried out once, row by row', async (t) => {
  const { aps, sandbox } = await start(t);
  for (const merchant_reference of ['b1', 'b2', 'b3']) {
    await aps.authorize({ merchant_reference, amount: aed('100.00'), ...card, ...email });
  }
  const rows = [
    { command: 'CAPTURE', merchant_reference: 'b1', amount: aed('30.00') },
    { command: 'CAPTURE', merchant_reference: 'b2', amount: aed('40.00') },
    { command: 'CAPTURE', merchant_reference: 'b3', amount: aed('900.00') },
  ];
  const content = await new Response(writeBatch(rows)).text();
  const uploaded = await aps.batches.upload({ batch_reference: 'may' }, { name: 'may.csv', content });
  assert.equal(uploaded.code, '50000');
  assert.equal((await aps.batches.upload({ batch_reference: 'may' }, { name: 'may.csv', content })).code, '51146');
  const { reply } = await aps.batches.results({ batch_reference: 'may' });
  assert.equal(reply?.params.transactions_count, '3');
  const captured = () => Object.fromEntries(sandbox.payments().map((one) => [one.merchant_reference, one.captured]));
  assert.deepEqual(captured(), { b1: '0', b2: '0', b3: '0' });
  for (let twice = 0; twice < 2; twice++) {
    assert.equal((await aps.batches.process({ batch_reference: 'may' })).code, '72147');
    assert.deepEqual(captured(), { b1: '3000', b2: '4000', b3: '0' });
  }
  assert.equal((await aps.batches.process({ batch_reference: 'june' })).code, '73141');
  const broken = await aps.batches.upload({ batch_reference: 'july' }, { name: 'july.csv', content: '%%%"' });
  assert.equal(broken.code, '51144');
});

test('cards are verified, rates returned, plans listed, reports kept', async (t) => {
  const { aps } = await start(t);
  const check = (/** @type {string} */ merchant_reference, card_number = NUMBER) =>
    aps.cards.verify({ merchant_reference, card_number, expiry_date: '3005', currency: 'AED' });
  assert.deepEqual([(await check('w1')).code, (await check('w2', '4000000000000119')).code], ['80000', '81666']);
  const status = await aps.cards.verifyStatus({ merchant_reference: 'w2' });
  assert.deepEqual(
    [status.params.transaction_status, status.params.transaction_code, status.outcome],
    ['81', undefined, 'failed'],
  );
  assert.equal((await aps.cards.verifyStatus({ merchant_reference: 'w3' })).code, '12036');

  const rate = await aps.currency.convert({ amount: aed('100.00'), converted_currency: 'USD' });
  assert.equal(rate.params.converted_amount, '2722');
  const none = await aps.currency.convert({ amount: aed('100.00'), converted_currency: 'XAF' });
  assert.equal(none.code, '00013');

  const plans = await aps.installments.plans({});
  assert.deepEqual([plans.code, plans.authentic], ['62000', true]);
  assert.match(JSON.stringify(plans.params.installment_detail), /NNNN89JJ/);

  const order = { merchant_reference: 'r1', from_date: '2026-01-01T00:00:00Z', to_date: '2026-02-01T00:00:00Z' };
  assert.equal((await aps.reports.get({ merchant_reference: 'r1' })).reply?.code, '57036');
  assert.equal((await aps.reports.generate({ ...order, columns: ['amount'] })).code, '56000');
  assert.equal((await aps.reports.get({ merchant_reference: 'r1' })).reply?.code, '56000');
});

test('3-D Secure that the merchant runs ends what it began', async (t) => {
  const { aps } = await start(t);
  const end = () => aps.threeDS.authentication({ merchant_reference: 'e1', third_party_body: 'cres=abc' });
  assert.equal((await end()).code, '45036');
  const begun = await aps.threeDS.enrollment({
    merchant_reference: 'e1',
    amount: aed('10.00'),
    card_number: NUMBER,
    expiry_date: '3005',
    merchant_3ds_url: 'https://shop.example/3ds',
  });
  const ended = await end();
  assert.deepEqual([begun.code, ended.code, ended.params['3ds_status']], ['44000', '44000', 'Y']);
  assert.equal(begun.params.threeds_id, ended.params.threeds_id);
});
