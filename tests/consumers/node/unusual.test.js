// Node where little is as usual: strange paths, links, a folder that cannot be written, flags that forbid much, threads.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const installed = fileURLToPath(new URL('.', import.meta.resolve('aps-payops/package.json')));
const temporary = mkdtempSync(join(tmpdir(), 'aps-payops-unusual-'));
const strange = join(temporary, 'a b', 'متجر #1 50%41?x');
const linked = join(temporary, 'linked');

/** Pays through the sandbox, by `import` and `require`. */
const SCRIPT = `
  import { createRequire } from 'node:module';
  import { Amount } from 'aps-payops';
  import { createSandbox, testCards } from 'aps-payops/sandbox';
  import { PaymentServices } from 'aps-payops/server';

  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const { number, expiry, securityCode } = testCards[0];
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  const amount = createRequire(import.meta.url)('aps-payops').Amount.parse('1.50', 'AED');
  const order = { merchant_reference: 'one', amount, customer_email: 'a@example.com' };
  const { outcome, payment } = await aps.purchase({ ...order, ...card });
  console.log(outcome, String(payment.captured), amount instanceof Amount);`;

before(() => {
  cpSync(installed, join(strange, 'node_modules', 'aps-payops'), { recursive: true });
  writeFileSync(join(strange, 'pay.mjs'), SCRIPT);
  mkdirSync(join(linked, 'node_modules'), { recursive: true });
  symlinkSync(join(strange, 'node_modules', 'aps-payops'), join(linked, 'node_modules', 'aps-payops'), 'junction');
  writeFileSync(join(linked, 'pay.mjs'), SCRIPT);
});
after(() => {
  chmodSync(strange, 0o755);
  rmSync(temporary, { recursive: true });
});

/** @param {string} cwd @param {string[]} flags */
function assertPays(cwd, flags = []) {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, 'pay.mjs'], { cwd, encoding: 'utf8' });
  assert.equal(stdout, 'succeeded 1.50 true\n', `${flags.join(' ')}\n${stderr}`);
}

test('a path with a space, Arabic, a hash and percent signs, in a folder that cannot be written', () => {
  chmodSync(strange, 0o555);
  assertPays(strange);
});

test('a linked package', () => {
  assertPays(linked);
  assertPays(linked, ['--preserve-symlinks']);
});

test('flags that forbid much', () => {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  for (const flags of [
    ['--disallow-code-generation-from-strings'],
    ['--frozen-intrinsics'],
    ['--disable-proto=throw'],
    [permission, `--allow-fs-read=${strange}/*`],
  ]) {
    assertPays(strange, flags);
  }
});

test('the conditions of tools that add their own', () => {
  for (const condition of ['development', 'worker', 'react-server', 'netlify']) {
    assertPays(strange, [`--conditions=${condition}`]);
  }
});

test('many threads', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads';
    import { sign } from 'aps-payops/server';
    parentPort.postMessage(sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }));`;
  const file = join(strange, 'thread.mjs');
  chmodSync(strange, 0o755);
  writeFileSync(file, code);
  const signatures = Array.from({ length: 4 }, async () => {
    const worker = new Worker(file, { env: {}, resourceLimits: { maxOldGenerationSizeMb: 32 } });
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  });
  assert.equal(new Set(await Promise.all(signatures)).size, 1);
});
