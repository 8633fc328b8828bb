// What real replies and newer pages of APS have shown: each test names the behaviour.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from '../../pkg/sandbox/index.js';
import { ask, CARD, handSign, merchant, paying, post, reference, request } from './plain-merchant.js';

const BARE = { card_number: undefined, expiry_date: undefined, card_security_code: undefined };
const RETURN = 'https://shop.example/back';

test('replies of payments repeat what captured ones do, and escape it; or all of the request as it was sent', async () => {
  const sent = { return_url: RETURN, app_plugin: 'x', order_description: `a'b"<c>&d`, token_name: 'kept' };
  const captured = createSandbox();
  const final = await ask(captured, paying('PURCHASE', reference(), sent));
  assert.ok(!('return_url' in final) && !('app_plugin' in final));
  assert.equal(final.order_description, 'a&#39;b&quot;&lt;c&gt;&amp;d');
  assert.deepEqual([final.token_name, final.customer_ip], ['kept', '127.0.0.1']);
  const waiting = { ...sent, card_number: '4557012345678902' };
  assert.ok(!('token_name' in (await ask(captured, paying('PURCHASE', reference(), waiting)))));
  const documented = createSandbox({ replies: 'documented' });
  for (const more of [sent, waiting]) {
    const reply = await ask(documented, paying('PURCHASE', reference(), more));
    for (const [name, value] of Object.entries(sent)) assert.equal(reply[name], value, name);
  }
  assert.throws(() => createSandbox({ replies: 'some' }), /replies must be 'captured' or 'documented'/);
});

test('success is reported in Arabic if the request names it', async () => {
  const sandbox = createSandbox();
  const reply = await ask(sandbox, paying('PURCHASE', reference(), { language: 'ar' }));
  assert.equal(reply.response_message, 'عملية ناجحة');
});

test('plans, reports and the status of a link may be requested without a language, all else may not', async () => {
  const sandbox = createSandbox();
  const link = { merchant_reference: 'link', amount: '100', currency: 'AED', customer_email: 'a@example.com' };
  const until = { notification_type: 'NONE', request_expiry_date: '2099-12-31T00:00:00Z' };
  await ask(sandbox, { service_command: 'PAYMENT_LINK', ...link, ...until });
  const days = { from_date: '2000-01-01T00:00:00+00:00', to_date: '2100-01-01T00:00:00+00:00' };
  const codeOf = async (params) =>
    (await post(sandbox, request(sandbox.account, { language: undefined, ...params }))).response_code;
  const report = { merchant_reference: 'report', ...days, columns: ['amount'] };
  assert.equal(await codeOf({ query_command: 'GET_INSTALLMENTS_PLANS' }), '62000');
  assert.equal(await codeOf({ query_command: 'GENERATE_REPORT', ...report }), '56000');
  assert.equal(await codeOf({ query_command: 'CHECK_PAYMENT_LINK_STATUS', merchant_reference: 'link' }), '12000');
  const refused = await post(
    sandbox,
    request(sandbox.account, { language: undefined, query_command: 'CHECK_STATUS', merchant_reference: 'link' }),
  );
  assert.equal(refused.response_message, 'Missing parameter: language');
});

test('STC Pay says so in payment_option', async () => {
  const sandbox = createSandbox();
  const order = { merchant_reference: 'stc', amount: '6000', currency: 'SAR', phone_number: '550000000' };
  await ask(sandbox, { service_command: 'GENERATE_OTP', ...order, digital_wallet: 'STCPAY' });
  const payer = { customer_email: 'a@example.com', digital_wallet: 'STCPAY', otp: '123456' };
  const reply = await ask(sandbox, { command: 'PURCHASE', ...order, ...payer });
  assert.deepEqual([reply.response_code, reply.payment_option], ['14000', 'STCPAY']);
});

