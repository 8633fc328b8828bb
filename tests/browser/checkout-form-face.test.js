// What an attached form shows to shoppers and reports to applications: onChange, brands, focus, summary, live region.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { AT, bare, fillCard, look, NUMBERS, visit, withoutWasm } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Attaches the form again, and keeps every state. @param {import('playwright-core').Page} page @param {object} [options] */
const attach = (page, options = {}) =>
  page.evaluate(
    ([more, at]) => {
      window.states = [];
      const onChange = (state) => window.states.push(JSON.parse(JSON.stringify(state)));
      window.checkout = window.aps.attachCheckout(document.querySelector('form'), {
        currency: 'AED',
        at,
        onChange,
        ...more,
      });
    },
    /** @type {const} */ ([options, AT]),
  );

/** @param {import('playwright-core').Page} page */
const state = (page) => page.evaluate(() => window.states.at(-1));

/** @param {import('playwright-core').Page} page */
const live = (page) => page.locator('form > [role="status"]').last();

/** What the thrown ValidationError names. @param {import('playwright-core').Page} page @param {string} call */
const refusal = (page, call) =>
  page.evaluate(`(() => {
    try {
      window.aps.${call};
    } catch (error) {
      return error.name + ' ' + error.issues.map(({ parameter, code }) => parameter + ':' + code);
    }
    return 'taken';
  })()`);

test('onChange reports the state of the form, and none of its values', async (t) => {
  const page = await visit(t, browser, stage);
  await attach(page);
  const first = await state(page);
  assert.equal(first.brand, null);
  assert.equal(first.complete, false);
  assert.deepEqual(
    first.errors.map(({ parameter, code }) => `${parameter}:${code}`),
    ['card_number:missing', 'expiry_date:missing', 'card_security_code:missing'],
  );
  await page.locator('#number').pressSequentially('4005');
  const typing = await state(page);
  assert.equal(typing.brand, 'VISA');
  assert.deepEqual(typing.fields.card_number, {
    empty: false,
    valid: false,
    touched: false,
    message: 'Enter all 16 digits of the card number',
  });
  await page.locator('#number').fill('');
  await fillCard(page);
  const done = await state(page);
  assert.deepEqual([done.complete, done.errors, done.brand], [true, [], 'VISA']);
  const all = JSON.stringify(await page.evaluate(() => window.states));
  for (const secret of [bare(NUMBERS.VISA), NUMBERS.VISA, '2708', '"123"', 'Layla']) assert.ok(!all.includes(secret));
  const count = await page.evaluate(() => window.states.length);
  await page.evaluate(() => window.checkout.refresh());
  assert.equal(await page.evaluate(() => window.states.length), count, 'only what changes');
  await page.evaluate(() => {
    document.getElementById('code').value = '12';
    window.checkout.refresh();
  });
  assert.equal((await state(page)).complete, false);
});

test('an error in onChange is reported, and does not block payment', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(`${stage.url}/?at=${AT}`);
  await page.waitForFunction(() => 'checkout' in window);
  await page.evaluate((at) => {
    window.aps.attachCheckout(document.querySelector('form'), {
      currency: 'AED',
      at,
      onChange() {
        throw new Error('of the application');
      },
    });
  }, AT);
  await fillCard(page);
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  assert.ok(errors.length > 0 && errors.every((one) => one === 'of the application'));
});

test('a brand that is not accepted is named early, in both languages', async (t) => {
  const page = await visit(t, browser, stage);
  const readMessage = () => page.locator('[data-aps-message="card_number"]').textContent();
  await attach(page, { brands: ['MADA', 'MASTERCARD'] });
  for (const [digits, brand, name, arabic] of [
    ['40055500', 'VISA', 'Visa', 'فيزا'],
    ['34567890', 'AMEX', 'American Express', 'أمريكان إكسبريس'],
    ['60110000', 'DISCOVER', 'Discover', 'ديسكفر'],
    ['64400000', 'DISCOVER', 'Discover', 'ديسكفر'],
    ['35280000', 'JCB', 'JCB', 'JCB'],
    ['62000000', 'UNIONPAY', 'UnionPay', 'يونيون باي'],
    ['36000000', 'DINERS', 'Diners Club', 'داينرز كلوب'],
    ['30569309', 'DINERS', 'Diners Club', 'داينرز كلوب'],
  ]) {
    await page.locator('#number').fill('');
    await page.locator('#number').pressSequentially(digits.slice(0, 4));
    assert.equal(await readMessage(), '', `${name}: not before it is sure`);
    await page.locator('#number').pressSequentially(digits.slice(4));
    assert.equal(await readMessage(), `This shop does not take ${name}`);
    assert.equal((await state(page)).brand, brand);
    assert.equal((await state(page)).errors[0].code, 'not_allowed');
    await page.evaluate(() => window.checkout.setLanguage('ar'));
    assert.equal(await readMessage(), `هذا المتجر لا يقبل بطاقات ${arabic}`);
    await page.evaluate(() => window.checkout.setLanguage('en'));
  }
  for (const number of [NUMBERS.MADA, NUMBERS.MASTERCARD]) {
    await page.locator('#number').fill(bare(number));
    assert.equal((await look(page, 'number')).valid, true);
  }
  // All that APS takes, if nothing is said.
  await attach(page);
  await page.locator('#number').fill(bare(NUMBERS.VISA));
  assert.equal((await look(page, 'number')).valid, true);
  await page.locator('#number').fill('6011000000000004');
  assert.equal(await readMessage(), 'This shop does not take Discover');
});

