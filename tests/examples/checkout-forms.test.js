// Card forms in React and Vue, in Chromium: the card goes to the gateway alone, and the order is paid at its price.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testCards } from 'aps-payops/sandbox';
import { launchChromium } from '../chromium.js';
import { runLater, Stage } from './stage.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

const vite = join(import.meta.dirname, '..', '..', 'node_modules', 'vite', 'bin', 'vite.js');

for (const name of ['react-checkout', 'vue-checkout']) {
  test(name, async (t) => {
    const stage = await Stage.open(name);
    t.after(() => stage.close());
    const { code, stdout } = await runLater(process.execPath, [vite, 'build'], stage.folder);
    assert.equal(code, 0, stdout);
    await stage.start();

    const page = await browser.newPage();
    t.after(() => page.close());
    /** @type {string[]} */
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const posted = /** @type {string[]} */ ([]);
    page.on('request', (request) => posted.push(`${new URL(request.url()).pathname} ${request.postData() ?? ''}`));

    /** @param {{ number: string, expiry: string, securityCode: string }} card */
    const pay = async ({ number, expiry, securityCode }) => {
      await page.goto(stage.url);
      await page.getByRole('button', { name: 'Buy a lamp' }).click();
      await page.getByLabel('Card number').pressSequentially(number);
      await page.getByLabel('Expiry').pressSequentially(expiry.slice(2) + expiry.slice(0, 2));
      await page.getByLabel('Security code').pressSequentially(securityCode);
      await page.getByRole('button', { name: /^Pay .*49\.99/ }).click();
    };

    const approved = testCards.find(({ outcome }) => outcome === 'success');
    assert.ok(approved);
    await pay(approved);
    await page.getByText('Your order is paid.').waitFor();
    const [payment] = stage.sandbox.payments();
    assert.deepEqual([payment?.captured, payment?.currency], ['4999', 'AED']);
    const withCard = posted.filter((text) => text.includes(approved.number));
    assert.equal(withCard.length, 1);
    assert.match(withCard[0] ?? '', /^\/FortAPI\/paymentPage /);

    const challenged = testCards.find(({ outcome }) => outcome === 'challenge');
    assert.ok(challenged);
    await pay(challenged);
    await page.waitForURL(/\/FortAPI\/3ds\//);
    assert.deepEqual(problems, []);
  });
}
