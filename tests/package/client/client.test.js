import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createSandbox } from 'aps-payops/sandbox';
import {
  Amount,
  ConfigurationError,
  LifecycleError,
  Payment,
  PaymentServices,
  ReplyMismatchError,
  SignatureError,
  TransportError,
  ValidationError,
  verify,
} from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import {
  account,
  answerTo,
  failed,
  json,
  neverAnswer,
  payer,
  scriptedFetch,
  secrets,
  totals,
} from './scripted-gateway.js';

const aed = (text) => Amount.parse(text, 'AED');
const capture = (more) => ({ merchant_reference: 'o-1', amount: aed('30'), ...more });
const client = (fetch, options) => new PaymentServices(account, { fetch, timeout: 100, retries: 2, ...options });

test('the life of a payment, through the sandbox', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const order = { merchant_reference: 'o-1' };
  const first = await aps.authorize({ ...payer, ...order, amount: aed('100') });
  assert.deepEqual([first.outcome, first.code, first.authentic], ['succeeded', '02000', true]);
  assert.equal(first.payment.payment_option, 'VISA');
  const second = await aps.capture({ ...order, amount: aed('30') }, { payment: first.payment });
  const third = await aps.refund({ ...order, amount: aed('20') }, { payment: second.payment });
  assert.equal(String(third.payment.refunded), '20.00');
  assert.equal(third.payment.at().state, 'partially_refunded');
  const status = await aps.checkStatus(order, { payment: first.payment });
  assert.deepEqual(status.payment.toJSON(), third.payment.toJSON());
  const derived = await aps.checkStatus(order, { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: Date.now() });
  assert.equal(String(derived.payment.captured), '30.00');
  assert.equal((await aps.checkStatus(order)).payment, undefined, 'APS tells no currency, so nothing is guessed');

  const another = await aps.authorize({ ...payer, merchant_reference: 'o-2', amount: aed('5') });
  const voided = await aps.void({ merchant_reference: 'o-2' }, { payment: another.payment });
  assert.deepEqual([voided.outcome, voided.payment.at().state], ['succeeded', 'voided']);
  const bought = await aps.purchase({ ...payer, merchant_reference: 'o-3', amount: aed('5') });
  assert.equal(bought.payment.at().state, 'captured');
  const declined = await aps.capture({ ...order, amount: aed('80') });
  assert.deepEqual([declined.outcome, declined.code, declined.payment], ['failed', '05042', undefined]);
  await sandbox.close();
});

test('an operation that the payment forbids is not sent', async () => {
  const { fetch, sent } = scriptedFetch((request) => answerTo(request));
  const aps = client(fetch);
  const payment = Payment.authorized(aed('100'));
  await assert.rejects(aps.capture(capture({ amount: aed('100.01') }), { payment }), LifecycleError);
  await assert.rejects(aps.refund(capture(), { payment }), LifecycleError);
  const at = Date.now() + 8 * 86_400_000;
  await assert.rejects(aps.capture(capture(), { payment, at }), (error) => error.issues[0].code === 'lapsed');
  await assert.rejects(
    aps.capture(capture({ amount: aed('100.01'), order_description: 'x'.repeat(151) }), { payment }),
    (error) =>
      error instanceof ValidationError &&
      ['too_long', 'exceeds_authorized'].every((code) => error.issues.some((i) => i.code === code)),
  );
  await assert.rejects(aps.capture({}), ValidationError);
  await assert.rejects(aps.capture(undefined), ValidationError);
  await assert.rejects(aps.send('CAPTUR', capture()), ValidationError);
  await assert.rejects(aps.capture(capture(), { payment: {} }), ValidationError);
  await assert.rejects(aps.capture(capture(), { signal: {} }), ValidationError);
  for (const timeout of [0, -1, Number.NaN, Infinity, '5', 2 ** 40]) {
    await assert.rejects(aps.capture(capture(), { timeout }), ValidationError);
  }
  assert.equal(sent.length, 0);
});

