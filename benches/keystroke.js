// How long a page with `attachCheckout` takes for a keystroke, and until it can be used, in headless Chromium.

import { chromium, testEnv } from '../scripts/lib/chromium.js';
import { AT, bare, NUMBERS, serve } from '../tests/browser/checkout-form/stage.js';
import { launchChromium } from '../tests/chromium.js';

const LOADS = 9;
const TYPED = 5;

/** What is typed into which field: real keys, one by one. */
const TEXTS = [
  ...Object.values(NUMBERS).map((number) => ['number', bare(number)]),
  ['expiry', '0827'],
  ['code', '123'],
  ['holder', 'Layla Haddad'],
  ['amount', '1249.99'],
  ['email', 'layla@example.com'],
  ['phone', '+971 50 1234567'],
];

/**
 * Milliseconds: of every keystroke, from the browser's input event to the end of all that listens to it; and of every
 * load, from the arrival of the script to the form's being attached, the wasm compiled.
 * @returns {Promise<Record<string, number[]>>}
 */
export async function keystrokes() {
  const found = await chromium();
  if (found) Object.assign(process.env, testEnv(found));
  const [browser, stage] = await Promise.all([launchChromium(), serve()]);
  // Pages that are isolated have a clock of 5 µs instead of 100.
  stage.headers = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const open = async () => {
    // A context of its own has nothing cached.
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${stage.url}/?at=${AT}`);
    await page.waitForFunction(() => 'ready' in window);
    return page;
  };
  try {
    /** @type {number[]} */
    const loads = [];
    for (let load = -1; load < LOADS; load++) {
      const page = await open();
      const time = await page.evaluate(() => {
        const [script] = performance.getEntriesByName(`${location.origin}/page.js`);
        return window.ready - script.responseEnd;
      });
      if (load >= 0) loads.push(time);
      await page.context().close();
    }

    const page = await open();
    await page.evaluate(() => {
      window.times = [];
      let depth = 0;
      let start = 0;
      // Writing into a field brings an input event within the input event.
      const startTiming = () => {
        if (depth === 0) start = performance.now();
        depth += 1;
      };
      const finishTiming = () => {
        depth -= 1;
        if (depth === 0) window.times.push(performance.now() - start);
      };
      window.addEventListener('input', startTiming, true);
      window.addEventListener('input', finishTiming);
    });
    for (let round = 0; round < TYPED; round++) {
      for (const [id, text] of TEXTS) {
        await page.locator(`#${id}`).fill('');
        await page.locator(`#${id}`).pressSequentially(text);
      }
    }
    const times = await page.evaluate(() => window.times);
    return { 'one keystroke, checked and written': times, 'from the script to a form that is attached': loads };
  } finally {
    await browser.close();
    stage.close();
  }
}
