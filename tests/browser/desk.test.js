// The desk in Chromium: what a shop keeper sees, and what the server does when the page is bypassed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from 'aps-payops/server';
import { STRINGS } from '../../www/server/strings.js';
import {
  askFor,
  books,
  cards,
  createOrder,
  formOf,
  hiddenFields,
  open,
  openDesk,
  operate,
  paid,
  pay,
  post,
  readBalance,
  stateOf,
} from './stage.js';
import { browser } from './with-chromium.js';
import { openForEach, stage } from './with-shop.js';

openForEach();

test('amounts are checked while they are typed', async () => {
  const page = await stage.page();
  await page.goto('/new');
  const amount = page.locator('#amount');
  const issues = page.locator('#amount-issues');
  for (const bad of ['1e3', '19.999', 'abc', '1,00', '1.000,50', '12,34,567', '-5', '+5']) {
    await amount.fill(bad);
    await issues.locator('.error').first().waitFor();
    assert.equal(await issues.textContent(), 'Enter a number with at most 2 decimals, such as 1,349.50.', bad);
    assert.equal(await amount.getAttribute('aria-invalid'), 'true', bad);
  }
  await amount.fill('123456789.01');
  assert.match(await issues.textContent(), /too long: 10 characters at most/);
  await amount.fill('0');
  assert.match(await issues.textContent(), /more than zero/);
  // As these pages write amounts, and as an Arabic keyboard does.
  for (const [typed, read] of [
    ['1,349.50', '1,349.50'],
    ['AED 1,349.50', '1,349.50'],
    ['١٬٣٤٩٫٥٠', '1,349.50'],
    ['۵', '5.00'],
    [' 1 ', '1.00'],
  ]) {
    await amount.fill(typed);
    assert.equal(await issues.locator('.error').count(), 0, typed);
    assert.ok((await issues.locator('.good').textContent()).endsWith(read), typed);
  }
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
  // An invalid form is not sent, and the focus goes to the error.
  await page.locator('form[action="/orders"] button').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'amount');
  assert.equal(new URL(page.url()).pathname, '/new');
  const described = (await amount.getAttribute('aria-describedby')).split(' ');
  for (const id of described) assert.equal(await page.locator(`#${id}`).count(), 1, id);
  assert.deepEqual(stage.complaints, []);
});

test('the server checks the order again when the page is bypassed', async () => {
  const page = await stage.page();
  await page.goto('/new');
  const form = page.locator('form[action="/orders"]');
  for (const amount of ['1e3', '19.999', 'abc', '0', '', '1,5', '123456789.01']) {
    const { csrf } = await hiddenFields(form);
    const token = crypto.randomUUID();
    const fields = { csrf, token, description: 'Lamp', amount, currency: 'AED', email: 'a@b.ae', command: 'PURCHASE' };
    const response = await post(stage, page, '/orders', fields);
    assert.equal(response.status(), 422, amount);
    assert.match(await response.text(), /id="amount-issues"[^>]*><span class="error">/);
  }
  assert.deepEqual(books(stage), []);
});

test('every sentence exists in both languages', () => {
  const { en, ar } = STRINGS;
  assert.deepEqual(Object.keys(ar), Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    const facts = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(facts(ar[key]), facts(text), key);
    assert.notEqual(ar[key], '', key);
  }
});