test('bad options of the client are refused', () => {
  for (const options of [
    { timeout: 0 },
    { timeout: 'x' },
    { retries: -1 },
    { retries: 1.5 },
    { fetch: 5 },
    { fetch: null },
  ]) {
    assert.throws(() => client(undefined, options), ConfigurationError, inspect(options));
  }
});

test('a request is signed, and sent once', async () => {
  const { fetch, sent } = scriptedFetch((request) => answerTo(request));
  const reply = await client(fetch).capture(capture(), { payment: Payment.authorized(aed('100')) });
  assert.equal(reply.outcome, 'succeeded');
  assert.equal(String(reply.payment.captured), '30.00');
  assert.equal(sent.length, 1);
  assert.ok(verify(sent[0], { phrase: phrases.request, digest: 'SHA-256' }));
});

test('a refund always has a maintenance_reference', async () => {
  const { fetch, sent } = scriptedFetch((request) => answerTo(request));
  const aps = client(fetch);
  const params = Object.freeze(capture());
  await aps.refund(params);
  await aps.refund(capture({ maintenance_reference: 'refund-7' }));
  await aps.send('REFUND', capture({ maintenance_reference: '' }));
  const [first, second, third] = sent.map(({ maintenance_reference }) => maintenance_reference);
  assert.match(first, /^[0-9a-f-]{36}$/);
  assert.equal(second, 'refund-7');
  assert.match(third, /^[0-9a-f-]{36}$/);
  assert.notEqual(first, third);
});

const NOT_SENT = [
  failed('ECONNREFUSED'),
  failed('ENOTFOUND'),
  failed('EAI_AGAIN'),
  failed('EAI_FAIL', { syscall: 'getaddrinfo' }),
  failed('UND_ERR_CONNECT_TIMEOUT'),
  failed('EHOSTUNREACH', { syscall: 'connect' }),
  failed('ETIMEDOUT', { syscall: 'connect' }),
  failed('x', { code: undefined, errors: [Object.assign(new Error(), { code: 'ECONNREFUSED' })] }),
];
const MAYBE_SENT = [
  failed('ECONNRESET'),
  failed('EPIPE'),
  failed('UND_ERR_SOCKET'),
  failed('ETIMEDOUT', { syscall: 'read' }),
  failed('EHOSTUNREACH', { syscall: 'write' }),
  failed('x', {
    errors: [Object.assign(new Error(), { code: 'ECONNREFUSED' }), Object.assign(new Error(), { code: 'EPIPE' })],
  }),
  new TypeError('fetch failed'),
];

test('a request whose answer breaks off counts as sent, whatever the error says', async () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']) {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      const error = Object.assign(new Error('broken'), { code });
      return new Response(new ReadableStream({ pull: (controller) => controller.error(error) }));
    };
    const reply = await client(fetch).capture(capture());
    assert.deepEqual(
      [reply.outcome, reply.cause.code, reply.cause.sent, calls],
      ['uncertain', 'network', 'unknown', 1],
    );
  }
});

test('a file may come in any class of Response, and a reply that is cut off is requested again', async () => {
  const params = { batch_reference: 'batch180' };
  const csv = new TextEncoder().encode('merchant_reference,response_code\n"o-1","14000"\n');
  const foreignFetch = async (_url, { signal }) => ({
    status: 200,
    type: 'default',
    headers: new Headers({ 'content-type': 'text/csv' }),
    body: new ReadableStream({
      async pull(controller) {
        await new Promise(setImmediate);
        if (signal.aborted) controller.error(signal.reason);
        else {
          controller.enqueue(csv);
          controller.close();
        }
      },
    }),
  });
  const { results } = await client(foreignFetch).batches.results(params);
  const rows = [];
  for await (const row of results) rows.push(row);
  assert.equal(rows.length, 1);
  let calls = 0;
  const cutFetch = async () => {
    calls += 1;
    return new Response('{"response_code":"70000","stat');
  };
  await assert.rejects(
    client(cutFetch).batches.results(params),
    (error) => error instanceof TransportError && error.code === 'unreadable',
  );
  assert.equal(calls, 3);
});

