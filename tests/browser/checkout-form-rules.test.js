// The messages of an attached form: their text, their language, and when they appear.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AT, bare, fillCard, look, NUMBERS, visit, withoutWasm, withWasm } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

/** @param {import('playwright-core').Page} page @param {string} id @param {string} text */
async function type(page, id, text) {
  await page.locator(`#${id}`).fill('');
  await page.locator(`#${id}`).pressSequentially(text);
  return look(page, id);
}

/** @param {import('playwright-core').Page} page @param {string} parameter */
const readMessage = (page, parameter) => page.locator(`[data-aps-message="${parameter}"]`).textContent();

test('every field is checked by its rule', async (t) => {
  const page = await visit(t, browser, stage);
  const visa = bare(NUMBERS.VISA);
  for (const [id, text, message] of [
    ['number', '', 'Enter the card number'],
    ['number', visa.slice(0, 12), 'Enter all 16 digits of the card number'],
    ['number', visa.slice(0, 15), 'Enter all 16 digits of the card number'],
    // A digit beyond the length of the brand is rejected.
    ['number', `${visa}0`, ''],
    ['number', `${visa.slice(0, 15)}2`, 'Check the card number: one of the digits is wrong'],
    ['number', visa, ''],
    ['expiry', '', 'Enter the expiry date as MM/YY'],
    ['expiry', '12/25', 'This card expired in 12/25'],
    ['expiry', '01/26', ''],
    ['expiry', '13/27', 'There is no month 13: enter the expiry date as MM/YY'],
    ['expiry', '00/27', 'There is no month 00: enter the expiry date as MM/YY'],
    ['expiry', '08/2', 'Enter the expiry date as MM/YY'],
    ['expiry', 'soon', 'Enter the expiry date as MM/YY'],
    ['expiry', '08/27', ''],
    ['code', '', 'Enter the 3 digits on the back of your card'],
    ['code', '12', 'Enter the 3 digits on the back of your card'],
    ['code', '123', ''],
    ['holder', '', ''],
    ['holder', 'Layla = Haddad', 'Enter the name on the card without “=”'],
    ['holder', 'ليلى حداد', ''],
    ['holder', '4005 5500 0000 0001', 'Enter the name on the card, not its number'],
    ['holder', '٤٠٠٥٥٥٠٠٠٠٠٠٠٠٠١', 'Enter the name on the card, not its number'],
    // A warning does not block payment.
    ['holder', 'Layla Haddad 2', ''],
    ['amount', '', ''],
    ['amount', '49.999', 'Enter the amount in digits, such as 12.34'],
    ['amount', '1,00', 'Enter the amount in digits, such as 12.34'],
    ['amount', '1.000,50', 'Enter the amount in digits, such as 12.34'],
    ['amount', '12,34,567', 'Enter the amount in digits, such as 12.34'],
    ['amount', 'USD 10.00', 'Enter the amount in digits, such as 12.34'],
    ['amount', '-1', 'Enter the amount in digits, such as 12.34'],
    ['amount', '0', 'Enter an amount above zero'],
    ['amount', '123456789.01', 'Enter a smaller amount'],
    ['amount', '49.99', ''],
    ['email', '', ''],
    ['email', 'layla', 'Enter an email address such as name@example.com'],
    ['email', 'x@', 'Enter an email address such as name@example.com'],
    ['email', `${'x'.repeat(250)}@example.com`, /^Enter an email address of at most 254 characters, such as /],
    ['email', 'layla@example.com', ''],
    ['phone', '', ''],
    ['phone', '050 call me', 'Enter the phone number in digits, such as 971501234567'],
    ['phone', '12345678901234567890', 'Enter a phone number of at most 19 characters, such as 971501234567'],
    ['phone', '+971 50 1234567', ''],
  ]) {
    const found = await type(page, id, text);
    assert.equal(found.valid, message === '', `${id}: ${found.message}`);
    if (typeof message === 'string') assert.equal(found.message, message);
    else assert.match(found.message, message);
  }
  assert.equal(await page.locator('form').evaluate((form) => form.checkValidity()), true);
});

