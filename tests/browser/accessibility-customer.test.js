// The customer's pages, in both languages, light and dark, narrow and wide: axe-core finds nothing, and nothing sticks out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { visitCustomer } from './customer-states.js';
import { launchChromium, open } from './stage.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [language, width, colorScheme] of /** @type {const} */ ([
  ['en', 320, 'light'],
  ['ar', 1440, 'dark'],
])) {
  test(`every state: ${language}, ${width} px, ${colorScheme}`, async () => {
    const stage = await open(browser, { timeout: 400, sandbox: { returnMethod: 'POST' } });
    try {
      const page = await stage.page({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      const seen = new Set();
      await visitCustomer(stage, page, language, async (name) => {
        seen.add(name);
        await page.evaluate(`${axe.source};0`);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        const told = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
        );
        assert.deepEqual(told, [], name);
        const over = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        assert.ok(over <= 0, `${name} is ${over} px too wide`);
      });
      assert.equal(seen.size, 18);
    } finally {
      await stage.close();
    }
  });
}
