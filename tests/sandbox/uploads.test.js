// Files as forms bring them: what is wrong with the form, with a cell, with the signature, with who asks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { handSign, merchant, request } from './plain-merchant.js';

const HEADER = 'command,merchant_reference,amount,currency,order_description';

/** The other access code of the same merchant. */
const other = (account) => ({ ...account, ...account.applePay });

/** Posts a signed form with a file. */
async function upload(sandbox, content, { by = sandbox.account, fields = {}, more = [] } = {}) {
  const params = { service_command: 'UPLOAD_BATCH_FILE', batch_reference: 'b', ...fields };
  const form = new FormData();
  for (const [name, value] of Object.entries(request(by, params))) form.append(name, value);
  form.append('file', new Blob([content]), 'b.csv');
  for (const [name, value] of more) form.append(name, value);
  const response = await sandbox.fetch(sandbox.account.environment.upload, { method: 'POST', body: form });
  return [response.status, response.status === 200 ? await response.json() : await response.text()];
}

/** Asks for the batch; `[response_code]`, or the file of results. */
async function batch(sandbox, service_command, by = sandbox.account) {
  const body = JSON.stringify(request(by, { service_command, batch_reference: 'b' }));
  const headers = { 'content-type': 'application/json' };
  const response = await sandbox.fetch(sandbox.account.environment.batchApi, { method: 'POST', headers, body });
  const text = await response.text();
  return text.startsWith('{') ? JSON.parse(text).response_code : text;
}

test('a batch is known to the access code alone that it was uploaded with', async () => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const shop = merchant(sandbox);
  assert.equal(await shop.authorize('held'), '02000');
  assert.equal((await upload(sandbox, `${HEADER}\nCAPTURE,held,1000,AED,\n`))[1].response_code, '50000');
  assert.equal(await batch(sandbox, 'GET_BATCH_RESULTS', other(account)), '71141');
  assert.equal(await batch(sandbox, 'PROCESS_BATCH', other(account)), '73141');
  assert.equal(sandbox.payments()[0].captured, '0');
  assert.equal(await batch(sandbox, 'GET_BATCH_RESULTS'), '70000');
  assert.equal(await batch(sandbox, 'PROCESS_BATCH'), '72147');
  assert.equal(await batch(sandbox, 'GET_BATCH_RESULTS', other(account)), '71141');
  assert.match(await batch(sandbox, 'GET_BATCH_RESULTS'), /04000/);
});

test('a report is known only to the access code that requested it', async () => {
  const sandbox = createSandbox();
  const ask = async (params, by = sandbox.account) => {
    const body = JSON.stringify(request(by, { merchant_reference: 'r', ...params }));
    const headers = { 'content-type': 'application/json' };
    const response = await sandbox.fetch(sandbox.account.environment.reportingApi, { method: 'POST', headers, body });
    const text = await response.text();
    return text.startsWith('{') ? JSON.parse(text).response_code : text;
  };
  assert.equal(await merchant(sandbox).purchase('paid'), '14000');
  const [from_date, to_date] = ['2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
  const columns = ['merchant_reference'];
  assert.equal(await ask({ query_command: 'GENERATE_REPORT', from_date, to_date, columns }), '56000');
  assert.equal(await ask({ query_command: 'GET_REPORT' }, other(sandbox.account)), '57036');
  assert.match(await ask({ query_command: 'GET_REPORT' }), /"paid"/);
});

test('a cell of 9 MB is a value that is too long, quoted or not', async () => {
  for (const cell of ['x'.repeat(9 << 20), `"${'x'.repeat(9 << 20)}"`, `"${'""'.repeat(5 << 20)}"`]) {
    const sandbox = createSandbox();
    const [status, reply] = await upload(sandbox, `${HEADER}\nCAPTURE,a,1000,AED,${cell}\n`);
    assert.deepEqual([status, reply.response_code], [200, '50000']);
    assert.equal(await batch(sandbox, 'PROCESS_BATCH'), '73136');
    const column = `${HEADER},${cell.replaceAll('x', 'y')}\nCAPTURE,a,1000,AED,,\n`;
    const [, wrong] = await upload(sandbox, column, { fields: { batch_reference: 'c' } });
    assert.equal(wrong.response_code, '51142');
  }
});

test('quotes are as RFC 4180 has them', async () => {
  for (const [row, code] of [
    ['CAPTURE,a,1000,AED,"a ""b"", c\nd"', '50000'],
    ['"CAPTURE","a","1000","AED",""', '50000'],
    ['CAPTURE,a,1000,AED,', '50000'],
    ['CAPTURE,a,1000,AED,"open', '51144'],
    ['CAPTURE,a,1000,AED,"open""', '51144'],
    ['CAPTURE,a,1000,AED,"a"b', '51144'],
    ['CAPTURE,a,1000,AED,a"b"', '51144'],
    ['CAPTURE,a,1000,AED,a\rb', '51144'],
    ['CAPTURE,a,1000,AED,a,', '51144'],
  ]) {
    const [, reply] = await upload(createSandbox(), `${HEADER}\n${row}`);
    assert.equal(reply.response_code, code, row);
  }
});

test('a field that is in the form twice', async () => {
  const content = `${HEADER}\nCAPTURE,a,1000,AED,\n`;
  for (const more of [
    ['batch_reference', 'b'],
    ['language', 'ar'],
    ['file', 'another.csv'],
  ]) {
    const sandbox = createSandbox();
    const [status, reply] = await upload(sandbox, content, { more: [more] });
    assert.deepEqual([status, reply.response_code], [200, '00073'], more[0]);
    assert.equal(await batch(sandbox, 'GET_BATCH_RESULTS'), '71141');
  }
});

test('the log explains a wrong signature of a form with a file', async () => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const params = request(account, { service_command: 'UPLOAD_BATCH_FILE', batch_reference: 'b', signature: '' });
  const named = { ...params, file: 'b.csv' };
  for (const [signature, hint] of [
    [handSign(params, account.sha_response_phrase), /sha_response_phrase/],
    [handSign(named, account.sha_response_phrase), /sha_response_phrase/],
    [handSign(params, account.sha_request_phrase, 'HMAC-512'), /made with HMAC-512, not SHA-256/],
    [handSign(params, account.applePay.sha_request_phrase), /another access_code/],
    [handSign({ ...params, batch_reference: 'c' }, account.sha_request_phrase), undefined],
  ]) {
    const [, reply] = await upload(sandbox, `${HEADER}\nCAPTURE,a,1000,AED,\n`, { fields: { signature } });
    assert.equal(reply.response_code, '00008');
    if (hint) assert.match(sandbox.log().at(-1).hint, hint);
    else assert.equal(sandbox.log().at(-1).hint, undefined);
  }
});