test('an amount is taken as pages show it', async (t) => {
  const page = await visit(t, browser, stage);
  for (const text of ['1,349.50', 'AED 1,349.50', '\u200f1,349.50\u00a0د.إ.\u200f', '١٬٣٤٩٫٥٠', '١٬٣٤٩٫٥', '1349.5']) {
    const { valid, message } = await type(page, 'amount', text);
    assert.ok(valid, `${text}: ${message}`);
    const amount = await page.evaluate(() => JSON.stringify(window.checkout.params().amount));
    assert.equal(amount, '{"amount":"134950","currency":"AED"}', text);
  }
  assert.equal((await type(page, 'amount', '1,349')).valid, true);
});

test('a comma that may stand for the decimal point is refused', async (t) => {
  const page = await visit(t, browser, stage, { currency: 'KWD' });
  assert.match((await type(page, 'amount', '1,250')).message, /such as 12\.345$/);
  for (const [text, amount] of [
    ['1,250.000', '1250000'],
    ['1,000,000', '1000000000'],
  ]) {
    await type(page, 'amount', text);
    assert.equal(await page.evaluate(() => JSON.parse(JSON.stringify(window.checkout.params().amount)).amount), amount);
  }
});

test('decimals are those of the currency', async (t) => {
  for (const [currency, good, bad] of [
    ['KWD', '1.750', '1.7505'],
    ['JPY', '1750', '1750.0'],
  ]) {
    const page = await visit(t, browser, stage, { currency });
    assert.equal((await type(page, 'amount', bad)).valid, false, currency);
    assert.equal((await type(page, 'amount', good)).valid, true, currency);
    assert.deepEqual(await page.evaluate(() => JSON.parse(JSON.stringify(window.checkout.params().amount))), {
      amount: good.replace('.', ''),
      currency,
    });
  }
});

test('the security code is as long as the brand has it, also when the number changes after it', async (t) => {
  const page = await visit(t, browser, stage);
  assert.equal((await type(page, 'code', '12345')).value, '1234');
  await type(page, 'number', bare(NUMBERS.AMEX));
  assert.equal((await type(page, 'code', '123')).message, 'Enter the 4 digits on the front of your card');
  assert.equal((await type(page, 'code', '12345')).value, '1234');
  assert.equal((await look(page, 'code')).valid, true);
  await type(page, 'number', bare(NUMBERS.MASTERCARD));
  const now = await look(page, 'code');
  assert.deepEqual([now.value, now.message], ['1234', 'Enter the 3 digits on the back of your card']);
  assert.equal((await type(page, 'code', '1234')).value, '123');
  assert.equal((await look(page, 'code')).valid, true);
});

test('a card needs its code, and an empty optional field is well', async (t) => {
  stage.edit = (html) => html.replaceAll(' required', '');
  t.after(() => {
    stage.edit = (html) => html;
  });
  const page = await visit(t, browser, stage);
  const valid = () => page.locator('form').evaluate((form) => form.checkValidity());
  assert.equal(await valid(), true);
  await type(page, 'number', bare(NUMBERS.VISA));
  assert.equal((await look(page, 'code')).message, 'Enter the 3 digits on the back of your card');
  assert.equal((await look(page, 'expiry')).message, 'Enter the expiry date as MM/YY');
  assert.equal((await look(page, 'holder')).valid, true);
  await type(page, 'number', '');
  assert.equal(await valid(), true);
});

test('a message appears when a field is left, and disappears once it is corrected', async (t) => {
  const page = await visit(t, browser, stage);
  await page.locator('#number').pressSequentially('4005');
  assert.equal(await readMessage(page, 'card_number'), '');
  assert.equal((await look(page, 'number')).userInvalid, false);
  await page.locator('#expiry').focus();
  assert.equal(await readMessage(page, 'card_number'), 'Enter all 16 digits of the card number');
  const left = await look(page, 'number');
  assert.deepEqual([left.userInvalid, left.ariaInvalid], [true, 'true']);
  // Nobody was in these yet.
  assert.equal(await readMessage(page, 'card_security_code'), '');
  assert.equal((await look(page, 'code')).ariaInvalid, null);
  await page.locator('#number').press('End');
  await page.locator('#number').pressSequentially(bare(NUMBERS.VISA).slice(4));
  assert.equal(await readMessage(page, 'card_number'), '');
  const mended = await look(page, 'number');
  assert.deepEqual([mended.userInvalid, mended.ariaInvalid], [false, null]);
});

