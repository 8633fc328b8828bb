// Next.js: a route on Node, a route and a middleware at the edge, and a page for the client.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sign } from 'aps-payops/server';
import { launchChromium } from '../../chromium.js';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('next');
const next = 'node_modules/next/dist/bin/next';
const signature = sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' });
/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
let url = '';

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const own = createServer().listen(0, '127.0.0.1', () => {
      const { port } = own.address();
      own.close(() => resolve(port));
    });
  });

before(async () => {
  if (skip) return;
  run([next, 'build'], { env: { NEXT_TELEMETRY_DISABLED: '1' } });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: path,
    stdio: 'ignore',
  });
  for (let tries = 0; tries < 150; tries++) {
    if (await fetch(url).catch(() => undefined)) return;
    await pause(200);
  }
  throw new Error('next start did not answer');
});

after(() => server?.kill());

test('Next.js, Node route', { skip }, async (t) => {
  assert.deepEqual(await (await fetch(`${url}/node`)).json(), { amount: '1.750', signature });
  printRow(t, 'Next.js, Node route');
});

test('Next.js, edge route and middleware', { skip }, async (t) => {
  assert.deepEqual(await (await fetch(`${url}/edge`)).json(), { amount: '1.750', signature });
  assert.equal((await fetch(`${url}/node`)).headers.get('x-signed'), signature);
  printRow(t, 'Next.js, edge route and middleware');
});

test('Next.js, client page', { skip }, async (t) => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const scripts = [];
    page.on('response', async (response) => {
      if (response.url().endsWith('.js')) scripts.push(await response.text());
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => /browsers/.test(document.querySelector('#told')?.textContent ?? ''));
    assert.match(String(await page.textContent('#told')), /1\.750 .*does not run in browsers/);
    const wasm = new URL('pkg/cjs/inlined.cjs', import.meta.resolve('aps-payops/package.json'));
    const piece = readFileSync(wasm, 'utf8').slice(5000, 5060);
    assert.ok(scripts.length > 0 && scripts.every((script) => !script.includes(piece)));
    printRow(t, 'Next.js, client page');
  } finally {
    await browser.close();
  }
});
