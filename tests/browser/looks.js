// Whether a page may be shown: in both languages, light and dark, on a phone and a desktop, axe-core finds nothing and nothing
// sticks out. With SCREENS=folder it is photographed, too.
import assert from 'node:assert/strict';
import axe from 'axe-core';

/** @type {readonly ['en' | 'ar', number, 'light' | 'dark'][]} each at least twice, in all pairs */
const LOOKS = [
  ['ar', 320, 'dark'],
  ['en', 1440, 'dark'],
  ['ar', 1440, 'light'],
  ['en', 320, 'light'],
];

/**
 * Looks at a page that can be had by GET, and leaves it in English.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name of the state
 * @param {() => Promise<unknown>} [prepare] what brings the page into the state
 */
export async function assertPresentable(page, name, prepare = async () => {}) {
  const size = page.viewportSize();
  for (const [language, width, colorScheme] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    const url = new URL(page.url());
    url.searchParams.set('lang', language);
    await page.goto(url.href);
    await prepare();
    await page.evaluate(`${axe.source};0`);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
    const look = `${name}-${language}-${width}-${colorScheme}`;
    assert.deepEqual(found, [], look);
    const over = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    assert.ok(over <= 0, `${look} is ${over} px too wide`);
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/${look}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (size) await page.setViewportSize(size);
}