test('setLanguage rewrites every message', async (t) => {
  const page = await visit(t, browser, stage, { language: 'ar' });
  await type(page, 'number', '4005550000000002');
  await page.locator('#code').focus();
  assert.equal(await readMessage(page, 'card_number'), 'تحقق من رقم البطاقة، فأحد الأرقام غير صحيح');
  assert.equal(await page.locator('output').textContent(), 'فيزا');
  await page.evaluate(() => {
    document.documentElement.lang = 'ar';
    document.documentElement.dir = 'rtl';
  });
  assert.equal((await look(page, 'code')).message, 'أدخل رمز الأمان المكوّن من 3 أرقام على ظهر بطاقتك');
  assert.equal((await type(page, 'amount', '1.999')).message, 'أدخل المبلغ بالأرقام، مثل 12.34');
  // Groups of digits read from left to right, whatever the page does; names as they are.
  for (const id of ['number', 'expiry', 'code', 'amount', 'email', 'phone']) {
    assert.equal(await page.locator(`#${id}`).evaluate((field) => getComputedStyle(field).direction), 'ltr', id);
  }
  assert.equal(await page.locator('#holder').evaluate((field) => getComputedStyle(field).direction), 'rtl');
  await page.evaluate(() => window.checkout.setLanguage('en'));
  assert.equal(await readMessage(page, 'card_number'), 'Check the card number: one of the digits is wrong');
  assert.equal(await page.locator('output').textContent(), 'Visa');
  const refused = await page.evaluate(() => {
    try {
      window.checkout.setLanguage('fr');
    } catch (error) {
      return error.issues[0].parameter;
    }
  });
  assert.equal(refused, 'language');
});

test('the time is now, at each check, unless it is given', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.clock.install({ time: Date.UTC(2026, 0, 31) });
  await page.goto(stage.url);
  await page.waitForFunction(() => 'checkout' in window);
  await page.locator('#expiry').pressSequentially('0126');
  assert.equal((await look(page, 'expiry')).valid, true);
  await page.clock.setFixedTime(Date.UTC(2026, 1, 2));
  await page.locator('#code').pressSequentially('1');
  assert.equal((await look(page, 'expiry')).message, 'This card expired in 01/26');
});

test('params has what may be logged', async (t) => {
  const page = await visit(t, browser, stage);
  const params = () => page.evaluate(() => JSON.parse(JSON.stringify(window.checkout.params())));
  assert.deepEqual(await params(), {});
  await fillCard(page);
  assert.deepEqual(await params(), {}, 'nothing of the card');
  await type(page, 'amount', '49.99');
  await type(page, 'email', 'layla@example.com');
  await type(page, 'phone', '٠٥٠');
  const filled = {
    amount: { amount: '4999', currency: 'AED' },
    customer_email: 'layla@example.com',
    phone_number: '050',
  };
  assert.deepEqual(await params(), filled);
  assert.equal(await page.evaluate(() => window.aps.Amount.isAmount(window.checkout.params().amount)), true);
  await type(page, 'phone', 'none');
  await type(page, 'amount', '0');
  assert.deepEqual(await params(), { customer_email: filled.customer_email }, 'nothing that is wrong');
});

