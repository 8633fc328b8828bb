// The customer's pages in other circumstances: few colours, no motion, on paper, at 200 % and 400 % zoom, with large letters.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cards, createOrder, open, pay, payButton, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

/** @type {Awaited<ReturnType<typeof open>>} */
let stage;
before(async () => {
  stage = await open(browser);
});
after(() => stage?.close());

/** @param {import('playwright-core').Locator} place @param {string} property */
const styleOf = (place, property) =>
  place.first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

/** @param {import('playwright-core').Page} page @param {string} where */
async function fits(page, where) {
  const over = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  assert.ok(over <= 0, `${where} is ${over} px too wide`);
}

test('in forced colours, borders show what colours showed', async () => {
  const page = await stage.page({ forcedColors: 'active' });
  await createOrder(page);
  await waitUntilReady(page);
  await payButton(page).click();
  assert.equal(await styleOf(page.locator('#card_number'), 'border-top-style'), 'dashed');
  assert.equal(await styleOf(page.locator('.errors'), 'border-inline-start-style'), 'solid');
  await page.locator('#card_number').press('Tab');
  assert.notEqual(await styleOf(page.locator(':focus'), 'outline-style'), 'none');
  await pay(page, cards.visa_declined);
  assert.notEqual(await styleOf(page.locator('.result .icon'), 'border-top-width'), '0px');
  assert.equal(await styleOf(page.locator('.result'), 'border-top-style'), 'solid');
  // Fields lose background images: the arrow of a list is the browser's own.
  await page.goto('/new');
  assert.notEqual(await styleOf(page.locator('select'), 'appearance'), 'none');
});

test('with reduced motion nothing moves', async () => {
  const page = await stage.page({ reducedMotion: 'reduce' });
  await createOrder(page);
  await page.route('**/FortAPI/**', (route) => route.abort('aborted'));
  await page.locator('form[action$="/hosted"] button').click();
  await page.locator('[data-go]').waitFor();
  assert.equal(await styleOf(page.locator('.spinner'), 'animation-name'), 'none');
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
});

test('on paper a paid order is a receipt, and nothing else', async () => {
  for (const width of [360, 1280]) {
    const page = await stage.page({ viewport: { width, height: 800 }, colorScheme: 'dark' });
    await createOrder(page, { description: 'Two brass lanterns' });
    await pay(page);
    await page.emulateMedia({ media: 'print' });
    for (const shown of ['.result .facts', '.summary .item', '.home', '.result time']) {
      assert.ok(await page.locator(shown).first().isVisible(), `${shown} at ${width} px`);
    }
    assert.match(await page.locator('main').textContent(), /Two brass lanterns/);
    for (const gone of ['footer', '.language', 'button', 'input']) {
      assert.equal(await page.locator(`${gone}:visible`).count(), 0, `${gone} at ${width} px`);
    }
    assert.equal(await styleOf(page.locator('body'), 'background-color'), 'rgb(255, 255, 255)');
    assert.equal(await styleOf(page.locator('body'), 'color'), 'rgb(0, 0, 0)');
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1, 'one sheet');
    await page.context().close();
  }
});

// What a window of 1280 by 1024 leaves at each zoom.
for (const [zoom, width, height] of /** @type {const} */ ([
  [200, 640, 512],
  [400, 320, 256],
])) {
  test(`at ${zoom} % everything can be read and reached, in both languages`, async () => {
    for (const language of ['en', 'ar']) {
      const page = await stage.page({ viewport: { width, height }, deviceScaleFactor: 2 });
      await page.goto(`/?lang=${language}`);
      await createOrder(page, { amount: '99999999.99' });
      await waitUntilReady(page);
      await fits(page, 'the order');
      await payButton(page).click();
      await fits(page, 'the errors');
      // What has the focus is not behind anything that stays in place.
      for (const id of ['card_number', 'card_holder_name']) {
        await page.locator(`#${id}`).focus();
        const isSeen = await page.locator(`#${id}`).evaluate((field) => {
          const { x, y, width, height } = field.getBoundingClientRect();
          return document.elementFromPoint(x + width / 2, y + height / 2) === field;
        });
        assert.ok(isSeen, id);
      }
      await page.locator('.test-cards summary').click();
      await fits(page, 'the test cards');
      await pay(page, cards.visa_declined);
      await fits(page, 'the decline');
      await pay(page);
      await fits(page, 'the receipt');
      await page.context().close();
    }
  });
}

test('letters of twice the size fit, too', async () => {
  const page = await stage.page({ viewport: { width: 390, height: 800 } });
  await createOrder(page);
  await waitUntilReady(page);
  const larger = () => page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'));
  await larger();
  await fits(page, 'the order');
  await payButton(page).click();
  await fits(page, 'the errors');
  await pay(page);
  await larger();
  await fits(page, 'the receipt');
});
