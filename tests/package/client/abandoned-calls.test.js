// What the client leaves behind when it is done or gives up: no answer open, no listener, no promise, no wait for a turn.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Amount, Payment, PaymentServices, TransportError } from 'aps-payops/server';
import { account, answerTo, failed, scriptedFetch } from './scripted-gateway.js';

const aed = (text) => Amount.parse(text, 'AED');
const capture = (more) => ({ merchant_reference: 'o-1', amount: aed('30'), ...more });
const client = (fetch, options) => new PaymentServices(account, { fetch, timeout: 100, retries: 2, ...options });

/** A `fetch` whose answer has a body that notes whether it is cancelled. */
function respondWith(status, pull, after = 0) {
  const counts = { cancelled: 0, reads: 0 };
  const cancel = () => {
    counts.cancelled += 1;
  };
  const fetch = async () => {
    counts.reads += 1;
    if (after > 0) await sleep(after);
    return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), { status });
  };
  return { counts, fetch };
}

test('an answer that is not wanted any more is let go of, also by a fetch that ignores the signal', async () => {
  const sendWithoutEnd = (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20));
  const waitForever = () => new Promise(() => {});
  for (const [name, status, pull, after, code] of [
    ['an error', 500, sendWithoutEnd, 0, 'http_status'],
    ['too long', 200, sendWithoutEnd, 0, 'unreadable'],
    ['stuck', 200, waitForever, 0, 'timeout'],
    ['late', 200, waitForever, 60, 'timeout'],
  ]) {
    const { counts, fetch } = respondWith(status, pull, after);
    const reply = await client(fetch, { timeout: 40 }).capture(capture());
    assert.equal(reply.cause.code, code, name);
    assert.equal(reply.cause.status, code === 'http_status' ? status : undefined, name);
    await sleep(after);
    assert.deepEqual(counts, { cancelled: 1, reads: 1 }, name);
  }
  const { counts, fetch } = respondWith(200, waitForever, 60);
  const query = client(fetch, { timeout: 40, retries: 0 }).batches.results({ batch_reference: 'batch180' });
  await assert.rejects(query, { code: 'timeout' });
  await sleep(60);
  assert.deepEqual(counts, { cancelled: 1, reads: 1 }, 'a late file');
});

test('the time limit is on a reply also where a file may come, and on no file that has begun', async () => {
  const params = { batch_reference: 'batch180' };
  const piece = (text) => (controller) => controller.enqueue(new TextEncoder().encode(text));
  const stopAfter = (first) => {
    let count = 0;
    return (controller) => {
      count += 1;
      return count === 1 && first !== '' ? piece(first)(controller) : new Promise(() => {});
    };
  };
  for (const first of ['', ' ', '{"response_code":']) {
    const { counts, fetch } = respondWith(200, stopAfter(first));
    const aps = client(fetch, { timeout: 40, retries: 0 });
    await assert.rejects(aps.batches.results(params), { code: 'timeout', sent: 'unknown' });
    await sleep(0);
    assert.deepEqual(counts, { cancelled: 1, reads: 1 }, first);
  }
  const { counts, fetch } = respondWith(200, async (controller) => {
    await sleep(30);
    piece(counts.pieces === 0 ? 'response_code,status\n' : '14000,14\n')(controller);
    counts.pieces += 1;
  });
  counts.pieces = 0;
  const controller = new AbortController();
  const { results } = await client(fetch, { timeout: 60, retries: 0 }).batches.results(params, controller);
  for (let row = 0; row < 4; row += 1) assert.equal((await results.next()).value.code, '14000');
  const next = results.next();
  controller.abort();
  await assert.rejects(next, { code: 'aborted' });
  assert.equal(counts.cancelled, 1);
});

test('an answer that breaks off was sent, even if a TransportError says no', async () => {
  const { counts, fetch } = respondWith(200, (controller) =>
    controller.error(new TransportError('aborted', 'no', 'x')),
  );
  const reply = await client(fetch).capture(capture());
  assert.deepEqual([reply.outcome, reply.cause.sent, counts.reads], ['uncertain', 'unknown', 1]);
  // Before an answer, what wraps a fetch may know better.
  const wrapped = scriptedFetch((request, _, count) =>
    count === 1 ? new TransportError('network', 'no', 'no circuit') : answerTo(request),
  );
  assert.equal((await client(wrapped.fetch).capture(capture())).outcome, 'succeeded');
  assert.equal(wrapped.sent.length, 2);
});

test('no listener stays on a signal that lives on, and no promise is left to reject', async () => {
  const rejected = [];
  const onRejection = (reason) => rejected.push(reason);
  process.on('unhandledRejection', onRejection);
  const { signal } = new AbortController();
  const payment = Payment.authorized(aed('100'));
  const answers = [
    (request) => answerTo(request),
    () => failed('ECONNREFUSED'),
    () => failed('ECONNRESET'),
    () => new Response('', { status: 500 }),
    () => new Promise(() => {}),
    () => sleep(60).then(() => Promise.reject(failed('ECONNRESET'))),
    (request) => sleep(60).then(() => answerTo(request)),
    () => ({ error: 'x' }),
  ];
  for (const answer of answers) {
    const aps = client(scriptedFetch(answer).fetch, { timeout: 30, retries: 1 });
    await Promise.allSettled([
      aps.capture(capture(), { signal, payment }),
      aps.capture(capture(), { signal, payment }),
      aps.capture(capture({ merchant_reference: 'o-2' }), { signal, baseline: true }),
      aps.checkStatus({ merchant_reference: 'o-1' }, { signal }),
      aps.batches.results({ batch_reference: 'batch180' }, { signal }),
    ]);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  }
  await sleep(100);
  process.off('unhandledRejection', onRejection);
  assert.deepEqual(rejected, []);
});

test('no listener stays when garbage is collected while operations wait for their turn', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const { signal } = new AbortController();
  const { fetch } = scriptedFetch(async (request) => {
    await sleep(5);
    collect();
    return answerTo(request);
  });
  const aps = client(fetch, { timeout: 1000 });
  await Promise.all(Array.from({ length: 8 }, () => aps.capture(capture(), { signal })));
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('a call that is aborted already does not wait for its turn', async () => {
  const { fetch, sent } = scriptedFetch(async (request) => {
    await sleep(100);
    return answerTo(request);
  });
  const aps = client(fetch, { timeout: 1000 });
  let isDone = false;
  const first = aps.capture(capture()).then(() => {
    isDone = true;
  });
  await assert.rejects(aps.capture(capture(), { signal: AbortSignal.abort() }), { code: 'aborted', sent: 'no' });
  assert.equal(isDone, false);
  await first;
  assert.equal(sent.length, 1);
});
