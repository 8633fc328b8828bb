// Every page and state of a life of a payment, in Arabic: see axe.js.
import { after, before, test } from 'node:test';
import { inspect } from './axe.js';
import { launchChromium } from './stage.js';
import { visit } from './states.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [width, colorScheme] of /** @type {const} */ ([
  [360, 'dark'],
  [1440, 'light'],
])) {
  test(`every page and state: ${width} px, ${colorScheme}`, () =>
    inspect(browser, visit, { language: 'ar', width, colorScheme, count: 39 }));
}