test('without wasm-unsafe-eval everything works except the rules', async (t) => {
  stage.policy = withoutWasm;
  t.after(() => {
    stage.policy = withWasm;
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(`${stage.url}/?at=${AT}`);
  await page.waitForFunction(() => 'checkout' in window);
  assert.equal(await page.evaluate(() => window.checkout.available), false);
  await fillCard(page);
  assert.equal((await look(page, 'number')).value === NUMBERS.VISA, true, 'grouped');
  await type(page, 'amount', '1.9999');
  await type(page, 'phone', '٠٥٠');
  assert.equal((await look(page, 'amount')).valid, true);
  assert.deepEqual(await page.evaluate(() => window.checkout.params()), { phone_number: '050' });
  // What the platform knows by itself it says.
  await type(page, 'code', '');
  await page.locator('#pay').click();
  assert.equal((await look(page, 'code')).valid, false);
  assert.notEqual(await readMessage(page, 'card_security_code'), '');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'code');
  await type(page, 'code', '123');
  stage.posted.length = 0;
  await page.evaluate(() => window.checkout.setLanguage('ar'));
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  const body = new URLSearchParams(stage.posted[0]);
  assert.equal(body.get('card_number') === bare(NUMBERS.VISA), true);
  assert.deepEqual(body.getAll('expiry_date'), ['2708']);
  assert.deepEqual(errors, []);
});

test('errors in a call name the option', async (t) => {
  const page = await visit(t, browser, stage);
  const refused = await page.evaluate(() => {
    const form = document.querySelector('form');
    const { attachCheckout } = window.aps;
    return [
      [null, {}],
      [document.body, {}],
      [form, {}],
      [form, { currency: 'XXX' }],
      [form, { currency: 'aed' }],
      [form, { currency: 'AED', language: 'fr' }],
      [form, { currency: 'AED', at: 'now' }],
      [form, { currency: 'AED', at: new Date(Number.NaN) }],
      [form, null],
    ].map(([target, options]) => {
      try {
        attachCheckout(target, options);
      } catch (error) {
        return `${error.name} ${error.issues.map(({ parameter, code }) => `${parameter}:${code}`)}`;
      }
      return 'taken';
    });
  });
  assert.deepEqual(refused, [
    'ValidationError form:bad_format',
    'ValidationError form:bad_format',
    'ValidationError currency:bad_currency',
    'ValidationError currency:bad_currency',
    'ValidationError currency:bad_currency',
    'ValidationError language:not_allowed',
    'ValidationError at:bad_format',
    'ValidationError at:bad_format',
    'ValidationError currency:bad_currency',
  ]);
  // The form is as it was, still attached.
  await type(page, 'number', bare(NUMBERS.VISA));
  assert.equal((await look(page, 'number')).value === NUMBERS.VISA, true);
});

test('detach and attaching again keep the number that a script filled in', async (t) => {
  const page = await visit(t, browser, stage);
  const fill = (number, then) =>
    page.evaluate(
      ([value, way]) => {
        const form = document.querySelector('form');
        const field = document.getElementById('number');
        field.value = value;
        if (way === 'detach') window.checkout.detach();
        else window.checkout = window.aps.attachCheckout(form, { currency: 'AED' });
        return field.value;
      },
      [number, then],
    );
  assert.equal((await fill(NUMBERS.VISA, 'attach')) === NUMBERS.VISA, true);
  assert.equal((await fill(bare(NUMBERS.MASTERCARD), 'attach')) === NUMBERS.MASTERCARD, true, 'not the one before');
  assert.equal((await fill(NUMBERS.AMEX, 'detach')) === bare(NUMBERS.AMEX), true);
});

test('detach leaves the form as it was before', async (t) => {
  const page = await visit(t, browser, stage);
  /** The elements of a form and their attributes, in no order. */
  const html = (source) =>
    page.evaluate((text) => {
      const root = text === undefined ? document : new DOMParser().parseFromString(text, 'text/html');
      return [...root.querySelectorAll('form, form *')].map(({ localName, attributes }) =>
        [localName, ...[...attributes].map(({ name, value }) => `${name}="${value}"`).sort()].join(' '),
      );
    }, source);
  const before = await html(readFileSync(new URL('checkout-form/form.html', import.meta.url), 'utf8'));
  assert.notDeepEqual(await html(), before);
  await page.evaluate(() => window.checkout.detach());
  assert.deepEqual(await html(), before);
  await page.evaluate((at) => {
    const form = document.querySelector('form');
    window.checkout = window.aps.attachCheckout(form, { currency: 'AED', at });
    // Again: in place of the first time.
    window.checkout = window.aps.attachCheckout(form, { currency: 'AED', at });
  }, AT);
  await fillCard(page, { code: '12' });
  await page.locator('#pay').click();
  assert.notDeepEqual(await html(), before);
  assert.notEqual(await readMessage(page, 'card_security_code'), '');
  await page.evaluate(() => {
    window.checkout.detach();
    window.checkout.detach();
  });
  assert.deepEqual(await html(), before);
  assert.equal((await look(page, 'number')).value === bare(NUMBERS.VISA), true);
  assert.equal((await look(page, 'code')).valid, true);
  // Nothing listens any more.
  await type(page, 'expiry', '0827');
  assert.equal((await look(page, 'expiry')).value, '0827');
  assert.equal(await page.locator('output').textContent(), '');
});
