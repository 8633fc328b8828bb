// A page without a bundler: an import map, and a server of bare files.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchChromium } from '../../chromium.js';
import { printRow } from '../runtimes.js';

const root = new URL('.', import.meta.resolve('aps-payops/package.json'));
const imports = { 'aps-payops': '/aps-payops/pkg/esm/index.js', 'aps-payops/server': '/aps-payops/pkg/esm/server.js' };
const html = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/page.js"></script>`;

/** @type {import('node:http').Server} */
let server;
/** @type {string[]} */
const served = [];

before(async () => {
  server = createServer((request, response) => {
    const path = String(request.url);
    const isScript = path.endsWith('.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    if (!isScript) return response.end(html);
    const file = path === '/page.js' ? join(import.meta.dirname, '..', 'page.js') : new URL(`.${path.slice(11)}`, root);
    const script = readFileSync(file, 'utf8');
    served.push(script);
    return response.end(script);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
});
after(() => server.close());

test('Import map, Chromium', async (t) => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => 'result' in globalThis);
    const { available, amount, signed } = await page.evaluate(() => globalThis.result);
    assert.equal(available, true);
    assert.equal(amount, '1.750');
    assert.match(signed, /does not run in browsers/);
    const wasm = readFileSync(new URL('pkg/cjs/inlined.cjs', root), 'utf8').slice(5000, 5060);
    assert.ok(served.length > 2 && served.every((script) => !script.includes(wasm)));
    printRow(t, 'Import map, Chromium');
  } finally {
    await browser.close();
  }
});
