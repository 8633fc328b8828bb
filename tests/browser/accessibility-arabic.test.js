// Every page and state of a life of a payment, in Arabic, narrow: see axe.js. Each language, width and colour scheme comes at least
// twice in all files, in all pairs; a file each, so that none takes long.
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

test('every page and state: 360 px, dark', () =>
  inspect(browser, visit, { language: 'ar', width: 360, colorScheme: 'dark', count: 39 }));
