// The shop's pages in Chromium: what a shop keeper sees, and what the server does when the page is bypassed.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { STRINGS } from '../../www/server/strings.js';
import { balance, createOrder, formOf, launchChromium, open, operate, pay, stateOf } from './stage.js';

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof open>>} */
let stage;

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async () => {
  stage = await open(browser);
});
afterEach(() => stage?.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What the gateway has in its books. */
const books = () =>
  stage.shop.sandbox.payments().map(({ command, authorized, captured, refunded, state }) => ({
    command,
    authorized,
    captured,
    refunded,
    state,
  }));

/** Posts a form of the page by hand, as an attacker or a stale tab would. */
const post = (page, path, fields, headers = {}) =>
  page.context().request.post(path, { form: fields, headers: { origin: stage.shop.url, ...headers }, maxRedirects: 0 });

/** The hidden fields that make a form ours. */
const hidden = (form) =>
  form.evaluate((element) => {
    const { csrf, token } = Object.fromEntries(new FormData(element));
    return { csrf, token };
  });

test('amounts are checked while they are typed', async () => {
  const page = await stage.page();
  await page.goto('/');
  const amount = page.locator('#amount');
  const issues = page.locator('#amount-issues');
  for (const bad of ['1e3', '19.999', 'abc', '1,000', ' 1', '-5', '٥']) {
    await amount.fill(bad);
    await issues.locator('.error').first().waitFor();
    assert.match(await issues.textContent(), /exact amount/, bad);
    assert.equal(await amount.getAttribute('aria-invalid'), 'true', bad);
  }
  await amount.fill('123456789.01');
  assert.match(await issues.textContent(), /too long: 10 characters at most/);
  await amount.fill('0');
  assert.match(await issues.textContent(), /more than zero/);
  await amount.fill('19.99');
  assert.equal(await issues.locator('.error').count(), 0);
  assert.match(await issues.locator('.good').textContent(), /19\.99/);
  assert.equal(await amount.getAttribute('aria-invalid'), null);
  // The decimals are those of the currency.
  await amount.fill('19.999');
  assert.equal(await issues.locator('.error').count(), 1);
  await page.locator('#currency').selectOption('KWD');
  assert.equal(await issues.locator('.error').count(), 0);
  await page.locator('#currency').selectOption('JPY');
  assert.equal(await issues.locator('.error').count(), 1);
  // A bad form is not sent, and the keyboard goes to what is wrong.
  await page.locator('form[action="/orders"] button').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'amount');
  assert.equal(new URL(page.url()).pathname, '/');
  const described = (await amount.getAttribute('aria-describedby')).split(' ');
  for (const id of described) assert.equal(await page.locator(`#${id}`).count(), 1, id);
  assert.deepEqual(stage.complaints, []);
});

test('the server checks the order again when the page is bypassed', async () => {
  const page = await stage.page();
  await page.goto('/');
  const form = page.locator('form[action="/orders"]');
  for (const amount of ['1e3', '19.999', 'abc', '0', '', '٥', '123456789.01']) {
    const { csrf } = await hidden(form);
    const token = crypto.randomUUID();
    const fields = { csrf, token, description: 'Lamp', amount, currency: 'AED', email: 'a@example.com' };
    const response = await post(page, '/orders', fields);
    assert.equal(response.status(), 422, amount);
    assert.match(await response.text(), /id="amount-issues"[^>]*><span class="error">/);
  }
  assert.deepEqual(books(), []);
});

test('script in a text field is text', async () => {
  const page = await stage.page();
  const description = '"><script>alert(1)</script>&amp;\'';
  await createOrder(page, { description });
  assert.equal(await page.locator('h1').textContent(), description);
  await pay(page);
  assert.equal(await page.locator('h1').textContent(), description);
  await page.goto('/');
  assert.ok((await page.locator('.row .what').allTextContents()).some((text) => text.trim().startsWith(description)));
  // Refused for its "=", and shown again as it was typed.
  const image = '<img src=x onerror=alert(1)>';
  await page.locator('#description').fill(image);
  const { csrf, token } = await hidden(page.locator('form[action="/orders"]'));
  const response = await post(page, '/orders', {
    csrf,
    token,
    description: image,
    amount: '1',
    currency: 'AED',
    email: 'a@b.ae',
  });
  const html = await response.text();
  assert.ok(html.includes('value="&lt;img src=x onerror=alert(1)&gt;"'));
  assert.ok(!html.includes('<img'));
  assert.deepEqual(stage.complaints, []);
});