test('a request that was never sent is sent again, up to the limit', async () => {
  for (const error of NOT_SENT) {
    const { fetch, sent } = scriptedFetch((request, _, count) => (count < 3 ? error : answerTo(request)));
    assert.equal((await client(fetch).capture(capture())).outcome, 'succeeded', error.cause.code);
    assert.equal(sent.length, 3);
    const never = scriptedFetch(() => error);
    await assert.rejects(
      client(never.fetch, { retries: 1 }).capture(capture()),
      (failure) => failure instanceof TransportError && failure.sent === 'no' && failure.code === 'network',
    );
    assert.equal(never.sent.length, 2);
  }
});

test('a request that may have been sent is not sent again, but a query is', async () => {
  for (const error of MAYBE_SENT) {
    const { fetch, sent } = scriptedFetch(() => error);
    const reply = await client(fetch).capture(capture());
    assert.deepEqual([reply.outcome, reply.authentic, reply.code], ['uncertain', false, '']);
    assert.ok(reply.cause instanceof TransportError && reply.cause.sent === 'unknown');
    assert.equal(sent.length, 1);
    const query = scriptedFetch((request, _, count) => (count < 3 ? error : answerTo(request, totals(1, 0, 0, '02'))));
    assert.equal((await client(query.fetch).checkStatus({ merchant_reference: 'o-1' })).outcome, 'succeeded');
    assert.equal(query.sent.length, 3);
  }
});

const LOST = {
  'a server error': () => new Response('oops', { status: 500 }),
  'a client error': () => new Response('{"error":"not found","status":"404"}', { status: 404 }),
  'an unsigned rejection with a client error': (request) =>
    json(answerTo(request, { response_code: '00007' }), { status: 400 }),
  'an unsigned rejection with a server error': (request) =>
    json(answerTo(request, { response_code: '00007' }), { status: 503 }),
  'an answer with an empty signature and a server error': (request) =>
    json({ ...answerTo(request), signature: '' }, { status: 500 }),
  'a server error that breaks off': () =>
    new Response(new ReadableStream({ start: (controller) => controller.error(failed('ECONNRESET')) }), {
      status: 500,
    }),
  'an empty body': () => new Response(''),
  HTML: () => new Response('<html>busy</html>', { headers: { 'content-type': 'text/html' } }),
  'a body cut off': (request) => new Response(JSON.stringify(answerTo(request)).slice(0, -20)),
  'no UTF-8': () => new Response(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])),
  'a list': () => new Response('[]'),
  'an endless body': () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
      }),
    ),
  'a body that breaks off': () =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('{"a":'));
          controller.error(failed('ECONNRESET'));
        },
      }),
    ),
  silence: (_, init) => neverAnswer(_, init),
  'a fetch that ignores the signal': () => new Promise(() => {}),
};

test('an invalid answer leaves the outcome uncertain', async () => {
  for (const [name, answer] of Object.entries(LOST)) {
    const { fetch, sent } = scriptedFetch(answer);
    const reply = await client(fetch).capture(capture());
    assert.equal(reply.outcome, 'uncertain', name);
    assert.equal(sent.length, 1, name);
    assert.ok(!JSON.stringify(reply).includes('cause') && !Object.keys(reply).includes('cause'));
    await assert.rejects(client(fetch, { retries: 0 }).checkStatus({ merchant_reference: 'o-1' }), { sent: 'unknown' });
  }
});