test('a card is stored unless remember_me is NO; on the hosted page only when the customer ticks the box', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const { token_name } = await ask(sandbox, paying('PURCHASE', reference()));
  assert.equal(await shop.purchase(reference(), { ...BARE, token_name }), '14000');
  assert.ok(!('token_name' in (await ask(sandbox, paying('PURCHASE', reference(), { remember_me: 'NO' })))));
  const hosted = (merchant_reference) => ({
    action: sandbox.account.environment.paymentPage,
    fields: request(sandbox.account, paying('PURCHASE', merchant_reference, { ...BARE, return_url: RETURN })),
  });
  assert.ok(!('token_name' in (await sandbox.complete(hosted('a')))));
  const checked = await sandbox.complete(hosted('c'), { challenge: 'pass', card: '4557012345678902' });
  assert.deepEqual([checked.response_code, checked.token_name], ['14000', undefined], 'after 3-D Secure no more');
  const ticked = await sandbox.complete(hosted('b'), { card: { ...CARD, expiry_date: '05/30', remember_me: 'YES' } });
  assert.equal(await shop.purchase(reference(), { ...BARE, token_name: ticked.token_name }), '14000');
});

test('Jaywan and the newer range of mada pay, by PURCHASE only', async () => {
  const sandbox = createSandbox();
  const jaywan = testCards.find(({ brand }) => brand === 'JAYWAN');
  for (const [card_number, brand] of [
    [jaywan.number, 'JAYWAN'],
    ['2233112200000006', 'MADA'],
    ['4787800000000004', 'JAYWAN'],
  ]) {
    const paid = await ask(sandbox, paying('PURCHASE', reference(), { card_number }));
    assert.deepEqual([paid.response_code, paid.payment_option], ['14000', brand]);
    assert.equal(await merchant(sandbox).authorize(reference(), { card_number }), '00049');
  }
});

test('KNET, OmanNet, Tabby and Tamara pay on the hosted page, not from a server', async () => {
  const sandbox = createSandbox();
  const named = { ...BARE, order_description: 'Shoes', phone_number: '966557877988' };
  for (const [payment_option, currency] of [
    ['KNET', 'KWD'],
    ['OMANNET', 'OMR'],
    ['TABBY', 'AED'],
    ['TAMARA', 'AED'],
  ]) {
    const more = { ...named, payment_option, currency };
    assert.equal(await merchant(sandbox).purchase(reference(), more), '00046', payment_option);
    const fields = request(sandbox.account, paying('PURCHASE', reference(), { ...more, return_url: RETURN }));
    const paid = await sandbox.complete({ action: sandbox.account.environment.paymentPage, fields });
    assert.deepEqual([paid.response_code, paid.payment_option], ['14000', payment_option]);
  }
});

test('a network token pays, and is shown nowhere', async () => {
  const sandbox = createSandbox({ allow: ['network_token'] });
  const network_token = { token: '4000000000001234', cryptogram: 'AAAA' };
  const reply = await ask(sandbox, paying('PURCHASE', reference(), { ...BARE, network_token }));
  assert.deepEqual([reply.response_code, reply.payment_option], ['14000', 'VISA']);
  assert.equal(reply.network_token.token, '400000******1234');
  assert.ok(!JSON.stringify(sandbox.log()).includes(network_token.token));
  const declined = { ...BARE, network_token: { token: '4000000000000119' } };
  assert.equal(await merchant(sandbox).purchase(reference(), declined), '13666');
  const without = { ...BARE, network_token: { cryptogram: 'AAAA' } };
  const { response_message } = await ask(sandbox, paying('PURCHASE', reference(), without));
  assert.equal(response_message, 'Missing parameter: network_token.token');
});

test('the reply of a first payment names the agreement of those that follow', async () => {
  const sandbox = createSandbox();
  const first = await ask(sandbox, paying('PURCHASE', reference(), { recurring_mode: 'VARIABLE' }));
  const { agreement_id, token_name } = first;
  assert.match(agreement_id, /^A[0-9]+$/);
  const again = (more) => merchant(sandbox).purchase(reference(), { ...BARE, token_name, eci: 'RECURRING', ...more });
  assert.equal(await again({ agreement_id }), '14000');
  assert.equal(await again({ agreement_id: 'A0' }), '00033');
});