test('authorize, capture twice, refund: the bar follows, and more than is left is refused', async () => {
  const page = await stage.page();
  await createOrder(page, { amount: '100.00' });
  await pay(page);
  assert.equal(await stateOf(page), 'Authorized');
  assert.match(
    (await balance(page)).label,
    /Authorized AED.100\.00, captured AED.0\.00, refunded AED.0\.00, remaining AED.100\.00/,
  );
  assert.equal(await formOf(page, 'VOID_AUTHORIZATION').count(), 1);
  assert.equal(await formOf(page, 'REFUND').count(), 0);

  await operate(page, 'CAPTURE', '30');
  assert.equal(await stateOf(page), 'Partly captured');
  assert.equal(await formOf(page, 'VOID_AUTHORIZATION').count(), 0);
  await operate(page, 'CAPTURE', '50.00');
  const { label, ...sums } = await balance(page);
  assert.deepEqual(sums, { authorized: '100.00', captured: '80.00', refunded: '0.00', remaining: '20.00' });

  // In the page.
  const capture = formOf(page, 'CAPTURE');
  const amount = capture.locator('[name="amount"]');
  assert.equal(await amount.inputValue(), '20.00');
  await amount.fill('20.01');
  assert.match(await page.locator('#amount-CAPTURE-issues').textContent(), /more than is left to capture/);
  await capture.locator('button').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'amount-CAPTURE');
  // On the server, when the page is bypassed.
  const reference = new URL(page.url()).pathname.split('/').pop();
  const fields = { ...(await hidden(capture)), command: 'CAPTURE', amount: '20.01' };
  const refused = await post(page, `/payments/${reference}/operations`, fields);
  assert.equal(refused.status(), 409);
  assert.match(await refused.text(), /more than is left to capture/);
  assert.equal(stage.shop.sandbox.log().filter(({ request }) => request?.amount === '2001').length, 0);

  await operate(page, 'REFUND', '20');
  assert.equal(await stateOf(page), 'Partly refunded');
  assert.deepEqual(books(), [
    { command: 'AUTHORIZATION', authorized: '10000', captured: '8000', refunded: '2000', state: books()[0].state },
  ]);

  // Each step shows what was said, with nothing in it that must not be seen.
  for (const step of await page.locator('.steps summary').all()) await step.click();
  const steps = page.locator('.steps > li');
  assert.equal(await steps.count(), 4);
  for (const step of await steps.all()) assert.match(await step.textContent(), /✓ Signature verified/);
  assert.equal(await page.locator('.steps .chip.failed').count(), 0);
  const shown = (name) => page.locator('tr', { hasText: name }).locator('td').allTextContents();
  assert.deepEqual(new Set(await shown('card_number')), new Set(['400555******0001']));
  assert.deepEqual(await shown('card_security_code'), ['***']);
  const html = await page.content();
  const { sha_request_phrase, sha_response_phrase } = stage.shop.sandbox.account;
  for (const secret of ['4005550000000001', sha_request_phrase, sha_response_phrase]) assert.ok(!html.includes(secret));
  assert.deepEqual(stage.complaints, []);
});

test('a void, a purchase refunded, a lapse', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page);
  await operate(page, 'VOID_AUTHORIZATION');
  assert.equal(await stateOf(page), 'Voided');
  assert.equal(await page.locator('form[data-check="operation"]').count(), 0);

  await createOrder(page);
  await pay(page, { command: 'PURCHASE', card: 'mada-success-5689' });
  assert.equal(await stateOf(page), 'Captured');
  await operate(page, 'REFUND');
  assert.equal(await stateOf(page), 'Refunded');

  await createOrder(page);
  await pay(page);
  await page.locator('footer button').click();
  await page.locator('.total .chip.lapsed').waitFor();
  assert.equal(await page.locator('form[data-check="operation"]').count(), 0);
  assert.deepEqual(
    books().map(({ state }) => state),
    ['voided', 'refunded', 'lapsed'],
  );
  assert.deepEqual(stage.complaints, []);
});

