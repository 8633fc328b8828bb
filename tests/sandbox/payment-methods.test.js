// What a payment is made with: passwords, plans, agreements, wallets and their credentials.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { action, BARE, openBrowser, RETURN, returned, VISA } from './plain-browser.js';
import { ask, authentic, CARD, merchant, paying, post, reference, request } from './plain-merchant.js';

const sandbox = createSandbox();
const shop = merchant(sandbox);
const refused = async (params, code, message) => {
  const reply = await ask(sandbox, params);
  assert.equal(reply.response_code, code, JSON.stringify(reply));
  if (message !== undefined) assert.equal(reply.response_message, message);
};

const valu = (merchant_reference, more) =>
  paying('PURCHASE', merchant_reference, {
    ...BARE,
    currency: 'EGP',
    payment_option: 'VALU',
    phone_number: '00008557694',
    purchase_description: 'phone',
    ...more,
  });
const stcPay = (merchant_reference, more) =>
  paying('PURCHASE', merchant_reference, {
    ...BARE,
    currency: 'SAR',
    digital_wallet: 'STCPAY',
    phone_number: '966557877988',
    ...more,
  });
const TOLD = { otp: '123456', tenure: '6', total_down_payment: '0' };

test('valU and STC Pay are paid by the password that was sent, and by nothing else', async () => {
  for (const [pay, given] of [
    [valu, TOLD],
    [stcPay, { otp: TOLD.otp }],
  ]) {
    const order = reference();
    await refused(pay(order), '00001', 'Missing parameter: otp');
    await refused(pay(order, given), '00748');
    await refused(pay(order, { ...given, otp: '000000' }), '00748');
    assert.ok(!sandbox.payments().some((payment) => payment.merchant_reference === order));
  }
});

test('valU knows its customers', async () => {
  const requestOtp = async (service_command, phone_number, more) => {
    const customer = { merchant_reference: reference(), payment_option: 'VALU', phone_number, ...more };
    const reply = await post(sandbox, request(sandbox.account, { service_command, ...customer }));
    return [reply.response_code, reply.response_message];
  };
  const order = { amount: '10000', currency: 'EGP' };
  assert.equal((await requestOtp('CUSTOMER_VERIFY', '00008557694'))[0], '90000');
  assert.equal((await requestOtp('OTP_GENERATE', '00008557694', order))[0], '88000');
  const unknown = ['00160', 'Customer does not exist'];
  assert.deepEqual(await requestOtp('CUSTOMER_VERIFY', '00000000160'), unknown);
  assert.deepEqual(await requestOtp('OTP_GENERATE', '00000000160', order), unknown);
});

test('two passwords are a minute apart', async () => {
  const requestOtp = () =>
    ask(sandbox, {
      service_command: 'GENERATE_OTP',
      merchant_reference: 'twice',
      ...{ digital_wallet: 'STCPAY', phone_number: '966557877988', amount: '10000', currency: 'SAR' },
    });
  const codes = [];
  for (const minutes of [0, 0.5, 0.5]) {
    sandbox.advance({ minutes });
    codes.push((await requestOtp()).response_code);
  }
  assert.deepEqual(codes, ['88000', '89983', '88000']);
});

