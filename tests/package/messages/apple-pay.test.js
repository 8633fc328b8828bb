// Apple Pay: the published signatures, and the credential set of its own by which APS knows a wallet's requests, replies and
// notifications from all others.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import {
  Amount,
  buildRequest,
  openNotification,
  openReply,
  PaymentServices,
  SignatureError,
  sign,
  ValidationError,
  validate,
  verify,
} from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { account, answerTo, applePay, failed, scriptedFetch, totals } from '../client/scripted-gateway.js';

const published = JSON.parse(readFileSync(new URL('../../fixtures/published.json', import.meta.url), 'utf8'));
const vectors = published.filter(({ name }) => name.includes('Apple Pay'));
const [requestVector] = vectors;
const both = { ...account, applePay };
/** How the wallet's own set signs. */
const ofWallet = { phrase: phrases.applePayResponse, digest: applePay.digest };
const ofRequest = { phrase: phrases.applePayRequest, digest: applePay.digest };
const money = (text) => Amount.parse(text, 'AED');
/** A token as the vectors have it, for an order of ours. */
const token = Object.fromEntries(
  Object.entries(requestVector.params).filter(([name]) => /^apple_|^digital_wallet$/.test(name)),
);
const order = { merchant_reference: 'wallet-1', amount: money('100'), customer_email: 'a@example.com' };
const isOfWallet = (params) => params.access_code === applePay.access_code && verify(params, ofRequest);

test('there is a published request and a published response', () => {
  assert.deepEqual(
    vectors.map(({ name }) => name.split(' (')[0]),
    ['PHP Apple Pay request', 'PHP Apple Pay response'],
  );
});

for (const { name, params, phrase, digest, signature } of vectors) {
  test(`${name}: signed as published, and by nothing else`, () => {
    const options = { phrase, digest };
    assert.equal(sign(params, options), signature);
    const message = { ...params, signature };
    assert.ok(verify(message, options));
    assert.ok(verify(JSON.stringify(message), options));
    assert.ok(!verify(message, { phrase: `${phrase}x`, digest }));
    // Every member counts, and so does their order within an object (not that of the parameters).
    for (const [outer, members] of Object.entries(params).filter(([, value]) => typeof value === 'object')) {
      for (const inner of Object.keys(members)) {
        const { [inner]: dropped, ...others } = members;
        assert.ok(!verify({ ...message, [outer]: { ...members, [inner]: `${dropped}x` } }, options), inner);
        assert.ok(!verify({ ...message, [outer]: others }, options), `${outer} without ${inner}`);
      }
      const turned = Object.fromEntries(Object.entries(members).reverse());
      assert.ok(!verify({ ...message, [outer]: turned }, options), `${outer} in another order`);
    }
    assert.ok(verify(Object.fromEntries(Object.entries(message).reverse()), options));
  });
}

test('the published request is built from plain parameters, but for its reference', () => {
  const { command, access_code, merchant_identifier, language, signature, ...own } = requestVector.params;
  const set = {
    access_code,
    sha_request_phrase: requestVector.phrase,
    sha_response_phrase: phrases.applePayResponse,
    digest: requestVector.digest,
  };
  const theirs = { ...account, merchant_identifier, language, applePay: set };
  // APS documents no space for merchant_reference, and the vector has one.
  const codes = validate(command, own).map(({ parameter, code }) => `${parameter}:${code}`);
  assert.deepEqual(codes, ['merchant_reference:bad_character']);
  assert.throws(() => buildRequest(command, own, theirs), ValidationError);
  const request = buildRequest(command, { ...own, merchant_reference: 'test-2121' }, theirs);
  const expected = { ...requestVector.params, merchant_reference: 'test-2121' };
  assert.equal(request.params.signature, sign(expected, requestVector));
  assert.equal(request.params.access_code, access_code, 'chosen by digital_wallet');
});

