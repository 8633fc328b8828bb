// Installs an example with the packed package, starts it with a sandbox, and acts as its customer.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox } from 'aps-payops/sandbox';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache');
/** Long enough for a busy machine. */
const PATIENCE = 120_000;

/**
 * Copies an example to a folder of its own and installs the packed package there, and what it depends on, unless our own
 * node_modules have it further up.
 * @param {string} name
 * @param {{ complete?: boolean }} [options] `complete`: install everything there, for tools that look nowhere else
 * @returns {string} the folder
 */
export function install(name, { complete = false } = {}) {
  const from = join(root, 'examples', name);
  const folder = join(cache, 'examples', name);
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const packed = join(cache, 'packed');
  const tarball = readdirSync(packed).find((file) => file.endsWith('.tgz'));
  assert.ok(tarball, 'the package is packed: node scripts/pack.js');
  const wanted = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([own, version]) => own !== 'aps-payops' && (complete || installedVersion(own) !== version))
    .map(([own, version]) => `${own}@${version}`);
  const path = join(packed, tarball);
  const stamp = createHash('sha256').update(readFileSync(path)).update(wanted.join(' ')).digest('hex');
  const stampFile = join(folder, '.installed');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--no-package-lock'];
    run('npm', ['install', ...flags, path, ...wanted], folder);
    writeFileSync(stampFile, stamp);
  }
  cpSync(from, folder, { recursive: true });
  return folder;
}

/** @param {string} name */
function installedVersion(name) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env]
 * @returns {string} what it printed
 */
export function run(command, args, cwd, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined, ...env },
    encoding: 'utf8',
    timeout: 5 * PATIENCE,
  });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

/**
 * The same while this process goes on, to answer what it asks.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ code: number | null, stdout: string }>} `stdout`: with what it said of errors
 */
export async function runLater(command, args, cwd, env = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 5 * PATIENCE,
  });
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (stdout += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stdout };
}

/** @returns {Promise<number>} a port that is free */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * The variables that an example reads its account from.
 * @param {import('aps-payops/sandbox').SandboxAccount} account
 */
export const envOf = (account) => ({
  APS_ENVIRONMENT: JSON.stringify(account.environment),
  APS_MERCHANT_IDENTIFIER: account.merchant_identifier,
  APS_ACCESS_CODE: account.access_code,
  APS_SHA_REQUEST_PHRASE: account.sha_request_phrase,
  APS_SHA_RESPONSE_PHRASE: account.sha_response_phrase,
  APS_DIGEST: account.digest,
});

/** A sandbox, the example that it tells of payments, and who works there. */
export class Stage {
  /** Staff's. */
  token = 'a-token-of-staff';
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /**
   * @param {string} name
   * @param {{ webhook?: string, complete?: boolean }} [options] `webhook`: its path
   */
  static async open(name, { webhook = '/webhook', complete } = {}) {
    const stage = new Stage();
    stage.folder = install(name, { complete });
    stage.port = await freePort();
    stage.url = `http://localhost:${stage.port}`;
    stage.sandbox = createSandbox({ webhook: stage.url + webhook });
    await stage.sandbox.listen(0);
    stage.env = { ...envOf(stage.sandbox.account), PORT: String(stage.port), STAFF_TOKEN: stage.token };
    return stage;
  }

  folder = '';
  port = 0;
  url = '';
  sandbox = createSandbox();
  /** @type {Record<string, string>} */
  env = {};

  /**
   * Starts the example and waits until it answers.
   * @param {string[]} [command]
   * @param {string} [path] what it answers at
   */
  async start([program = process.execPath, ...args] = [process.execPath, 'server.js'], path = '/') {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (printed += text));
    const end = Date.now() + PATIENCE;
    while (!(await fetch(this.url + path).catch(() => null))) {
      assert.equal(child.exitCode, null, `it ended:\n${printed}`);
      assert.ok(Date.now() < end, `it does not answer:\n${printed}`);
      await pause(50);
    }
  }

  async close() {
    await this.sandbox.close();
    if (this.#child?.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child?.once('exit', resolve));
    this.#child.kill();
    await ended;
  }

  /**
   * @param {string} path
   * @param {{ method?: string, headers?: Record<string, string>, body?: unknown, staff?: boolean }} [init] `body`: as JSON
   */
  async ask(path, { method = 'GET', headers = {}, body, staff = false } = {}) {
    return fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(staff ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** @param {string} reference */
  payment(reference) {
    return this.sandbox.payments().find(({ merchant_reference }) => merchant_reference === reference);
  }
}

/**
 * The form on a page: where it goes, and its hidden fields.
 * @param {string} html
 */
export function formIn(html) {
  const decode = (/** @type {string} */ text) =>
    text.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
  const action = decode(/<form[^>]*\baction="([^"]*)"/.exec(html)?.[1] ?? '');
  const inputs = html.matchAll(/<input[^>]*>/g);
  const attribute = (/** @type {string} */ tag, /** @type {string} */ name) =>
    decode(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const fields = Object.fromEntries(
    Array.from(inputs, ([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]).filter(([name]) => name),
  );
  return { action, fields };
}
/** @type {Record<string, string>} */
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'" };

/**
 * Buys a lamp and gives it back, as the examples with hosted checkout have it.
 * @param {Stage} stage
 * @param {{ orders?: string, pages?: string, webhook?: string }} [paths]
 */
export async function shopAt(stage, { orders = '/orders', pages = orders, webhook = '/webhook' } = {}) {
  const created = await stage.ask(orders, { method: 'POST', body: { product: 'lamp', amount: '1' } });
  assert.equal(created.status, 201);
  const { id } = await created.json();
  for (const body of ['', 'lamp', '{"product":']) {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(stage.url + orders, { method: 'POST', headers, body });
    assert.ok(
      status === 400 || (body === '' && status === 404),
      `${status}: a body that is not JSON is the caller's mistake`,
    );
  }
  const order = `${orders}/${id}`;
  const status = async () => (await (await stage.ask(order)).json()).status;
  assert.equal(await status(), 'open');

  const { action, fields } = formIn(await (await stage.ask(`${pages}/${id}/pay`)).text());
  assert.equal(fields.amount, '4999', 'the price of the lamp, whatever the customer asked for');
  const back = await stage.sandbox.complete({ action, fields });
  assert.equal(back?.response_code, '14000');
  await stage.sandbox.delivered();
  assert.equal(await status(), 'paid');
  const returned = await fetch(stage.url + new URL(fields.return_url ?? '').pathname, {
    method: 'POST',
    body: new URLSearchParams(back ?? {}),
  });
  assert.ok(returned.ok, 'the customer comes back by POST, too');

  const forged = { ...back, merchant_reference: id, amount: '1' };
  assert.equal((await stage.ask(webhook, { method: 'POST', body: forged })).status, 400);

  const refund = `${order}/refund`;
  assert.equal((await stage.ask(refund, { method: 'POST' })).status, 401);
  const headers = { authorization: 'Bearer undefined' };
  assert.equal((await stage.ask(refund, { method: 'POST', headers })).status, 401);
  assert.equal(stage.payment(id)?.state, 'captured', 'nobody but staff moves money');
  const refunded = await stage.ask(refund, { method: 'POST', staff: true });
  assert.deepEqual(await refunded.json(), { outcome: 'succeeded' });
  assert.equal(stage.payment(id)?.state, 'refunded');
  assert.equal((await stage.ask(refund, { method: 'POST', staff: true })).status, 409, 'once');
  assert.equal(await status(), 'refunded');
}
