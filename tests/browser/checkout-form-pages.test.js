// Forms that are built otherwise: parts of them elsewhere, switched off, not yet in the page, two at once, or on a phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT, bare, fillCard, look, NUMBERS, visit } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

const FIELDS = /<p><label for="number">[\s\S]*<span data-aps-message="card_security_code"[\s\S]*?<\/p>/;

test('a button outside the form sees what scripts filled in, too', async (t) => {
  stage.edit = (html) =>
    html.replace('<p id="after">', '<button id="outside" form="checkout">Pay now</button><p id="after">');
  const page = await visit(t, browser, stage);
  await page.evaluate((number) => {
    Object.assign(document.getElementById('number'), { value: number });
    Object.assign(document.getElementById('expiry'), { value: '08/27' });
    Object.assign(document.getElementById('code'), { value: '123' });
  }, bare(NUMBERS.VISA));
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#outside').click()]);
  assert.equal(new URLSearchParams(stage.posted[0]).get('expiry_date'), '2708');
});

test('fields outside the form are its fields, and the button outside rests as the one inside', async (t) => {
  stage.edit = (html) =>
    html.replace(/<p><label for="number">[\s\S]*?<\/p>/, '').replace(
      '<p id="after">',
      `<input id="number" name="card_number" form="checkout" aria-label="Number" required>
         <button id="outside" form="checkout">Pay now</button><p id="after">`,
    );
  const page = await visit(t, browser, stage);
  await fillCard(page, { number: NUMBERS.AMEX, code: '1234' });
  assert.equal((await look(page, 'number')).value === NUMBERS.AMEX, true);
  const disabled = await page.evaluate(() => {
    document.querySelector('form').requestSubmit();
    return document.getElementById('outside').getAttribute('aria-disabled');
  });
  assert.equal(disabled, 'true');
  await page.waitForURL(/paymentPage/);
  assert.equal(new URLSearchParams(stage.posted[0]).get('card_number') === bare(NUMBERS.AMEX), true);
});

test('disabled fields are neither checked nor posted, as when a saved card is chosen', async (t) => {
  stage.edit = (html) =>
    html
      .replace(FIELDS, (fields) => `<fieldset id="new">${fields}</fieldset>`)
      .replace('<input type="hidden" name="signature"', '<input type="hidden" name="token_name" value="abc">$&');
  const page = await visit(t, browser, stage);
  await page.locator('#number').pressSequentially('4005');
  await page.locator('#expiry').pressSequentially('0820');
  await page.locator('#amount').fill('49.99');
  await page.evaluate(() => {
    document.getElementById('new').disabled = true;
    document.getElementById('amount').disabled = true;
  });
  await page.locator('#holder').fill('Layla Haddad');
  assert.equal(await page.locator('form').evaluate((form) => form.checkValidity()), true);
  assert.deepEqual(await page.evaluate(() => window.checkout.params()), {});
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  const names = [...new URLSearchParams(stage.posted[0]).keys()];
  for (const name of ['card_number', 'expiry_date', 'card_security_code']) assert.ok(!names.includes(name), name);
  assert.ok(names.includes('card_holder_name') && names.includes('token_name'));
});

test('a hidden parameter stays as it is where a field of its name is switched off', async (t) => {
  stage.edit = (html) =>
    html
      .replace(/<input type="hidden" name="signature".*>/, '<input type="hidden" name="amount" value="4999">')
      .replace('data-aps="amount"', 'name="amount" value="12.34" disabled');
  const page = await visit(t, browser, stage);
  await fillCard(page);
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  assert.deepEqual(new URLSearchParams(stage.posted[0]).getAll('amount'), ['4999']);
});

test('a form that is not in the page yet keeps its own hidden expiry_date', async (t) => {
  stage.edit = (html) => html.replace('<p><label for="number"', '<input type="hidden" name="expiry_date">$&');
  const page = await visit(t, browser, stage);
  const found = await page.evaluate((at) => {
    const form = document.querySelector('form');
    window.checkout.detach();
    const order = () => [...form.elements].map(({ id, name }) => id || name);
    const before = order();
    const parent = form.parentNode;
    form.remove();
    window.checkout = window.aps.attachCheckout(form, { currency: 'AED', at });
    const during = order();
    window.checkout.detach();
    const after = order();
    window.checkout = window.aps.attachCheckout(form, { currency: 'AED', at });
    parent.append(form);
    const simplify = (names) => names.join().replace(/expiry_date|expiry/g, 'expiry');
    return { during: simplify(during) === simplify(before), after: after.join() === before.join() };
  }, AT);
  assert.deepEqual(found, { during: true, after: true });
  await fillCard(page);
  await Promise.all([page.waitForURL(/paymentPage/), page.locator('#pay').click()]);
  assert.deepEqual(new URLSearchParams(stage.posted[0]).getAll('expiry_date'), ['2708']);
});

test('a reset that the page calls off changes nothing', async (t) => {
  const page = await visit(t, browser, stage);
  await page.locator('#number').pressSequentially('4005');
  await page.locator('#code').focus();
  const message = () => page.locator('[data-aps-message="card_number"]').textContent();
  const announced = await message();
  assert.notEqual(announced, '');
  await page.evaluate(() => {
    document.querySelector('form').addEventListener('reset', (event) => event.preventDefault());
  });
  await page.locator('#clear').click();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 20)));
  assert.equal(await message(), announced);
});

