// Results of batches and reports, as APS gives them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  Amount,
  FileFormatError,
  openBatchResults,
  openReport,
  ReplyMismatchError,
  readBatchResults,
  reportRows,
  SignatureError,
  sign,
  TransportError,
  waitForBatch,
} from 'aps-payops/server';

/** As in docs.payfort.com's example (batch service), with plain quotes for the page's printed ones. */
const PUBLISHED = `Line_Number,response_code,response_message,status,eci,fort_id,merchant_reference,amount,card_number,expiry_date,currency
"5","14000","Success","14","RECURRING","151792390600095202","newww33","10003","400555******0001","2105","USD"
"4","14000","Success","14","RECURRING","151792390600095203","newww32","10002","400555******0001","2105","USD"
`;
const account = {
  environment: 'sandbox',
  merchant_identifier: 'bxgOIxIz',
  access_code: '1DFxVvhXWV6wumenTTg9',
  sha_request_phrase: '31-request-phrase-$e7',
  sha_response_phrase: '47-response-phrase-#b2',
};
const common = { merchant_identifier: account.merchant_identifier, access_code: account.access_code, language: 'en' };
const request = { params: { ...common, service_command: 'GET_BATCH_RESULTS', batch_reference: 'batch180' } };
const signed = (params) => {
  const signature = sign(params, { phrase: account.sha_response_phrase, digest: 'SHA-256' });
  return JSON.stringify({ ...params, signature });
};
const answer = (code, more = {}) =>
  signed({ ...request.params, response_code: code, status: code.slice(0, 2), response_message: 'Success', ...more });
const all = async (rows) => {
  const found = [];
  for await (const row of rows) found.push(row);
  return found;
};

test('the published results are read', async () => {
  const [first, second] = await all(readBatchResults(PUBLISHED));
  const { line, outcome, status, code, message } = first;
  assert.deepEqual(
    { line, outcome, status, code, message },
    {
      line: 5,
      outcome: 'succeeded',
      status: '14',
      code: '14000',
      message: 'Success',
    },
  );
  assert.equal(String(first.amount), '100.03');
  assert.ok(first.amount.equals(Amount.fromMinor('10003', 'USD')));
  assert.equal(first.params.merchant_reference, 'newww33');
  assert.equal(first.params.Line_Number, '5');
  assert.equal(second.line, 4);
  assert.ok(Object.isFrozen(first) && Object.isFrozen(first.params));
});

test('every row has the outcome of its code', async () => {
  const codes = {
    14000: 'succeeded',
    '04000': 'succeeded',
    '06000': 'succeeded',
    '08000': 'succeeded',
    13666: 'failed',
  };
  Object.assign(codes, { '00042': 'rejected', 15777: 'uncertain', 99999: undefined });
  for (const [code, outcome] of Object.entries(codes)) {
    const [row] = await all(readBatchResults(`response_code,amount\n${code},10\n`));
    if (outcome === undefined) assert.notEqual(row.outcome, 'succeeded');
    else assert.equal(row.outcome, outcome, code);
    assert.equal(row.line, undefined);
    assert.equal(row.amount, undefined);
    assert.equal(row.message, '');
  }
});

test('a file of something else, and a row that contradicts itself, are refused', async () => {
  for (const [text, code, line] of [
    ['fort_id,amount\n1,2\n', 'bad_header', 1],
    ['<html>\n', 'bad_header', 1],
    ['response_code,status\n14000,14\n14000,04\n', 'bad_code', 3],
    ['response_code\n1400\n', 'bad_code', 2],
    ['response_code\n١٤٠٠٠\n', 'bad_code', 2],
    ['Line_Number,response_code\nx,14000\n', 'bad_row', 2],
    ['Line_Number,response_code\n1,14000\n2,140', 'bad_code', 3],
  ]) {
    const isRefused = (error) => error instanceof FileFormatError && error.code === code && error.line === line;
    await assert.rejects(all(readBatchResults(text)), isRefused, text);
  }
});

