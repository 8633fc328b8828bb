// The desk's table at the widths of phones, tablets and laptops.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { savePayments } from './many-payments.js';
import { open } from './stage.js';
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
          // What is seen of each cell, not the cell: text may run out of it.
          const boxes = [...row.children].map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getBoundingClientRect();
          });
          return boxes.flatMap((one, index) =>
            boxes
              .slice(index + 1)
              .filter(
                (other) =>
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
