// What an attached form posts, how often, and what it still holds when the customer goes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildForm, verify } from 'aps-payops/server';
import { account as plain } from '../account.js';
import { launchChromium } from '../chromium.js';
import { AT, bare, fillCard, look, NUMBERS, visit, withoutWasm, withWasm } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

const SIGNED = {
  service_command: 'TOKENIZATION',
  access_code: plain.access_code,
  merchant_identifier: plain.merchant_identifier,
  merchant_reference: 'order-17',
  language: 'en',
  return_url: 'https://shop.example/return',
  signature: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
};

/** @param {import('playwright-core').Page} page */
const send = (page) => Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);

/** The only body that was posted, but for the number, which is compared without being printed. @param {string} number */
function formDataOf(number) {
  assert.equal(stage.posted.length, 1);
  const { card_number, ...rest } = Object.fromEntries(new URLSearchParams(stage.posted[0]));
  const names = [...new URLSearchParams(stage.posted[0]).keys()];
  assert.equal(new Set(names).size, names.length, 'no name twice');
  assert.ok(card_number === bare(number), 'the number, digits only');
  return rest;
}

test('exactly the parameters of APS are posted, in their forms', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page, { number: NUMBERS.AMEX, expiry: '8/27', code: '1234' });
  await page.locator('#amount').fill('49.99');
  await page.locator('#email').fill('layla@example.com');
  await page.locator('#coupon').fill('SPRING');
  await page.locator('#notes').fill('Ring twice');
  await page.locator('[name="remember_me"]').check();
  await send(page);
  assert.deepEqual(formDataOf(NUMBERS.AMEX), {
    ...SIGNED,
    card_security_code: '1234',
    card_holder_name: 'Layla Haddad',
    remember_me: 'YES',
    expiry_date: '2708',
  });
});

test('hidden fields are posted as signed, even if a visible field has the same name', async (t) => {
  stage.edit = (html) =>
    html
      .replace(
        '<p><label for="number"',
        '<input type="hidden" name="new_parameter" value="signed"><input type="hidden" name="amount" value="4999">$&',
      )
      .replace('data-aps="amount"', 'name="amount"')
      .replace('id="number"', 'id="number" form="checkout"');
  const page = await visit(t, browser, stage);
  await fillCard(page);
  await page.locator('#amount').fill('12.34');
  await send(page);
  const { new_parameter, amount } = formDataOf(NUMBERS.VISA);
  assert.deepEqual({ new_parameter, amount }, { new_parameter: 'signed', amount: '4999' });
});

test('CREATE_TOKEN takes neither security code nor wish to be remembered', async (t) => {
  stage.edit = (html) => html.replace('value="TOKENIZATION"', 'value="CREATE_TOKEN"');
  const page = await visit(t, browser, stage);
  await fillCard(page);
  await page.locator('[name="remember_me"]').check();
  await send(page);
  assert.deepEqual(formDataOf(NUMBERS.VISA), {
    ...SIGNED,
    service_command: 'CREATE_TOKEN',
    card_holder_name: 'Layla Haddad',
    expiry_date: '2708',
  });
});

test('a signed form posts nothing that was not signed, with WebAssembly or without', async (t) => {
  t.after(() => {
    stage.policy = withWasm;
  });
  stage.edit = (html) =>
    html
      .replace('data-aps="amount"', 'name="amount"')
      .replace('data-aps="email"', 'name="customer_email"')
      .replace('<button id="pay"', '<select name="currency"><option>AED</option></select><button id="pay" name="way"');
  for (const policy of [withWasm, withoutWasm]) {
    stage.policy = policy;
    stage.posted.length = 0;
    const page = await visit(t, browser, stage);
    await fillCard(page);
    await page.locator('#amount').fill('49.99');
    await page.locator('#email').fill('layla@example.com');
    await page.locator('#coupon').fill('SPRING');
    await send(page);
    assert.deepEqual(formDataOf(NUMBERS.VISA), {
      ...SIGNED,
      card_security_code: '123',
      card_holder_name: 'Layla Haddad',
      expiry_date: '2708',
    });
  }
});

test('a hidden expiry_date of the page is filled in', async (t) => {
  stage.edit = (html) => html.replace('<p><label for="number"', '<input type="hidden" name="expiry_date">$&');
  const page = await visit(t, browser, stage);
  const own = page.locator('[name="expiry_date"][type="hidden"]');
  await fillCard(page);
  assert.equal(await own.inputValue(), '2708');
  await page.evaluate(() => window.checkout.detach());
  assert.equal(await own.inputValue(), '', 'as it was');
  await page.evaluate(() => {
    window.checkout = window.aps.attachCheckout(document.querySelector('form'), { currency: 'AED' });
  });
  await send(page);
  assert.equal(formDataOf(NUMBERS.VISA).expiry_date, '2708');
});