test('a signed answer counts with any HTTP status', async () => {
  const payment = Payment.authorized(aed('100'));
  for (const status of [400, 404, 500, 503]) {
    for (const [changes, outcome] of [
      [{}, 'succeeded'],
      [{ response_code: '05662' }, 'uncertain'],
      [{ response_code: '05035' }, 'failed'],
    ]) {
      const { fetch, commands } = scriptedFetch((request) => json(answerTo(request, changes), { status }));
      const reply = await client(fetch).capture(capture());
      assert.deepEqual([reply.outcome, reply.authentic], [outcome, true], `${status} ${outcome}`);
      assert.equal(reply.cause, undefined);
      assert.deepEqual(commands(), ['CAPTURE']);
    }
    const forged = scriptedFetch((request) => json({ ...answerTo(request), amount: '1' }, { status }));
    await assert.rejects(client(forged.fetch).capture(capture(), { payment }), SignatureError);
    const foreign = scriptedFetch((request) => json(answerTo(request, { merchant_reference: 'o-2' }), { status }));
    await assert.rejects(client(foreign.fetch).capture(capture(), { payment }), ReplyMismatchError);
    assert.equal(forged.sent.length + foreign.sent.length, 2);
  }
  const redirect = scriptedFetch((request) => json(answerTo(request), { status: 302 }));
  await assert.rejects(client(redirect.fetch).capture(capture()), { code: 'redirect', sent: 'unknown' });
});

test('an answer that cannot be trusted is an error', async () => {
  for (const [type, answer] of [
    [SignatureError, (request) => ({ ...answerTo(request), amount: '1' })],
    [SignatureError, (request) => request],
    [SignatureError, () => ({ error: 'blocked' })],
    [ReplyMismatchError, (request) => answerTo(request, { merchant_reference: 'o-2' })],
  ]) {
    const { fetch, sent } = scriptedFetch(answer);
    await assert.rejects(client(fetch).capture(capture(), { payment: Payment.authorized(aed('100')) }), type);
    assert.equal(sent.length, 1);
  }
});

test('a redirect is never followed, and is not an answer', async () => {
  const redirects = [
    () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } }),
    () => new Response(null, { status: 307, headers: { location: '/' } }),
    (request) => Object.defineProperty(new Response(JSON.stringify(answerTo(request))), 'redirected', { value: true }),
    () => Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' }),
  ];
  for (const redirect of redirects) {
    for (const send of [
      (aps) => aps.capture(capture(), { payment: Payment.authorized(aed('100')) }),
      (aps) => aps.checkStatus({ merchant_reference: 'o-1' }),
    ]) {
      const { fetch, sent } = scriptedFetch(redirect);
      await assert.rejects(send(client(fetch)), { code: 'redirect', sent: 'unknown' });
      assert.equal(sent.length, 1);
    }
  }
});

test('an abort before sending sends nothing; a later one does not wait for the outcome', async () => {
  const { fetch, sent } = scriptedFetch(neverAnswer);
  const aps = client(fetch, { timeout: 5000 });
  const early = AbortSignal.abort();
  for (const options of [{}, { baseline: true }, { payment: Payment.authorized(aed('100')) }]) {
    await assert.rejects(aps.capture(capture(), { ...options, signal: early }), { code: 'aborted', sent: 'no' });
  }
  assert.equal(sent.length, 0);
  const start = Date.now();
  const payment = Payment.authorized(aed('100'));
  await assert.rejects(aps.capture(capture(), { payment, signal: AbortSignal.timeout(30) }), {
    code: 'aborted',
    sent: 'unknown',
  });
  await assert.rejects(aps.checkStatus({ merchant_reference: 'o-1' }, { signal: AbortSignal.timeout(30) }), {
    code: 'aborted',
  });
  assert.equal(sent.length, 2);
  // While the totals are being read, the command itself has not been sent.
  await assert.rejects(aps.capture(capture(), { baseline: true, signal: AbortSignal.timeout(30) }), {
    code: 'aborted',
    sent: 'no',
  });
  assert.ok(Date.now() - start < 2000);
});

test('a time limit of one call', async () => {
  const { fetch } = scriptedFetch(neverAnswer);
  const start = Date.now();
  const reply = await client(fetch, { timeout: 60_000 }).capture(capture(), { timeout: 30 });
  assert.equal(reply.cause.code, 'timeout');
  assert.ok(Date.now() - start < 2000);
});

