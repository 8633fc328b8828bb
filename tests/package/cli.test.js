// `npx aps-payops`: every command, its exit code, and that no phrase is taken from the arguments.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testCards } from 'aps-payops/sandbox';
import { PaymentServices, sign } from 'aps-payops/server';

const cli = fileURLToPath(new URL('pkg/cjs/cli.mjs', import.meta.resolve('aps-payops/package.json')));
const phrase = 'cli-test-phrase';
const env = { ...process.env, APS_SHA_REQUEST_PHRASE: phrase, APS_SHA_RESPONSE_PHRASE: phrase, NO_COLOR: '1' };

function run(args, input = '', more = env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    input,
    env: more,
    encoding: 'utf8',
  });
  assert.doesNotMatch(stdout + stderr, new RegExp(phrase));
  return { status, stdout, stderr };
}

test('help lists the commands, and an unknown one is an error of usage', () => {
  const { status, stdout } = run(['--help']);
  assert.equal(status, 0);
  for (const name of ['sandbox', 'sign', 'verify', 'explain', 'amount', 'validate', 'required', 'codes', 'migrate']) {
    assert.match(stdout, new RegExp(`^  ${name}`, 'm'));
    assert.equal(run([name, '--help']).status, 0);
  }
  assert.equal(run([]).status, 2);
  assert.equal(run(['sing']).status, 2);
  assert.equal(run(['amount', '--jsn', '1 AED']).status, 2);
});

test('the help of a command says what it reads and which options stand before what is redirected', () => {
  const help = run(['sign', '--help']).stdout;
  assert.match(help, /^Usage: aps-payops sign \[--digest NAME\] \[--json\] < params\.json$/m);
  assert.match(help, /APS_SHA_REQUEST_PHRASE/);
  assert.match(help, /HMAC-512/);
  assert.match(run(['sandbox', '--help']).stdout, /> \.env$/m);
});

test('an option that a command does not have is named in one sentence', () => {
  const { status, stderr } = run(['required', 'CAPTURE', '--language', 'ar']);
  assert.equal(status, 2);
  assert.equal(stderr, "Unknown option '--language'.\nUsage: aps-payops required COMMAND\n");
  assert.equal(run(['codes', 'abcde']).status, 2);
});

test('amount', () => {
  assert.deepEqual(run(['amount', '12.5 KWD']).stdout, '12500\n');
  assert.deepEqual(JSON.parse(run(['amount', '12.5', 'kwd', '--json']).stdout), { amount: '12500', currency: 'KWD' });
  const refused = run(['amount', '12.5555 KWD']);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /decimals|KWD/);
  assert.equal(run(['amount', '12']).status, 2);
});

test('sign, verify and explain', () => {
  const params = { command: 'PURCHASE', merchant_reference: 'x', amount: '100' };
  const expected = sign(params, { phrase, digest: 'SHA-512' });
  const { stdout } = run(['sign', '--digest', 'SHA-512'], JSON.stringify(params));
  assert.equal(stdout.trim(), expected);
  const message = JSON.stringify({ ...params, signature: sign(params, { phrase, digest: 'SHA-256' }) });
  assert.equal(run(['verify'], `\ufeff${message}\r\n`).status, 0);
  assert.equal(run(['verify'], message.replace('100', '101')).status, 1);
  const explained = run(['explain', '--json'], message.replace('"x"', '" x"'));
  assert.equal(explained.status, 1);
  assert.equal(JSON.parse(explained.stdout).matches, false);
  assert.match(run(['verify'], message.replace('"x"', '" x"')).stdout, /`explain` says why/);
  assert.match(run(['explain'], message.replace('"x"', '"other"')).stdout, /No common mistake.*digest/);
  assert.match(explained.stdout, /trim|space/i);
  const rotated = { ...env, APS_SHA_RESPONSE_PHRASE: '["newer","cli-test-phrase"]' };
  assert.equal(run(['verify'], message, rotated).status, 0);
  assert.equal(JSON.parse(run(['explain', '--json'], message, rotated).stdout).matches, true);
  const newest = run(['sign'], JSON.stringify(params), { ...env, APS_SHA_REQUEST_PHRASE: '["newer","older"]' });
  assert.equal(newest.stdout.trim(), sign(params, { phrase: 'newer', digest: 'SHA-256' }));
  const { APS_SHA_RESPONSE_PHRASE: _, ...without } = env;
  const missing = run(['verify'], message, without);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /APS_SHA_RESPONSE_PHRASE/);
});

