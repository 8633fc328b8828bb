import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { action, BARE, CHALLENGED, openBrowser, RETURN, returned, VISA } from './plain-browser.js';
import { ask, authentic, merchant, paying, reference, waitUntil } from './plain-merchant.js';

const challenged = (command, order, more) => paying(command, order, { ...CHALLENGED, return_url: RETURN, ...more });
const pathOf = (reply) => new URL(reply['3ds_url']).pathname;

test('pass, fail; then nothing changes it any more', async () => {
  for (const [result, code, state] of [
    ['pass', '02000', 'authorized'],
    ['fail', '03030', 'failed'],
  ]) {
    const sandbox = createSandbox();
    const customer = openBrowser(sandbox);
    const order = reference();
    const kept = { token_name: 'kept', remember_me: 'YES' };
    const reply = await ask(sandbox, challenged('AUTHORIZATION', order, kept));
    assert.deepEqual([reply.response_code, reply.status], ['20064', '20']);
    assert.match(reply['3ds_url'], /^http:\/\/127\.0\.0\.1:1\/FortAPI\/3ds\/[-0-9a-f]{36}$/);
    const shop = merchant(sandbox);
    const waiting = await shop.status(order);
    assert.deepEqual(
      [waiting.transaction_status, waiting.transaction_code, waiting.authorized_amount],
      ['20', '20064', '0'],
    );
    assert.equal(await shop.capture(order, 1), '05662');
    assert.equal(await shop.purchase(order), '00066');
    const path = pathOf(reply);
    const page = await customer.get(path);
    assert.match(page.html, /4557 01\*\* \*\*\*\* 8902/);
    assert.doesNotMatch(page.html, /4557 ?0123 ?4567 ?8902/);
    assert.match(page.html, /value="pass"[^>]*>Pass</);
    assert.match(page.html, /value="fail"[^>]*>Fail</);
    assert.equal((await customer.get(path)).html, page.html, 'a reload');
    const back = returned(await customer.post(action(page), { result }));
    authentic(back, sandbox.account);
    assert.equal(back.response_code, code);
    assert.equal(back.fort_id, reply.fort_id);
    assert.equal(sandbox.payments()[0].state, state);
    const other = result === 'pass' ? 'fail' : 'pass';
    for (const again of [other, result]) {
      assert.deepEqual(returned(await customer.post(path, { result: again })), back);
    }
    assert.deepEqual(returned(await customer.get(path)), back, 'back to the challenge');
    assert.deepEqual(returned(await customer.get(path.replace('3ds', 'left'))), back);
    const [{ operations, state: after }] = sandbox.payments();
    assert.deepEqual([after, operations.filter(({ command }) => command === 'AUTHORIZATION').length], [state, 1]);
    assert.equal((await customer.post(path, { result: 'maybe' })).status, 400);
    assert.equal((await customer.post(path, {})).status, 400);
    assert.equal((await customer.post('/FortAPI/3ds/unknown', { result })).status, 404);
    const token = await shop.purchase(reference(), { ...BARE, token_name: 'kept', check_3ds: 'NO' });
    assert.equal(token, result === 'pass' ? '14000' : '00044');
  }
});

test('a challenge passed twice at once pays once, and is notified once', async (t) => {
  const notifications = [];
  const fetchHook = async (_, { body }) => {
    notifications.push(JSON.parse(body));
    return new Response(null, { status: 200 });
  };
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: fetchHook } });
  await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const reply = await ask(sandbox, challenged('PURCHASE', reference()));
  const path = pathOf(reply);
  const passChallenge = () => customer.post(path, { result: 'pass' });
  const ends = await Promise.all([passChallenge(), passChallenge(), passChallenge()]);
  for (const end of ends) assert.equal(returned(end).response_code, '14000');
  assert.equal(sandbox.payments()[0].captured, '10000');
  assert.equal(sandbox.payments()[0].operations.length, 1);
  await waitUntil(() => notifications.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(notifications.length, 1);
  assert.deepEqual(notifications[0], returned(ends[0]), 'the notification says what the browser says');
});

