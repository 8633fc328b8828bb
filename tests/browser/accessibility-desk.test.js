// The desk with many payments and in its errors: see axe.js.
import { after, before, test } from 'node:test';
import { inspect } from './axe.js';
import { visitDesk } from './desk-states.js';
import { launchChromium } from './stage.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [language, width, colorScheme] of /** @type {const} */ ([
  ['en', 320, 'dark'],
  ['ar', 1440, 'light'],
])) {
  test(`the desk: ${language}, ${width} px, ${colorScheme}`, () =>
    inspect(browser, visitDesk, { language, width, colorScheme, count: 10 }));
}