test('an unsigned form for another address keeps its own fields', async (t) => {
  stage.edit = (html) =>
    html.replace(/<input type="hidden" name="signature".*>/, '').replace('data-aps="amount"', 'name="amount"');
  const page = await visit(t, browser, stage);
  await fillCard(page);
  await page.locator('#coupon').fill('SPRING');
  await page.locator('#amount').pressSequentially('٤٩٫٩٩');
  await send(page);
  const { coupon, amount } = formDataOf(NUMBERS.VISA);
  assert.deepEqual({ coupon, amount }, { coupon: 'SPRING', amount: '49.99' });
});

test('an invalid form is not posted, and the first invalid field gets the focus', async (t) => {
  const page = await visit(t, browser, stage);
  await page.locator('#notes').press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'number');
  for (const parameter of ['card_number', 'expiry_date', 'card_security_code']) {
    assert.match(
      await page.locator(`[data-aps-message="${parameter}"]`).textContent(),
      /^Enter the (card number|expiry date as MM\/YY|3 or 4 digits of the security code)$/,
    );
  }
  await fillCard(page, { code: '12' });
  await page.locator('#pay').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'code');
  const code = await look(page, 'code');
  assert.deepEqual([code.userInvalid, code.ariaInvalid], [true, 'true']);
  assert.equal(await page.locator('#pay').getAttribute('aria-disabled'), null);
  await page.locator('#code').press('End');
  await page.locator('#code').pressSequentially('3');
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#code').press('Enter')]);
  assert.equal(formDataOf(NUMBERS.VISA).card_security_code, '123');
});

test('a message that appears above the button does not cost the click on it', async (t) => {
  stage.edit = (html) => html.replace('<span data-aps-message="expiry_date">', '<p data-aps-message="expiry_date">');
  const page = await visit(t, browser, stage);
  const { x, y } = await page.locator('#pay').boundingBox();
  await page.locator('#expiry').pressSequentially('13/27');
  await page.mouse.move(x + 5, y + 2);
  await page.mouse.down();
  assert.equal(await page.locator('[data-aps-message="expiry_date"]').textContent(), '');
  await page.mouse.up();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'number');
  for (const parameter of ['card_number', 'expiry_date', 'card_security_code']) {
    assert.notEqual(await page.locator(`[data-aps-message="${parameter}"]`).textContent(), '', parameter);
  }
  assert.notEqual((await page.locator('#pay').boundingBox()).y, y, 'it has moved');
});

test('a second click, and Enter after it, post nothing more', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page);
  const state = await page.evaluate(() => {
    const form = document.querySelector('form');
    const button = document.getElementById('pay');
    const submits = [];
    form.addEventListener('submit', ({ defaultPrevented }) => submits.push(defaultPrevented));
    button.focus();
    button.click();
    button.click();
    form.requestSubmit();
    return {
      submits,
      busy: form.getAttribute('aria-busy'),
      disabled: button.getAttribute('aria-disabled'),
      clear: document.getElementById('clear').getAttribute('aria-disabled'),
      active: document.activeElement.id,
    };
  });
  assert.deepEqual(state, { submits: [false, true, true], busy: 'true', disabled: 'true', clear: null, active: 'pay' });
  await page.waitForURL(/paymentPage/);
  formDataOf(NUMBERS.VISA);
});

test('a double click posts once', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page);
  stage.gate = new Promise((done) => setTimeout(done, 500));
  await page.locator('#pay').dblclick();
  await page.waitForURL(/paymentPage/);
  formDataOf(NUMBERS.VISA);
});

test('a submit that the page handles itself leaves the form ready', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page);
  const states = await page.evaluate(async () => {
    const form = document.querySelector('form');
    let sent = 0;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      sent += 1;
    });
    form.requestSubmit();
    await new Promise((done) => setTimeout(done, 10));
    form.requestSubmit();
    await new Promise((done) => setTimeout(done, 10));
    return { sent, busy: form.getAttribute('aria-busy') };
  });
  assert.deepEqual(states, { sent: 2, busy: null });
});

test('a button that only closes a dialog closes it, and the form stays ready', async (t) => {
  stage.edit = (html) =>
    html
      .replace('<form', '<dialog open><form')
      .replace('</form>', '<button id="close" formmethod="dialog" formnovalidate>Close</button></form></dialog>');
  const page = await visit(t, browser, stage);
  for (const expiry of ['', '0827']) {
    await page.locator('#expiry').pressSequentially(expiry);
    await page.locator('#close').click();
    await page.waitForFunction(() => !document.querySelector('dialog').open, undefined, { timeout: 2000 });
    assert.equal(await page.locator('form').getAttribute('aria-busy'), null);
    await page.evaluate(() => document.querySelector('dialog').show());
  }
  await page.locator('#expiry').fill('');
  await fillCard(page);
  await send(page);
  assert.equal(stage.posted.length, 1);
});

