// A purchase with the keyboard alone: mistakes, a decline, a second card, 3-D Secure, the receipt. At each stop it can be
// seen where the focus is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { books, CHALLENGE, cards, createOrder, open, readResult, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

/** Where the focus is, and whether that can be seen. @param {import('playwright-core').Page} page */
const focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return {
      name: element.id || element.getAttribute('name') || element.textContent?.trim() || element.tagName,
      isBody: element === document.body,
      isMarked: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
      isSeen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    };
  });

/**
 * Presses Tab until the focus is there; every stop on the way is marked and in view.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 * @param {string} [key]
 */
async function reach(page, selector, key = 'Tab') {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press(key);
    const { name, isBody, isMarked, isSeen } = await focus(page);
    if (isBody) continue;
    assert.ok(isMarked, `${name} is not marked`);
    assert.ok(isSeen, `${name} is out of view`);
  }
  assert.fail(`${key} never reaches ${selector}`);
}

/** @param {import('playwright-core').Page} page @param {import('aps-payops/sandbox').TestCard} card */
async function typeCard(page, { number, expiry, securityCode }) {
  await waitUntilReady(page);
  await reach(page, '#card_number');
  await page.keyboard.type(number);
  await page.keyboard.press('Tab');
  await page.keyboard.type(`${expiry.slice(2)}${expiry.slice(0, 2)}`);
  await page.keyboard.press('Tab');
  await page.keyboard.type(securityCode);
  await page.keyboard.press('Tab');
}

for (const language of ['en', 'ar']) {
  test(`checkout, decline, second card, 3-D Secure, receipt: ${language}`, async () => {
    const stage = await open(browser);
    try {
      const page = await stage.page({ viewport: { width: 390, height: 800 } });
      await page.goto(`/?lang=${language}`);
      const id = await createOrder(page);
      await page.goto(`/orders/${id}`);

      // The first stop leads past the header.
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');

      // Mistakes: the summary has the focus, its first link leads to the field.
      await typeCard(page, { ...cards.visa_declined, securityCode: '1' });
      await page.keyboard.press('Enter');
      await page.locator('[data-aps-summary]:focus').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'card_security_code');
      await page.keyboard.press('Control+A');
      await page.keyboard.type(cards.visa_declined.securityCode);
      await page.keyboard.press('Tab');
      await page.keyboard.type('Layla Haddad');
      // The box, by its key, and Pay.
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'save_card');
      await page.keyboard.press('Space');
      assert.equal(await page.locator('#save_card').isChecked(), true);
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement?.matches('[data-aps-pay]')));
      await page.keyboard.press('Enter');
      await page.locator('.result.error').waitFor();

      // A second card; the name is there.
      await typeCard(page, cards.mastercard_challenge);
      assert.equal(await page.locator('#card_holder_name').inputValue(), 'Layla Haddad');
      await page.keyboard.press('Enter');
      await page.waitForURL(CHALLENGE);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await reach(page, 'button[value="pass"]');
      await page.keyboard.press('Enter');
      await page.locator('.result.good').waitFor();

      assert.equal(
        await readResult(page),
        language === 'en' ? 'Thank you. Your order is confirmed' : 'شكرًا لك. تم تأكيد طلبك',
      );
      // On a phone the order's lines are behind a summary, which opens by its key.
      await reach(page, '.summary > summary');
      await page.keyboard.press('Enter');
      assert.ok(await page.locator('.summary .item').isVisible());
      await reach(page, '.language', 'Shift+Tab');
      assert.deepEqual(
        books(stage).map(({ authorized }) => authorized),
        ['0', '10000'],
      );
      assert.deepEqual(stage.complaints, []);
    } finally {
      await stage.close();
    }
  });
}
