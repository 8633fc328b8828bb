// node tests/browser/screens.js: pictures of every page and state under tests/screens/, to be looked at.
import { mkdirSync } from 'node:fs';
import { createOrder, formOf, launchChromium, open, operate, pay } from './stage.js';

const folder = new URL('../screens/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

const browser = await launchChromium();
try {
  for (const language of ['en', 'ar']) {
    for (const width of [360, 1440]) {
      for (const colorScheme of ['light', 'dark']) await shoot(language, width, colorScheme);
    }
  }
} finally {
  await browser.close();
}

async function shoot(language, width, colorScheme) {
  const stage = await open(browser);
  const page = await stage.page({ viewport: { width, height: 900 }, colorScheme });
  const take = (name) =>
    page.screenshot({ path: `${folder}${name}-${language}-${width}-${colorScheme}.png`, fullPage: true });
  try {
    await page.goto(`/?lang=${language}`);
    await take('1-empty');
    await page.locator('#amount').fill('19.999');
    await take('2-bad-amount');
    await createOrder(page, { description: language === 'ar' ? 'مصباحان' : 'Two lamps' });
    await take('3-order');
    await page.locator('input[value="mada-success-5689"]').check();
    await take('4-purchase-only');
    await pay(page);
    await take('5-authorized');
    await operate(page, 'CAPTURE', '80');
    await operate(page, 'REFUND', '20');
    await formOf(page, 'CAPTURE').locator('[name="amount"]').fill('20.01');
    await page.locator('.steps summary').first().click();
    await take('6-refunded');
    await createOrder(page);
    await pay(page, { card: 'visa-challenge-8902' });
    await take('7-action-required');
    await page.locator('.crumbs a').nth(1).click();
    await page.locator('summary').click();
    await take('8-again');
    stage.shop.sandbox.webhook = undefined;
    await createOrder(page);
    await pay(page, { card: 'visa-uncertain-0440', command: 'PURCHASE' });
    await take('9-uncertain');
    await createOrder(page, { amount: '1234.567', currency: 'KWD' });
    await pay(page, { card: 'visa-declined-0119' });
    await take('10-failed');
    await createOrder(page, { amount: '5' });
    await page.goto('/');
    await take('11-desk');
    await page.goto('/nothing');
    await take('12-not-found');
  } finally {
    await stage.close();
  }
}