test('captures in parts and a refund: the bar follows, and more than is left is refused', async () => {
  const page = await stage.page();
  await paid(page, { amount: '100.00' });
  assert.equal(await stateOf(page), 'Authorized');
  assert.match(
    (await readBalance(page)).label,
    /Authorized AED.100\.00, captured AED.0\.00, refunded AED.0\.00, remaining AED.100\.00/,
  );
  assert.match(await page.locator('.facts').textContent(), /Lapses\s*in 7 days/);
  assert.equal(await formOf(page, 'VOID_AUTHORIZATION').count(), 1);
  assert.equal(await formOf(page, 'REFUND').count(), 0);

  await operate(page, 'CAPTURE', '30');
  assert.equal(await stateOf(page), 'Partly captured');
  assert.equal(await formOf(page, 'VOID_AUTHORIZATION').count(), 0);
  await operate(page, 'CAPTURE', '50.00');
  const { label, ...sums } = await readBalance(page);
  assert.deepEqual(sums, { authorized: '100.00', captured: '80.00', refunded: '0.00', remaining: '20.00' });

  // In the page.
  const capture = formOf(page, 'CAPTURE');
  const amount = capture.locator('[name="amount"]');
  assert.equal(await amount.inputValue(), '20.00');
  assert.match(await capture.locator('#amount-CAPTURE-hint').textContent(), /At most AED.20\.00/);
  await amount.fill('20.01');
  assert.match(await page.locator('#amount-CAPTURE-issues').textContent(), /more than is left to capture/);
  await capture.locator('button').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'amount-CAPTURE');
  // On the server, when the page is bypassed.
  const reference = new URL(page.url()).pathname.split('/').pop();
  const fields = {
    ...(await hiddenFields(page.locator('form[action$="/refresh"]'))),
    command: 'CAPTURE',
    amount: '20.01',
    by: 'Layla',
  };
  const refused = await post(stage, page, `/payments/${reference}/operations`, fields);
  assert.equal(refused.status(), 409);
  assert.match(await refused.text(), /more than is left to capture/);
  assert.equal(stage.shop.sandbox.log().filter(({ request }) => request?.amount === '2001').length, 0);

  await operate(page, 'REFUND', '20');
  assert.equal(await stateOf(page), 'Partly refunded');
  assert.match(await page.locator('.facts').textContent(), /Lapses\s*in 7 days/);
  const [{ captured, refunded }] = books(stage);
  assert.deepEqual([captured, refunded], ['8000', '2000']);

  // Each step shows its messages, without secrets.
  for (const step of await page.locator('.steps summary').all()) await step.click();
  const steps = page.locator('.steps > li');
  assert.equal(await steps.count(), 5);
  for (const step of await steps.all()) assert.match(await step.textContent(), /✓ Signature verified/);
  assert.equal(await page.locator('.steps .chip.failed').count(), 0);
  assert.match(await steps.last().textContent(), /Card given to the gateway.*service_command.*TOKENIZATION/s);
  const readCells = (name) => page.locator('tr', { hasText: name }).locator('td').allTextContents();
  assert.deepEqual(new Set(await readCells('card_number')), new Set(['400555******0001']));
  assert.deepEqual(await readCells('card_security_code'), []);
  const html = await page.content();
  const { sha_request_phrase, sha_response_phrase } = stage.shop.sandbox.account;
  for (const secret of ['4005550000000001', sha_request_phrase, sha_response_phrase]) assert.ok(!html.includes(secret));

  // A double click, and a stale form, capture once.
  await askFor(page, 'CAPTURE', '5');
  await page.locator('#by').fill('Layla');
  await page.locator('form.confirm button').dblclick();
  await steps.nth(5).waitFor();
  const token = await hiddenFields(page.locator('form[action$="/refresh"]'));
  const path = `/payments/${reference}/operations`;
  const once = { ...token, command: 'CAPTURE', amount: '1', by: 'Layla' };
  await Promise.all([1, 2, 3].map(() => post(stage, page, path, once)));
  assert.equal(books(stage)[0].captured, '8600');

  // Nothing is left to lapse or capture: a stale form gets a sentence, without a form of its own.
  await page.goto(`/payments/${reference}`);
  await operate(page, 'CAPTURE', '14');
  assert.ok(!/Lapse/.test(await page.locator('.facts').textContent()));
  const unused = await hiddenFields(page.locator('form[action$="/refresh"]'));
  const late = await post(stage, page, path, { ...unused, command: 'CAPTURE', amount: '1', by: 'Layla' });
  assert.match(await late.text(), />\s*Amount is more than is left to capture/);
  assert.deepEqual(stage.complaints, []);
});

test('a void, a purchase refunded, a lapse', async () => {
  const page = await stage.page();
  await paid(page);
  await operate(page, 'VOID_AUTHORIZATION');
  assert.equal(await stateOf(page), 'Voided');
  assert.equal(await page.locator('form[data-check="operation"]').count(), 0);

  await paid(page, { command: 'PURCHASE', card: cards.mada_success });
  assert.equal(await stateOf(page), 'Captured');
  await operate(page, 'REFUND');
  assert.equal(await stateOf(page), 'Refunded');

  await paid(page);
  await page.locator('footer button').click();
  await page.locator('.total .chip.lapsed').waitFor();
  assert.equal(await page.locator('form[data-check="operation"]').count(), 0);
  assert.deepEqual(
    books(stage).map(({ state }) => state),
    ['voided', 'refunded', 'lapsed'],
  );
  await page.goto('/');
  const states = await page.locator('.row .chip').allTextContents();
  assert.deepEqual(states, ['Lapsed', 'Refunded', 'Voided']);
  assert.deepEqual(stage.complaints, []);
});

