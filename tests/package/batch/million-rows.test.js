// A million rows in the memory of a few: in processes of their own, whose heap could not hold the rows.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const ROWS = 1_000_000;
/** What objects may take, in MiB, and what buffers may, in bytes: neither could hold the file. */
const HEAP = 24;
const MOST_BUFFERS = 16 * 1024 * 1024;

/**
 * Runs a script that prints JSON, with little memory for objects.
 * @param {string} script
 */
function run(script) {
  const head = `
    import * as batch from '${import.meta.resolve('aps-payops/server')}';
    import { getEventListeners } from 'node:events';
    const ROWS = ${ROWS};
    // A signal that lives as long as the process.
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, 'abort').length;
    let peak = 0;
    const look = () => { peak = Math.max(peak, process.memoryUsage().arrayBuffers); };
  `;
  const args = [`--max-old-space-size=${HEAP}`, '--input-type=module', '--eval', head + script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('a million operations are checked, written and uploaded as a stream', () => {
  const output = run(`
    import { createServer } from 'node:http';
    function* operations() {
      for (let n = 1; n <= ROWS; n += 1) {
        yield { command: 'CAPTURE', merchant_reference: 'order-' + n, amount: String(n), currency: 'AED' };
      }
    }
    let [received, lines] = [0, 0];
    const server = createServer((request, response) => {
      request.on('data', (chunk) => {
        received += chunk.length;
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
      });
      request.on('end', () => response.end('{}'));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = 'http://127.0.0.1:' + server.address().port + '/';
    let [calls, last] = [0, null];
    let most = 0;
    const onProgress = (progress) => { calls += 1; last = progress; most = Math.max(most, listeners()); look(); };
    const content = batch.writeBatch(operations(), { onProgress, signal });
    const upload = batch.buildUpload({ batch_reference: 'batch180' }, { name: 'test.csv', content }, {
      environment: { paymentApi: url, upload: url }, merchant_identifier: 'CycHZxVj', access_code: 'zx0IPmPy5jp1vAz8Kpg7',
      sha_request_phrase: '31-request-phrase-$e7', sha_response_phrase: '47-response-phrase-#b2',
    });
    const response = await fetch(upload.url, upload);
    await response.text();
    server.close();
    console.log(JSON.stringify({ peak, calls, last, received, lines, most, left: listeners() }));
  `);
  assert.deepEqual([output.most, output.left], [1, 0], 'listeners on the signal');
  assert.equal(output.last.rows, ROWS);
  assert.ok(output.calls > 100, `${output.calls} reports of progress`);
  assert.ok(output.received > output.last.bytes && output.received < output.last.bytes + 2048);
  // The lines of the form: two for each part and boundary, one for the field values.
  assert.equal(output.lines - ROWS - 1, 6 * 4 + 4 + 2);
  assert.ok(output.last.bytes > HEAP * 1024 * 1024);
  assert.ok(output.peak < MOST_BUFFERS, `${output.peak} bytes in buffers`);
});

test('a million results are read', () => {
  const output = run(`
    const encoder = new TextEncoder();
    function* bytes() {
      yield encoder.encode('Line_Number,response_code,response_message,status,fort_id,merchant_reference,amount,currency\\n');
      let text = '';
      for (let n = 1; n <= ROWS; n += 1) {
        const code = n % 10 === 0 ? '03010' : '04000';
        text += '"' + (n + 1) + '","' + code + '","نجاح","' + code.slice(0, 2) + '","' + (151792390600000000n + BigInt(n)) +
          '","order-' + n + '","' + n + '","AED"\\n';
        // Pieces that end within characters and values.
        if (text.length > 50_000) {
          const whole = encoder.encode(text);
          const cut = 40_001;
          yield whole.subarray(0, cut);
          yield whole.subarray(cut);
          text = '';
        }
      }
      yield encoder.encode(text);
    }
    const outcomes = {};
    let [rows, last] = [0, null];
    let most = 0;
    const onProgress = (progress) => { last = progress; most = Math.max(most, listeners()); look(); };
    // What a caller keeps: one row of every piece, which must not keep the piece.
    const kept = [];
    for await (const result of batch.readBatchResults(bytes(), { onProgress, signal })) {
      rows += 1;
      if (rows % 250 === 0) kept.push(result);
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      if (result.params.merchant_reference !== 'order-' + rows || result.line !== rows + 1) throw new Error('row ' + rows);
    }
    console.log(JSON.stringify({ peak, rows, last, outcomes, kept: kept.length, most, left: listeners() }));
  `);
  assert.deepEqual([output.most, output.left], [1, 0], 'listeners on the signal');
  assert.equal(output.kept, ROWS / 250);
  assert.equal(output.rows, ROWS);
  assert.equal(output.last.rows, ROWS);
  assert.deepEqual(output.outcomes, { succeeded: ROWS * 0.9, failed: ROWS * 0.1 });
  assert.ok(output.last.bytes > HEAP * 1024 * 1024);
  assert.ok(output.peak < MOST_BUFFERS, `${output.peak} bytes in buffers`);
});
