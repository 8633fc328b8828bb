// Every page and state, in both languages, light and dark, narrow and wide: axe-core finds nothing, nothing sticks out,
// and nothing comes from elsewhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { createOrder, launchChromium, open } from './stage.js';
import { visit } from './states.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

/** What axe-core has to say of the page as it is. @param {import('playwright-core').Page} page */
async function violations(page) {
  await page.evaluate(`${axe.source};0`);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

// Each language, width and colour scheme at least twice, in all pairs.
for (const [language, width, colorScheme] of [
  ['en', 360, 'light'],
  ['en', 1440, 'dark'],
  ['ar', 360, 'dark'],
  ['ar', 1440, 'light'],
]) {
  test(`every page and state: ${language}, ${width} px, ${colorScheme}`, async () => {
    const stage = await open(browser, { timeout: 400, sandbox: { returnMethod: 'POST' } });
    try {
      const page = await stage.page({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      const hosts = new Set();
      page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
      const seen = [];
      await visit(stage, page, language, async (name) => {
        seen.push(name);
        assert.deepEqual(await violations(page), [], name);
        const { lang, dir, over } = await page.evaluate(() => {
          const { lang, dir, scrollWidth, clientWidth } = document.documentElement;
          return { lang, dir, over: scrollWidth - clientWidth };
        });
        assert.deepEqual([lang, dir], [language, language === 'ar' ? 'rtl' : 'ltr'], name);
        assert.ok(over <= 0, `${name} is ${over} px too wide`);
      });
      assert.equal(new Set(seen).size, 39);
      assert.deepEqual([...hosts], ['127.0.0.1']);
    } finally {
      await stage.close();
    }
  });
}

test('that axe-core would find something', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    await createOrder(page);
    await page.evaluate(() => document.querySelector('label[for="card_number"]')?.remove());
    assert.match((await violations(page)).join(), /label/);
  } finally {
    await stage.close();
  }
});
