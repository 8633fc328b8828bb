// The customer's page on a phone, as it comes over the wire and as it looks: small, kept for a year, the result first, Pay
// in reach, nothing over the digits, times in the customer's zone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cards, createOrder, open, pay, typeCard, waitUntilReady } from './stage.js';
import { browser } from './with-chromium.js';

const LIMIT = 60_000;

/** @param {import('playwright-core').Page} page @param {string} selector */
const boxOf = async (page, selector) => {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box, selector);
  return { ...box, bottom: box.y + box.height, right: box.x + box.width };
};

test('a first view is small, and the next page loads only its HTML', async (t) => {
  const stage = await open(browser);
  try {
    const shopper = await stage.page();
    const id = await createOrder(shopper);
    const page = await stage.page();
    /** @type {Record<string, number>} */
    const weights = { html: 0, css: 0, script: 0, wasm: 0, other: 0 };
    /** @type {Promise<unknown>[]} */
    const weighed = [];
    page.on('response', (response) => {
      const type = response.headers()['content-type'] ?? '';
      const kind = /html|css|javascript|wasm/.exec(type)?.[0].replace('javascript', 'script') ?? 'other';
      weighed.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => {
            weights[kind] += responseBodySize;
          }),
      );
    });
    await page.goto(`/orders/${id}`);
    await waitUntilReady(page);
    await Promise.all(weighed);
    const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
    t.diagnostic(
      `first view: ${Object.entries(weights)
        .map(([kind, weight]) => `${kind} ${weight}`)
        .join(', ')}; ${sum} bytes`,
    );
    for (const kind of ['html', 'css', 'script', 'wasm']) assert.ok(Number(weights[kind]) > 0, kind);
    assert.ok(sum < LIMIT, `${sum} bytes`);

    const countAssetRequests = () => stage.received().match(/GET \/assets\/\S+/g)?.length ?? 0;
    const before = countAssetRequests();
    await page.goto(`/orders/${id}`);
    await waitUntilReady(page);
    await pay(page);
    await page.locator('.result.good').waitFor();
    assert.equal(countAssetRequests(), before);
  } finally {
    await stage.close();
  }
});

test('files are compressed, and kept for a year under names of what they hold', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const id = await createOrder(page);
    const request = page.context().request;
    const html = await (await request.get(`/orders/${id}`)).text();
    const paths = new Set(html.match(/\/assets\/[\w.-]+/g));
    assert.ok(paths.size >= 5);
    for (const path of paths) {
      assert.match(path, /^\/assets\/\w+-[0-9a-f]{10}\.\w+$/);
      for (const [accepted, encoding] of [
        ['gzip, br', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
        ['br;q=0, gzip;q=0.5', 'gzip'],
      ]) {
        const answer = await request.get(path, { headers: { 'accept-encoding': String(accepted) } });
        assert.equal(answer.status(), 200, path);
        assert.equal(answer.headers()['content-encoding'], encoding, `${path} for ${accepted}`);
        assert.equal(answer.headers()['cache-control'], 'public, max-age=31536000, immutable');
        assert.equal(answer.headers().vary, 'accept-encoding');
      }
    }
    // A page is another matter.
    assert.equal((await request.get(`/orders/${id}`)).headers()['cache-control'], 'no-store');
    assert.equal((await request.get('/assets/checkout-0000000000.js')).status(), 404);
  } finally {
    await stage.close();
  }
});

test('on a phone the first field and Pay are in reach, and the result comes first', async () => {
  const stage = await open(browser);
  try {
    for (const [language, width, height] of /** @type {const} */ ([
      ['en', 360, 740],
      ['ar', 360, 740],
      ['en', 390, 664],
    ])) {
      const page = await stage.page({ viewport: { width, height } });
      await page.goto(`/?lang=${language}`);
      await createOrder(page, { amount: '349.50' });
      await waitUntilReady(page);
      assert.ok((await boxOf(page, '#card_number')).bottom < 400, `${language}: the first field`);
      assert.ok((await boxOf(page, '[data-aps-pay]')).y < height, `${language}: Pay`);
      assert.equal(await page.locator('details.summary').evaluate((details) => details.open), false);
      assert.ok((await boxOf(page, '.summary')).height < 90);
      await pay(page, cards.visa_declined);
      assert.ok((await boxOf(page, '.result')).bottom < (await boxOf(page, '.summary')).y);
      assert.ok((await boxOf(page, '.result')).y < 160);
      await page.context().close();
    }
    const wide = await stage.page();
    await createOrder(wide);
    await waitUntilReady(wide);
    assert.equal(await wide.locator('details.summary').evaluate((details) => details.open), true);
  } finally {
    await stage.close();
  }
});

test('at 320 px nothing covers the digits or overflows, and the marks of other brands fade', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page({ viewport: { width: 320, height: 640 } });
    await createOrder(page);
    await typeCard(page, cards.meeza_success);
    const field = await boxOf(page, '#card_number');
    const covered = await page.evaluate(({ y, height, x, width }) => {
      const points = Array.from({ length: 20 }, (_, index) => x + 4 + ((width - 8) * index) / 19);
      return points.filter((left) => document.elementFromPoint(left, y + height / 2)?.id !== 'card_number').length;
    }, field);
    assert.equal(covered, 0);
    const isWhole = await page.locator('#card_number').evaluate((input) => input.scrollWidth <= input.clientWidth);
    assert.ok(isWhole, 'every digit can be seen');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    const opacity = (/** @type {string} */ brand) =>
      page.locator(`[data-mark="${brand}"]`).evaluate((mark) => Number(getComputedStyle(mark).opacity));
    assert.equal(await opacity('MEEZA'), 1);
    assert.ok((await opacity('VISA')) < 0.6);
    const fill = await page.locator('#card_number').evaluate((input) => getComputedStyle(input).backgroundColor);
    assert.equal(fill, 'rgb(255, 255, 255)');
  } finally {
    await stage.close();
  }
});

test('times are in the customer’s zone, which is named; without scripts in UTC', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page({ timezoneId: 'Asia/Dubai' });
    const id = await createOrder(page);
    await pay(page);
    const time = page.locator('.result time');
    await page.waitForFunction(() => /GMT\+4|GST/.test(document.querySelector('.result time')?.textContent ?? ''));
    const at = new Date(String(await time.getAttribute('datetime')));
    const hour = new Intl.DateTimeFormat('en-AE', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Dubai' });
    assert.ok((await time.textContent())?.includes(hour.format(at)));
    const plain = await stage.page({ javaScriptEnabled: false, timezoneId: 'Asia/Dubai' });
    await plain.goto(`/orders/${id}`);
    assert.match(String(await plain.locator('.result time').textContent()), /UTC/);
  } finally {
    await stage.close();
  }
});