test('two forms on a page do not know each other', async (t) => {
  const page = await visit(t, browser, stage);
  await page.evaluate((at) => {
    const twin = document.querySelector('form').cloneNode(true);
    twin.id = 'twin';
    for (const element of twin.querySelectorAll('[id]')) element.id = `twin-${element.id}`;
    for (const label of twin.querySelectorAll('label[for]')) label.htmlFor = `twin-${label.htmlFor}`;
    document.body.append(twin);
    window.twin = window.aps.attachCheckout(twin, { currency: 'KWD', language: 'ar', at });
  }, AT);
  await page.locator('#number').pressSequentially(bare(NUMBERS.VISA));
  await page.locator('#twin-number').pressSequentially(bare(NUMBERS.AMEX));
  await page.locator('#twin-amount').fill('1.250');
  await page.locator('#amount').fill('1.250');
  await page.locator('#twin-expiry').pressSequentially('0120');
  assert.equal(await page.locator('#checkout').getAttribute('data-brand'), 'VISA');
  assert.equal(await page.locator('#twin').getAttribute('data-brand'), 'AMEX');
  assert.deepEqual(
    await page.evaluate(() => [window.checkout, window.twin].map((one) => JSON.stringify(one.params().amount))),
    [undefined, '{"amount":"1250","currency":"KWD"}'],
  );
  assert.match((await look(page, 'twin-expiry')).message, /[\u0600-\u06ff]/);
  assert.equal((await look(page, 'expiry')).message, 'Enter the expiry date as MM/YY');
  await page.evaluate(() => window.twin.detach());
  await page.locator('#expiry').pressSequentially('0827');
  assert.equal((await look(page, 'expiry')).value, '08/27');
});

test('on a phone a message that appears above the button does not cost the tap on it', async (t) => {
  stage.edit = (html) =>
    html
      .replace('<meta charset="utf-8">', '$&<meta name="viewport" content="width=device-width">')
      .replace('<span data-aps-message="expiry_date">', '<p data-aps-message="expiry_date">');
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 900 } });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${stage.url}/?at=${AT}`);
  await page.waitForFunction(() => 'checkout' in window);
  const { x, y } = await page.locator('#pay').boundingBox();
  await page.locator('#expiry').pressSequentially('13/27');
  await page.touchscreen.tap(x + 5, y + 2);
  await page.waitForFunction(() => document.querySelector('[data-aps-message="card_number"]').textContent !== '');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'number');
  assert.notEqual((await page.locator('#pay').boundingBox()).y, y, 'it has moved');
});

test('a field that may only be read, or is of a type without a caret, is grouped without harm', async (t) => {
  stage.edit = (html) =>
    html
      .replace('id="number"', `id="number" readonly value="${bare(NUMBERS.VISA)}"`)
      .replace('id="code"', 'id="code" type="password"')
      .replace('inputmode="decimal"', 'type="number" step="any"');
  const page = await visit(t, browser, stage);
  assert.equal((await look(page, 'number')).value === NUMBERS.VISA, true);
  await page.locator('#code').pressSequentially('1x2٣');
  await page.locator('#amount').pressSequentially('49.99');
  await page.locator('#expiry').pressSequentially('0827');
  assert.equal((await look(page, 'code')).value, '123');
  assert.equal(await page.locator('form').evaluate((form) => form.checkValidity()), true);
});

test('undo in a field of a type without a caret is left to the browser', async (t) => {
  stage.edit = (html) => html.replace('inputmode="decimal"', 'type="number" step="any"');
  const page = await visit(t, browser, stage);
  for (const [id, first, last] of [
    ['email', 'layla@', 'example.com'],
    ['amount', '49', '.99'],
  ]) {
    await page.locator(`#${id}`).pressSequentially(first + last);
    await page.locator(`#${id}`).press('ControlOrMeta+z');
    assert.ok((await look(page, id)).value.length < (first + last).length, `${id} goes back`);
    await page.locator(`#${id}`).press('ControlOrMeta+Shift+z');
    assert.equal((await look(page, id)).value, first + last);
  }
});

test('what is detached changes nothing more, whatever is still asked of it', async (t) => {
  stage.edit = (html) =>
    html
      .replace('name="expiry_date"', 'data-aps="expiry_date"')
      .replace('<input type="hidden"', '<input type="hidden" name="expiry_date">$&');
  const page = await visit(t, browser, stage);
  await page.locator('#expiry').pressSequentially('0827');
  const state = await page.evaluate(() => {
    const form = document.querySelector('form');
    window.checkout.detach();
    document.getElementById('number').outerHTML = '<input id="number" name="card_number" maxlength="19">';
    window.checkout.focus('card_number');
    window.checkout.params();
    const number = document.getElementById('number');
    return [form.elements.namedItem('expiry_date').value, number.maxLength, number.dir];
  });
  assert.deepEqual(state, ['', 19, '']);
});

test('dropped text is grouped, and its message still appears', async (t) => {
  const page = await visit(t, browser, stage);
  await page.locator('#notes').fill('5500 0001');
  await page.locator('#number').pressSequentially('40050001');
  const boxes = await Promise.all(['notes', 'number'].map((id) => page.locator(`#${id}`).boundingBox()));
  await page.locator('#notes').press('ControlOrMeta+a');
  // A click into the number, dropping what is selected in the notes.
  const [from, to] = boxes;
  await page.mouse.move(from.x + 10, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + from.height / 2, { steps: 3 });
  await page.mouse.move(to.x + to.width - 4, to.y + to.height / 2, { steps: 5 });
  await page.mouse.up();
  assert.equal((await look(page, 'number')).value, '4005 0001 5500 0001');
  // The message comes all the same when the field is left.
  await page.locator('#code').focus();
  assert.notEqual(await page.locator('[data-aps-message="card_number"]').textContent(), '');
});