test('hint, placeholder and length of the code follow the brand', async (t) => {
  stage.edit = (html) =>
    html
      .replace('<label for="code">', '<span data-aps-hint="card_security_code">On the card</span>$&')
      .replace('id="code"', 'id="code" placeholder="123"');
  const page = await visit(t, browser, stage);
  const hint = () => page.locator('[data-aps-hint]').textContent();
  const placeholder = () => page.locator('#code').getAttribute('placeholder');
  assert.deepEqual([await hint(), await placeholder()], ['3 or 4 digits on the card', '123']);
  await page.locator('#number').fill(bare(NUMBERS.AMEX));
  assert.deepEqual([await hint(), await placeholder()], ['4 digits on the front of the card', '1234']);
  await page.locator('#number').fill(bare(NUMBERS.MADA));
  assert.deepEqual([await hint(), await placeholder()], ['3 digits on the back of the card', '123']);
  await page.evaluate(() => window.checkout.detach());
  assert.deepEqual([await hint(), await placeholder()], ['On the card', '123']);
});

test('unknown options, forms without a known field and unusable elements are refused, all at once', async (t) => {
  const page = await visit(t, browser, stage);
  await page.evaluate(() => {
    class Half extends HTMLElement {
      static formAssociated = true;
      constructor() {
        super();
        this.attachInternals();
      }
    }
    customElements.define('half-input', Half);
    const make = (html) => {
      const form = document.createElement('form');
      form.innerHTML = html;
      document.body.append(form);
      return form;
    };
    Object.assign(window, {
      form: document.getElementById('checkout'),
      bare: make('<input name="coupon">'),
      half: make('<half-input name="card_number"></half-input><input name="expiry_date">'),
      plain: make('<no-input data-aps="card_security_code"></no-input>'),
    });
  });
  for (const [call, expectedMessage] of [
    [`attachCheckout(form, { currency: 'AED', onchange() {} })`, 'onchange:unknown'],
    [
      `attachCheckout(form, { curency: 'AED', langauge: 'ar' })`,
      'curency:unknown,langauge:unknown,currency:bad_currency',
    ],
    [`attachCheckout(form, { currency: 'AED', brands: [] })`, 'brands:not_allowed'],
    [`attachCheckout(form, { currency: 'AED', brands: ['DISCOVER'] })`, 'brands:not_allowed'],
    [`attachCheckout(form, { currency: 'AED', brands: 'VISA' })`, 'brands:not_allowed'],
    [`attachCheckout(form, { currency: 'AED', onChange: 1 })`, 'onChange:bad_format'],
    [`attachCheckout(window.bare)`, 'form:missing'],
    [`attachCheckout(half)`, 'card_number:not_allowed'],
    [`attachCheckout(plain)`, 'card_security_code:not_allowed'],
    [`attachCheckout(form, { currency: 'AED' }).focus('coupon')`, 'field:not_allowed'],
  ]) {
    assert.equal(await refusal(page, call), `ValidationError ${expectedMessage}`, call);
  }
});

