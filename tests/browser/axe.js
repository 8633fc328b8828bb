// Holds every state that a walk comes by against the rules of accessibility: axe-core finds nothing, nothing sticks out,
// the page says its language, and nothing comes from elsewhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { launchChromium, open } from './stage.js';

/** What axe-core has to say of the page as it is. @param {import('playwright-core').Page} page */
export async function violationsOf(page) {
  await page.evaluate(`${axe.source};0`);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/**
 * A test for each look at the states of a walk.
 * @param {Visit} visit
 * @param {number} count of states
 * @param {readonly [language: 'en' | 'ar', width: number, colorScheme: 'light' | 'dark'][]} looks
 */
export function testStates(visit, count, looks) {
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());
  for (const [language, width, colorScheme] of looks) {
    test(`every state: ${language}, ${width} px, ${colorScheme}`, () =>
      inspect(browser, visit, { language, width, colorScheme, count }));
  }
}

/** @typedef {(stage: any, page: import('playwright-core').Page, language: any, look: (name: string) => Promise<unknown>) => Promise<void>} Visit */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Visit} visit
 * @param {{ language: 'en' | 'ar', width: number, colorScheme: 'light' | 'dark', count: number }} how `count`: of states
 */
async function inspect(browser, visit, { language, width, colorScheme, count }) {
  const stage = await open(browser, { timeout: 400, sandbox: { returnMethod: 'POST' } });
  try {
    const page = await stage.page({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
    const hosts = new Set();
    page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
    const seen = new Set();
    await visit(stage, page, language, async (name) => {
      seen.add(name);
      assert.deepEqual(await violationsOf(page), [], name);
      const { lang, dir, over, below } = await page.evaluate(() => {
        const { lang, dir, scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
        const end = document.body.getBoundingClientRect().bottom + scrollY;
        return { lang, dir, over: scrollWidth - clientWidth, below: scrollHeight - Math.max(clientHeight, end) };
      });
      assert.deepEqual([lang, dir || 'ltr'], [language, language === 'ar' ? 'rtl' : 'ltr'], name);
      assert.ok(over <= 0, `${name} is ${over} px too wide`);
      assert.ok(below <= 1, `${name} goes on for ${below} px below its end`);
    });
    assert.equal(seen.size, count);
    assert.deepEqual([...hosts], ['127.0.0.1']);
  } finally {
    await stage.close();
  }
}
