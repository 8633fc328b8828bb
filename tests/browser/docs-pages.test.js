// The form and the script of the guide "The card form", under the policy of the guide "Security and CSP", as they stand
// there: the card goes to the gateway, and nothing is blocked.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { launchChromium } from './stage.js';

const root = resolve(import.meta.dirname, '..', '..');

/** The block of a guide in a language. @param {string} guide @param {string} language */
function block(guide, language) {
  const text = readFileSync(join(root, 'docs', 'guide', guide), 'utf8');
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text);
  return found?.[1] ?? assert.fail(`${guide} has no ${language}`);
}

/** @param {string} contents */
async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    conditions: ['browser'],
    ...{ bundle: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent' },
  });
  return outputFiles[0]?.text ?? '';
}

test('the card form of the guide posts the card to the gateway, under the policy of the guide', async (t) => {
  const form = block('card-form.md', 'html');
  const gateway = /action="([^"]+)"/.exec(form)?.[1] ?? '';
  const script = await bundle(block('card-form.md', 'javascript'));
  const [, policy = ''] = /^Content-Security-Policy: ([\s\S]*)$/.exec(block('security.md', 'http')) ?? [];
  // As the guide says: the sandbox's hosts.
  const sandboxPolicy = policy.replaceAll('https://', 'https://sb').replace(/\s+/g, ' ').trim();

  const server = createServer((request, response) => {
    if (request.url === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': sandboxPolicy })
        .end(`<!doctype html><html lang="en"><title>Pay</title><link rel="icon" href="data:,">${form}
          <script type="module" src="/page.js"></script></html>`);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await launchChromium();
  t.after(async () => {
    await browser.close();
    server.close();
  });

  const page = await browser.newPage();
  /** @type {string[]} */
  const messages = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  /** @type {string[]} */
  const posted = [];
  await page.route(gateway, async (route) => {
    posted.push(route.request().postData() ?? '');
    await route.fulfill({ contentType: 'text/html', body: '<title>Gateway</title>' });
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await page.goto(`http://127.0.0.1:${port}/`);

  await page.locator('[data-aps-pay]:enabled').waitFor();
  await page.locator('[name=card_number]').fill('4005550000000000');
  await page.locator('[data-aps=expiry_date]').focus();
  await page.locator('[data-aps-message=card_number]:not(:empty)').waitFor();
  await page.locator('[name=card_number]').fill('4005550000000001');
  await page.locator('[data-aps=expiry_date]').fill('12/34');
  await page.locator('[name=card_security_code]').fill('123');
  assert.match((await page.locator('[data-aps-brand]').textContent()) ?? '', /Visa/);
  await Promise.all([page.waitForURL(gateway), page.locator('[data-aps-pay]').click()]);
  assert.equal(await page.title(), 'Gateway');
  const { card_number, ...others } = Object.fromEntries(new URLSearchParams(posted[0]));
  assert.equal(card_number === '4005550000000001', true, 'the digits alone');
  assert.deepEqual(others, { expiry_date: '3412', card_security_code: '123' });
  assert.deepEqual(messages, [], 'nothing is blocked, and nothing fails');
});
