// Sources that are given up: a reader of a stream or an iterable closes it when it needs no more, also when
// nothing was read yet. Otherwise a connection, a file or a cursor would stay open behind it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildUpload,
  openBatchResults,
  openReport,
  PaymentServices,
  readBatchResults,
  reportRows,
  sign,
  writeBatch,
} from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { account, scriptedFetch } from '../client/scripted-gateway.js';

const operation = { command: 'CAPTURE', merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
const RESULTS = 'response_code,status\n14000,14\n04000,04\n';
const common = { merchant_identifier: account.merchant_identifier, access_code: account.access_code, language: 'en' };
const request = { params: { ...common, service_command: 'GET_BATCH_RESULTS', batch_reference: 'batch180' } };
const params = { batch_reference: 'batch180' };

/** An endless iterable, `async` or not, that counts the calls of its methods. */
function endlessSource(value, isAsync = true) {
  const counts = { pieces: 0, ends: 0 };
  const answer = (result) => (isAsync ? Promise.resolve(result) : result);
  const iterator = {
    next() {
      counts.pieces += 1;
      return answer({ done: false, value });
    },
    return() {
      counts.ends += 1;
      return answer({ done: true, value: undefined });
    },
  };
  return { counts, source: { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator } };
}

/** A stream of bytes that notes whether it is cancelled. */
function stream(text = RESULTS) {
  const counts = { pieces: 0, ends: 0 };
  const source = new ReadableStream(
    {
      pull(controller) {
        counts.pieces += 1;
        controller.enqueue(new TextEncoder().encode(text));
      },
      cancel() {
        counts.ends += 1;
      },
    },
    { highWaterMark: 0 },
  );
  return { counts, source };
}

/** Every kind of source of rows. */
const sources = () => [endlessSource(RESULTS), endlessSource(RESULTS, false), stream()];

test('a batch file cancelled before it is read ends its operations', async () => {
  for (const isAsync of [true, false]) {
    const { counts, source } = endlessSource(operation, isAsync);
    await writeBatch(source).cancel();
    assert.deepEqual(counts, { pieces: 0, ends: 1 });
  }
  const operations = (async function* () {
    yield operation;
  })();
  await writeBatch(operations).cancel();
  assert.deepEqual(await operations.next(), { done: true, value: undefined });
});

test('an upload cancelled before it is read, or between head and file, cancels the file', async () => {
  for (const pieces of [0, 1]) {
    const { counts, source } = stream();
    const { body } = buildUpload(params, { name: 'a.csv', content: source }, account);
    const reader = body.getReader();
    for (let piece = 0; piece < pieces; piece += 1) await reader.read();
    await reader.cancel();
    assert.deepEqual(counts, { pieces: 0, ends: 1 }, `after ${pieces} pieces`);
  }
  const { counts, source } = endlessSource(operation);
  await buildUpload(params, { name: 'a.csv', content: writeBatch(source) }, account).body.cancel();
  assert.equal(counts.ends, 1);
});

test('an unusable file is released, too', async () => {
  const { counts, source } = stream();
  const { body } = buildUpload(params, { name: 'a.csv', content: source }, account);
  const reader = body.getReader();
  await reader.read();
  await reader.read();
  await reader.cancel();
  assert.deepEqual(counts, { pieces: 1, ends: 1 });
});

test('results and reports given up before the first row give up their source', async () => {
  for (const read of [readBatchResults, reportRows]) {
    for (const { counts, source } of sources()) {
      const rows = read(source);
      assert.deepEqual(await rows.return(), { done: true, value: undefined });
      assert.deepEqual(counts, { pieces: 0, ends: 1 }, read.name);
      assert.deepEqual(await rows.next(), { done: true, value: undefined }, 'and stay given up');
      await rows.return();
      assert.equal(counts.ends, 1, 'told once');
    }
    for (const { counts, source } of sources()) {
      for await (const row of read(source)) {
        assert.ok(row);
        break;
      }
      assert.equal(counts.ends, 1, `${read.name}, after a row`);
    }
  }
});

test('releasing an invalid source, or one in use, is not an error', async () => {
  await readBatchResults(5).return();
  const { counts, source } = stream();
  source.getReader();
  await readBatchResults(source).return();
  await writeBatch(/** @type {any} */ (5)).cancel();
  assert.equal(counts.ends, 0);
});

test('a source is released for a signal that aborted before', async () => {
  for (const { counts, source } of sources()) {
    const rows = readBatchResults(source, { signal: AbortSignal.abort() });
    await assert.rejects(rows.next(), { name: 'TransportError', code: 'aborted' });
    assert.deepEqual(counts, { pieces: 0, ends: 1 });
  }
});

test('an answer is let go of when its rows are given up, and when it is no answer', async () => {
  for (const [open, rowsOf] of [
    [openBatchResults, ({ results }) => results],
    [openReport, ({ rows }) => rows],
  ]) {
    const { counts, source } = stream();
    const rows = rowsOf(await open(new Response(source), account, { request }));
    assert.equal(counts.ends, 0);
    await rows.return();
    assert.equal(counts.ends, 1, open.name);
    for (const init of [{ status: 500 }, { status: 302 }]) {
      const refused = stream();
      await assert.rejects(open(new Response(refused.source, init), account, { request }), { name: 'TransportError' });
      assert.deepEqual(refused.counts, { pieces: 0, ends: 1 }, `${open.name}, HTTP ${init.status}`);
    }
    const page = stream('<html>busy</html>');
    await assert.rejects(open(new Response(page.source), account, { request }), { code: 'unreadable' });
    assert.equal(page.counts.ends, 1, 'a page of some proxy');
  }
});

test('the client lets go of an answer, too', async () => {
  const { counts, source } = stream();
  const { fetch } = scriptedFetch(() => new Response(source));
  const { results } = await new PaymentServices(account, { fetch }).batches.results(params);
  await results.return();
  assert.equal(counts.ends, 1);
});

test('a reply in front of more than a message is refused and let go of', async () => {
  const reply = { ...request.params, response_code: '70000', status: '70', response_message: 'Success' };
  const signature = sign(reply, { phrase: phrases.response, digest: 'SHA-256' });
  const { counts, source } = stream(`${JSON.stringify({ ...reply, signature })}${' '.repeat(100_000)}`);
  await assert.rejects(openBatchResults(new Response(source), account, { request }), { code: 'unreadable' });
  assert.equal(counts.ends, 1);
});

test('rows that are thrown at give up their source, and throw what they were given', async () => {
  const wrong = new RangeError('mine');
  for (const read of [readBatchResults, reportRows]) {
    for (const begun of [0, 1]) {
      for (const { counts, source } of sources()) {
        const rows = read(source);
        for (let row = 0; row < begun; row += 1) await rows.next();
        await assert.rejects(rows.throw(wrong), (error) => error === wrong);
        assert.equal(counts.ends, 1, `${read.name}, after ${begun} rows`);
        assert.deepEqual(await rows.next(), { done: true, value: undefined });
        assert.equal(counts.ends, 1, 'told once');
      }
    }
  }
  const { counts, source } = stream();
  const { results } = await openBatchResults(new Response(source), account, { request });
  await assert.rejects(results.throw(wrong), (error) => error === wrong);
  assert.equal(counts.ends, 1, 'an answer');
});

test('an error of a source at its end replaces no other error', async () => {
  const wrong = new RangeError('mine');
  const throwingSource = (next) => ({
    next,
    return() {
      throw new Error('the end');
    },
  });
  const broken = throwingSource(() => Promise.reject(wrong));
  const source = { [Symbol.asyncIterator]: () => broken };
  await assert.rejects(readBatchResults(source).next(), (error) => error === wrong);
  await assert.rejects(writeBatch(source).getReader().read(), (error) => error === wrong);
  const { signal } = new AbortController();
  await assert.rejects(readBatchResults(source, { signal }).next(), (error) => error === wrong);
  const fine = { [Symbol.asyncIterator]: () => throwingSource(async () => ({ done: false, value: 'a,b\nc\n' })) };
  await assert.rejects(reportRows(fine).next(), { name: 'FileFormatError', code: 'bad_row' });
  await assert.rejects(reportRows(fine).throw(wrong), (error) => error === wrong);
  await assert.rejects(reportRows(fine, { signal: AbortSignal.abort() }).next(), { code: 'aborted' });
  await assert.rejects(writeBatch(fine).getReader().read(), { name: 'ValidationError' });
});

test('rows given up before they began stay so, whatever their source says of it', async () => {
  const counts = { pieces: 0 };
  const iterator = {
    next() {
      counts.pieces += 1;
      return { done: false, value: RESULTS };
    },
    return() {
      throw new Error('the end');
    },
  };
  const rows = readBatchResults({ [Symbol.iterator]: () => iterator });
  await assert.rejects(rows.return(), /the end/);
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
  assert.equal(counts.pieces, 0);
});
