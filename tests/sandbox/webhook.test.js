import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { ask, authentic, handSign, merchant, paying, waitUntil } from './plain-merchant.js';

/** A shop's webhook that answers with the statuses in turn, then 200. */
async function receiver(...statuses) {
  const got = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({
      method: request.method,
      type: request.headers['content-type'],
      params: JSON.parse(Buffer.concat(chunks)),
    });
    response.writeHead(statuses.shift() ?? 200, { location: '/elsewhere' }).end('ok');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    got,
    url: `http://127.0.0.1:${server.address().port}/hook`,
    close: () => server.close().closeAllConnections(),
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

test('every result that moves money is notified and signed; a rejected request and a query are not', async () => {
  const shopfront = await receiver();
  const sandbox = createSandbox({ webhook: shopfront.url });
  const shop = merchant(sandbox);
  const codes = [
    await shop.authorize('a'),
    await shop.capture('a', 5000),
    await shop.refund('a', 1000),
    await shop.capture('a', 9000),
    await shop.purchase('a'),
  ];
  await shop.status('a');
  await sandbox.delivered();
  await settled();
  assert.equal(shopfront.got.length, 4);
  assert.equal(codes.pop(), '00066');
  assert.deepEqual(shopfront.got.map(({ params }) => params.response_code).sort(), [...codes].sort());
  for (const { method, type, params } of shopfront.got) {
    assert.deepEqual([method, type], ['POST', 'application/json;charset=UTF-8']);
    authentic(params, sandbox.account);
    assert.ok(!JSON.stringify(params).includes('4005550000000001'));
  }
  shopfront.close();
  await sandbox.close();
});

test('a signature that does not match causes no notification', async () => {
  const shopfront = await receiver();
  const sandbox = createSandbox({ webhook: shopfront.url });
  await ask(sandbox, paying('PURCHASE', 'x'), { phrase: 'wrong' });
  await settled();
  assert.equal(shopfront.got.length, 0);
  shopfront.close();
  await sandbox.close();
});

test('retried until 2xx or 302, and logged', async () => {
  const shopfront = await receiver(500, 404, 301, 302);
  const sandbox = createSandbox({ webhook: { url: `${shopfront.url}?secret=1`, interval: 5 } });
  await merchant(sandbox).purchase('x');
  await waitUntil(() => shopfront.got.length === 4);
  await settled();
  assert.equal(shopfront.got.length, 4);
  const log = sandbox.log().filter(({ kind }) => kind === 'notification');
  assert.deepEqual(
    log.map(({ attempt, status, to }) => [attempt, status, to]),
    [
      [1, 500, shopfront.url],
      [2, 404, shopfront.url],
      [3, 301, shopfront.url],
      [4, 302, shopfront.url],
    ],
  );
  assert.equal(log[0].params.response_code, '14000');
  shopfront.close();
  await sandbox.close();
});

test('given up after ten retries, ten seconds apart by the clock', async () => {
  let attempts = 0;
  const webhook = {
    url: 'https://shop.example/hook',
    fetch: async () => {
      attempts += 1;
      return new Response(null, { status: 503 });
    },
  };
  const sandbox = createSandbox({ webhook });
  await merchant(sandbox).purchase('x');
  for (let attempt = 1; attempt <= 11; attempt += 1) {
    await waitUntil(() => sandbox.log().filter(({ kind }) => kind === 'notification').length === attempt);
    sandbox.advance({ seconds: 9, ms: 900 });
    await new Promise(setImmediate);
    assert.equal(attempts, attempt);
    sandbox.advance({ ms: 100 });
  }
  sandbox.advance({ days: 1 });
  await settled();
  assert.equal(attempts, 11);
  await sandbox.close();
});

test('no server at the webhook', async () => {
  const sandbox = createSandbox({ webhook: { url: 'http://127.0.0.1:1/', retries: 0 } });
  await merchant(sandbox).purchase('x');
  await waitUntil(() => sandbox.log().length === 2);
  const [, entry] = sandbox.log();
  assert.deepEqual([entry.kind, entry.status], ['notification', 0]);
  assert.match(entry.error, /^\w+$/);
  await sandbox.close();
  const withPassword = 'http://user:hunter2@127.0.0.1:1/';
  assert.throws(() => createSandbox({ webhook: withPassword }), /^ConfigurationError: webhook\.url must be [^@]*$/);
});

test('duplicates; the final result of an uncertain payment and of a lost reply', async () => {
  const shopfront = await receiver();
  const sandbox = createSandbox({ faults: { duplicateWebhook: 1 } });
  sandbox.webhook = shopfront.url;
  const shop = merchant(sandbox);
  assert.equal(await shop.purchase('u', { card_number: '4000000000000440' }), '15777');
  await waitUntil(() => shopfront.got.length === 2);
  assert.deepEqual(shopfront.got[0], shopfront.got[1]);
  assert.equal(shopfront.got[0].params.response_code, '14000');
  sandbox.faults({ duplicateWebhook: 0, dropReply: 1 });
  await assert.rejects(shop.authorize('l'));
  await waitUntil(() => shopfront.got.length === 3);
  assert.equal(shopfront.got[2].params.response_code, '02000');
  sandbox.webhook = undefined;
  await assert.rejects(shop.authorize('m'));
  await settled();
  assert.equal(shopfront.got.length, 3);
  shopfront.close();
  await sandbox.close();
});

test('a challenge notifies its result, not that it is pending', async () => {
  const shopfront = await receiver();
  const sandbox = createSandbox({ webhook: shopfront.url });
  const reply = await ask(sandbox, paying('PURCHASE', 'x', { card_number: '4557012345678902' }));
  await settled();
  assert.equal(shopfront.got.length, 0);
  const decide = () =>
    sandbox.fetch(reply['3ds_url'], { method: 'POST', body: new URLSearchParams({ result: 'pass' }) });
  await decide();
  await decide();
  await settled();
  assert.deepEqual(
    shopfront.got.map(({ params }) => params.response_code),
    ['14000'],
  );
  shopfront.close();
  await sandbox.close();
});

test('a tampered notification is correct on retry', async () => {
  const shopfront = await receiver(400);
  const sandbox = createSandbox({ webhook: { url: shopfront.url, interval: 1 } });
  const { account } = sandbox;
  await merchant(sandbox).authorize('x');
  await waitUntil(() => shopfront.got.length === 2);
  sandbox.faults({ tamper: 1 });
  const statuses = await receiver(400);
  sandbox.webhook = { url: statuses.url, interval: 1 };
  await assert.rejects(merchant(sandbox).capture('x', 100));
  await waitUntil(() => statuses.got.length === 2);
  const [bad, good] = statuses.got.map(({ params }) => params);
  assert.notEqual(bad.signature, handSign(bad, account.sha_response_phrase));
  assert.equal(good.signature, handSign(good, account.sha_response_phrase));
  shopfront.close();
  statuses.close();
  await sandbox.close();
});

test('a webhook must be a URL', () => {
  for (const webhook of ['', 'shop.example', 'ftp://shop.example/'])
    assert.throws(() => createSandbox({ webhook }), /webhook\.url must be an http or https URL/);
});

test('a delay that is longer than timers can wait is waited for', async (t) => {
  const notifications = [];
  const hook = async (_url, { body }) => {
    notifications.push(JSON.parse(body).merchant_reference);
    return new Response(null);
  };
  const days = (/** @type {number} */ count) => count * 86_400_000;
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: hook, delay: days(60) } });
  /** @type {{ run: () => void, ms: number }[]} */
  const timers = [];
  const set = t.mock.method(globalThis, 'setTimeout', (run, ms) => {
    timers.push({ run, ms });
    return { unref() {} };
  });
  await merchant(sandbox).purchase('late');
  let waited = 0;
  for (let timer = timers.shift(); timer !== undefined && waited < days(60); timer = timers.shift()) {
    assert.ok(timer.ms < 2 ** 31, 'Node fires longer ones at once');
    assert.deepEqual(notifications, []);
    waited += timer.ms;
    if (waited === days(60)) set.mock.restore();
    timer.run();
  }
  assert.equal(waited, days(60));
  assert.deepEqual(notifications, ['late']);
});