test('an abandoned challenge waits, and may still be passed', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const order = reference();
  const reply = await ask(sandbox, challenged('PURCHASE', order));
  const left = await customer.get(pathOf(reply).replace('3ds', 'left'));
  assert.match(left.html, /<h1 id="title">You left<\/h1>/);
  const shop = merchant(sandbox);
  sandbox.advance({ days: 30 });
  const { transaction_code, captured_amount } = await shop.status(order);
  assert.deepEqual([transaction_code, captured_amount], ['20064', '0']);
  assert.equal(sandbox.payments()[0].state, 'pending');
  assert.equal(await shop.purchase(order), '00066');
  // The shop goes on under another reference; the late success of the old one shows, and can be given back.
  assert.equal(await shop.purchase(`${order}-2`), '14000');
  assert.equal(returned(await customer.post(pathOf(reply), { result: 'pass' })).response_code, '14000');
  assert.equal((await shop.status(order)).transaction_code, '14000');
  assert.equal(await shop.refund(order, 10_000), '06000');
});

test('from the hosted page through the challenge, with reloads and steps back', async (t) => {
  const sandbox = createSandbox({ returnMethod: 'POST' });
  await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const params = paying('PURCHASE', reference(), { ...BARE, return_url: RETURN });
  const page = await customer.open(params);
  const challenge = await customer.post(action(page), CHALLENGED);
  assert.match(challenge.path, /^\/FortAPI\/3ds\//);
  for (const again of [
    await customer.get(page.path),
    await customer.open(params),
    await customer.post(action(page), CHALLENGED),
    await customer.post(action(page), VISA),
    await customer.post(action(page), { cancel: '1' }),
  ]) {
    assert.equal(again.path, challenge.path);
  }
  const result = returned(await customer.post(challenge.path, { result: 'pass' }));
  authentic(result, sandbox.account);
  assert.equal(result.response_code, '14000');
  for (const again of [
    await customer.get(page.path),
    await customer.open(params),
    await customer.get(challenge.path),
  ]) {
    assert.deepEqual(returned(again), result);
  }
  assert.equal(sandbox.payments().length, 1);
  assert.equal(sandbox.payments()[0].captured, '10000');
});

test('a card stored by the browser is challenged, too', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const params = { service_command: 'TOKENIZATION', merchant_reference: reference(), return_url: RETURN };
  const { token_name } = returned(await customer.open(params, CHALLENGED));
  const reply = await ask(sandbox, challenged('PURCHASE', params.merchant_reference, { ...BARE, token_name }));
  assert.equal(reply.response_code, '20064');
  const page = await customer.get(pathOf(reply));
  assert.match(page.html, /4557 01\*\* \*\*\*\* 8902/);
  const result = returned(await customer.post(action(page), { result: 'pass' }));
  authentic(result, sandbox.account);
  assert.deepEqual([result.response_code, result.token_name], ['14000', token_name]);
});

test('without a return_url, and with an invalid one', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  for (const return_url of [undefined, 'javascript:alert(1)', 'nonsense']) {
    const reply = await ask(sandbox, challenged('PURCHASE', reference(), { return_url }));
    const end = await customer.post(pathOf(reply), { result: 'pass' });
    assert.equal(end.status, 200);
    assert.match(end.html, /14000: Success/);
  }
});

test('the notification before the browser, or after it', async () => {
  const notifications = [];
  const hook = async (_, { body }) => {
    notifications.push(JSON.parse(body).response_code);
    return new Response(null, { status: notifications.length === 1 ? 500 : 200 });
  };
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: hook, delay: 60_000 } });
  const customer = openBrowser(sandbox);
  const reply = await ask(sandbox, challenged('PURCHASE', reference()));
  assert.equal(returned(await customer.post(pathOf(reply), { result: 'pass' })).response_code, '14000');
  assert.deepEqual(notifications, [], 'the browser is first');
  sandbox.advance({ seconds: 60 });
  await waitUntil(() => sandbox.log().some(({ kind }) => kind === 'notification'));
  sandbox.advance({ seconds: 10 });
  await waitUntil(() => notifications.length === 2);
  assert.deepEqual(notifications, ['14000', '14000'], 'told again because the shop did not take it');
  assert.equal(sandbox.payments()[0].operations.length, 1);
  await sandbox.close();
});
