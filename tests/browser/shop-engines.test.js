// The customer's pages in Firefox and WebKit: a decline, a second card with 3-D Secure, a page that waits, another way to
// pay. Chromium has all of it, and more, in the other files.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startShop } from '../../www/serve.js';
import { openMemory } from '../memory.js';
import { enginesHere } from './checkout-form/engines.js';
import { cards } from './stage.js';

const engines = enginesHere();
for (const name of ['firefox', 'webkit']) {
  if (!engines[name]) console.log(`${name} is not installed here: the shop was not tested in it.`);
}

for (const [name, launch] of Object.entries(engines)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let page;
    /** @type {Awaited<ReturnType<typeof startShop>>} */
    let shop;
    before(async () => {
      [page, shop] = await Promise.all([launch(), startShop({ data: await openMemory(), timeout: 500 })]);
    });
    after(async () => {
      await page?.close();
      await shop?.close();
    });

    /** @param {string} expression @param {string} what */
    async function waitUntil(expression, what) {
      for (const end = Date.now() + 15_000; Date.now() < end; ) {
        if (await page.evaluate(expression).catch(() => false)) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      assert.fail(`${what}: ${await page.evaluate('location.href + document.body.textContent')}`);
    }
    const has = (/** @type {string} */ selector) => `document.querySelector(${JSON.stringify(selector)}) !== null`;
    const waitUntilReady = () => waitUntil(has('[data-card-payment="ready"]'), 'the form is attached');
    const result = () => page.evaluate(`document.querySelector('.result').textContent`);

    /** @param {string} [currency] */
    async function order(currency = 'AED') {
      await page.goto(`${shop.url}/new?lang=en`);
      await page.evaluate(`(document.querySelector('#amount').value = '100', document.querySelector('#currency').value = '${currency}',
        document.querySelector('form[action="/orders"]').requestSubmit(), true)`);
      await waitUntil(has('.checkout'), 'the order is shown');
      await waitUntilReady();
    }

    /** @param {import('aps-payops/sandbox').TestCard} card @param {string} [holder] */
    async function type({ number, expiry, securityCode }, holder = '') {
      await page.evaluate(`document.querySelector('#card_number').focus()`);
      await page.type(number);
      await page.chord(['Tab']);
      await page.type(`${expiry.slice(2)}${expiry.slice(0, 2)}`);
      await page.chord(['Tab']);
      await page.type(securityCode);
      await page.chord(['Tab']);
      await page.type(holder);
    }

    test('mistakes, a decline, a second card, 3-D Secure, the receipt', async () => {
      await order();
      await type({ ...cards.visa_declined, securityCode: '1' }, 'Layla Haddad');
      await page.chord(['Enter']);
      await waitUntil(`document.activeElement.matches('[data-aps-summary]')`, 'the summary has the focus');
      await page.evaluate(`document.querySelector('#card_security_code').focus()`);
      await page.type(cards.visa_declined.securityCode.slice(1));
      await page.chord(['Enter']);
      await waitUntil(has('.result.error'), 'the decline is told');
      assert.match(await result(), /Your bank declined this payment\. Nothing was charged\. Try another card\./);
      await waitUntilReady();
      assert.equal(await page.evaluate(`document.querySelector('#card_holder_name').value`), 'Layla Haddad');
      assert.equal(await page.evaluate(`document.querySelector('#card_number').value`), '');
      await type(cards.mastercard_challenge);
      await waitUntil(
        `getComputedStyle(document.querySelector('[data-mark="VISA"]')).opacity < 0.6`,
        'other marks step back',
      );
      await page.chord(['Enter']);
      await waitUntil(has('button[value="pass"]'), 'the bank asks');
      await page.evaluate(`(document.querySelector('button[value="pass"]').click(), true)`);
      await waitUntil(has('.result.good'), 'the order is confirmed');
      assert.match(await result(), /Mastercard.*····/s);
      assert.match(await page.evaluate(`document.querySelector('.result time').textContent`), /[A-Z]{3}|GMT/);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    });

    test('a page that waits shows the result by itself', async () => {
      await order();
      if (shop.sandbox) shop.sandbox.webhook = undefined;
      shop.sandbox?.faults({ dropReply: 1, commands: ['AUTHORIZATION', 'CHECK_STATUS'] });
      await type(cards.visa_success, 'Layla Haddad');
      await page.chord(['Enter']);
      await waitUntil(has('[data-watch]'), 'the page waits');
      assert.match(await result(), /do not pay again yet/);
      shop.sandbox?.faults({ dropReply: 0, commands: null });
      await waitUntil(has('.result.good'), 'the result is shown');
    });

    test('KNET by its own page', async () => {
      await order('KWD');
      await page.evaluate(`(document.querySelector('form:has([value="KNET"]) button').click(), true)`);
      await waitUntil(has('button[value="pass"]'), 'the page of the method');
      await page.evaluate(`(document.querySelector('button[value="pass"]').click(), true)`);
      await waitUntil(has('.result.good'), 'the order is paid');
      assert.match(await result(), /Paid by\s*KNET/);
    });
  });
}