test('buildRequest signs with the set that the wallet, the payment or the caller names', () => {
  const paid = buildRequest('PURCHASE', { ...order, ...token }, both);
  assert.ok(isOfWallet(paid.params));
  assert.deepEqual(paid.params.apple_header, token.apple_header);
  assert.deepEqual(Object.keys(paid.params.apple_header), Object.keys(token.apple_header), 'in the order given');
  for (const command of ['CAPTURE', 'REFUND']) {
    const part = { merchant_reference: order.merchant_reference, amount: money('10') };
    assert.ok(isOfWallet(buildRequest(command, part, both, { credentials: 'applePay' }).params), command);
    assert.equal(buildRequest(command, part, both).params.access_code, account.access_code, command);
  }
  const { access_code } = applePay;
  const named = buildRequest('CHECK_STATUS', { merchant_reference: 'wallet-1', access_code }, both);
  assert.ok(isOfWallet(named.params), 'named by its access code');
  // A wallet of another kind, and an account that has one set alone.
  const other = { ...order, digital_wallet: 'VISA_CHECKOUT', call_id: '1' };
  const main = { phrase: phrases.request, digest: account.digest };
  assert.ok(verify(buildRequest('PURCHASE', other, both).params, main));
  assert.ok(verify(buildRequest('PURCHASE', { ...order, ...token }, account).params, main));
});

test('a token that is not whole is refused', () => {
  for (const name of Object.keys(token)) {
    const { [name]: left, ...rest } = { ...order, ...token };
    const issues = validate('PURCHASE', rest);
    assert.ok(
      issues.some(({ parameter, severity }) => severity === 'error' && /^apple_|^digital_wallet$/.test(parameter)),
      `without ${name}`,
    );
  }
});

test('a life of a payment by Apple Pay: every step with the wallet’s set', async () => {
  const sandbox = createSandbox({ account: both });
  const sent = [];
  const fetch = (url, init) => {
    sent.push(JSON.parse(init.body));
    return sandbox.fetch(url, init);
  };
  const aps = new PaymentServices(sandbox.account, { fetch });
  const { merchant_reference } = order;
  const authorized = await aps.authorize({ ...order, ...token });
  assert.deepEqual([authorized.outcome, authorized.authentic], ['succeeded', true]);
  assert.equal(authorized.payment.digital_wallet, 'APPLE_PAY');
  const captured = await aps.capture({ merchant_reference, amount: money('60') }, { payment: authorized.payment });
  const refunded = await aps.refund({ merchant_reference, amount: money('20') }, { payment: captured.payment });
  assert.equal(refunded.payment.digital_wallet, 'APPLE_PAY', 'remembered');
  const status = await aps.checkStatus({ merchant_reference }, { payment: refunded.payment });
  assert.deepEqual(
    [captured, refunded, status].map(({ outcome, authentic }) => [outcome, authentic]),
    [
      ['succeeded', true],
      ['succeeded', true],
      ['succeeded', true],
    ],
  );
  assert.deepEqual([String(status.payment.captured), String(status.payment.refunded)], ['60.00', '20.00']);
  const stored = JSON.parse(JSON.stringify(status.payment));
  assert.equal(stored.digital_wallet, 'APPLE_PAY');
  const voided = await aps.authorize({ ...order, ...token, merchant_reference: 'wallet-2' });
  assert.equal((await aps.void({ merchant_reference: 'wallet-2' }, { payment: voided.payment })).outcome, 'succeeded');
  assert.equal(sent.length, 6);
  for (const params of sent) assert.ok(isOfWallet(params), params.command ?? params.query_command);
  await sandbox.close();
});

test('a payment signed with the wallet’s credentials belongs to the wallet', async () => {
  const sandbox = createSandbox({ account: both });
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  assert.equal((await aps.purchase({ ...order, ...token })).outcome, 'succeeded');
  const { payment } = await aps.checkStatus(
    { merchant_reference: order.merchant_reference },
    { credentials: 'applePay', currency: 'AED', command: 'PURCHASE' },
  );
  assert.equal(payment.digital_wallet, 'APPLE_PAY');
  const refund = { merchant_reference: order.merchant_reference, amount: money('10') };
  assert.equal((await aps.refund(refund, { payment })).outcome, 'succeeded');
});

