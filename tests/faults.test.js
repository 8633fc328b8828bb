// A small run of npm run faults, and the replay of its trace. `npm run faults` is the long one.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { leaksIn } from '../scripts/lib/faults/leaks.js';
import { joinTraces, readTrace } from '../scripts/lib/faults/trace.js';
import { byEffort } from './effort.js';

const SCRIPT = fileURLToPath(new URL('../scripts/faults.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aps-faults-test-'));
const trace = join(folder, 'trace');
after(() => rmSync(folder, { recursive: true, force: true }));

/** @param {...string} args @returns {Promise<{ code: number, output: string, figure: (name: string) => number }>} */
const run = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const figure = (/** @type {string} */ name) =>
        Number(
          stdout
            .split('\n')
            .find((line) => line.startsWith(`${name} `))
            ?.slice(name.length),
        );
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}\n${stderr}`, figure });
    });
  });

test('the journal agrees with the books after everything went wrong at once', { timeout: 300_000 }, async () => {
  const operations = byEffort({ quick: '60', usual: '120', all: '1000' });
  const { code, output, figure } = await run('--operations', operations, '--workers', '2', '--trace', trace);
  assert.equal(code, 0, output);
  assert.ok(figure('operations') >= Number(operations) * 0.9, output);
  assert.ok(figure('decisions replayed') > figure('operations'), output);
  for (const name of ['done twice', 'lost', 'payments over their limits', 'open after recover']) {
    assert.equal(figure(name), 0, output);
  }
});

test('the trace of a run replays, and one that was changed does not', async () => {
  const replayed = await run('--replay', trace);
  assert.equal(replayed.code, 0, replayed.output);
  const lines = readFileSync(trace, 'utf8').split('\n');
  const place = lines.findIndex((line) => line.includes('"event":"reply"') && line.includes('"status":"succeeded"'));
  lines[place] = lines[place].replace('"status":"succeeded"', '"status":"failed"');
  writeFileSync(trace, lines.join('\n'));
  const other = await run('--replay', trace);
  assert.equal(other.code, 1, other.output);
  assert.match(other.output, /reply is decided otherwise now/);
});

test('the line that a killed process was writing is in no trace', () => {
  const files = ['one', 'two'].map((name) => join(folder, name));
  writeFileSync(files[0], '{"v":1}\n{"v":2,"e":{"event":"ask"}');
  writeFileSync(files[1], '{"v":3}\n');
  const joined = join(folder, 'joined');
  writeFileSync(joined, joinTraces(files));
  assert.deepEqual(
    readTrace(joined).map(({ v }) => v),
    [1, 3],
  );
});

test('card data and phrases are found in a dump, wherever they stand', () => {
  const account = { sha_request_phrase: 'ask-phrase', sha_response_phrase: ['new-phrase', 'old-phrase'] };
  const clean = '[{"payment":"https://example.com m o1","params":"{\\"customer_email\\":\\"buyer@example.com\\"}"}]';
  assert.deepEqual(leaksIn(clean, account), []);
  for (const leak of [
    ...['4005550000000001', '400555******0001', 'ask-phrase', 'new-phrase', 'old-phrase'],
    ...['"card_number":"4', '\\"expiry_date\\":\\"3005', '"apple_data":"', '"otp":"1', '\\"network_token\\":1'],
    ...['"card_security_code":"123"', '"sha_request_phrase":"x"'],
  ]) {
    assert.equal(leaksIn(`${clean}${leak}`, account).length, 1, leak);
  }
  assert.deepEqual(leaksIn('', account), ['nothing was dumped']);
});
