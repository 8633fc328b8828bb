// Where nothing can check a card, the hosted page takes the place of the form: no card is posted that nothing has read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { books, cards, createOrder, decide, open, pay, payButton, payThere, readResult } from './stage.js';
import { browser } from './with-chromium.js';

/** Records what is posted to the gateway. @param {import('playwright-core').Page} page @returns {string[]} */
function postsOf(page) {
  /** @type {string[]} */
  const posts = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/FortAPI/')) posts.push(request.postData() ?? '');
  });
  return posts;
}

/** What a customer can still see and do. @param {import('playwright-core').Page} page */
const readOffer = async (page) => ({
  form: await page.locator('.card-form').isVisible(),
  why: await page.locator('.unavailable').isVisible(),
  hosted: await page.locator('form[action$="/hosted"] button').isEnabled(),
});

test('a policy without ‘wasm-unsafe-eval’: the hosted page is offered, and pays', async () => {
  const stage = await open(browser, { wasm: false });
  try {
    const page = await stage.page();
    const posts = postsOf(page);
    await createOrder(page, { amount: '12.50' });
    const policy = (await page.context().request.get('/')).headers()['content-security-policy'];
    assert.match(policy, /script-src 'self';/);
    await page.locator('[data-card-payment="unavailable"]').waitFor();
    assert.deepEqual(await readOffer(page), { form: false, why: true, hosted: true });
    await pay(page, cards.visa_challenge);
    await decide(page, 'Pass');
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
    assert.equal(books(stage)[0].authorized, '1250');
    assert.ok(posts.every((body) => !body.includes('TOKENIZATION')));
  } finally {
    await stage.close();
  }
});

test('without the script Pay stays disabled, and the hosted page is soon offered', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    const posts = postsOf(page);
    await page.route('**/assets/checkout*.js', (route) => route.abort('blockedbyclient'));
    await createOrder(page);
    const { number, securityCode } = cards.visa_success;
    await page.locator('#card_number').fill(number);
    await page.locator('#card_security_code').fill(securityCode);
    assert.equal(await payButton(page).isDisabled(), true);
    await page.locator('#card_number').press('Enter');
    await page.locator('.unavailable').waitFor({ timeout: 10_000 });
    assert.deepEqual(await readOffer(page), { form: false, why: true, hosted: true });
    assert.deepEqual(posts, []);
    // Whatever else may send the form, as an extension does: no card goes with it.
    await page.locator('.card-form').evaluate((form) => form.submit());
    await page.waitForURL(/\/FortAPI\//);
    assert.equal(posts.length, 1);
    assert.doesNotMatch(String(posts[0]), /card_|expiry|\d{16}/);
  } finally {
    await stage.close();
  }
});

test('a late script enables the form again', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page();
    let arrive = () => {};
    const wait = new Promise((resolve) => {
      arrive = () => resolve(undefined);
    });
    await page.route('**/assets/checkout*.js', (route) => wait.then(() => route.continue()));
    await page.goto('/new');
    await page.locator('#amount').fill('5');
    await page.locator('form[action="/orders"] button').click({ noWaitAfter: true });
    await page.locator('.unavailable').waitFor({ timeout: 10_000 });
    arrive();
    await page.locator('[data-card-payment="ready"]').waitFor();
    assert.deepEqual(await readOffer(page), { form: true, why: false, hosted: true });
    await pay(page);
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  } finally {
    await stage.close();
  }
});

test('without scripts there is the hosted page from the start', async () => {
  const stage = await open(browser);
  try {
    const page = await stage.page({ javaScriptEnabled: false });
    await createOrder(page, { amount: '12.50' });
    assert.deepEqual(await readOffer(page), { form: false, why: true, hosted: true });
    await page.locator('form[action$="/hosted"] button').click();
    await page.getByRole('button', { name: 'Go to the payment page' }).click();
    await page.waitForURL(/\/FortAPI\/paymentPage/);
    await payThere(page, cards.visa_success);
    await page.waitForURL(/\/orders\//);
    assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  } finally {
    await stage.close();
  }
});
