// A framework replaces the inputs: the earlier card is never posted, and the new one is read as usual.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bare, NUMBERS, serve } from './checkout-form/stage.js';
import { browser } from './with-chromium.js';

const OLD = { number: NUMBERS.AMEX, expiry: '0929', code: '9876' };
const NEW = { number: NUMBERS.MASTERCARD, expiry: '0827', code: '123' };

/** Types into a field wherever it is, closed shadow roots included. @param {import('playwright-core').Page} page */
async function type(page, id, text) {
  await page.evaluate((name) => (window.root ?? document).querySelector(`#${name}`).focus(), id);
  await page.keyboard.type(text);
}

/** @param {import('playwright-core').Page} page @param {typeof OLD} card */
async function fill(page, { number, expiry, code }) {
  await type(page, 'number', bare(number));
  await type(page, 'expiry', expiry);
  await type(page, 'code', code);
}

/** @param {import('playwright-core').Page} page */
const values = (page) =>
  page.evaluate(() =>
    ['number', 'expiry', 'code'].map((id) => (window.root ?? document).querySelector(`#${id}`).value),
  );

/** @param {import('playwright-core').Page} page */
const press = (page) => page.evaluate(() => (window.root ?? document).querySelector('#pay').click());

/** @param {import('playwright-core').Page} page */
const state = (page) => page.evaluate(() => window.states.at(-1));

/** Swaps the inputs, and returns what the form would post at that moment. @param {import('playwright-core').Page} page */
const swap = (page) =>
  page.evaluate(async () => {
    const root = window.root ?? document;
    const old = root.querySelector('#number');
    window.swap();
    while ((root.querySelector('#number') ?? old) === old) await new Promise((done) => setTimeout(done));
    return [...new FormData(root.querySelector('form'))];
  });

/** The next state with another brand. @param {import('playwright-core').Page} page @param {string | null} brand */
const brandIs = (page, brand) => page.waitForFunction((wanted) => window.states.at(-1)?.brand === wanted, brand);

for (const [framework, query] of [
  ['react', ''],
  ['vue', ''],
  ['svelte', ''],
  ['plain', ''],
  ['plain', '?shadow=open'],
  ['plain', '?shadow=closed'],
]) {
  describe(`${framework}${query}`, () => {
    /** @type {Awaited<ReturnType<typeof serve>>} */
    let stage;
    before(async () => {
      stage = await serve(framework);
    });
    after(() => stage?.close());

    /** @param {import('node:test').TestContext} t */
    async function visit(t) {
      stage.posted.length = 0;
      const context = await browser.newContext();
      const page = await context.newPage();
      /** @type {string[]} */
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      t.after(async () => {
        await context.close();
        assert.deepEqual(complaints, []);
      });
      await page.goto(`${stage.url}/${query}`);
      await page.waitForFunction(() => 'checkout' in window && (window.root ?? document).querySelector('#number'));
      return page;
    }

    test('the card is grouped, and the application holds what is shown', async (t) => {
      const page = await visit(t);
      await fill(page, OLD);
      const shown = [OLD.number, '09/29', OLD.code];
      assert.deepEqual(await values(page), shown);
      const held = await page.evaluate(() => window.held && JSON.parse(JSON.stringify(window.held)));
      if (framework !== 'plain') assert.deepEqual(Object.values(held), shown);
      const { brand, complete, errors } = await state(page);
      assert.deepEqual({ brand, complete, errors }, { brand: 'AMEX', complete: true, errors: [] });
    });

    test('of a card that was replaced nothing is posted, nor shown', async (t) => {
      const page = await visit(t);
      await fill(page, OLD);
      await swap(page);
      await brandIs(page, null);
      assert.deepEqual(await values(page), ['', '', '']);
      assert.equal((await state(page)).complete, false);
      await press(page);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
      assert.deepEqual(stage.posted, [], 'an empty form is not posted');
      await fill(page, NEW);
      assert.deepEqual(await values(page), [NEW.number, '08/27', NEW.code]);
      assert.equal((await state(page)).complete, true);
      await press(page);
      await page.waitForURL(/paymentPage/);
      const body = new URLSearchParams(stage.posted[0]);
      assert.equal(stage.posted.length, 1);
      assert.ok(body.get('card_number') === bare(NEW.number), 'the number of the new card');
      assert.deepEqual(body.getAll('expiry_date'), ['2708']);
      assert.deepEqual(body.getAll('card_security_code'), [NEW.code]);
    });

    test('inputs that are replaced while the form is sent are read as they then are', async (t) => {
      const page = await visit(t);
      await fill(page, OLD);
      const data = await swap(page);
      const text = JSON.stringify(data);
      for (const secret of [bare(OLD.number), '2909', OLD.code]) assert.ok(!text.includes(`"${secret}"`));
    });

    test('detach leaves inputs that came later as they were', async (t) => {
      const page = await visit(t);
      await swap(page);
      await fill(page, NEW);
      await page.evaluate(() => window.checkout.detach());
      const found = await page.evaluate(() =>
        [...(window.root ?? document).querySelectorAll('#number, #expiry, #code')].map((field) => [
          field.getAttribute('dir'),
          field.getAttribute('maxlength'),
          field.validationMessage,
        ]),
      );
      for (const one of found) assert.deepEqual(one, [null, null, '']);
    });

    if (framework === 'react') {
      test('fields that arrive late, behind Suspense, count once they are there', async (t) => {
        const page = await visit(t);
        await fill(page, OLD);
        await page.evaluate(() => window.swapLate());
        await page.locator('text=Loading').waitFor();
        await page.evaluate(() => window.arrive());
        await brandIs(page, null);
        await fill(page, NEW);
        await press(page);
        await page.waitForURL(/paymentPage/);
        const body = new URLSearchParams(stage.posted[0]);
        assert.ok(body.get('card_number') === bare(NEW.number));
        assert.equal(body.get('expiry_date'), '2708');
      });
    }
  });
}
