// Every page and state of a life of a payment, in English: see axe.js. Each language, width and colour scheme comes at least
// twice in all files, in all pairs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect, violationsOf } from './axe.js';
import { createOrder, launchChromium, open } from './stage.js';
import { visit } from './states.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [width, colorScheme] of /** @type {const} */ ([
  [360, 'light'],
  [1440, 'dark'],
])) {
  test(`every page and state: ${width} px, ${colorScheme}`, () =>
    inspect(browser, visit, { language: 'en', width, colorScheme, count: 39 }));
}

test('that axe-core would find something', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await createOrder(page);
    await page.evaluate(() => document.querySelector('label[for="card_number"]')?.remove());
    assert.match((await violationsOf(page)).join(), /label/);
  } finally {
    await stage.close();
  }
});
