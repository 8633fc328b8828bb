// Apple Pay, instalments, valU and payment links, in both languages, light and dark, narrow and wide: see axe.js.
import { after, before, test } from 'node:test';
import { inspect } from './axe.js';
import { launchChromium } from './stage.js';
import { visitWays } from './ways-states.js';

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
  test(`every state: ${language}, ${width} px, ${colorScheme}`, () =>
    inspect(browser, visitWays, { language, width, colorScheme, count: 24 }));
}