test('a form-associated custom element is a field like any other', async (t) => {
  stage.edit = (html) =>
    html.replace(/<input id="number"[\s\S]*?>/, '<card-input id="number" name="card_number" required></card-input>');
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.waitForFunction(() => 'aps' in window);
  await page.evaluate((at) => {
    class CardInput extends HTMLElement {
      static formAssociated = true;
      #internals = this.attachInternals();
      #input = document.createElement('input');
      #custom = '';
      constructor() {
        super();
        this.attachShadow({ mode: 'closed', delegatesFocus: true }).append(this.#input);
        this.#input.addEventListener('input', () => this.#update());
        this.#input.addEventListener('change', () => this.dispatchEvent(new Event('change', { bubbles: true })));
      }
      #update() {
        this.#internals.setFormValue(this.#input.value);
        this.#internals.setValidity(this.#custom ? { customError: true } : {}, this.#custom, this.#input);
      }
      get value() {
        return this.#input.value;
      }
      set value(text) {
        this.#input.value = text;
        this.#update();
      }
      get form() {
        return this.#internals.form;
      }
      get validity() {
        return this.#internals.validity;
      }
      get validationMessage() {
        return this.#internals.validationMessage;
      }
      get willValidate() {
        return this.#internals.willValidate;
      }
      setCustomValidity(text) {
        this.#custom = text;
        this.#update();
      }
    }
    customElements.define('card-input', CardInput);
    window.checkout = window.aps.attachCheckout(document.querySelector('form'), { currency: 'AED', at });
  }, AT);
  await page.locator('#number').click();
  await page.keyboard.type('4005');
  await page.locator('#expiry').click();
  assert.equal(
    await page.locator('[data-aps-message="card_number"]').textContent(),
    'Enter all 16 digits of the card number',
  );
  await page.locator('#number').click();
  await page.keyboard.press('End');
  await page.keyboard.type(bare(NUMBERS.VISA).slice(4));
  // Undo is its own: it shows no caret.
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await page.locator('#expiry').pressSequentially('0827');
  await page.locator('#code').pressSequentially('123');
  assert.equal(await page.locator('form').getAttribute('data-brand'), 'VISA');
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  assert.ok(new URLSearchParams(stage.posted[0]).get('card_number') === bare(NUMBERS.VISA));
});

test('focus moves to a field', async (t) => {
  const page = await visit(t, browser, stage);
  for (const [field, id] of [
    ['card_number', 'number'],
    ['expiry_date', 'expiry'],
    ['phone_number', 'phone'],
  ]) {
    await page.evaluate((name) => window.checkout.focus(name), field);
    assert.equal(await page.evaluate(() => document.activeElement.id), id);
  }
});

const withSummary = (/** @type {string} */ html) =>
  html.replace('<p><label for="number"', '<div data-aps-summary></div>$&');

test('the summary lists what is wrong, links to it, and shrinks as errors are corrected', async (t) => {
  stage.edit = (html) =>
    withSummary(html).replace('<button id="pay"', '<label><input type="checkbox" id="terms" required> Terms</label>$&');
  const page = await visit(t, browser, stage);
  const links = () => page.locator('[data-aps-summary] a').allTextContents();
  await page.locator('#number').pressSequentially('4005');
  await page.locator('#pay').click();
  const summary = page.locator('[data-aps-summary]');
  assert.equal(await summary.evaluate((element) => element === document.activeElement), true);
  assert.deepEqual((await links()).slice(0, 3), [
    'Enter all 16 digits of the card number',
    'Enter the expiry date as MM/YY',
    'Enter the 3 digits on the back of your card',
  ]);
  assert.equal((await links()).length, 4, 'and what is not ours');
  assert.equal(await summary.getAttribute('aria-label'), 'Check these before you pay');
  // It has the focus: the live region does not say it all again.
  assert.equal(await live(page).textContent(), 'Visa', 'said before');
  await page.locator('[data-aps-summary] a').nth(1).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'expiry');
  await page.locator('#expiry').pressSequentially('0827');
  assert.equal((await links()).length, 3);
  await page.locator('#number').fill(bare(NUMBERS.VISA));
  await page.locator('#code').fill('123');
  await page.locator('#terms').check();
  await page.locator('#holder').fill('Layla Haddad');
  assert.equal(await summary.evaluate((element) => element.childNodes.length), 0);
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
});

test('there is one live region, and it announces each message once', async (t) => {
  const page = await visit(t, browser, stage);
  const regions = await page.evaluate(() =>
    [...document.querySelectorAll('[role="status"], [role="alert"], [aria-live], output')]
      .filter((element) => element.getAttribute('aria-live') !== 'off')
      .map((element) => element.getAttribute('role')),
  );
  assert.deepEqual(regions, ['status']);
  await page.evaluate(() => {
    window.said = [];
    const region = [...document.querySelectorAll('form > [role="status"]')].at(-1);
    new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true });
  });
  // A later announcement replaces one that has not been made yet, which a busy machine delays.
  const hear = (/** @type {number} */ count) => page.waitForFunction((most) => window.said.length >= most, count);
  await page.locator('#number').pressSequentially('4005');
  await hear(1);
  await page.locator('#expiry').pressSequentially('0320');
  await hear(2);
  await page.locator('#code').pressSequentially('12');
  await hear(3);
  await page.locator('#holder').focus();
  await hear(4);
  assert.deepEqual(await page.evaluate(() => window.said), [
    'Visa',
    'Enter all 16 digits of the card number',
    'This card expired in 03/20',
    'Enter the 3 digits on the back of your card',
  ]);
});