test('validate', () => {
  const good = run(['validate', 'CAPTURE'], '{"merchant_reference":"x","amount":"100","currency":"AED"}');
  assert.equal(good.status, 0);
  const bad = run(['validate', 'CAPTURE', '--json'], '{"amount":"1.5"}');
  assert.equal(bad.status, 1);
  const codes = JSON.parse(bad.stdout).map(({ parameter, code }) => `${parameter}:${code}`);
  assert.ok(codes.includes('amount:not_an_amount'), codes.join());
  assert.match(run(['validate', 'CAPTURE', '--language', 'ar'], '{}').stdout, /[\u0600-\u06ff]/);
  assert.match(run(['validate', 'CAPTURE'], '{"amount":"1"}').stdout, /^error: currency is required\.$/m);
  assert.equal(run(['validate', 'CAPTURE'], 'nonsense').status, 2);
  assert.equal(run(['validate'], '{}').status, 2);
  assert.equal(run(['validate', 'capture'], '{"merchant_reference":"x","amount":"1","currency":"AED"}').status, 0);
  const unknown = run(['validate', 'CAPTUER'], '{}');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /CAPTURE/);
});

test('input that JSON.parse would change is neither signed nor validated', () => {
  for (const [lossy, message] of Object.entries({
    '{"amount":"1","amount":"2"}': /A name is repeated/,
    '{"n":{"a":"1","a":"2"}}': /A name is repeated/,
    '{"eci":1.0}': /write it as a string/,
    '{"eci":12345678901234567890}': /must be a string/,
  })) {
    const { status, stdout, stderr } = run(['sign'], lossy);
    assert.notEqual(status, 0, lossy);
    assert.equal(stdout, '');
    assert.match(stderr, message, lossy);
  }
  const capture = '{"merchant_reference":"one","amount":"100","amount":"1","currency":"AED"}';
  assert.match(run(['validate', 'CAPTURE'], capture).stderr, /A name is repeated/);
  for (const empty of ['', ' \n']) {
    for (const args of [['sign'], ['validate', 'CAPTURE'], ['verify'], ['explain']]) {
      const { status, stderr } = run(args, empty);
      assert.deepEqual([status, /^The input is empty/.test(stderr)], [2, true], args.join(' '));
    }
  }
  assert.match(run(['verify'], 'a=1&a=2').stderr, /cannot be read/);
});

test('a closed output ends the command quietly', async () => {
  for (const args of [['--help'], ['required', 'PURCHASE'], ['migrate', '--sql'], ['amount', '1 AED']]) {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    child.stdout.destroy();
    let complaints = '';
    child.stderr.on('data', (text) => {
      complaints += text;
    });
    const [code] = await once(child, 'close');
    assert.deepEqual([code, complaints], [0, ''], args.join(' '));
  }
});

test('required and codes', () => {
  const text = run(['required', 'capture']).stdout;
  assert.match(text, /^merchant_reference or fort_id: one of them$/m);
  assert.match(run(['required', 'PURCHASE']).stdout, /^expiry_date: with card_number$/m);
  assert.match(
    run(['required', 'PURCHASE']).stdout,
    /^card_security_code: with card_number, unless eci is MOTO or RECURRING$/m,
  );
  assert.equal(run(['codes', '14000', '--language', 'fr']).status, 2);
  const { required } = JSON.parse(run(['required', 'CAPTURE', '--json']).stdout);
  assert.ok(required.includes('amount') && required.includes('currency'));
  assert.equal(run(['required', 'NOTHING']).status, 2);
  for (const command of ['CAPTURE', 'REFUND', 'VOID_AUTHORIZATION', 'CHECK_STATUS']) {
    assert.match(run(['required', command]).stdout, /^merchant_reference or fort_id/m, command);
  }
  const code = JSON.parse(run(['codes', '14000', '--json']).stdout);
  assert.equal(code.outcome, 'succeeded');
  assert.match(run(['codes', '13666', '--language', 'ar']).stdout, /[\u0600-\u06ff]/);
  assert.equal(run(['codes']).status, 2);
});