test('3DS_ENROLLMENT sends the customer to the bank, and 3DS_AUTHENTICATION takes the bank’s answer', async () => {
  const sandbox = createSandbox();
  const enroll = (merchant_reference, more) =>
    ask(sandbox, {
      service_command: '3DS_ENROLLMENT',
      merchant_reference,
      amount: '10000',
      currency: 'AED',
      card_number: CARD.card_number,
      expiry_date: CARD.expiry_date,
      merchant_3ds_url: 'https://shop.example/bank',
      ...more,
    });
  const authenticate = (merchant_reference, fields) =>
    ask(sandbox, {
      service_command: '3DS_AUTHENTICATION',
      merchant_reference,
      third_party_body: new URLSearchParams(fields).toString(),
    });
  for (const [challenge, code, status] of [
    ['pass', '44000', 'Y'],
    ['fail', '45030', 'N'],
  ]) {
    const begun = await enroll(challenge);
    assert.deepEqual([begun.response_code, begun['3ds_enrolled']], ['44000', 'Y']);
    const arrived = await sandbox.complete(begun, { challenge });
    assert.deepEqual(Object.keys(arrived), ['MD', 'PaRes']);
    assert.equal(arrived.MD, begun.threeds_id);
    assert.deepEqual(await sandbox.complete(begun), arrived, 'decided once');
    const ended = await authenticate(challenge, arrived);
    assert.deepEqual([ended.response_code, ended['3ds_status'], ended.threeds_id], [code, status, begun.threeds_id]);
    if (status === 'N') assert.ok(!('ver_token' in ended));
    else {
      const { ver_token } = ended;
      const paid = paying('PURCHASE', reference(), { card_number: '4557012345678902', ver_token });
      assert.equal((await ask(sandbox, paid)).response_code, '14000', 'nobody is asked again');
    }
  }
  const left = await enroll('left');
  assert.equal(await sandbox.complete(left, { challenge: 'abandon' }), null);
  const nowhere = await enroll('nowhere', { merchant_3ds_url: 'nonsense' });
  assert.equal(nowhere.response_message, 'Invalid parameter format: merchant_3ds_url');
});

test('a report may be answered as a JSON array, at an endpoint of its own', async () => {
  const sandbox = createSandbox({ reports: 'json' });
  await ask(sandbox, paying('PURCHASE', 'paid'));
  const { origin } = new URL(sandbox.account.environment.paymentApi);
  const send = async (params) => {
    const body = JSON.stringify(request(sandbox.account, { merchant_reference: 'r', ...params }));
    const headers = { 'content-type': 'application/json' };
    return (await sandbox.fetch(`${origin}/FortAPI/reportingApi`, { method: 'POST', headers, body })).json();
  };
  const days = { from_date: '2000-01-01T00:00:00+00:00', to_date: '2100-01-01T00:00:00+00:00' };
  const columns = ['merchant_reference', 'amount', 'response_code'];
  const generated = await send({ query_command: 'GENERATE_REPORT', ...days, columns });
  assert.match(generated.response_code, /^(?!00)/, generated.response_message);
  assert.deepEqual(await send({ query_command: 'DOWNLOAD_REPORT' }), [
    { data_count: 1 },
    [{ merchant_reference: 'paid', amount: '10000', response_code: '14000' }],
  ]);
  assert.equal((await send({ query_command: 'CHECK_STATUS', merchant_reference: 'paid' })).response_code, '00004');
});

test('a cancel is signed, a refusal is not', async () => {
  const sandbox = createSandbox();
  const order = paying('PURCHASE', 'x', { ...BARE, return_url: `${RETURN}?shop=1&page=2` });
  const form = { action: sandbox.account.environment.paymentPage, fields: request(sandbox.account, order) };
  const { shop, page, ...cancelled } = await sandbox.complete(form, { challenge: 'cancel' });
  assert.deepEqual([shop, page], ['1', '2'], 'the query of return_url itself');
  assert.equal(cancelled.return_url, order.return_url, 'an address is not escaped');
  assert.equal(cancelled.signature, handSign(cancelled, sandbox.account.sha_response_phrase));
  assert.ok(!('signature' in (await post(sandbox, { ...form.fields, signature: 'wrong' }))));
});
