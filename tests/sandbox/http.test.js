import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { createSandbox, testCards } from '../../pkg/sandbox/index.js';
import { ask, merchant, paying, post, reference, request } from './plain-merchant.js';

const sandbox = createSandbox();
const { url } = await sandbox.listen(0);
after(() => sandbox.close());
const api = `${url}/FortAPI/paymentApi`;

test('the same gateway over HTTP and in-process', async () => {
  assert.match(url, /^http:\/\/127\.0\.0\.1:[0-9]+$/);
  assert.equal(sandbox.account.environment.paymentApi, api);
  const [net, inside] = [merchant(sandbox, { fetch }), merchant(sandbox)];
  const order = reference();
  assert.equal(await net.authorize(order), '02000');
  assert.equal(await inside.capture(order, 4000), '04000');
  assert.equal(await net.capture(order, 7000), '05042');
  assert.equal((await net.status(order)).captured_amount, '4000');
  const response = await fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
  });
  assert.match(response.headers.get('content-type'), /^application\/json/);
});

test('a body that is not JSON gets HTML', async () => {
  const form = await fetch(api, { method: 'POST', body: new URLSearchParams({ command: 'CAPTURE' }) });
  assert.equal(form.status, 500);
  assert.match(form.headers.get('content-type'), /^text\/html/);
  assert.match(await form.text(), /^<!doctype html>/);
  const inside = await sandbox.fetch(api, { method: 'POST', body: new URLSearchParams({ command: 'CAPTURE' }) });
  assert.equal(inside.status, 500);
  assert.equal((await fetch(api)).status, 405);
  assert.equal((await fetch(`${url}/FortAPI/other`)).status, 404);
  assert.equal((await fetch(`${url}/FortAPI/paymentPage/x/y`)).status, 404);
  assert.equal((await fetch(`${url}/`)).status, 404);
});

test('bytes that are not UTF-8', async () => {
  const body = Buffer.from('{"command":"\xff"}', 'latin1');
  const response = await fetch(api, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal((await response.json()).response_code, '00073');
});

test('too much', async () => {
  for (const ask of [fetch, sandbox.fetch]) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    assert.equal((await ask(api, { ...init, body: ' '.repeat(1 << 20) })).status, 200);
    const outcome = await ask(api, { ...init, body: ' '.repeat((1 << 20) + 1) }).then(({ status }) => status);
    assert.equal(outcome, 413);
  }
});

test('only loopback names', async () => {
  const { port } = new URL(url);
  const status = (host) =>
    new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: '/FortAPI/3ds/x', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil']) {
    assert.equal(await status(host), 403, host);
  }
  for (const host of ['localhost', `127.0.0.1:${port}`, '[::1]']) assert.equal(await status(host), 404, host);
});

test('a client that hangs up half-way does no harm', async () => {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    'POST /FortAPI/paymentApi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  assert.equal(await merchant(sandbox, { fetch }).purchase(reference()), '14000');
});

test('sandbox.fetch takes the arguments of fetch, and reaches no other host', async () => {
  const body = JSON.stringify(request(sandbox.account, paying('PURCHASE', reference())));
  const init = { method: 'post', headers: [['Content-Type', 'application/json']] };
  const inputs = [
    [new URL(api), { ...init, body }],
    [new Request(api, { ...init, method: 'POST', body })],
    [api, { ...init, body: Buffer.from(body) }],
  ];
  const codes = [];
  for (const input of inputs) codes.push((await (await sandbox.fetch(...input)).json()).response_code);
  assert.deepEqual(codes, ['14000', '00066', '00066']);
  for (const away of [
    'https://sbpaymentservices.payfort.com/FortAPI/paymentApi',
    'http://127.0.0.1:2/FortAPI/paymentApi',
  ]) {
    await assert.rejects(sandbox.fetch(away, { method: 'POST' }), ({ cause }) => cause.code === 'ECONNREFUSED');
  }
  const aborted = AbortSignal.abort(new Error('enough'));
  await assert.rejects(sandbox.fetch(api, { method: 'POST', signal: aborted }), { message: 'enough' });
});