test('later changes to the account change nothing', async () => {
  const { fetch, sent } = scriptedFetch((request) => answerTo(request));
  const mine = { ...account };
  const aps = new PaymentServices(mine, { fetch });
  mine.sha_request_phrase = phrases.response;
  mine.access_code = 'another';
  await aps.capture(capture());
  assert.ok(verify(sent[0], { phrase: phrases.request, digest: 'SHA-256' }));
});

test('an authorization that lapses while the answer is under way was captured in time', async () => {
  const { fetch } = scriptedFetch(async (request) => {
    await sleep(120);
    return answerTo(request);
  });
  const payment = Payment.authorized(aed('30'), { at: Date.now() - 7 * 86_400_000 + 60 });
  const reply = await client(fetch, { timeout: 1000 }).capture(capture(), { payment });
  assert.equal(String(reply.payment.captured), '30.00');
  await assert.rejects(client(fetch).capture(capture(), { payment }), LifecycleError);
});

test('an operation succeeds even if its payment cannot be derived', async () => {
  const { fetch } = scriptedFetch((request) => answerTo(request, totals(10000, 20000, 0, '04')));
  const reply = await client(fetch).checkStatus(
    { merchant_reference: 'o-1' },
    { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: Date.now() },
  );
  assert.deepEqual([reply.outcome, reply.payment], ['succeeded', undefined]);
});

test('over a real network', async () => {
  let answer;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => answer(JSON.parse(body), response, request));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const local = { ...account, environment: { paymentApi: `http://127.0.0.1:${port}/FortAPI/paymentApi` } };
  const aps = new PaymentServices(local, { timeout: 300, retries: 1 });
  try {
    answer = (params, response, request) => {
      assert.equal(request.headers['content-type'], 'application/json');
      response.end(JSON.stringify(answerTo(params)));
    };
    assert.equal((await aps.capture(capture())).outcome, 'succeeded');
    answer = (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await assert.rejects(aps.capture(capture()), { code: 'redirect', sent: 'unknown' });
    answer = (_, response) => response.destroy();
    assert.equal((await aps.capture(capture())).outcome, 'uncertain');
    answer = (params, response) => {
      const text = JSON.stringify(answerTo(params));
      response.writeHead(200, { 'content-length': text.length });
      response.write(text.slice(0, 50));
      setTimeout(() => response.destroy(), 20);
    };
    assert.equal((await aps.capture(capture())).outcome, 'uncertain');
    answer = () => {};
    assert.equal((await aps.capture(capture(), { timeout: 50 })).cause.code, 'timeout');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  // Another host name, so that no earlier connection is used again.
  const nobody = { ...account, environment: { paymentApi: `http://localhost:${port}/FortAPI/paymentApi` } };
  const refused = new PaymentServices(nobody, { timeout: 300, retries: 1 });
  await assert.rejects(refused.capture(capture()), { code: 'network', sent: 'no' });
});

test('errors of the client show no phrase and no card number', async () => {
  const leakyFetch = (_request, init) => {
    throw Object.assign(new Error(init.body), {
      config: init,
      cause: Object.assign(new Error(init.body), { code: 'EPIPE' }),
    });
  };
  const fetch = async (url, init) => leakyFetch(url, init);
  const aps = client(fetch, { retries: 0 });
  const reply = await aps.purchase({ ...payer, merchant_reference: 'o-1', amount: aed('30') });
  const error = await aps.checkStatus({ merchant_reference: 'o-1' }).catch((failure) => failure);
  for (const thing of [reply, reply.cause, error]) {
    const text =
      inspect(thing, { depth: 9, showHidden: true }) +
      JSON.stringify(thing) +
      (thing.stack ?? '') +
      (thing.cause?.stack ?? '');
    for (const secret of secrets) assert.ok(!text.includes(secret));
  }
});
