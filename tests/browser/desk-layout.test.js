// The desk's table at the widths of phones, tablets and laptops.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { savePayments } from './many-payments.js';
import { open, operate, paid } from './stage.js';
import { browser } from './with-chromium.js';

/** @type {Awaited<ReturnType<typeof open>>} */
let stage;
before(async () => {
  stage = await open(browser);
  await savePayments(stage.shop.store, 40);
});
after(() => stage?.close());

test('at every width nothing overflows or overlaps, in both languages', async () => {
  const page = await stage.page();
  for (const language of ['en', 'ar']) {
    for (const width of [320, 360, 600, 1024, 1279, 1280, 1366, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`/?lang=${language}`);
      const { over, clashes } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const clashes = [...document.querySelectorAll('.payments tr.row')].flatMap((row) => {
          // What is seen of each cell, line by line, not the cell: text may run out of it.
          const boxes = [...row.children].flatMap((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return [...range.getClientRects()].map(({ left, right, top, bottom }) => ({
              cell,
              left,
              right,
              top,
              bottom,
            }));
          });
          return boxes.flatMap((one, index) =>
            boxes
              .slice(index + 1)
              .filter(
                (other) =>
                  other.cell !== one.cell &&
                  Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
                  Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1,
              )
              .map(() => row.textContent?.replace(/\s+/g, ' ').trim()),
          );
        });
        return { over: scrollWidth - clientWidth, clashes };
      });
      assert.ok(over <= 0, `${language}, ${width} px: ${over} px too wide`);
      assert.deepEqual(clashes, [], `${language}, ${width} px`);
    }
  }
});

test('on a phone every reference, date and card is in one line', async () => {
  const page = await stage.page({ viewport: { width: 320, height: 900 } });
  for (const language of ['en', 'ar']) {
    await page.goto(`/?lang=${language}`);
    const broken = await page.evaluate(() =>
      [...document.querySelectorAll('.payments :is(.code, .at time, .by bdi)')]
        .filter((place) => place.getBoundingClientRect().height > 30)
        .map(({ textContent }) => textContent),
    );
    assert.deepEqual(broken, [], language);
  }
});

test('on a phone and on paper the journal hides no column, and paper is white', async () => {
  const page = await stage.page({ viewport: { width: 320, height: 900 }, colorScheme: 'dark' });
  for (const language of ['en', 'ar']) {
    await page.goto(`/?lang=${language}`);
    await paid(page, { amount: '99999.999', currency: 'KWD' });
    await operate(page, 'CAPTURE', '1');
    for (const width of [320, 640, 800, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      const hidden = await page.evaluate(() =>
        [...document.querySelectorAll('#journal ~ .scroll')].map((box) => box.scrollWidth - box.clientWidth),
      );
      assert.ok(
        hidden.every((over) => over <= 0),
        `${language}, ${width} px: ${hidden}`,
      );
    }
    await page.emulateMedia({ media: 'print' });
    const { background, color } = await page.evaluate(() => {
      const { backgroundColor: background, color } = getComputedStyle(document.body);
      return { background, color };
    });
    assert.deepEqual([background, color], ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 320, height: 900 });
  }
});