test('before and after listening', async () => {
  const own = createSandbox();
  assert.match(own.account.environment.paymentApi, /^http:\/\/127\.0\.0\.1:1\//);
  await assert.rejects(fetch(own.account.environment.paymentApi), TypeError);
  assert.equal(await merchant(own).purchase('x'), '14000');
  const before = own.account;
  await own.listen();
  await assert.rejects(own.listen(), /listens already/);
  assert.equal(await merchant(own, { fetch }).purchase('x'), '00066');
  const response = await own.fetch(before.environment.paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(response.status, 200);
  await own.close();
  await assert.rejects(post(own, {}), ({ cause }) => cause.code === 'ECONNREFUSED');
  await assert.rejects(post(own, {}, { fetch }));
  await assert.rejects(own.listen(), /closed/);
});

test('accounts are made up, each its own, or kept as given', () => {
  const [one, two] = [createSandbox().account, createSandbox().account];
  for (const name of ['merchant_identifier', 'access_code', 'sha_request_phrase', 'sha_response_phrase']) {
    assert.ok(one[name].length >= 8);
    assert.notEqual(one[name], two[name]);
  }
  assert.notEqual(one.applePay.access_code, one.access_code);
  assert.deepEqual([one.digest, one.language], ['SHA-256', 'en']);
  const given = {
    merchant_identifier: 'M',
    access_code: 'A',
    sha_request_phrase: 'q',
    sha_response_phrase: ['p'],
    digest: 'HMAC-512',
    language: 'ar',
  };
  const { environment, applePay, ...kept } = createSandbox({ account: { ...given, environment: 'sandbox' } }).account;
  assert.deepEqual(kept, given);
});

test('nothing secret shows', async () => {
  const own = createSandbox();
  const { account } = own;
  const shop = merchant(own);
  const secrets = [account.sha_request_phrase, account.sha_response_phrase, account.applePay.sha_request_phrase];
  await shop.purchase('a', {
    card_security_code: '987',
    merchant_extra: 'card 4005550000000001',
    sha_request_phrase: secrets[0],
  });
  await shop.purchase('b', { card_security_code: '987', card_holder_name: 'A B' });
  await post(own, '{"card_number":"4005550000000001"');
  await shop.purchase('c', { card_number: '4005550000000002', card_security_code: '987' });
  const log = own.log();
  assert.equal(log.length, 4);
  const shown = [log, own.payments(), own]
    .flatMap((value) => [JSON.stringify(value), inspect(value, { depth: 9, showHidden: true })])
    .join();
  for (const secret of [...secrets, '4005550000000001', '4005550000000002']) assert.ok(!shown.includes(secret));
  assert.doesNotMatch(shown, /["']987["']/);
  assert.equal(log[1].request.card_security_code, '***');
  assert.equal(log[1].request.card_number, '400555******0001');
  assert.equal(log[1].reply.response_code, '14000');
  assert.ok(!('request' in log[2]));
  log[1].reply.response_code = 'changed';
  assert.equal(own.log()[1].reply.response_code, '14000');
  assert.ok(testCards.every(Object.isFrozen));
});

test('the log is kept within its limit', async () => {
  const own = createSandbox({ logLimit: 5 });
  for (let count = 0; count < 20; count += 1) await post(own, '{}');
  assert.ok(own.log().length <= 5);
});

test('reset', async () => {
  const own = createSandbox({ faults: { technicalProblem: 0 } });
  const shop = merchant(own);
  await shop.purchase('a', { token_name: 't', remember_me: 'YES' });
  own.advance({ days: 100 });
  own.faults({ technicalProblem: 1 });
  own.reset();
  assert.deepEqual([own.payments(), own.log()], [[], []]);
  assert.equal(own.faults().technicalProblem, 0);
  assert.equal(await shop.purchase('a'), '14000');
  assert.ok(own.log()[0].at < Date.now() + 1000);
  const { fort_id } = await ask(own, paying('PURCHASE', 'b'));
  assert.match(fort_id, /^[0-9]{18}$/);
});