test('an STC Pay account that was stored needs no password, and pays as nothing but STC Pay', async () => {
  const sent = async (merchant_reference) => {
    const reply = await ask(sandbox, {
      service_command: 'GENERATE_OTP',
      merchant_reference,
      digital_wallet: 'STCPAY',
      phone_number: '966557877988',
      amount: '10000',
      currency: 'SAR',
    });
    assert.equal(reply.response_code, '88000');
  };
  const order = reference();
  await sent(order);
  await refused(stcPay(order, { otp: '123456', amount: '9999' }), '00748');
  await refused(stcPay(order, { otp: '123456', phone_number: '966500000000' }), '00748');
  const paid = await ask(sandbox, stcPay(order, { otp: '123456', remember_me: 'YES' }));
  assert.equal(paid.response_code, '14000');
  const byToken = await ask(sandbox, stcPay(reference(), { token_name: paid.token_name }));
  assert.equal(byToken.response_code, '14000');
  for (const reply of [paid, byToken]) {
    for (const name of ['card_number', 'expiry_date']) assert.ok(!(name in reply), `a wallet has no ${name}`);
  }
  await refused(paying('PURCHASE', reference(), { ...BARE, token_name: paid.token_name }), '00044');
  await refused(stcPay(reference(), { token_name: 'none' }), '00044');
  const stored = await ask(sandbox, paying('PURCHASE', reference(), { remember_me: 'YES' }));
  await refused(stcPay(reference(), { token_name: stored.token_name }), '00044');
});

test('a password that was sent does not bind who pays by card after all', async () => {
  const order = reference();
  const sent = {
    service_command: 'OTP_GENERATE',
    merchant_reference: order,
    payment_option: 'VALU',
    phone_number: '00008557694',
    amount: '10000',
    currency: 'EGP',
  };
  assert.equal((await post(sandbox, request(sandbox.account, sent))).response_code, '88000');
  await refused(paying('PURCHASE', order, { currency: 'EGP' }), '14000');
});

test('a stored card does not take the name of another', async () => {
  const remembering = (token_name, more) =>
    ask(sandbox, paying('PURCHASE', reference(), { token_name, remember_me: 'YES', ...more }));
  const byToken = (token_name) => ask(sandbox, paying('PURCHASE', reference(), { ...BARE, token_name }));
  const master = { card_number: '5123456789012346' };
  assert.equal((await remembering('mine')).token_name, 'mine');
  assert.equal((await remembering('mine')).token_name, 'mine', 'the same card keeps it');
  const other = await remembering('mine', master);
  assert.equal(other.response_code, '14000');
  assert.match(other.token_name, /^[0-9A-F]{32}$/);
  assert.equal((await byToken('mine')).card_number, '400555******0001');
  assert.equal((await byToken(other.token_name)).card_number, '512345******2346');
  const off = { service_command: 'UPDATE_TOKEN', merchant_reference: reference(), token_name: 'mine' };
  assert.equal((await ask(sandbox, { ...off, token_status: 'INACTIVE' })).response_code, '58000');
  const anew = await remembering('mine');
  assert.match(anew.token_name, /^[0-9A-F]{32}$/, 'what was switched off stays so');
  assert.equal((await byToken('mine')).response_code, '00044');
  assert.equal((await byToken(anew.token_name)).response_code, '14000');
});

test('installments: the plan must be one that the issuer of the card has for the amount', async () => {
  const plan = { installments: 'YES', issuer_code: '12HP34SE', plan_code: 'NNNN89JJ' };
  const pay = (more) => paying('PURCHASE', reference(), { ...plan, ...more });
  await refused(pay({ issuer_code: 'NOBANK01' }), '00092', 'Invalid issuer code');
  await refused(pay({ plan_code: 'NOPLAN01' }), '00094', 'Invalid Plan Code');
  await refused(pay({ amount: '999' }), '00084');
  await refused(pay({ card_number: '345678901234564', card_security_code: '1234' }), '00087');
  await refused(pay({ installments: 'YES', plan_code: undefined }), '00001', 'Missing parameter: plan_code');
  for (const installments of ['YES', 'HOSTED']) {
    const paid = await ask(sandbox, pay({ installments }));
    assert.deepEqual([paid.response_code, paid.number_of_installments], ['14000', '6']);
  }
  const token = (await ask(sandbox, paying('PURCHASE', reference(), { remember_me: 'YES' }))).token_name;
  await refused(pay({ ...BARE, token_name: token }), '14000');
});

