// The methods of the client by group: each sends its command to the right place, with the care that its effect needs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaymentServices, verify } from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { base, commands } from '../messages/dictionary.js';
import { account, answerTo, failed, json, scriptedFetch, signed } from './scripted-gateway.js';

const byName = new Map(commands.map((command) => [command.name, command]));
const SENT = {
  'tokens.update': 'UPDATE_TOKEN',
  'tokens.list': 'GET_TOKENS',
  'cards.verify': 'VERIFY_CARD',
  'cards.verifyStatus': 'CHECK_VERIFY_CARD_STATUS',
  'installments.plans': 'GET_INSTALLMENTS_PLANS',
  'valu.verifyCustomer': 'CUSTOMER_VERIFY',
  'valu.generateOtp': 'OTP_GENERATE',
  'valu.verifyOtp': 'OTP_VERIFY',
  'stcPay.generateOtp': 'GENERATE_OTP',
  'links.create': 'PAYMENT_LINK',
  'links.update': 'UPDATE_PAYMENT_LINK',
  'links.checkStatus': 'CHECK_PAYMENT_LINK_STATUS',
  'currency.convert': 'CURRENCY_CONVERSION',
  'bills.present': 'BILL_PRESENTMENT',
  'threeDS.enrollment': '3DS_ENROLLMENT',
  'threeDS.authentication': '3DS_AUTHENTICATION',
  'sdk.token': 'SDK_TOKEN',
  'batches.process': 'PROCESS_BATCH',
  'batches.results': 'GET_BATCH_RESULTS',
  'reports.generate': 'GENERATE_REPORT',
  'reports.get': 'GET_REPORT',
  'reports.download': 'DOWNLOAD_REPORT',
};
const FORMS = {
  'paymentPage.authorize': 'AUTHORIZATION',
  'paymentPage.purchase': 'PURCHASE',
  'paymentPage.tokenize': 'TOKENIZATION',
  'tokens.create': 'CREATE_TOKEN',
};
/** What the answer to a question about another command says of it. */
const ASKED = { CHECK_VERIFY_CARD_STATUS: { transaction_status: '80', transaction_code: '80000' } };
const TOP = ['AUTHORIZATION', 'PURCHASE', 'CAPTURE', 'VOID_AUTHORIZATION', 'REFUND', 'CHECK_STATUS'];

const call = (aps, path, ...args) => {
  const [group, method] = path.split('.');
  return aps[group][method](...args);
};
const exampleOf = (name, options) => {
  const params = base(byName.get(name), options);
  for (const own of Object.keys(params)) {
    if (['access_code', 'merchant_identifier', 'language', 'signature'].includes(own)) delete params[own];
  }
  delete params[byName.get(name).selector];
  return params;
};
const client = (answer, options) => {
  const gateway = scriptedFetch(answer);
  const urls = [];
  const fetch = (url, init) => {
    urls.push(url);
    return gateway.fetch(url, init);
  };
  return { aps: new PaymentServices(account, { fetch, timeout: 500, ...options }), urls, ...gateway };
};
const success = (name) => ({ response_code: `${byName.get(name).status.success.split(' ')[0]}000` });

test('every command that APS documents has a method; one that was added since is sent by its name', (t) => {
  const named = new Set([...TOP, ...Object.values(SENT), ...Object.values(FORMS), 'UPLOAD_BATCH_FILE']);
  assert.equal(named.size, 31);
  for (const name of named) assert.ok(byName.has(name), name);
  for (const name of byName.keys()) if (!named.has(name)) t.diagnostic(`${name} has no method of its own yet`);
});

