// Follows the README and the guide "Getting started" with the tarball alone, in an empty folder: installs the package, starts
// the sandbox, takes and refunds a payment, receives the notifications, calls the function. Commands and files are those of
// the documents; only ports and the path of the tarball differ.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.resolve('aps-payops/package.json')));
const packed = fileURLToPath(new URL('../..', import.meta.url));
const tarball = join(packed, readdirSync(packed).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
const FIVE_MINUTES = 5 * 60_000;

/** The commands and the named files of a document. */
function stepsOf(document) {
  const text = readFileSync(join(root, document), 'utf8');
  const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, lines]) => lines.trim().split('\n'));
  const files = Object.fromEntries(
    [...text.matchAll(/```js ([\w.]+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name, code]),
  );
  for (const name of Object.keys(files).filter((name) => name !== 'function.mjs')) {
    assert.ok(text.includes(`\`node --env-file=.env ${name}\``), `${document} says how to run ${name}`);
  }
  return { commands, files };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** An empty folder, and what is started in it; everything ends with the test. */
function emptyFolder(t) {
  const cwd = mkdtempSync(join(tmpdir(), 'stranger-'));
  const started = [];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|APS_|NODE_)/.test(name)));
  t.after(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      process.kill(-child.pid, 'SIGKILL');
      await once(child, 'exit');
    }
    rmSync(cwd, { recursive: true, force: true });
  });
  const start = (command, args = []) => {
    const child = spawn(command, args, { cwd, env, shell: args.length === 0, detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    started.push(child);
    return { output: () => output, ended: once(child, 'close').then(([code]) => ({ code, output })) };
  };
  return { cwd, start };
}

async function waitUntil(isSo, what) {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, what());
    await pause(50);
  }
}

const promised = (code) => [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text.trim());

async function walk(t, document, order) {
  const began = performance.now();
  const { commands, files } = stepsOf(document);
  const { cwd, start } = emptyFolder(t);
  const [gateway, hook] = [await freePort(), await freePort()];
  const withTestPorts = (text) => text.replaceAll('4000', gateway).replaceAll('3000', hook);

  assert.equal(commands[0], 'npm install aps-payops');
  cpSync(tarball, join(cwd, 'aps-payops.tgz'));
  const flags = '--offline --no-audit --no-fund';
  const installed = await start(`npm install ./aps-payops.tgz ${flags}`).ended;
  assert.equal(installed.code, 0, installed.output);

  const sandbox = start(withTestPorts(commands[1]));
  const env = () => {
    try {
      return readFileSync(join(cwd, '.env'), 'utf8');
    } catch {
      return '';
    }
  };
  await waitUntil(() => env().includes('APS_DIGEST'), sandbox.output);
  for (const [name, code] of Object.entries(files)) writeFileSync(join(cwd, name), withTestPorts(code));
  const run = (name) => start(process.execPath, ['--env-file=.env', name]);

  let webhook;
  for (const name of order) {
    if (name === 'webhook.mjs') webhook = run(name);
    else {
      const { code, output } = await run(name).ended;
      assert.equal(code, 0, output);
      assert.deepEqual(output.trim().split('\n'), promised(files[name]), output);
    }
  }
  const isPrinted = (command) => webhook.output().includes(`${command} succeeded\n`);
  await waitUntil(() => isPrinted('PURCHASE') && isPrinted('REFUND'), webhook.output);
  assert.ok(performance.now() - began < FIVE_MINUTES);
  return { cwd, files, run };
}

test('README: install, take and refund a payment, receive the notifications, call the function', async (t) => {
  const { cwd, files, run } = await walk(t, 'README.md', ['pay.mjs', 'webhook.mjs']);
  assert.ok(files['function.mjs']);
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  assert.match(text, /run `npx bun function\.mjs` or `npx deno serve .*function\.mjs`/, 'it says how to run it');
  // The function asks for the token, and captures what was authorized.
  const caller = `
    import { Amount, PaymentServices } from 'aps-payops/server';
    import { testCards } from 'aps-payops/sandbox';
    import app from './function.mjs';
    const { number, expiry, securityCode } = testCards[0];
    await PaymentServices.fromEnv().authorize({
      merchant_reference: 'order-5', amount: Amount.parse('30.00', 'AED'), customer_email: 'a@example.com',
      card_number: number, expiry_date: expiry, card_security_code: securityCode,
    });
    const call = (token, body = '{"order":"order-5"}') => app.fetch(new Request('https://shop.example/capture', {
      method: 'POST', body, headers: { authorization: 'Bearer ' + token },
    }));
    console.log((await call('right')).status, 'without a token in the environment');
    process.env.DESK_TOKEN = 'right';
    console.log((await call('wrong')).status, (await (await call('right')).json()).outcome);
    const statuses = [];
    for (const wrong of ['', 'order-5', 'null', '[]', '{"order":5}']) statuses.push((await call('right', wrong)).status);
    console.log(...statuses);
  `;
  writeFileSync(join(cwd, 'caller.mjs'), caller);
  const { code, output } = await run('caller.mjs').ended;
  assert.equal(code, 0, output);
  assert.deepEqual(output.trim().split('\n'), [
    '401 without a token in the environment',
    '401 succeeded',
    '400 400 400 400 400',
  ]);
});

test('every step of the guide "Getting started" works', async (t) => {
  await walk(t, 'docs/guide/getting-started.md', ['webhook.mjs', 'pay.mjs']);
});