test('sandbox prints an account that pays', async () => {
  const child = spawn(process.execPath, [cli, 'sandbox'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8');
  while (!text.includes('APS_DIGEST')) text += (await once(child.stdout, 'data'))[0];
  const lines = text.split('\n').filter((line) => line.startsWith('APS_'));
  const given = Object.fromEntries(lines.map((line) => /^(\w+)='(.*)'$/.exec(line).slice(1)));
  const aps = PaymentServices.fromEnv(undefined, given);
  const reply = await aps.checkStatus({ merchant_reference: 'none' });
  assert.equal(reply.code, '12036');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('sandbox reports on the standard error where it is, and which notifications the shop does not accept', async (t) => {
  const { createServer } = await import('node:http');
  let arrived = 0;
  const shop = createServer((_, response) => {
    arrived += 1;
    response.writeHead(arrived === 1 ? 503 : 200).end();
  }).listen(0, '127.0.0.1');
  t.after(() => shop.close());
  await once(shop, 'listening');
  const webhook = `http://127.0.0.1:${shop.address().port}/aps`;
  const child = spawn(process.execPath, [cli, 'sandbox', '--webhook', webhook, '--json']);
  t.after(() => child.kill());
  let reported = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    reported += text;
  });
  const { env: given } = JSON.parse((await once(child.stdout.setEncoding('utf8'), 'data'))[0]);
  const aps = PaymentServices.fromEnv(undefined, given);
  const { number, expiry, securityCode } = testCards[0];
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  for (const merchant_reference of ['first', 'second']) {
    const order = { merchant_reference, amount: '1000', currency: 'AED', customer_email: 'a@example.com' };
    assert.equal((await aps.purchase({ ...order, ...card })).outcome, 'succeeded');
    while (arrived < (merchant_reference === 'first' ? 1 : 2)) await setTimeout(10);
  }
  while (!reported.includes('first')) await setTimeout(10);
  assert.match(reported, /^The APS sandbox is at http:/);
  assert.ok(reported.includes(`Notification of PURCHASE first: ${webhook} answered 503`), reported);
  assert.doesNotMatch(reported, /second/);
});

test('migrate prints its statements, and takes the database from the environment alone', () => {
  const { status, stdout } = run(['migrate', '--sql']);
  assert.equal(status, 0);
  assert.match(stdout, /^CREATE TABLE IF NOT EXISTS aps_journal_version/);
  assert.match(stdout, /CREATE OR REPLACE VIEW aps_operations/);
  const { DATABASE_URL: _, ...others } = env;
  assert.equal(run(['migrate'], '', others).status, 2);
});

test('unknown arguments are rejected without being shown', () => {
  for (const args of [
    ['sign', phrase],
    ['verify', phrase],
    ['explain', phrase],
    ['sandbox', phrase],
    ['migrate', phrase],
  ]) {
    assert.equal(run(args, '{}').status, 2);
  }
  assert.equal(run(['sign', `--phrase=${phrase}`], '{}').status, 2);
  assert.equal(run(['amount', '12', 'AED', phrase]).status, 2);
  assert.equal(run(['validate', 'CAPTURE', phrase], '{}').status, 2);
});

test('--json is for help and for errors, too, and may stand before the command', () => {
  assert.deepEqual(JSON.parse(run(['--json', 'amount', '12.5 KWD']).stdout), { amount: '12500', currency: 'KWD' });
  assert.equal(JSON.parse(run(['--help', '--json']).stdout).length, 9);
  assert.equal(JSON.parse(run(['sign', '--help', '--json']).stdout).name, 'sign');
  const refused = run(['amount', '12.5555 KWD', '--json']);
  const { error } = JSON.parse(refused.stdout);
  assert.deepEqual([refused.status, error.code, error.issues[0].code], [1, 'validation', 'not_an_amount']);
  const wrong = run(['codes', '--json']);
  assert.deepEqual([wrong.status, JSON.parse(wrong.stdout).error.code], [2, 'usage']);
  const missing = run(['nothing', '--json']);
  assert.deepEqual([missing.status, JSON.parse(missing.stdout).error.code], [2, 'usage']);
});

test('the sandbox takes a port and an address, or says what is wrong with them', () => {
  for (const args of [
    ['--port', 'abc'],
    ['--port', '65536'],
    ['--webhook', 'nowhere'],
    ['--webhook', 'ftp://localhost/'],
  ]) {
    const { status, stderr } = run(['sandbox', ...args]);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, new RegExp(`^${args[0]}`), args.join(' '));
  }
});

test('the version is that of the package', () => {
  assert.match(run(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('an address in use is reported in one line', async (t) => {
  const { createServer } = await import('node:net');
  const taken = createServer().listen(0);
  t.after(() => taken.close());
  await once(taken, 'listening');
  const { status, stderr } = run(['sandbox', '--port', String(taken.address().port)]);
  assert.equal(status, 1);
  assert.match(stderr, /^[^\n]*EADDRINUSE[^\n]*--port[^\n]*\n$/);
});
