// Requests that foreign software sent, signed by hand as it does, and replies that APS gave, beside those of the sandbox.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { handSign, post, request } from './plain-merchant.js';

const { requests, replies } = JSON.parse(readFileSync(new URL('../fixtures/captures.json', import.meta.url), 'utf8'));
const CARD = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
const KINDS = {
  CHECK_STATUS: 'query_command',
  GET_INSTALLMENTS_PLANS: 'query_command',
  AUTHORIZATION: 'command',
  CAPTURE: 'command',
  PURCHASE: 'command',
  REFUND: 'command',
};
const selectorOf = (command) => KINDS[command] ?? 'service_command';

/** The command that a reply answers. */
const commandOf = (params) => params.command ?? params.service_command ?? params.query_command;

async function submit(sandbox, params, added = {}) {
  const form = { ...request(sandbox.account, params), ...added };
  const arrived = await sandbox.complete({ action: sandbox.account.environment.paymentPage, fields: form });
  assert.ok(arrived, 'something arrives at return_url');
  return arrived;
}

/** Stores a card under a token, as the shop's page does. */
const store = (sandbox, token_name, card = CARD) =>
  submit(
    sandbox,
    { service_command: 'TOKENIZATION', merchant_reference: 'stored', return_url: 'https://shop.example/r', token_name },
    card,
  );

/** What must have happened for a captured request to make sense; gives what differs of it here. */
async function prepare(sandbox, { command, params }) {
  const api = (more) => post(sandbox, request(sandbox.account, more));
  const more = {};
  if (params.token_name && command !== 'TOKENIZATION' && params.payment_option !== 'TABBY') {
    const mada = { card_number: '5297412542005689', expiry_date: '3005', card_security_code: '350' };
    await store(sandbox, params.token_name, params.payment_option === 'MADA' ? mada : CARD);
  }
  if (params.fort_id || command === 'CHECK_STATUS') {
    const { amount = '10000', currency = 'SAR', merchant_reference = 'before' } = params;
    const kind = command === 'CAPTURE' ? 'AUTHORIZATION' : 'PURCHASE';
    const payer = { customer_email: 'customer@example.com', ...CARD };
    const paid = await api({ command: kind, merchant_reference, amount, currency, ...payer });
    if (params.fort_id) more.fort_id = paid.fort_id;
  }
  if (params.agreement_id) {
    const first = { merchant_reference: 'agreed', amount: '100', currency: 'AED', customer_email: 'a@example.com' };
    await api({ command: 'PURCHASE', ...first, ...CARD, agreement_id: params.agreement_id });
  }
  if (params.otp) {
    const { merchant_reference, amount, currency, phone_number } = params;
    const order = { merchant_reference, amount, currency, phone_number, digital_wallet: 'STCPAY' };
    await api({ service_command: 'GENERATE_OTP', ...order });
  }
  // The sandbox's own bank stands in for the captured one.
  if (params.plan_code) Object.assign(more, { plan_code: 'NNNN89JJ', issuer_code: '12HP34SE' });
  return more;
}

/** Code by captured request, where it is not that of success. */
const EXPECTED = { 'request-37': '00160', 'request-07': '14000', 'request-09': '14000', 'request-21': '14000' };
for (const { id, command, params } of requests) {
  test(`${id}: ${command}`, async () => {
    const sandbox = createSandbox();
    const more = await prepare(sandbox, { command, params });
    const sent = { [selectorOf(command)]: command, ...params, ...more };
    const { remember_me, ...signed } = sent;
    const isForm = command === 'TOKENIZATION' || (params.return_url && !params.token_name && !params.otp);
    const reply = isForm
      ? await submit(
          sandbox,
          ...(command === 'TOKENIZATION' ? [signed, { ...CARD, ...(remember_me && { remember_me }) }] : [sent]),
        )
      : await post(sandbox, request(sandbox.account, sent));
    const { response_code, response_message } = reply;
    if (EXPECTED[id]) assert.equal(response_code, EXPECTED[id], response_message);
    else assert.match(response_code, /^(?!00)/, response_message);
    if (reply.status !== '00' && !('installment_detail' in reply)) {
      assert.equal(reply.signature, handSign(reply, sandbox.account.sha_response_phrase));
    }
  });
}

/** Members that differ by account (third-party codes, e-mail settings) or by what the captured request held. */
const BY_ACCOUNT = new Set(['acquirer_response_code', 'acquirer_response_message', 'token_name', 'merchant_extra']);
const BY_REQUEST = new Set([
  ...['card_holder_name', 'customer_name', 'phone_number', 'order_description', 'remember_me', 'installments'],
  ...['number_of_installments', 'plan_code', 'issuer_code', 'amount', 'currency'],
]);

for (const { id, params } of replies) {
  const command = commandOf(params);
  if (!['00000', '14000', '02000', '18000', '20064'].includes(params.response_code)) continue;
  test(`${id}: the sandbox's reply to ${command} (${params.response_code}) has the same members`, async () => {
    const sandbox = createSandbox();
    const common = { merchant_reference: 'same', return_url: 'https://shop.example/r', language: params.language };
    const card = params.response_code === '20064' ? { ...CARD, card_number: '4557012345678902' } : CARD;
    const order = { amount: '10000', currency: 'AED', customer_email: 'customer@example.com' };
    const extra = Object.fromEntries(
      ['card_holder_name', 'customer_name', 'order_description', 'phone_number', 'remember_me']
        .filter((name) => name in params)
        .map((name) => [name, name === 'remember_me' ? 'YES' : "test' with #'"]),
    );
    if (extra.phone_number) extra.phone_number = '+1 (201)-234-6789';
    const plugin = { app_programming: '.NET', app_plugin: '.dotNETSDK', app_framework: '.NET' };
    const reply =
      command === 'TOKENIZATION'
        ? await submit(sandbox, { service_command: command, ...common }, { ...card, ...extra })
        : await post(sandbox, request(sandbox.account, { command, ...common, ...order, ...card, ...extra, ...plugin }));
    assert.equal(reply.response_code, params.response_code);
    assert.equal(reply.response_message, params.response_message);
    const members = (of) => Object.keys(of).filter((name) => !BY_ACCOUNT.has(name) && name !== 'signature');
    const ours = new Set(members(reply));
    const missing = members(params).filter((name) => !ours.has(name) && !BY_REQUEST.has(name));
    assert.deepEqual(missing, [], 'what APS told and the sandbox does not');
    const theirs = new Set(members(params));
    assert.deepEqual(
      [...ours].filter((name) => !theirs.has(name)),
      [],
      'what APS did not tell',
    );
    if (params.order_description?.includes('&#39;')) assert.equal(reply.order_description, 'test&#39; with #&#39;');
  });
}
