// Batch files: validated, carried out, told of row by row. Over HTTP, with the client.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';
import { authentic, waitUntil } from './plain-merchant.js';

const NOW = Date.UTC(2026, 10, 22);
const NUMBER = '4005550000000001';
const card = { card_number: NUMBER, expiry_date: '3005', card_security_code: '123', card_holder_name: 'A Buyer' };
const email = { customer_email: 'a@example.com' };
const amount = Amount.parse('100.00', 'AED');

/** @param {import('node:test').TestContext} t */
async function start(t) {
  /** @type {Record<string, string>[]} */
  const notifications = [];
  const shop = createServer(async (request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    notifications.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end();
  });
  await new Promise((resolve) => shop.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (shop.address());
  const sandbox = createSandbox({ clock: () => NOW, webhook: `http://127.0.0.1:${port}/` });
  await sandbox.listen();
  t.after(async () => {
    await sandbox.close();
    shop.close().closeAllConnections();
  });
  const aps = new PaymentServices(sandbox.account);
  const upload = (/** @type {string} */ batch_reference, /** @type {string} */ content) =>
    aps.batches.upload({ batch_reference }, { name: 'batch.csv', content });
  return { sandbox, aps, upload, notifications };
}

/** @param {AsyncIterable<import('aps-payops/server').BatchResult> | null} results */
async function all(results) {
  const rows = [];
  for await (const row of results ?? []) rows.push(row);
  return rows;
}

test('each row is carried out, reported in the results, and notified', async (t) => {
  const { sandbox, aps, upload, notifications } = await start(t);
  const first = await aps.purchase({ merchant_reference: 'first', amount, ...card, ...email, remember_me: 'YES' });
  const { token_name } = first.params;
  await aps.authorize({ merchant_reference: 'held', amount, ...card, ...email });
  await waitUntil(() => notifications.length === 2);
  const content = `command,merchant_reference,amount,currency,customer_email,eci,token_name
PURCHASE,month-1,2500,AED,a@example.com,RECURRING,${token_name}
PURCHASE,month-2,2500,AED,a@example.com,RECURRING,unknown
CAPTURE,held,3000,AED,,,
REFUND,first,99999,AED,,,
VOID_AUTHORIZATION,nobody,,,,,
`;
  assert.equal((await upload('may', content)).code, '50000');
  const before = await aps.batches.results({ batch_reference: 'may' });
  assert.deepEqual([before.reply?.code, before.reply?.params.transactions_count], ['70000', '5']);
  assert.equal(notifications.length, 2);

  assert.equal((await aps.batches.process({ batch_reference: 'may' })).code, '72147');
  const { reply, results } = await aps.batches.results({ batch_reference: 'may' });
  assert.equal(reply, null);
  const rows = await all(results);
  assert.deepEqual(
    rows.map(({ line, code, outcome, params }) => [line, code, outcome, params.merchant_reference]),
    [
      [6, '09036', 'failed', 'nobody'],
      [5, '07048', 'failed', 'first'],
      [4, '04000', 'succeeded', 'held'],
      [3, '00044', 'rejected', 'month-2'],
      [2, '14000', 'succeeded', 'month-1'],
    ],
  );
  const [paid] = rows.slice(-1);
  assert.equal(String(paid?.amount), '25.00');
  assert.deepEqual([paid?.params.card_number, paid?.params.eci], ['400555******0001', 'RECURRING']);
  assert.equal(paid?.params.fort_id, sandbox.payments().find((one) => one.merchant_reference === 'month-1')?.fort_id);

  await waitUntil(() => notifications.length === 6);
  const codes = notifications.slice(2).map((params) => [params.merchant_reference, params.response_code]);
  const attempted = rows.filter(({ outcome }) => outcome !== 'rejected');
  assert.deepEqual(codes.sort(), attempted.map(({ code, params }) => [params.merchant_reference, code]).sort());
  for (const params of notifications) authentic(params, sandbox.account);

  assert.equal((await aps.batches.process({ batch_reference: 'may' })).code, '72147');
  assert.equal((await all((await aps.batches.results({ batch_reference: 'may' })).results)).length, 5);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(notifications.length, 6, 'once');
});

test('a file with an invalid row is not carried out, and the row is named', async (t) => {
  const { sandbox, aps, upload } = await start(t);
  for (const merchant_reference of ['a', 'b']) await aps.authorize({ merchant_reference, amount, ...card, ...email });
  const header = 'command,merchant_reference,amount,currency,eci,token_name,customer_email';
  for (const [place, [row, fault]] of [
    ['CAPTURE,b,1000,,,,', 'Missing parameter: currency'],
    ['CAPTURE,b,10.5,AED,,,', 'Invalid amount'],
    ['CAPTURE,b,1000,AED,ECOMMERCE,,', 'Invalid extra parameters: eci'],
    ['CAPTURE,a,1000,AED,,,', 'Merchant reference already exists'],
    ['AUTHORIZATION,b,1000,AED,,t,a@example.com', 'Invalid command'],
    ['PURCHASE,c,1000,AED,,t,a@example.com', 'Missing parameter: eci'],
    ['PURCHASE,c,1000,AED,MOTO,t,a@example.com', 'Parameter value not allowed: eci'],
    ['PURCHASE,c,1000,AED,RECURRING,,a@example.com', 'Missing parameter: token_name'],
  ].entries()) {
    const batch_reference = `wrong-${place}`;
    const content = `${header}\nCAPTURE,a,1000,AED,,,\n${row}\n`;
    assert.equal((await upload(batch_reference, content)).code, '50000');
    const { reply } = await aps.batches.results({ batch_reference });
    const message = `The Batch file validation is failed: line 3: ${fault}`;
    assert.deepEqual([reply?.code, reply?.outcome, reply?.message], ['71136', 'failed', message]);
    assert.equal((await aps.batches.process({ batch_reference })).code, '73136');
  }
  assert.deepEqual(
    sandbox.payments().map(({ captured }) => captured),
    ['0', '0'],
  );
});

test('headers, references and numbers of batches', async (t) => {
  const { aps, upload } = await start(t);
  const row = 'CAPTURE,a,1000,AED';
  for (const [place, [content, code]] of [
    [`command,merchant_reference,amount,currency\n${row}\n\n`, '50000'],
    [`\ufeffcommand,merchant_reference,amount,currency\r\n${row}\r\n`, '50000'],
    [`"command","merchant_reference","amount","currency"\n"CAPTURE","a","1000","AED"`, '50000'],
    [`command,merchant_reference,amount,price\n${row}\n`, '51142'],
    [`operation,merchant_reference,amount,currency\n${row}\n`, '51142'],
    [`command,merchant_reference,amount,service_command\n${row}\n`, '51142'],
    [`command,amount,amount,currency\n${row}\n`, '51144'],
    [`command,merchant_reference,amount\n${row}\n`, '51144'],
    ['command,merchant_reference,amount,currency\n', '51144'],
    ['{"command":"CAPTURE"}', '51144'],
  ].entries()) {
    assert.equal((await upload(`batch-${place}`, content)).code, code, content);
  }
  const { batch_id } = (await upload('own', `command,merchant_reference,amount,currency\n${row}\n`)).params;
  const ask = async (/** @type {string} */ id) =>
    (await aps.batches.results({ batch_reference: 'own', batch_id: id })).reply?.code;
  assert.deepEqual([await ask(batch_id ?? ''), await ask('150754364000030895')], ['70000', '71141']);
});

test('links are made by the file, and found in its results', async (t) => {
  const { aps, upload } = await start(t);
  const content = `service_command,merchant_reference,amount,currency,customer_email,notification_type,request_expiry_date
PAYMENT_LINK,l1,2500,AED,a@example.com,EMAIL,2026-12-01T00:00:00+04:00
PAYMENT_LINK,l2,2500,AED,a@example.com,EMAIL,2026-01-01T00:00:00+04:00
`;
  assert.equal((await upload('links', content)).code, '50000');
  assert.equal((await aps.batches.process({ batch_reference: 'links' })).code, '72147');
  const [late, created] = await all((await aps.batches.results({ batch_reference: 'links' })).results);
  assert.deepEqual([late?.code, created?.code], ['00115', '48000']);
  const response = await fetch(created?.params.payment_link ?? '', { redirect: 'manual' });
  assert.match(response.headers.get('location') ?? '', /paymentPage/);
});

test('a file above a mebibyte is taken, as APS takes up to 50', async (t) => {
  const { aps, upload } = await start(t);
  const rows = Array.from({ length: 40_000 }, (_, place) => `CAPTURE,order-${place},1000,AED`);
  const content = `command,merchant_reference,amount,currency\n${rows.join('\n')}\n`;
  assert.ok(content.length > 1 << 20);
  assert.equal((await upload('large', content)).code, '50000');
  const { reply } = await aps.batches.results({ batch_reference: 'large' });
  assert.equal(reply?.params.transactions_count, '40000');
});

test('a batch sends the notifications of its rows a hundred at a time', async (t) => {
  let [underWay, most, count] = [0, 0, 0];
  const deliver = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 2));
    underWay -= 1;
    count += 1;
    return new Response();
  };
  const webhook = { url: 'https://shop.example/hook', fetch: /** @type {any} */ (deliver) };
  const sandbox = createSandbox({ clock: () => NOW, webhook });
  t.after(() => sandbox.close());
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const rows = Array.from({ length: 250 }, (_, place) => `CAPTURE,order-${place},1000,AED`);
  const content = `command,merchant_reference,amount,currency\n${rows.join('\n')}\n`;
  await aps.batches.upload({ batch_reference: 'many' }, { name: 'many.csv', content });
  assert.equal((await aps.batches.process({ batch_reference: 'many' })).code, '72147');
  await waitUntil(() => count === 250);
  assert.equal(most, 100);
  const tried = sandbox.log().filter(({ kind }) => kind === 'notification');
  assert.deepEqual([tried.length, tried.every(({ status }) => status === 200)], [250, true]);
});