test('by form instead of JSON, structures as the text that is signed of them', async () => {
  const got = [];
  const hook = async (_url, { headers, body }) => {
    got.push([headers['content-type'], Object.fromEntries(new URLSearchParams(body))]);
    return new Response(null);
  };
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: hook, encoding: 'form' } });
  await ask(sandbox, paying('PURCHASE', 'x', { airline_data: { airline_booking_reference: 'MC12D8' } }));
  await sandbox.delivered();
  const [[type, params]] = got;
  assert.equal(type, 'application/x-www-form-urlencoded;charset=UTF-8');
  assert.equal(params.airline_data, '{airline_booking_reference=MC12D8}');
  authentic(params, sandbox.account);
  assert.throws(
    () => createSandbox({ webhook: { url: 'https://shop.example/', encoding: 'xml' } }),
    /'json' or 'form'/,
  );
});

test('delivered waits for retries and for those held back; those lag behind later ones', async () => {
  const got = [];
  let refusals = 1;
  const hook = async (_url, { body }) => {
    if (refusals-- > 0) return new Response(null, { status: 500 });
    got.push(JSON.parse(body).merchant_reference);
    return new Response(null);
  };
  const webhook = { url: 'https://shop.example/hook', fetch: hook, interval: 5 };
  const sandbox = createSandbox({ webhook });
  await sandbox.delivered();
  await merchant(sandbox).purchase('retried');
  await sandbox.delivered();
  assert.deepEqual(got, ['retried']);
  sandbox.faults({ next: { merchant_reference: 'late', reorderWebhook: { ms: 30 }, duplicateWebhook: true } });
  await merchant(sandbox).purchase('late');
  await merchant(sandbox).purchase('later');
  await sandbox.delivered();
  assert.deepEqual(got.slice(1), ['later', 'late', 'late']);
  const entry = sandbox
    .log()
    .find(({ kind, params }) => kind === 'notification' && params.merchant_reference === 'late');
  assert.deepEqual(entry.faults, ['duplicateWebhook', 'reorderWebhook']);
  await sandbox.close();
});

test('a cancel on the page is notified and signed', async () => {
  const got = [];
  const hook = async (_url, { body }) => {
    got.push(JSON.parse(body));
    return new Response(null);
  };
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: hook } });
  const { merchant_identifier, access_code, sha_request_phrase } = sandbox.account;
  const params = {
    ...{ merchant_identifier, access_code, language: 'en', command: 'PURCHASE', merchant_reference: 'x' },
    ...{ amount: '100', currency: 'AED', customer_email: 'a@example.com', return_url: 'https://shop.example/back' },
  };
  const fields = { ...params, signature: handSign(params, sha_request_phrase) };
  const arrived = await sandbox.complete(
    { action: sandbox.account.environment.paymentPage, fields },
    { challenge: 'cancel' },
  );
  authentic(arrived, sandbox.account);
  await sandbox.delivered();
  assert.deepEqual(got, [arrived]);
});
