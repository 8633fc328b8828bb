// The checkout form in Firefox and WebKit: typed, pasted, undone, replaced, announced and posted as in Chromium.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { enginesHere } from './checkout-form/engines.js';
import { bare, NUMBERS, serve } from './checkout-form/stage.js';

const engines = enginesHere();
for (const name of ['firefox', 'webkit']) {
  if (!engines[name]) console.log(`${name} is not installed here: the checkout form was not tested in it.`);
}

for (const [name, launch] of Object.entries(engines)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let page;
    /** @type {Awaited<ReturnType<typeof serve>>} */
    let form;
    /** @type {Awaited<ReturnType<typeof serve>>} */
    let swapping;
    before(async () => {
      [page, form, swapping] = await Promise.all([launch(), serve(), serve('plain')]);
    });
    after(async () => {
      await page?.close();
      form?.close();
      swapping?.close();
    });
    beforeEach(() => {
      form.posted.length = 0;
      form.edit = (html) => html.replace('<p><label for="number"', '<div data-aps-summary></div>$&');
      swapping.posted.length = 0;
    });

    /** @param {string} expression @param {string} what */
    async function waitUntil(expression, what) {
      for (const end = Date.now() + 10_000; Date.now() < end; ) {
        if (await page.evaluate(expression).catch(() => false)) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      assert.fail(what);
    }

    const visit = async (/** @type {string} */ url) => {
      await page.goto(url);
      await waitUntil(`typeof window.checkout?.detach === 'function'`, 'the form is attached');
    };
    const visitForm = () => visit(`${form.url}/?at=${Date.UTC(2026, 0, 15)}`);
    /** @param {string} id @param {string} text */
    async function type(id, text) {
      await page.evaluate(`document.getElementById('${id}').focus()`);
      await page.type(text);
    }
    const value = (/** @type {string} */ id) => page.evaluate(`document.getElementById('${id}').value`);
    const caret = () => page.evaluate('document.activeElement.selectionStart');
    const readMessage = (/** @type {string} */ parameter) =>
      page.evaluate(`document.querySelector('[data-aps-message="${parameter}"]').textContent`);
    const waitUntilPosted = () => waitUntil('/paymentPage/.test(location.pathname)', 'the form was posted');

    test('every brand is grouped as it is typed, and accepts no extra digit', async () => {
      await visitForm();
      for (const [brand, shown] of Object.entries(NUMBERS)) {
        await page.evaluate(`(document.getElementById('number').value = ''), window.checkout.refresh()`);
        await type('number', `${bare(shown)}9`);
        assert.ok((await value('number')) === shown, brand);
        assert.equal(await caret(), shown.length);
        assert.equal(await page.evaluate('document.forms[0].dataset.brand'), brand);
      }
    });

    test('the caret stays in the middle, and undo goes between grouped texts', async () => {
      await visitForm();
      await type('number', '400555');
      await page.evaluate('document.activeElement.setSelectionRange(2, 2)');
      await page.type('12');
      assert.deepEqual([await value('number'), await caret()], ['4012 0555', 4]);
      await page.chord(['Control', 'z']);
      assert.deepEqual([await value('number'), await caret()], ['4010 555', 3]);
      await page.chord(['Control', 'z']);
      assert.deepEqual([await value('number'), await caret()], ['4005 55', 2]);
      await page.chord(['Control', 'Shift', 'z']);
      assert.deepEqual([await value('number'), await caret()], ['4010 555', 3]);
      await page.chord(['Backspace']);
      assert.deepEqual([await value('number'), await caret()], ['4005 55', 2]);
    });

    test('Arabic digits, dates and invisible characters are read as people see them', async () => {
      await visitForm();
      await type('expiry', '٠٨٢٧');
      assert.equal(await value('expiry'), '08/27');
      await page.evaluate(`document.getElementById('expiry').value = ''`);
      await type('expiry', '30/12');
      assert.equal(await value('expiry'), '30/12');
      await type('code', '\u200e12');
      assert.equal(await readMessage('expiry_date'), 'There is no month 30: enter the expiry date as MM/YY');
      assert.equal(await value('code'), '12');
      await page.evaluate(`document.getElementById('expiry').value = ''`);
      await type('expiry', '202708');
      await type('code', '3');
      assert.equal(await value('expiry'), '08/27');
    });

    test('an attempt that fails puts the focus on the summary, whose links lead to the fields', async () => {
      await visitForm();
      await type('number', bare(NUMBERS.AMEX));
      await type('expiry', '1225');
      await page.chord(['Enter']);
      await waitUntil(`document.activeElement.matches('[data-aps-summary]')`, 'the summary has the focus');
      assert.deepEqual(
        await page.evaluate(`[...document.querySelectorAll('[data-aps-summary] a')].map((a) => a.textContent)`),
        ['This card expired in 12/25', 'Enter the 4 digits on the front of your card'],
      );
      assert.equal(form.posted.length, 0);
      await page.evaluate(`document.querySelector('[data-aps-summary] a').click()`);
      assert.equal(await page.evaluate('document.activeElement.id'), 'expiry');
    });

    test('the form posts what APS accepts, once', async () => {
      await visitForm();
      await type('number', bare(NUMBERS.MADA));
      await type('expiry', '0827');
      await type('code', '123');
      await type('holder', 'ليلى حداد');
      await page.evaluate(`document.getElementById('pay').click(), document.getElementById('pay').click()`);
      await waitUntilPosted();
      assert.equal(form.posted.length, 1);
      const body = new URLSearchParams(form.posted[0]);
      assert.ok(body.get('card_number') === bare(NUMBERS.MADA));
      assert.deepEqual(body.getAll('expiry_date'), ['2708']);
      assert.equal(body.get('card_holder_name'), 'ليلى حداد');
    });

    for (const query of ['', '?shadow=open', '?shadow=closed']) {
      test(`a card that was replaced is not posted ${query}`, async () => {
        await visit(`${swapping.url}/${query}`);
        const fill = async (/** @type {string[]} */ ...texts) => {
          for (const [place, id] of ['number', 'expiry', 'code'].entries()) {
            await page.evaluate(`window.root.querySelector('#${id}').focus()`);
            await page.type(texts[place] ?? '');
          }
        };
        await fill(bare(NUMBERS.AMEX), '0929', '9876');
        assert.ok((await page.evaluate(`window.root.querySelector('#number').value`)) === NUMBERS.AMEX, 'grouped');
        await page.evaluate('window.swap()');
        await page.evaluate(`window.root.querySelector('#pay').click()`);
        await new Promise((done) => setTimeout(done, 100));
        assert.deepEqual(swapping.posted, []);
        await fill(bare(NUMBERS.MASTERCARD), '0827', '123');
        await page.evaluate(`window.root.querySelector('#pay').click()`);
        await waitUntilPosted();
        const body = new URLSearchParams(swapping.posted[0]);
        assert.ok(body.get('card_number') === bare(NUMBERS.MASTERCARD));
        assert.deepEqual([body.get('expiry_date'), body.get('card_security_code')], ['2708', '123']);
      });
    }
  });
}
