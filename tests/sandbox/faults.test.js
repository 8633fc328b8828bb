import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { ask, handSign, merchant, paying, post, reference, request, waitUntil } from './plain-merchant.js';

const send = (sandbox, params, options) => post(sandbox, request(sandbox.account, params), options);
const looks = async (promise) =>
  promise.then(
    () => 'answered',
    (error) => (error.name === 'TimeoutError' ? 'silence' : `${error.name} ${error.message} ${error.cause.code}`),
  );

test('a lost request is not carried out, a lost reply is; both are cut at once, or silent', async () => {
  for (const [fault, carriedOut, silent, look] of [
    ['dropRequest', 0, 0, ['TypeError fetch failed ECONNRESET']],
    ['dropReply', 30, false, ['TypeError fetch failed ECONNRESET']],
    ['dropRequest', 0, true, ['silence']],
    ['dropReply', 30, 0.5, ['TypeError fetch failed ECONNRESET', 'silence']],
  ]) {
    const sandbox = createSandbox({ faults: { [fault]: 1, silent, seed: 5 } });
    const seen = await Promise.all(
      Array.from({ length: 30 }, (_, count) =>
        looks(send(sandbox, paying('PURCHASE', `o-${count}`), { signal: AbortSignal.timeout(50) })),
      ),
    );
    assert.equal(sandbox.payments().length, carriedOut);
    assert.deepEqual([...new Set(seen)].sort(), look);
    assert.ok(sandbox.log().every((entry) => entry.faults.includes(fault)));
  }
});

test('without a signal the call does not wait forever', async () => {
  const sandbox = createSandbox({ faults: { dropReply: 1 } });
  for (let count = 0; count < 10; count += 1) {
    assert.equal(await looks(send(sandbox, paying('PURCHASE', reference()))), 'TypeError fetch failed ECONNRESET');
  }
});

test('over HTTP, too', async () => {
  for (const [fault, carriedOut] of [
    ['dropRequest', 0],
    ['dropReply', 20],
  ]) {
    const sandbox = createSandbox({ faults: { [fault]: 1, silent: 0.5 } });
    await sandbox.listen();
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, count) =>
        send(sandbox, paying('PURCHASE', `o-${count}`), { fetch, signal: AbortSignal.timeout(1000) }).then(
          () => 'answered',
          (error) => error.name,
        ),
      ),
    );
    assert.equal(sandbox.payments().length, carriedOut);
    assert.deepEqual([...new Set(seen)].sort(), ['TimeoutError', 'TypeError']);
    await sandbox.close();
  }
});

test('delay: carried out after the client gave up', async () => {
  for (const options of [{}, { fetch }]) {
    const sandbox = createSandbox({ faults: { delay: 1 } });
    if (options.fetch) await sandbox.listen();
    const attempt = looks(send(sandbox, paying('PURCHASE', 'x'), { ...options, signal: AbortSignal.timeout(80) }));
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(sandbox.payments(), []);
    assert.equal(await attempt, 'silence');
    assert.deepEqual(sandbox.payments(), []);
    await waitUntil(() => sandbox.payments().length === 1);
    assert.equal(sandbox.payments()[0].state, 'captured');
    await sandbox.close();
  }
});

test('delay with ms: late, but answered if the client is still there', async () => {
  const sandbox = createSandbox({ faults: { delay: { rate: 1, ms: 60 } } });
  const started = Date.now();
  assert.equal((await ask(sandbox, paying('PURCHASE', 'patient'))).response_code, '14000');
  assert.ok(Date.now() - started >= 55);
  assert.equal(
    await looks(send(sandbox, paying('PURCHASE', 'impatient'), { signal: AbortSignal.timeout(10) })),
    'silence',
  );
  assert.equal(sandbox.payments().length, 1);
  await waitUntil(() => sandbox.payments().length === 2);
});

test('the clock can be advanced past a delay; due events happen at their own time', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  await shop.authorize('x');
  sandbox.faults({ delay: { rate: 1, ms: 3_600_000 } });
  const capture = shop.capture('x', 100);
  await new Promise((resolve) => setTimeout(resolve, 10));
  sandbox.advance({ days: 8 });
  assert.equal(await capture, '04000');
  sandbox.faults({ delay: 0 });
  assert.equal(await shop.capture('x', 100), '05034');
});

test('closing and resetting end work under way', async () => {
  const sandbox = createSandbox({ faults: { delay: { rate: 1, ms: 3_600_000 } } });
  const attempt = looks(send(sandbox, paying('PURCHASE', 'x')));
  await new Promise((resolve) => setTimeout(resolve, 10));
  sandbox.reset();
  assert.equal(await attempt, 'TypeError fetch failed ECONNRESET');
  const again = looks(send(sandbox, paying('PURCHASE', 'x')));
  await new Promise((resolve) => setTimeout(resolve, 10));
  await sandbox.close();
  assert.equal(await again, 'TypeError fetch failed ECONNRESET');
  assert.deepEqual(sandbox.payments(), []);
});