test('a region of the page is used, and one that a framework removed is restored', async (t) => {
  const page = await visit(t, browser, stage);
  await live(page).evaluate((region) => region.remove());
  await page.locator('#number').pressSequentially('4005');
  await page.waitForFunction(() => document.querySelector('form > [role="status"]:last-child').textContent === 'Visa');
  await page.evaluate((at) => {
    const form = document.querySelector('form');
    window.checkout.detach();
    form.insertAdjacentHTML('beforeend', '<p data-aps-live></p>');
    window.checkout = window.aps.attachCheckout(form, { currency: 'AED', at });
  }, AT);
  await page.locator('#number').fill('5123');
  assert.equal(await page.locator('[data-aps-live]').textContent(), 'Mastercard');
  assert.equal(await page.locator('form > [role="status"]').count(), 1);
});

test('the button to pay is enabled once the form is attached, and only if the rules can be checked', async (t) => {
  stage.edit = (html) => html.replace('<button id="pay"', '<button data-aps-pay disabled id="pay"');
  const page = await visit(t, browser, stage);
  assert.equal(await page.locator('#pay').isEnabled(), true);
  await page.evaluate(() => window.checkout.detach());
  assert.equal(await page.locator('#pay').isEnabled(), false);
  stage.policy = withoutWasm;
  const context = await browser.newContext();
  t.after(() => context.close());
  const blocked = await context.newPage();
  await blocked.goto(`${stage.url}/?at=${AT}`);
  await blocked.waitForFunction(() => 'checkout' in window);
  assert.equal(await blocked.locator('#pay').isEnabled(), false);
  await blocked.locator('#code').focus();
  await fillCard(blocked);
  await blocked.keyboard.press('Enter');
  assert.deepEqual(stage.posted, []);
});

test('axe finds nothing in any state, in both languages', async (t) => {
  stage.edit = (html) =>
    withSummary(html).replace('<body>', '<body><main><h1>Checkout</h1>').replace('</body>', '</main></body>');
  const checkAccessibility = async (page, name) => {
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    assert.deepEqual(found, [], name);
  };
  for (const language of ['en', 'ar']) {
    const page = await visit(t, browser, stage, { language });
    await page.evaluate((name) => {
      document.documentElement.lang = name;
      document.documentElement.dir = name === 'ar' ? 'rtl' : 'ltr';
    }, language);
    await page.evaluate(axe);
    await checkAccessibility(page, 'empty');
    await page.locator('#number').pressSequentially('4005');
    await page.locator('#expiry').pressSequentially('30/12');
    await page.locator('#code').focus();
    await checkAccessibility(page, 'wrong');
    await page.locator('#pay').click();
    await checkAccessibility(page, 'summary');
    await page.locator('#number').fill('6011000000000004');
    await page.locator('#expiry').fill('08/77');
    await page.locator('#code').fill('123');
    await page.locator('#pay').click();
    await checkAccessibility(page, 'not taken, far');
    await page.locator('#number').fill('');
    await page.locator('#expiry').fill('');
    await page.locator('#code').fill('');
    await fillCard(page);
    await checkAccessibility(page, 'good');
  }
});

test('a walk with the keyboard alone, through an attempt that fails to one that is posted', async (t) => {
  stage.edit = withSummary;
  const page = await visit(t, browser, stage);
  const at = () => page.evaluate(() => document.activeElement.id);
  const { keyboard } = page;
  await keyboard.press('Tab');
  assert.equal(await at(), 'number');
  await keyboard.type(bare(NUMBERS.AMEX));
  await keyboard.press('Tab');
  assert.equal(await at(), 'expiry');
  await keyboard.type('1225');
  await keyboard.press('Tab');
  assert.equal(await at(), 'code');
  await keyboard.type('123');
  await keyboard.press('Enter');
  assert.deepEqual(await page.locator('[data-aps-summary] a').allTextContents(), [
    'This card expired in 12/25',
    'Enter the 4 digits on the front of your card',
  ]);
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  assert.equal(await at(), 'expiry');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('1227');
  await keyboard.press('Tab');
  await keyboard.press('End');
  await keyboard.type('4');
  assert.equal(await page.locator('[data-aps-summary]').textContent(), '');
  await keyboard.press('Tab');
  await keyboard.type('Layla Haddad');
  await Promise.all([page.waitForURL(/paymentPage/), keyboard.press('Enter')]);
  const body = new URLSearchParams(stage.posted[0]);
  assert.deepEqual([body.get('expiry_date'), body.get('card_security_code')], ['2712', '1234']);
});
