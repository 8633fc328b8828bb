// The sandbox's pages of the gateway and of banks: see axe.js.
import { after, before, test } from 'node:test';
import { inspect } from './axe.js';
import { visitGateway } from './gateway-states.js';
import { launchChromium } from './stage.js';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [language, width, colorScheme] of /** @type {const} */ ([
  ['en', 320, 'dark'],
  ['ar', 360, 'light'],
  ['ar', 1440, 'dark'],
])) {
  test(`the gateway: ${language}, ${width} px, ${colorScheme}`, () =>
    inspect(browser, visitGateway, { language, width, colorScheme, count: 7 }));
}