test('a whole card number is there to read, and not to print', async () => {
  const [row] = await all(readBatchResults('response_code,card_number\n14000,4005550000000001\n'));
  assert.equal(row.params.card_number, '4005550000000001');
  const [reported] = await all(reportRows('fort_id,card_number\n1,4005550000000001\n'));
  assert.equal(reported.card_number, '4005550000000001');
  for (const one of [row, row.params, reported]) {
    assert.doesNotMatch(JSON.stringify(one) + inspect(one, { depth: 5 }), /4005550000000001/);
  }
});

test('GET_BATCH_RESULTS is answered by a reply, or by the file', async () => {
  const json = answer('70000', { transactions_count: '9', batch_id: '151791753100095172' });
  for (const text of [json, `\ufeff \n${json}`.replace('\ufeff', '')]) {
    const { reply, results } = await openBatchResults(new Response(text), account, { request });
    assert.equal(results, null);
    assert.equal(reply.code, '70000');
    assert.equal(reply.authentic, true);
    assert.equal(reply.params.transactions_count, '9');
  }
  const { reply, results } = await openBatchResults(new Response(`\ufeff${PUBLISHED}`), account, { request });
  assert.equal(reply, null);
  assert.equal((await all(results)).length, 2);
});

test('a reply that is not right, and what is no answer of APS, are refused', async () => {
  const open = (body, init) => openBatchResults(new Response(body, init), account, { request });
  const forged = answer('70000').replace(/"signature":"../, '"signature":"00');
  await assert.rejects(open(forged), SignatureError);
  await assert.rejects(
    open(answer('70000', { batch_reference: 'batch181', merchant_identifier: 'other' })),
    ReplyMismatchError,
  );
  for (const [body, init, code] of [
    ['<html>busy</html>', {}, 'unreadable'],
    ['', {}, 'unreadable'],
    [null, {}, 'unreadable'],
    ['  \n', {}, 'unreadable'],
    [`{${' '.repeat(1024 * 1024)}}`, {}, 'unreadable'],
    [PUBLISHED, { status: 500 }, 'http_status'],
    [null, { status: 302 }, 'redirect'],
  ]) {
    await assert.rejects(open(body, init), (error) => error instanceof TransportError && error.code === code, code);
  }
});

test('a report is read by its columns', async () => {
  const download = { params: { ...common, query_command: 'DOWNLOAD_REPORT', merchant_reference: 'report-1' } };
  const text = 'fort_id,order_description,customer_name\n"1","a ""b"", c","فاطمة"\n2,,\n';
  const { reply, rows } = await openReport(new Response(text), account, { request: download });
  assert.equal(reply, null);
  assert.deepEqual(await all(rows), [
    { fort_id: '1', order_description: 'a "b", c', customer_name: 'فاطمة' },
    { fort_id: '2', order_description: '', customer_name: '' },
  ]);
  const body = signed({ ...download.params, response_code: '57000', status: '57', response_message: 'Success' });
  const opened = await openReport(new Response(body), account, { request: download });
  assert.equal(opened.rows, null);
  assert.equal(opened.reply.code, '57000');
});

test('a batch is waited for while it is under validation or processing', async () => {
  const codes = ['71138', '71140', '70000'];
  let download = 0;
  const ask = () => openBatchResults(new Response(answer(codes[download++])), account, { request });
  const { reply } = await waitForBatch(ask, { interval: 1 });
  assert.equal(reply.code, '70000');
  assert.equal(download, 3);
  const pending = async () => ({ reply: { code: '71138' } });
  await assert.rejects(waitForBatch(pending, { interval: 5, timeout: 20 }), {
    name: 'TransportError',
    code: 'timeout',
  });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const waiting = waitForBatch(pending, { interval: 60_000, signal: controller.signal });
  await assert.rejects(waiting, { name: 'TransportError', code: 'aborted' });
  await assert.rejects(waitForBatch(pending, { interval: 0 }), { name: 'ValidationError' });
  await assert.rejects(waitForBatch(undefined, { interval: 0, timeout: 1.5 }), ({ issues }) => {
    assert.deepEqual(
      issues.map(({ parameter }) => parameter),
      ['ask', 'interval', 'timeout'],
    );
    return true;
  });
  for (const answer of [undefined, null, {}, { reply: {} }]) {
    await assert.rejects(
      waitForBatch(async () => answer),
      { name: 'ValidationError', message: /openBatchResults/ },
    );
  }
});
