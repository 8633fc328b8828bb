// Every page and state of a life of a payment, in English, narrow: see axe.js. Each language, width and colour scheme comes at least
// twice in all files, in all pairs; a file each, so that none takes long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testStates, violationsOf } from './axe.js';
import { createOrder, open } from './stage.js';
import { visit } from './states.js';
import { browser } from './with-chromium.js';

testStates(visit, 39, [['en', 360, 'light']]);

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
