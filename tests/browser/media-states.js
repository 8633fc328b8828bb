// What media change: forced colours, print, 200 % and 400 % zoom, a narrow phone. For photographs (screens.js); media.test.js
// checks the rules.
import { cards, createOrder, openDesk, operate, pay, payButton, waitUntilReady } from './stage.js';

/** Zoom leaves as many CSS pixels of a window of 1280 × 1024. */
const SIZES = {
  'zoom-200': { width: 640, height: 512 },
  'zoom-400': { width: 320, height: 256 },
  'narrow-phone': { width: 320, height: 640 },
};

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} _stage
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visitMedia(_stage, page, language, look) {
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const size = page.viewportSize() ?? { width: 1280, height: 900 };
  const lookAtAll = async (/** @type {string} */ state) => {
    for (const [name, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await look(`${state}-${name}`);
    }
    await page.setViewportSize(size);
    // Last: Chromium keeps the colour of the canvas until the next page.
    await page.emulateMedia({ forcedColors: 'active' });
    await look(`${state}-forced-colours`);
    await page.emulateMedia({ forcedColors: 'none' });
  };
  await page.goto(`/?lang=${language}`);
  await createOrder(page, { description, amount: '1349.50' });
  await waitUntilReady(page);
  await page.locator('#card_number').pressSequentially('4005 5500 0000 0002');
  await payButton(page).click();
  await lookAtAll('order-wrong');
  await page.reload();
  await page.locator('#card_number').fill('');
  await pay(page, cards.visa_success);
  await lookAtAll('receipt');
  await openDesk(page);
  await operate(page, 'CAPTURE', '800');
  await page.emulateMedia({ media: 'print' });
  await look('payment-on-paper');
  await page.emulateMedia({ media: 'screen' });
  await lookAtAll('payment');
  await page.goto('/');
  await lookAtAll('table');
  await page.goto('/figures');
  await lookAtAll('figures');
}