test('a lost answer is looked up with the wallet’s set, the baseline too', async () => {
  let captured = 0;
  const { fetch, sent, commands } = scriptedFetch((params) => {
    if (params.command === 'CAPTURE') {
      captured = 3000;
      return failed('ECONNRESET');
    }
    const statusReply = {
      ...totals(10000, captured, 0, captured === 0 ? '02' : '04'),
      access_code: params.access_code,
    };
    const { signature, ...reply } = answerTo(params, statusReply);
    return { ...reply, signature: sign(reply, ofWallet) };
  });
  const aps = new PaymentServices(both, { fetch, timeout: 300 });
  const part = { merchant_reference: 'wallet-1', amount: money('30') };
  const reply = await aps.capture(part, { credentials: 'applePay', baseline: true });
  assert.equal(reply.outcome, 'succeeded');
  assert.deepEqual(commands(), ['CHECK_STATUS', 'CAPTURE', 'CHECK_STATUS']);
  for (const params of sent) assert.ok(isOfWallet(params));
});

test('a reply is verified with the phrases of the request’s credentials', () => {
  const request = buildRequest('CAPTURE', { merchant_reference: 'wallet-1', amount: money('30') }, both, {
    credentials: 'applePay',
  });
  const { signature, ...reply } = answerTo(request.params);
  const open = (params, options) =>
    openReply(JSON.stringify({ ...params, signature: sign(params, options) }), both, { request });
  assert.equal(open(reply, ofWallet).outcome, 'succeeded');
  const ofMain = { phrase: phrases.response, digest: account.digest };
  for (const options of [ofMain, { ...ofWallet, digest: account.digest }, { ...ofMain, digest: applePay.digest }]) {
    assert.throws(() => open(reply, options), SignatureError);
  }
  assert.throws(() => open({ ...reply, access_code: account.access_code }, ofWallet), SignatureError, 'another name');
});

test('a notification of a payment by Apple Pay is opened with the wallet’s set', () => {
  const params = {
    command: 'PURCHASE',
    access_code: applePay.access_code,
    merchant_identifier: account.merchant_identifier,
    merchant_reference: 'wallet-1',
    amount: '10000',
    currency: 'AED',
    language: 'en',
    digital_wallet: 'APPLE_PAY',
    payment_option: 'VISA',
    fort_id: '149295435400084008',
    response_code: '14000',
    response_message: 'Success',
    status: '14',
  };
  const expect = { merchant_reference: 'wallet-1', amount: order.amount, command: 'PURCHASE' };
  const message = (options, changes) => {
    const all = { ...params, ...changes };
    return new URLSearchParams({ ...all, signature: sign(all, options) });
  };
  const opened = openNotification(message(ofWallet), both, { expect });
  assert.deepEqual([opened.outcome, opened.authentic, opened.params.digital_wallet], ['succeeded', true, 'APPLE_PAY']);
  const ofMain = { phrase: phrases.response, digest: account.digest };
  assert.throws(() => openNotification(message(ofMain), both, { expect }), SignatureError);
  assert.throws(() => openNotification(message(ofWallet), account, { expect }), SignatureError);
  // Each set for its own: the wallet's phrase opens nothing in the name of the main one.
  const { access_code } = account;
  assert.throws(() => openNotification(message(ofWallet, { access_code }), both, { expect }), SignatureError);
  assert.equal(openNotification(message(ofMain, { access_code }), both, { expect }).outcome, 'succeeded');
  const rotated = {
    ...both,
    applePay: { ...applePay, sha_response_phrase: [phrases.olderResponse, phrases.applePayResponse] },
  };
  assert.equal(openNotification(message(ofWallet), rotated, { expect }).outcome, 'succeeded', 'an older phrase');
});