test('a button with formnovalidate is let through', async (t) => {
  stage.edit = (html) => html.replace('<button id="pay"', '<button id="later" formnovalidate>Later</button>$&');
  const page = await visit(t, browser, stage);
  await page.locator('#later').click();
  assert.equal(await page.locator('form').getAttribute('aria-busy'), null, 'not to the gateway without an expiry date');
  await page.locator('#expiry').pressSequentially('0827');
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#later').click()]);
  assert.equal(stage.posted.length, 1);
});

test('no card goes to the gateway without an expiry date, however the form is sent', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page, { expiry: '13/27' });
  const data = await page.evaluate(() => {
    const form = document.querySelector('form');
    form.noValidate = true;
    form.requestSubmit();
    return [...new FormData(form).keys()];
  });
  assert.equal(await page.locator('form').getAttribute('aria-busy'), null);
  for (const name of ['card_number', 'card_security_code', 'expiry_date']) assert.ok(!data.includes(name), name);
  await Promise.all([page.waitForURL(/paymentPage/), page.evaluate(() => document.querySelector('form').submit())]);
  const names = [...new URLSearchParams(stage.posted[0]).keys()];
  assert.ok(!names.includes('card_number') && names.includes('signature'));
});

test('going back finds a usable form without the security code', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page);
  await send(page);
  await page.goBack();
  await page.waitForFunction(() => 'checkout' in window);
  assert.equal((await look(page, 'code')).value, '');
  assert.equal(await page.locator('form').getAttribute('aria-busy'), null);
  await page.locator('#number').fill('');
  await page.locator('#expiry').fill('');
  await page.locator('#holder').fill('');
  await fillCard(page, { number: NUMBERS.MADA });
  await send(page);
  assert.equal(stage.posted.length, 2);
  stage.posted.shift();
  assert.equal(formDataOf(NUMBERS.MADA).expiry_date, '2708');
});

test('so it does where the browser kept the page', async (t) => {
  // The shell keeps no pages.
  const keeping = await launchChromium({ isWhole: true, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  t.after(() => keeping.close());
  const page = await (await keeping.newContext()).newPage();
  await page.goto(`${stage.url}/?at=${AT}`);
  await page.waitForFunction(() => 'checkout' in window);
  await page.evaluate(() => {
    window.kept = true;
  });
  await fillCard(page);
  await send(page);
  // Playwright does not see the load event of a page that was never unloaded.
  await page.goBack({ waitUntil: 'commit' });
  await page.waitForFunction(() => 'checkout' in window);
  assert.equal(await page.evaluate(() => window.kept), true, 'it is the same page');
  assert.equal((await look(page, 'code')).value, '');
  assert.equal((await look(page, 'number')).value === NUMBERS.VISA, true);
  assert.equal(await page.locator('form').getAttribute('aria-busy'), null);
  assert.equal(await page.locator('#pay').getAttribute('aria-disabled'), null);
  assert.equal(await page.locator('#pay').evaluate((button) => button.form.checkValidity()), false);
  await page.locator('#code').pressSequentially('350');
  await send(page);
  assert.equal(stage.posted.length, 2);
  stage.posted.shift();
  assert.equal(formDataOf(NUMBERS.VISA).card_security_code, '350');
});

test('reset empties the form and its messages', async (t) => {
  const page = await visit(t, browser, stage);
  await fillCard(page, { number: NUMBERS.MEEZA, code: '12' });
  await page.locator('#pay').click();
  assert.notEqual(await page.locator('[data-aps-message="card_security_code"]').textContent(), '');
  await page.locator('#clear').click();
  await page.waitForFunction(
    () => document.querySelector('[data-aps-message="card_security_code"]').textContent === '',
  );
  assert.equal(await page.locator('output').textContent(), '');
  assert.equal(await page.locator('#expiry').inputValue(), '');
  assert.equal((await look(page, 'number')).ariaInvalid, null);
});

test('a browser posts exactly what was signed, whatever the values contain', async () => {
  const account = {
    ...plain,
    environment: {
      paymentApi: stage.url,
      paymentPage: `${stage.url}/paymentPage`,
      upload: stage.url,
      batchApi: stage.url,
    },
  };
  const page = await browser.newPage();
  const texts = ['a\nb', 'a\rb', 'a\r\nb', '\n', 'a\n\r\n\rb\n', '\t a "b" <c> & é 🛒 ', '&#13;&amp;'];
  for (const order_description of texts) {
    const order = { merchant_reference: 'order-1', amount: '1000', currency: 'AED', customer_email: 'a@example.com' };
    const form = buildForm('PURCHASE', { ...order, return_url: 'https://shop.example/', order_description }, account);
    await page.setContent(form.html());
    await Promise.all([page.waitForURL(/paymentPage/), page.locator('button').click()]);
    const posted = stage.posted.pop() ?? '';
    assert.equal(new URLSearchParams(posted).get('order_description'), form.fields.order_description);
    assert.ok(
      verify(posted, { phrase: plain.sha_request_phrase, digest: 'SHA-256' }),
      JSON.stringify(order_description),
    );
  }
  await page.close();
});
