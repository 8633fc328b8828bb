// An upload that is given up on its way: by its time limit, by the caller, by the network, or by an answer that comes early.
// Its source is released once and at once, it is not read any further, and the part that was sent is not taken for the
// whole.

import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildUpload, PaymentServices, sign, TransportError, ValidationError, writeBatch } from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { account, failed } from '../client/scripted-gateway.js';

const params = { batch_reference: 'batch180' };
const operation = { command: 'CAPTURE', merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
const BYTES = new Uint8Array(1000).fill(0x61);
const never = new Promise(() => {});

/** An endless source that counts the calls of its methods; from `stuckAt` on it never answers, not even to `return`. */
function endlessSource(value, { isAsync = true, stuckAt = Number.POSITIVE_INFINITY } = {}) {
  const counts = { pieces: 0, ends: 0 };
  const iterator = {
    next() {
      counts.pieces += 1;
      if (counts.pieces >= stuckAt) return never;
      const result = { done: false, value };
      return isAsync ? new Promise((resolve) => setImmediate(resolve, result)) : result;
    },
    return() {
      counts.ends += 1;
      return stuckAt === Number.POSITIVE_INFINITY ? { done: true, value: undefined } : never;
    },
  };
  return { counts, iterable: { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator } };
}

/** The same as a stream of bytes. */
function stream({ stuckAt = Number.POSITIVE_INFINITY } = {}) {
  const counts = { pieces: 0, ends: 0 };
  const content = new ReadableStream(
    {
      async pull(controller) {
        counts.pieces += 1;
        if (counts.pieces >= stuckAt) return never;
        await new Promise(setImmediate);
        controller.enqueue(BYTES);
      },
      cancel() {
        counts.ends += 1;
        return stuckAt === Number.POSITIVE_INFINITY ? undefined : never;
      },
    },
    { highWaterMark: 0 },
  );
  return { counts, content };
}

/** Operations of which a few make a piece of the file. */
const long = { ...operation, order_description: 'x'.repeat(150) };
const written = (options) => {
  const { counts, iterable } = endlessSource(long, options);
  return { counts, content: writeBatch(iterable) };
};

/** Every kind of source. */
const SOURCES = {
  'a stream': () => stream(),
  'a stream that is stuck': () => stream({ stuckAt: 3 }),
  'a written file': () => written(),
  'a written file from a list': () => written({ isAsync: false }),
  'a written file from what is stuck': () => written({ stuckAt: 3 }),
};

/** Reads a body as fast as it arrives, even after the request has ended, and returns how the reading ended. */
async function readAll(body) {
  try {
    for await (const piece of body) assert.ok(piece.length > 0);
    return 'ended';
  } catch {
    return 'failed';
  }
}

/** A `fetch` that ignores the signal and continues reading; it settles as `act` does. */
function fetchIgnoringErrors(act) {
  const seen = { drained: never };
  const fetch = (_url, { body }) => {
    seen.drained = readAll(body);
    return act();
  };
  return { seen, fetch };
}

/** Ways to give up, each with the behaviour of `fetch` and the expected error. */
const ENDS = {
  'the time limit': { options: () => ({ timeout: 40 }), act: () => never, code: 'timeout' },
  'the caller': { options: () => ({ signal: AbortSignal.timeout(40) }), act: () => never, code: 'aborted' },
  'a connection that breaks': {
    options: () => ({}),
    act: () => sleep(40).then(() => Promise.reject(failed('ECONNRESET'))),
    code: 'network',
  },
  'an early answer': {
    options: () => ({}),
    act: () => sleep(40).then(() => new Response('busy', { status: 503 })),
    code: 'http_status',
  },
};

for (const [end, { options, act, code }] of Object.entries(ENDS)) {
  for (const [kind, source] of Object.entries(SOURCES)) {
    test(`${kind} is stopped by ${end}`, async () => {
      const { counts, content } = source();
      const { seen, fetch } = fetchIgnoringErrors(act);
      const aps = new PaymentServices(account, { fetch });
      await assert.rejects(aps.batches.upload(params, { name: 'a.csv', content }, options()), {
        code,
        sent: 'unknown',
      });
      assert.equal(await seen.drained, 'failed', 'what was sent must not look whole');
      await sleep(0);
      assert.ok(counts.pieces > 0);
      assert.equal(counts.ends, 1);
      const { pieces } = counts;
      await sleep(20);
      assert.deepEqual(counts, { pieces, ends: 1 });
    });
  }
}

test('a source that was not read is released too', async () => {
  const clientWith = (act) => new PaymentServices(account, { fetch: act });
  for (const [kind, source] of Object.entries(SOURCES)) {
    for (const [act, options, code] of [
      [() => Promise.reject(failed('ECONNREFUSED')), {}, 'network'],
      [() => never, { timeout: 20 }, 'timeout'],
      [() => never, { signal: AbortSignal.timeout(20) }, 'aborted'],
      [() => assert.fail('nothing may be sent'), { signal: AbortSignal.abort() }, 'aborted'],
    ]) {
      const { counts, content } = source();
      await assert.rejects(clientWith(act).batches.upload(params, { name: 'a.csv', content }, options), { code });
      await sleep(0);
      assert.deepEqual(counts, { pieces: 0, ends: 1 }, `${kind}, ${code}`);
    }
  }
});

test('the fetch of the platform stops reading, too', async () => {
  let abort = () => {};
  const server = createServer((request, response) => {
    request.on('error', () => {});
    if (request.method === 'GET') response.end();
    else request.on('data', () => abort());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  const aps = new PaymentServices({ ...account, environment: { paymentApi: url, upload: url } });
  // What is loaded at first use takes no part of the time limit.
  await (await fetch(url)).text();
  for (const [kind, source] of Object.entries(SOURCES)) {
    for (const code of ['timeout', 'aborted']) {
      const controller = new AbortController();
      abort = () => code === 'aborted' && setTimeout(() => controller.abort(), 20);
      const options = code === 'aborted' ? { signal: controller.signal } : { timeout: 300 };
      const { counts, content } = source();
      await assert.rejects(aps.batches.upload(params, { name: 'a.csv', content }, options), { code });
      await sleep(10);
      const { pieces } = counts;
      assert.ok(pieces > 0);
      await sleep(20);
      assert.deepEqual(counts, { pieces, ends: 1 }, `${kind}, ${code}`);
    }
  }
  server.closeAllConnections();
  server.close();
});

test('a complete upload is read to its end, and its source is not cancelled', async () => {
  const reply = {
    response_code: '50000',
    response_message: 'Success',
    status: '50',
    service_command: 'UPLOAD_BATCH_FILE',
    merchant_identifier: account.merchant_identifier,
    access_code: account.access_code,
    language: 'en',
    batch_id: '338017283',
    ...params,
  };
  const signature = sign(reply, { phrase: phrases.response, digest: 'SHA-256' });
  let text = '';
  const fetch = async (_url, { body }) => {
    text = await new Response(body).text();
    return new Response(JSON.stringify({ ...reply, signature }));
  };
  let ends = 0;
  async function* operations() {
    try {
      for (let n = 0; n < 2000; n += 1) yield long;
    } finally {
      ends += 1;
    }
  }
  const { signal } = new AbortController();
  const content = writeBatch(operations(), { signal });
  const aps = new PaymentServices(account, { fetch });
  const { outcome } = await aps.batches.upload(params, { name: 'a.csv', content }, { signal });
  assert.equal(outcome, 'succeeded');
  assert.equal(text.split('order-1').length - 1, 2000);
  assert.match(text, /--\r\n$/);
  assert.equal(ends, 1);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('an error of the file is reported as such, not as a broken connection', async () => {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    request.resume().on('end', () => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  const local = { ...account, environment: { paymentApi: url, upload: url } };
  const wrong = new RangeError('the cursor is gone');
  for (const fetch of [globalThis.fetch, async (_url, { body }) => new Response(await new Response(body).text())]) {
    const aps = new PaymentServices(local, { fetch });
    const upload = (content) => aps.batches.upload(params, { name: 'a.csv', content });
    await assert.rejects(upload(writeBatch([operation, { ...operation, amount: '0' }])), (error) => {
      assert.ok(error instanceof ValidationError);
      return error.issues.every(({ row }) => row === 2);
    });
    const failing = (async function* () {
      yield operation;
      throw wrong;
    })();
    await assert.rejects(upload(writeBatch(failing)), (error) => error === wrong);
  }
  server.closeAllConnections();
  server.close();
});

test('a stream that is stuck is cancelled all the same', { timeout: 5000 }, async () => {
  for (const kind of ['a stream that is stuck', 'a written file from what is stuck']) {
    const { counts, content } = SOURCES[kind]();
    const reader = buildUpload(params, { name: 'a.csv', content }, account).body.getReader();
    await reader.read();
    let read = reader.read();
    if (kind === 'a stream that is stuck') {
      await read;
      await reader.read();
      read = reader.read();
    }
    // It asks for the third piece by itself, when it gets to it.
    for (let turn = 0; counts.pieces < 3 && turn < 200; turn += 1) await sleep(10);
    assert.equal(counts.pieces, 3);
    await reader.cancel();
    assert.deepEqual(await read, { done: true, value: undefined });
    assert.deepEqual(counts, { pieces: 3, ends: 1 });
  }
  const { counts, iterable } = endlessSource(operation, { stuckAt: 1 });
  const reader = writeBatch(iterable, { signal: new AbortController().signal }).getReader();
  const read = reader.read();
  await sleep(0);
  await reader.cancel();
  assert.deepEqual(
    [await read, counts],
    [
      { done: true, value: undefined },
      { pieces: 1, ends: 1 },
    ],
  );
});

test('the error of a time limit is a TransportError also while a source is stuck in its end', async () => {
  const { content } = SOURCES['a written file from what is stuck']();
  const { fetch } = fetchIgnoringErrors(() => never);
  const error = await new PaymentServices(account, { fetch }).batches
    .upload(params, { name: 'a.csv', content }, { timeout: 30 })
    .catch((reason) => reason);
  assert.ok(error instanceof TransportError && error.code === 'timeout');
});