test('what a card cannot do is said before it is tried', async () => {
  const page = await stage.page();
  await createOrder(page);
  await page.locator('input[value="mada-success-5689"]').check();
  assert.match(await page.locator('#card-issues .error').textContent(), /^This card goes with PURCHASE only/);
  await page.locator('input[value="PURCHASE"]').check();
  assert.equal(await page.locator('#card-issues .error').count(), 0);
  const { csrf, token } = await hidden(page.locator('form[data-check="pay"]'));
  const path = `${new URL(page.url()).pathname}/pay`;
  const bypassed = await post(page, path, { csrf, token, command: 'AUTHORIZATION', card: 'mada-success-5689' });
  assert.equal(bypassed.status(), 422);
  assert.deepEqual(books(), []);
});

test('a 3-D Secure challenge is passed, failed, abandoned', async () => {
  const page = await stage.page();
  const challenge = async () => {
    await createOrder(page);
    await pay(page, { card: 'visa-challenge-8902' });
    assert.equal(await stateOf(page), 'Action required');
  };
  await challenge();
  await page.locator('.note .button').click();
  await page.locator('button[value="pass"]').click();
  await page.waitForURL(/\/payments\//);
  assert.equal(await stateOf(page), 'Authorized');
  await operate(page, 'CAPTURE', '100');
  assert.equal(await stateOf(page), 'Captured');

  await challenge();
  await page.locator('.note .button').click();
  await page.locator('button[value="fail"]').click();
  await page.waitForURL(/\/payments\//);
  assert.equal(await stateOf(page), 'Failed');

  await challenge();
  await page.locator('.operations button').click();
  await page.locator('.steps > li').nth(1).waitFor();
  assert.equal(await stateOf(page), 'Action required');
  await page.locator('.crumbs a').nth(1).click();
  await page.locator('summary').click();
  await pay(page, { card: 'visa-success-0001' });
  assert.equal(await stateOf(page), 'Authorized');
  assert.match(page.url(), /-2$/);
  assert.deepEqual(stage.complaints, []);
});

test('the browser may come back by POST as well, again and again, and not with anything else', async () => {
  const other = await open(browser, { sandbox: { returnMethod: 'POST' } });
  try {
    const page = await other.page();
    await createOrder(page);
    await pay(page, { card: 'mastercard-challenge-3430' });
    await page.locator('.note .button').click();
    const [returned] = await Promise.all([
      page.waitForRequest((sent) => sent.url().endsWith('/return')),
      page.locator('button[value="pass"]').click(),
    ]);
    await page.waitForURL(/\/payments\//);
    assert.equal(returned.method(), 'POST');
    assert.equal(await stateOf(page), 'Authorized');
    const steps = await page.locator('.steps > li').count();
    // The session outlived the way there and back.
    await operate(page, 'CAPTURE', '10');
    const body = returned.postData() ?? '';
    const repeat = (form) => page.context().request.post('/return', { data: form, headers: FORM, maxRedirects: 0 });
    assert.equal((await repeat(body)).status(), 303);
    const tampered = body.replace('amount=10000', 'amount=99999');
    assert.notEqual(tampered, body);
    for (const bad of [tampered, body.replace(/signature=\w+/, 'signature='), '', 'a=1', `${body}&x=1`]) {
      const refused = await repeat(bad);
      assert.equal(refused.status(), 400, bad);
      assert.match(await refused.text(), /not from the gateway/);
    }
    await page.reload();
    assert.equal(await page.locator('.steps > li').count(), steps + 1);
    assert.equal((await balance(page)).captured, '10.00');
    assert.deepEqual(other.complaints, []);
  } finally {
    await other.close();
  }
});

test('what is uncertain is shown as uncertain until the gateway tells', async () => {
  const page = await stage.page();
  // Without notifications, nobody tells but CHECK_STATUS.
  stage.shop.sandbox.webhook = undefined;
  await createOrder(page);
  await pay(page, { command: 'PURCHASE', card: 'visa-uncertain-0440' });
  assert.equal(await stateOf(page), 'Uncertain');
  assert.equal(await page.locator('form[data-check="operation"]').count(), 0);
  await page.locator('.operations button').click();
  await page.locator('.total .chip.captured').waitFor();
  await createOrder(page);
  await pay(page, { command: 'PURCHASE', card: 'visa-uncertain_declined-0556' });
  assert.equal(await stateOf(page), 'Uncertain');
  await page.locator('.operations button').click();
  await page.locator('.total .chip.failed').waitFor();
  assert.deepEqual(stage.complaints, []);
});

test('a lost answer stays uncertain until CHECK_STATUS shows what became of it', async () => {
  const slow = await open(browser, { timeout: 300 });
  try {
    const page = await slow.page();
    const { sandbox } = slow.shop;
    await createOrder(page);
    await pay(page);
    sandbox.webhook = undefined;
    // Carried out, but nobody hears of it.
    sandbox.faults({ dropReply: 1 });
    await operate(page, 'CAPTURE', '30');
    assert.match(await page.locator('.note.warning').textContent(), /Capture: Uncertain/);
    assert.equal((await balance(page)).captured, '0.00');
    sandbox.faults({ dropReply: 0 });
    await page.locator('form[action$="/refresh"] button').click();
    await page.locator('.total .chip.partially_captured').waitFor();
    assert.equal((await balance(page)).captured, '30.00');
    assert.equal(await page.locator('.note.warning').count(), 0);
    assert.match(await page.locator('.steps > li').nth(1).textContent(), /Confirmed by CHECK_STATUS/);

    // Never carried out: what is not seen may still come.
    sandbox.faults({ dropRequest: 1 });
    await operate(page, 'CAPTURE', '10');
    sandbox.faults({ dropRequest: 0 });
    await page.locator('form[action$="/refresh"] button').click();
    await page.locator('.steps > li').nth(4).waitFor();
    assert.match(await page.locator('.note.warning').textContent(), /Capture: Uncertain/);
    assert.equal((await balance(page)).captured, '30.00');

    await sandbox.close();
    await createOrder(page);
    await pay(page);
    assert.equal(await stateOf(page), 'Not attempted');
  } finally {
    await slow.close();
  }
});

test('a notification settles what was uncertain, once and for all', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, { command: 'PURCHASE', card: 'visa-uncertain-0440' });
  await page.waitForFunction(async () => {
    const html = await (await fetch(location.href)).text();
    return html.includes('chip captured');
  });
  const [{ params }] = stage.shop.sandbox.log().filter(({ kind }) => kind === 'notification');
  const notify = (data) => page.context().request.post('/notify', { data });
  // The log masks the card; the signature no longer matches what it shows, nor a changed amount.
  assert.equal((await notify({ ...params, amount: '1' })).status(), 400);
  assert.equal((await notify('<html>')).status(), 400);
  await page.reload();
  assert.equal(await stateOf(page), 'Captured');
  assert.equal((await balance(page)).captured, '100.00');
  assert.ok(stage.log.every((line) => line.startsWith('POST /notify: ')));
});

test('a double click, a second post and the back button pay once', async () => {
  const page = await stage.page();
  await createOrder(page);
  await page.locator('form[data-check="pay"] button').dblclick();
  await page.waitForURL(/\/payments\//);
  assert.equal(books().length, 1);

  await createOrder(page);
  const form = page.locator('form[data-check="pay"]');
  const path = `${new URL(page.url()).pathname}/pay`;
  const fields = { ...(await hidden(form)), command: 'AUTHORIZATION', card: 'visa-success-0001' };
  const answers = await Promise.all([1, 2, 3].map(() => post(page, path, fields)));
  const places = answers.map((answer) => answer.headers().location);
  assert.deepEqual(new Set(places).size, 1);
  assert.equal(books().length, 2);
  // Another token, the same order: it is paid.
  const again = await post(page, path, { ...fields, token: crypto.randomUUID() });
  assert.equal(again.status(), 409);

  await page.goto(places[0]);
  const capture = formOf(page, 'CAPTURE');
  await capture.locator('[name="amount"]').fill('10');
  await capture.locator('button').dblclick();
  await page.locator('.steps > li').nth(1).waitFor();
  await page.goBack();
  await page.reload();
  assert.equal(books()[1].captured, '1000');
  assert.equal(books().length, 2);
});

test('nobody else may post: CSRF token, origin, host', async () => {
  const page = await stage.page();
  await page.goto('/');
  const { csrf, token } = await hidden(page.locator('form[action="/orders"]'));
  const order = { csrf, token, description: 'Lamp', amount: '1', currency: 'AED', email: 'a@example.com' };
  const status = async (fields, headers) => (await post(page, '/orders', fields, headers)).status();
  assert.equal(await status({ ...order, csrf: '' }), 403);
  assert.equal(await status({ ...order, csrf: csrf.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }), 403);
  assert.equal(await status(order, { origin: 'https://evil.example' }), 403);
  assert.equal(await status(order, { origin: 'null' }), 403);
  assert.equal(await status(order, { 'content-type': 'text/plain' }), 415);
  // The token of another session.
  const other = await stage.page();
  await other.goto('/');
  assert.equal((await post(other, '/orders', order)).status(), 403);

  const { port } = new URL(stage.shop.url);
  const raw = (headers, method = 'GET') =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: '/', method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
  assert.equal(await raw({ host: `evil.example:${port}` }), 421);
  assert.equal(await raw({ host: '127.0.0.1' }), 421);
  assert.equal(await raw({ host: `localhost:${port}` }), 200);
  assert.equal(await raw({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' }), 403);
  assert.equal(await raw({ host: `127.0.0.1:${port}` }, 'POST'), 403);
  assert.deepEqual(books(), []);
  assert.equal(await status({ ...order, description: 'x'.repeat(20_000) }), 413);
  assert.equal(await status(order), 303);
});

test('every answer has the security headers, and no page has anything inline', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page);
  for (const path of ['/', new URL(page.url()).pathname, '/nothing', '/assets/page.js']) {
    const response = await page.context().request.get(path);
    const policy = response.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'/, path);
    assert.match(policy, /form-action 'self'; base-uri 'none'; frame-ancestors 'none'/, path);
    assert.equal(response.headers()['x-content-type-options'], 'nosniff');
    if (path.startsWith('/assets/')) continue;
    const html = await response.text();
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/, path);
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\/(?!127)/, path);
  }
});

test('without WebAssembly, and without scripts, the forms work and the server checks', async () => {
  const page = await stage.page({ javaScriptEnabled: false });
  await createOrder(page, { amount: '12.50' });
  await pay(page);
  await formOf(page, 'CAPTURE').locator('[name="amount"]').fill('12.51');
  await formOf(page, 'CAPTURE').locator('button').click();
  await page.locator('#amount-CAPTURE-issues .error').waitFor();
  assert.equal(await page.locator('#amount-CAPTURE').inputValue(), '12.51');

  const blocked = await stage.page();
  await blocked.addInitScript(() => {
    WebAssembly.Module = function Module() {
      throw new Error('blocked');
    };
  });
  await createOrder(blocked, { amount: '12.50' });
  assert.match(await blocked.locator('main > .note').textContent(), /the server checks/);
});

test('every sentence is there in both languages', () => {
  const { en, ar } = STRINGS;
  assert.deepEqual(Object.keys(ar), Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    const facts = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(facts(ar[key]), facts(text), key);
    assert.notEqual(ar[key], '', key);
  }
});

test('by keyboard alone', async () => {
  const page = await stage.page();
  await page.goto('/');
  const reach = async (selector) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    }
    assert.fail(`Tab never reaches ${selector}`);
  };
  await reach('#amount');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders\//);
  await reach('input[name="card"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/payments\//);
  await reach('#amount-CAPTURE');
  await page.keyboard.press('Enter');
  await page.locator('.total .chip.captured').waitFor();
  assert.equal(books()[0].captured, '500');
});

test('in Arabic, from right to left, at 360 px, nothing sticks out', async () => {
  const page = await stage.page({ viewport: { width: 360, height: 740 } });
  await page.goto('/?lang=ar');
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  assert.ok(await fits());
  await page.locator('#amount').fill('abc');
  assert.match(await page.locator('#amount-issues').textContent(), /مبلغ/);
  await createOrder(page, { amount: '100.00' });
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ar');
  assert.ok(await fits());
  await pay(page);
  await operate(page, 'CAPTURE', '30');
  for (const step of await page.locator('.steps summary').all()) await step.click();
  assert.ok(await fits());
  await formOf(page, 'CAPTURE').locator('[name="amount"]').fill('70.01');
  assert.match(await page.locator('#amount-CAPTURE-issues').textContent(), /المتبقي للتحصيل/);
  assert.deepEqual(stage.complaints, []);
});