test('installments STANDALONE: the page has plans for the cards of the bank, and for amounts that they take', async () => {
  const standalone = { installments: 'STANDALONE' };
  const amex = { card_number: '345678901234564', expiry_date: '3005', card_security_code: '1234' };
  await refused(paying('PURCHASE', reference(), { ...standalone, ...amex }), '00087');
  await refused(paying('PURCHASE', reference(), { ...standalone, amount: '999' }), '00084');
  const paid = await ask(sandbox, paying('PURCHASE', reference(), standalone));
  assert.deepEqual([paid.response_code, paid.plan_code], ['14000', 'NNNN89JJ']);

  const customer = openBrowser(sandbox);
  const order = reference();
  const page = await customer.open(paying('PURCHASE', order, { ...BARE, ...standalone, return_url: RETURN }));
  const again = await customer.post(action(page), amex);
  assert.match(again.html, /00087: Card BIN does not match accepted issuer bank/);
  assert.match(again.html, /This card cannot be used for this payment/);
  assert.match(again.html, /id="card_number"[^>]* aria-invalid="true"/);
  const end = returned(await customer.post(action(page), VISA));
  assert.deepEqual([end.response_code, end.number_of_installments, end.issuer_code], ['14000', '6', '12HP34SE']);

  const tokenizing = (more) => ({
    service_command: 'TOKENIZATION',
    merchant_reference: reference(),
    return_url: RETURN,
    amount: '10000',
    currency: 'AED',
    ...standalone,
    ...more,
  });
  const storeCard = async (params, card) => returned(await customer.open(tokenizing(params), card));
  const wrong = await storeCard({}, amex);
  assert.deepEqual([wrong.response_code, wrong.token_name, wrong.plan_code], ['00087', undefined, undefined]);
  assert.equal((await storeCard({ amount: '999' }, VISA)).response_code, '00084');
  const right = await storeCard({}, VISA);
  assert.deepEqual([right.response_code, right.plan_code], ['18000', 'NNNN89JJ']);
});