test('after a reset or close nothing is carried out', async () => {
  for (const end of ['reset', 'close']) {
    const sandbox = createSandbox({ faults: { delay: 1 } });
    const signal = AbortSignal.timeout(1000);
    const attempt = looks(send(sandbox, paying('PURCHASE', 'x'), { signal }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await sandbox[end]();
    assert.equal(await attempt, 'TypeError fetch failed ECONNRESET');
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual(sandbox.payments(), []);
  }
});

test('a delayed request of a client that cannot give up is carried out after it was cut off', async () => {
  const sandbox = createSandbox({ faults: { delay: 1 } });
  assert.equal(await looks(send(sandbox, paying('PURCHASE', 'x'))), 'TypeError fetch failed ECONNRESET');
  await waitUntil(() => sandbox.payments().length === 1);
});

test('technical problem and uncertain: some carried out, some not, as CHECK_STATUS shows', async () => {
  for (const [fault, shown, missed] of [
    ['technicalProblem', '13006', '13006'],
    ['uncertain', '15777', '13666'],
  ]) {
    const sandbox = createSandbox({ faults: { [fault]: 1, seed: 3 } });
    const shop = merchant(sandbox);
    for (let count = 0; count < 30; count += 1) assert.equal(await shop.purchase(`o-${count}`), shown);
    sandbox.faults({ [fault]: 0 });
    const codes = new Map();
    for (const { merchant_reference, captured } of sandbox.payments()) {
      const { transaction_code } = await shop.status(merchant_reference);
      assert.equal(transaction_code, captured === '10000' ? '14000' : missed);
      codes.set(transaction_code, (codes.get(transaction_code) ?? 0) + 1);
    }
    assert.deepEqual([...codes.keys()].sort(), [missed, '14000'].sort());
  }
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  await shop.authorize('x');
  sandbox.faults({ technicalProblem: 1 });
  assert.equal(await shop.capture('x', 99_999), '05042', 'a refusal stays a refusal');
  assert.equal(await shop.capture('x', 1), '05006');
  assert.equal((await shop.status('x')).response_code, '12000', 'lookups are spared');
  sandbox.faults({ commands: ['CHECK_STATUS'] });
  assert.equal((await shop.status('x')).response_code, '11006', 'unless they are named');
  assert.equal(await shop.capture('x', 1), '04000');
});

test('tamper: something signed is changed, once', async () => {
  const sandbox = createSandbox({ faults: { tamper: 1 } });
  const { account } = sandbox;
  for (let count = 0; count < 20; count += 1) {
    const reply = await send(sandbox, paying('PURCHASE', `o-${count}`));
    assert.match(reply.signature, /^[0-9a-f]{64}$/);
    assert.notEqual(reply.signature, handSign(reply, account.sha_response_phrase));
    assert.equal(sandbox.payments().length, count + 1);
  }
});

test('the same seed, the same faults; rates do not disturb each other', async () => {
  const run = async (faults) => {
    const sandbox = createSandbox({ faults });
    const seen = [];
    for (let count = 0; count < 40; count += 1) seen.push(await looks(send(sandbox, paying('PURCHASE', `o-${count}`))));
    return [
      seen.join(),
      sandbox
        .payments()
        .map(({ merchant_reference }) => merchant_reference)
        .join(),
    ];
  };
  const rates = { dropRequest: 0.3, seed: 11 };
  assert.deepEqual(await run(rates), await run(rates));
  assert.notDeepEqual(await run(rates), await run({ ...rates, seed: 12 }));
  assert.deepEqual((await run(rates))[1], (await run({ ...rates, dropReply: 0.5, uncertain: 0.5 }))[1]);
  const [seen] = await run({ dropRequest: 0.5, seed: 1 });
  const lost = seen.split(',').filter((one) => one !== 'answered').length;
  assert.ok(lost > 8 && lost < 32);
});

test('faults that cannot be', () => {
  const sandbox = createSandbox();
  for (const faults of [
    { dropReply: 2 },
    { dropReply: -1 },
    { tamper: Number.NaN },
    { delay: { rate: 1, ms: -1 } },
    { seed: 0.5 },
  ]) {
    assert.throws(() => sandbox.faults(faults), { name: 'ConfigurationError', code: 'invalid_options' });
  }
  assert.throws(() => sandbox.faults({ dropreply: 1 }), /no option faults\.dropreply here\. The options are /);
  assert.deepEqual(sandbox.faults({ dropReply: 0.25, delay: { rate: 0.5, ms: 9 } }), sandbox.faults());
  assert.equal(sandbox.faults({ uncertain: 0.1 }).dropReply, 0.25);
});