for (const [path, name] of Object.entries(SENT)) {
  test(`${path} sends ${name}, signed, and opens the answer`, async () => {
    const { aps, sent, urls } = client((params) => answerTo(params, { ...success(name), ...ASKED[name] }));
    const answer = await call(aps, path, exampleOf(name));
    const reply = answer.reply ?? answer;
    assert.equal(reply.outcome, 'succeeded');
    assert.equal(sent.length, 1);
    assert.equal(sent[0][byName.get(name).selector], name);
    assert.ok(verify(sent[0], { phrase: phrases.request, digest: 'SHA-256' }));
    const endpoints = { api: /\/paymentApi$/, batch: /\/batchApi\/$/, reporting: /\/reportingApi$/ };
    assert.match(urls[0], endpoints[byName.get(name).channel[0]]);
  });

  test(`${path}: a lost answer is asked for again only by a query`, async () => {
    const { aps, sent } = client((params, _, count) =>
      count === 1 ? failed('ECONNRESET') : answerTo(params, success(name)),
    );
    const isQuery = byName.get(name).effect === 'query';
    const outcome = call(aps, path, exampleOf(name));
    // What moves money has an answer even then: that it is uncertain.
    if (isQuery || name === 'PROCESS_BATCH') await outcome;
    else await assert.rejects(outcome, { name: 'TransportError', sent: 'unknown' });
    assert.equal(sent.length, isQuery ? 2 : 1);
  });
}

for (const [path, name] of Object.entries(FORMS)) {
  test(`${path} builds a form of ${name}, and sends nothing`, () => {
    const { aps, sent } = client(() => assert.fail());
    const form = call(aps, path, exampleOf(name, { page: true }));
    assert.equal(form.action, 'https://sbcheckout.payfort.com/FortAPI/paymentPage');
    assert.equal(form.fields[byName.get(name).selector], name);
    assert.ok(verify({ ...form.fields }, { phrase: phrases.request, digest: 'SHA-256' }));
    assert.equal(sent.length, 0);
  });
}

test('batches.upload posts the file and opens the answer', async () => {
  let seen;
  const fetch = async (url, { method, headers, body, redirect }) => {
    const form = await new Response(body, { headers }).formData();
    seen = { url, method, redirect, text: await form.get('file').text() };
    const fields = Object.fromEntries([...form].filter(([name]) => name !== 'signature' && name !== 'file'));
    return json(
      signed({ ...fields, response_code: '50000', status: '50', response_message: 'Success', batch_id: '7' }),
    );
  };
  const aps = new PaymentServices(account, { fetch });
  const reply = await aps.batches.upload({ batch_reference: 'batch1' }, { name: 'a.csv', content: 'a,b\n1,2\n' });
  assert.deepEqual(seen, {
    url: 'https://sbpaymentservices.payfort.com/FortAPI/upload/',
    method: 'POST',
    redirect: 'error',
    text: 'a,b\n1,2\n',
  });
  assert.equal(reply.outcome, 'succeeded');
  assert.equal(reply.params.batch_id, '7');
});

test('batches.process moves money: sent once, and uncertain when the answer is lost', async () => {
  const params = exampleOf('PROCESS_BATCH');
  for (const lost of [() => failed('ECONNRESET'), () => new Response('<html>'), () => json({}, { status: 502 })]) {
    const { aps, sent } = client(lost);
    const reply = await aps.batches.process(params);
    assert.equal(reply.outcome, 'uncertain');
    assert.equal(reply.cause.name, 'TransportError');
    assert.deepEqual([reply.code, reply.authentic, sent.length], ['', false, 1]);
  }
  const { aps, sent } = client((_, __, count) => (count < 3 ? failed('ECONNREFUSED') : failed('ECONNRESET')));
  assert.equal((await aps.batches.process(params)).outcome, 'uncertain');
  assert.equal(sent.length, 3, 'what never arrived is sent again');
  const unreachable = client(() => failed('ECONNREFUSED'));
  await assert.rejects(unreachable.aps.batches.process(params), { name: 'TransportError', sent: 'no' });
  // Totals say nothing about a batch, so there is no lookup; an impossible baseline is rejected before sending.
  const unreadable = client(() => failed('ECONNRESET'));
  await assert.rejects(unreadable.aps.batches.process(params, { baseline: true }), { code: 'no_baseline', sent: 'no' });
  assert.equal(unreadable.sent.length, 0);
});