test('GET_INSTALLMENTS_PLANS lists the plans for an amount', async () => {
  const plans = async (more) => {
    const { account } = sandbox;
    const reply = await post(sandbox, request(account, { query_command: 'GET_INSTALLMENTS_PLANS', ...more }));
    const { installment_detail, ...signed } = reply;
    authentic(signed, account);
    const codes = installment_detail?.issuer_detail[0].plan_details.map((plan) => plan.plan_code);
    return [reply.response_code, codes];
  };
  assert.deepEqual(await plans({}), ['62000', ['NNNN89JJ', 'NNNN89JK']]);
  assert.deepEqual(await plans({ amount: '2000', currency: 'AED' }), ['62000', ['NNNN89JJ']]);
  assert.deepEqual(await plans({ amount: '1', currency: 'AED' }), ['63104', undefined]);
  assert.deepEqual(await plans({ issuer_code: 'NOBANK01' }), ['63092', undefined]);

  const plansRequest = { query_command: 'GET_INSTALLMENTS_PLANS', amount: '6000', currency: 'SAR' };
  const [issuer] = (await post(sandbox, request(sandbox.account, plansRequest))).installment_detail.issuer_detail;
  const { parameters } = JSON.parse(
    readFileSync(new URL('../../pkg/generated/dictionary.json', import.meta.url), 'utf8'),
  );
  const listBelow = (path) =>
    Object.keys(parameters)
      .filter((name) => name.startsWith(`${path}.`) && !/[.[]/.test(name.slice(path.length + 1)))
      .map((name) => name.slice(path.length + 1));
  const path = 'installment_detail.issuer_detail[]';
  assert.deepEqual(Object.keys(issuer).sort(), listBelow(path));
  for (const plan of issuer.plan_details) {
    assert.deepEqual(Object.keys({ ...plan, amountPerMonth: '' }).sort(), listBelow(`${path}.plan_details[]`));
    assert.equal(plan.currency_code, 'SAR');
  }
  for (const bin of issuer.bins) assert.deepEqual(Object.keys(bin).sort(), listBelow(`${path}.bins[]`));
  assert.deepEqual(issuer.bins.at(-1), { bin: '531358', card_brand_code: 'MASTERCARD', currency_code: 'SAR' });
});

test('a recurring payment belongs to an agreement that a payment of the customer began', async () => {
  const first = (more) => ask(sandbox, paying('PURCHASE', reference(), { remember_me: 'YES', ...more }));
  const { token_name } = await first();
  const recur = (more) => paying('PURCHASE', reference(), { ...BARE, token_name, eci: 'RECURRING', ...more });
  const unknown = 'Parameter value not allowed: agreement_id';
  await refused(recur({ agreement_id: 'A1' }), '00033', unknown);
  await refused(recur({ agreement_id: 'A1', recurring_mode: 'FIXED' }), '00033', unknown);
  const declined = await first({ agreement_id: 'A1', card_number: '4000000000000119' });
  assert.equal(declined.response_code, '13666');
  await refused(recur({ agreement_id: 'A1' }), '00033', unknown);
  assert.equal((await first({ agreement_id: 'A1' })).agreement_id, 'A1');
  await refused(recur({ agreement_id: 'A1' }), '14000');
  const { agreement_id } = await first({ recurring_mode: 'UNSCHEDULED' });
  assert.match(agreement_id, /^A[0-9]+$/);
  await refused(recur({ agreement_id }), '14000');
  await refused(recur({}), '14000');
});

test('Apple Pay is signed by its own credentials, everything else by the others', async () => {
  const { account } = sandbox;
  const apple = { ...account, ...account.applePay };
  const wallet = {
    ...paying('PURCHASE', reference(), BARE),
    digital_wallet: 'APPLE_PAY',
    apple_data: 'ZGF0YQ==',
    apple_signature: 'c2ln',
    apple_header: { apple_transactionId: 't', apple_ephemeralPublicKey: 'k', apple_publicKeyHash: 'h' },
    apple_paymentMethod: { apple_displayName: 'Visa 1', apple_network: 'Visa', apple_type: 'debit' },
  };
  const code = async (by, params) => (await post(sandbox, request(by, params))).response_code;
  assert.equal(await code(account, wallet), '00010');
  assert.equal(await code(apple, wallet), '14000');
  for (const command of ['PURCHASE', 'AUTHORIZATION']) {
    assert.equal(await code(apple, paying(command, reference(), CARD)), '00010');
  }
  const refund = { command: 'REFUND', merchant_reference: wallet.merchant_reference, amount: '1', currency: 'AED' };
  assert.equal(await code(account, refund), '07036');
  assert.equal(await code(apple, refund), '06000');
  const order = reference();
  assert.equal(await shop.purchase(order), '14000');
  assert.equal(await code(apple, { ...refund, merchant_reference: order }), '07036');
  assert.equal(
    await code(apple, { query_command: 'CHECK_STATUS', merchant_reference: wallet.merchant_reference }),
    '12000',
  );
});

test('one access code for both is taken for both', async () => {
  const one = { access_code: 'SILgpo7pWbmzuURp2qri', sha_request_phrase: 'same', sha_response_phrase: 'other' };
  const both = createSandbox({ account: { ...one, applePay: one } });
  assert.equal(await merchant(both).purchase('x'), '14000');
  const wallet = { digital_wallet: 'APPLE_PAY', apple_data: 'ZA==', apple_signature: 'c2ln' };
  const header = { apple_transactionId: 't', apple_ephemeralPublicKey: 'k', apple_publicKeyHash: 'h' };
  const method = { apple_displayName: 'Visa 1', apple_network: 'Visa', apple_type: 'debit' };
  const more = { ...BARE, ...wallet, apple_header: header, apple_paymentMethod: method };
  assert.equal(await merchant(both).purchase('y', more), '14000');
});