test('the inspector names the mistake that would make a signature match, and shows no secret', async () => {
  const page = await stage.page();
  const { access_code, merchant_identifier, sha_request_phrase, sha_response_phrase, digest } =
    stage.shop.sandbox.account;
  const reply = {
    access_code,
    merchant_identifier,
    command: 'PURCHASE',
    merchant_reference: 'order-1',
    order_description: 'Tom & Ann',
    amount: '100',
    response_code: '14000',
    status: '14',
  };
  const request = {
    access_code,
    merchant_identifier,
    command: 'CAPTURE',
    merchant_reference: 'order-1',
    amount: '100',
  };
  const withSignature = (params, phrase) => ({
    ...params,
    signature: sign(params, { phrase: String(phrase), digest }),
  });
  const right = withSignature(reply, sha_response_phrase);
  const inspect = async (text) => {
    await page.goto('/inspector');
    await page.locator('#message').fill(text);
    await page.locator('form[action="/inspector"] button').click();
    await page.locator('main > .note, #verdict').first().waitFor();
    const html = await page.content();
    for (const secret of [sha_request_phrase, sha_response_phrase]) assert.ok(!html.includes(String(secret)));
    const hints = await page.locator('.hints .code').allTextContents();
    return { verdict: await page.locator('main .note').textContent(), hints };
  };
  const good = await inspect(JSON.stringify(right));
  assert.match(good.verdict, /matches: signed with this account’s SHA response phrase/);
  const form = new URLSearchParams(right).toString();
  assert.match((await inspect(form)).verdict, /matches/);
  assert.match((await inspect(`https://shop.example/return/en/order-1?${form}`)).verdict, /matches/);
  const sent = withSignature(request, sha_request_phrase);
  assert.match((await inspect(JSON.stringify(sent))).verdict, /matches: signed with this account’s SHA request phrase/);

  const bad = async (message) => {
    const { verdict, hints } = await inspect(JSON.stringify(message));
    assert.match(verdict, /does not match/);
    // The expected value is not revealed.
    const html = await page.content();
    const { signature, ...params } = message;
    const phrase = 'response_code' in message ? sha_response_phrase : sha_request_phrase;
    const expected = sign(params, { phrase: String(phrase), digest });
    assert.ok(!html.includes(expected));
    return hints;
  };
  assert.deepEqual((await bad({ ...right, order_description: 'Tom &amp; Ann' })).slice(0, 2), [
    'unescaped_value',
    'order_description',
  ]);
  assert.ok((await bad(withSignature(reply, sha_request_phrase))).includes('other_phrase'));
  assert.deepEqual((await bad({ ...right, mine: '1' })).slice(0, 2), ['extra_parameter', 'mine']);
  assert.deepEqual(await bad({ ...right, amount: '1' }), []);
  assert.match((await inspect(JSON.stringify(reply))).verdict, /no signature/);
  assert.match((await inspect('nothing of the kind {')).verdict, /does not match|no message|no signature/);
  assert.deepEqual(stage.complaints, []);
});

test('every answer has the security headers, and no page has anything inline', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  const order = await (await page.context().request.get(`/orders/${id}`)).text();
  await pay(page);
  await openDesk(page);
  const gateway = new URL(stage.shop.sandbox.account.environment.paymentPage).origin;
  assert.ok(order.includes(`action="${gateway}/FortAPI/paymentPage"`));
  for (const path of [
    '/',
    `/orders/${id}`,
    new URL(page.url()).pathname,
    '/inspector',
    '/nothing',
    '/assets/desk.js',
  ]) {
    const response = await page.context().request.get(path);
    assert.equal(
      response.headers()['content-security-policy'],
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
        `connect-src 'self'; form-action 'self' ${gateway}; base-uri 'none'; frame-ancestors 'none'`,
      path,
    );
    assert.equal(response.headers()['x-content-type-options'], 'nosniff');
    if (path.startsWith('/assets/')) continue;
    for (const html of [await response.text(), order]) {
      assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/, path);
      assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\/(?!127)/, path);
    }
  }
});

test('without scripts, and without WebAssembly, the desk’s forms work and the server checks', async () => {
  const page = await stage.page();
  await paid(page, { amount: '12.50' });
  const bare = await stage.page({ javaScriptEnabled: false });
  await bare.goto(page.url());
  await formOf(bare, 'CAPTURE').locator('[name="amount"]').fill('12.51');
  await formOf(bare, 'CAPTURE').locator('button').click();
  await bare.locator('#amount-CAPTURE-issues .error').waitFor();
  assert.equal(await bare.locator('#amount-CAPTURE').inputValue(), '12.51');
  await formOf(bare, 'CAPTURE').locator('[name="amount"]').fill('12.50');
  await formOf(bare, 'CAPTURE').locator('button').click();
  await bare.locator('#by').fill('Layla');
  await bare.locator('form.confirm button').click();
  await bare.locator('.total .chip.captured').waitFor();

  const other = await open(browser, { wasm: false });
  try {
    const blocked = await other.page();
    await blocked.goto('/new');
    assert.match(await blocked.locator('main > .note').textContent(), /the server checks/);
    await paid(blocked);
    await operate(blocked, 'CAPTURE', '10');
    assert.equal((await readBalance(blocked)).captured, '10.00');
  } finally {
    await other.close();
  }
});

test('numerals and money are written by Intl, in both languages', async () => {
  const page = await stage.page();
  await paid(page, { amount: '1234.567', currency: 'KWD' });
  assert.equal((await page.locator('.total .money').textContent()).replace(/\s/g, ' '), 'KWD 1,234.567');
  await page.goto(`${page.url()}?lang=ar`);
  const written = new Intl.NumberFormat('ar-AE', { style: 'currency', currency: 'KWD' }).format(1234.567);
  assert.equal(await page.locator('.total .money').textContent(), written);
});