test('the results of a batch may be a file', async () => {
  const { aps } = client(() => new Response('line number,response_code,status\n1,04000,04\n'));
  const { reply, results } = await aps.batches.results(exampleOf('GET_BATCH_RESULTS'));
  assert.equal(reply, null);
  const rows = [];
  for await (const row of results) rows.push([row.code, row.outcome]);
  assert.deepEqual(rows, [['04000', 'succeeded']]);
});

test('a command newer than this package is sent once, and a lost answer is uncertain', async () => {
  const { aps, sent } = client(() => failed('ECONNRESET'));
  const params = { merchant_reference: 'order-1', new_parameter: 'x' };
  await assert.rejects(aps.send('NEW_COMMAND', params), { name: 'ValidationError' });
  assert.equal(sent.length, 0);
  const reply = await aps.send('NEW_COMMAND', params, { selector: 'service_command' });
  assert.equal(reply.outcome, 'uncertain');
  assert.equal(sent.length, 1);
  assert.equal(sent[0].service_command, 'NEW_COMMAND');
  assert.ok(verify(sent[0], { phrase: phrases.request, digest: 'SHA-256' }));
});

test('an inferred command may be sent by another parameter than the dictionary says; money may not', async () => {
  const { aps, sent } = client((params) => answerTo(params, { response_code: '54000' }));
  const reply = await aps.send('GET_TOKENS', { merchant_reference: 'r' }, { selector: 'service_command' });
  assert.equal(reply.code, '54000');
  assert.deepEqual([sent[0].service_command, sent[0].query_command], ['GET_TOKENS', undefined]);
  const capture = { merchant_reference: 'r', amount: '1', currency: 'AED' };
  await assert.rejects(aps.send('CAPTURE', capture, { selector: 'service_command' }), (error) => {
    assert.deepEqual(
      error.issues.map(({ parameter, code }) => [parameter, code]),
      [['selector', 'conflict']],
    );
    return true;
  });
  assert.equal(sent.length, 1);
  assert.equal((await aps.send('CAPTURE', capture, { selector: 'command' })).code, '54000');
  assert.equal((await aps.checkStatus({ merchant_reference: 'r' }, null)).code, '54000', 'null options are not set');
});

test('a command newer than this package: its answer is verified; what cannot be sent is refused', async () => {
  const { aps, sent } = client((params) => answerTo(params, { response_code: '99000' }));
  const options = { selector: 'command' };
  const reply = await aps.send('NEW_COMMAND', { merchant_reference: 'order-1' }, options);
  assert.equal(reply.code, '99000');
  for (const [command, params, more] of [
    ['new command', {}, options],
    ['NEW_COMMAND', { amount: 1.5 }, options],
    ['NEW_COMMAND', { merchant_identifier: 'other' }, options],
    ['NEW_COMMAND', {}, { selector: 'amount' }],
  ]) {
    await assert.rejects(aps.send(command, params, more), { name: 'ValidationError' });
  }
  assert.equal(sent.length, 1);
});

test('the parameter at fault is lifted out of the message', async () => {
  for (const [response_code, response_message, parameter] of [
    ['00001', 'Missing parameter: customer_email', 'customer_email'],
    ['00002', 'Invalid parameter format: amount', 'amount'],
    ['00027', 'Invalid extra parameters: response_format', 'response_format'],
    ['00032', 'Invalid parameter length: 3ds_xid.', '3ds_xid'],
    ['00001', 'معامل مفقود: \u200ecustomer_email', 'customer_email'],
    ['00033', 'Parameter value not allowed: recurring_mode', 'recurring_mode'],
    ['00110', 'Contradicting parameters: token_name', 'token_name'],
    ['00110', 'Contradicting parameters, please refer to the integration guide.', undefined],
    ['00002', 'Invalid parameter format.', undefined],
    ['00006', 'Technical problem: amount', undefined],
  ]) {
    const { aps } = client((params) => answerTo(params, { response_code, response_message }));
    const reply = await aps.checkStatus({ merchant_reference: 'order-1' });
    assert.equal(reply.parameter, parameter, response_message);
    assert.equal(JSON.parse(JSON.stringify(reply)).parameter, reply.parameter);
  }
});