test('an upload and the order to carry it out are lost like any other request', async () => {
  const content = `${HEADER}\nCAPTURE,held,1000,AED,\n`;
  const isCut = (error) => error.cause?.code === 'ECONNRESET';
  for (const [fault, known, captured] of [
    ['dropRequest', '73141', '0'],
    ['dropReply', '72147', '1000'],
  ]) {
    const sandbox = createSandbox();
    await merchant(sandbox).authorize('held');
    sandbox.faults({ [fault]: 1 });
    await assert.rejects(upload(sandbox, content), isCut);
    sandbox.faults({ [fault]: 0 });
    assert.equal(await batch(sandbox, 'PROCESS_BATCH'), known);

    const another = createSandbox();
    await merchant(another).authorize('held');
    await upload(another, content);
    another.faults({ [fault]: 1 });
    await assert.rejects(batch(another, 'PROCESS_BATCH'), isCut);
    assert.equal(another.payments()[0].captured, captured);
  }
});

test('faults affect a row like a request', async () => {
  for (const [fault, carriedOut, missed] of [
    ['technicalProblem', '04000', '05006'],
    ['uncertain', '04000', '05666'],
  ]) {
    const run = async () => {
      const sandbox = createSandbox({ faults: { seed: 7 } });
      const shop = merchant(sandbox);
      const held = Array.from({ length: 20 }, (_, place) => `held-${place}`);
      for (const one of held) assert.equal(await shop.authorize(one), '02000');
      const rows = held.map((one) => `CAPTURE,${one},1000,AED,`).join('\n');
      assert.equal((await upload(sandbox, `${HEADER}\n${rows}\n`))[1].response_code, '50000');
      for (;;) {
        sandbox.faults({ [fault]: 1 });
        const code = await batch(sandbox, 'PROCESS_BATCH');
        sandbox.faults({ [fault]: 0 });
        if (sandbox.payments().some(({ operations }) => operations.length > 1)) break;
        assert.equal(code, '73006');
      }
      const results = await batch(sandbox, 'GET_BATCH_RESULTS');
      const codes = results.match(/"0[45][0-9]{3}"/g).map((code) => code.slice(1, -1));
      assert.deepEqual([...new Set(codes)].sort(), [...new Set([carriedOut, missed])].sort());
      const captured = sandbox.payments().map((payment) => payment.captured);
      assert.deepEqual([...new Set(captured)].sort(), ['0', '1000'], 'some are carried out');
      return captured.join();
    };
    assert.equal(await run(), await run());
  }
});
