// What the browser's own rules refuse in a form that is attached: our words say it, in the language of the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, visit } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

test('an unusual e-mail address is questioned, and what the browser refuses is said in our words', async (t) => {
  for (const [language, question] of [
    ['en', 'Check the email address: it should look like name@example.com'],
    ['ar', 'تحقق من البريد الإلكتروني، فهو يُكتب مثل name@example.com'],
  ]) {
    const page = await visit(t, browser, stage, { language });
    await page.locator('#email').evaluate((field) => {
      const place = document.createElement('span');
      place.dataset.apsMessage = 'customer_email';
      field.after(place);
    });
    const type = async (/** @type {string} */ kind, /** @type {string} */ text) => {
      await page.locator('#email').evaluate((field, type) => field.setAttribute('type', type), kind);
      await page.locator('#email').fill('');
      await page.locator('#email').pressSequentially(text);
      await page.locator('#code').focus();
      return look(page, 'email');
    };
    for (const text of ['a@example..com', 'a@example', '.a@example.com', 'a@example.com.']) {
      assert.equal((await type('text', text)).valid, true, `${text} does not block payment`);
      assert.equal(await page.locator('[data-aps-message="customer_email"]').textContent(), question);
    }
    // The browser's own rule blocks the form, so ours has to say why.
    const found = await type('email', 'a@example..com');
    assert.deepEqual([found.valid, found.message], [false, question]);
    assert.equal((await type('email', 'a@exa_mple.com')).valid, false);
    assert.match(
      (await look(page, 'email')).message,
      language === 'ar' ? /^أدخل بريدًا/ : /^Enter an email address such as/,
    );
    assert.equal((await type('email', 'a@example.com')).valid, true);
  }
});

test('what the page’s own rules refuse is said in whole sentences', async (t) => {
  for (const language of ['en', 'ar']) {
    const page = await visit(t, browser, stage, { language });
    const says = async (
      /** @type {string} */ id,
      /** @type {Record<string, string>} */ rules,
      /** @type {string} */ text,
    ) => {
      await page.locator(`#${id}`).evaluate((field, own) => {
        for (const [name, value] of Object.entries(own)) field.setAttribute(name, value);
      }, rules);
      await page.locator(`#${id}`).fill(text);
      const { valid, message } = await look(page, id);
      assert.equal(valid, false, id);
      return message;
    };
    const name = await says('holder', { pattern: '[A-Za-z ]+' }, 'José');
    const most = await says('amount', { type: 'number', max: '100', step: 'any' }, '150');
    const number = await says('number', { pattern: '9.*' }, '4005 5500 0000 0001');
    const code = await says('code', { pattern: '9.*' }, '123');
    assert.deepEqual(
      [name, most, number, code],
      language === 'en'
        ? [
            'Enter the name on the card as it is printed there',
            'Check the amount: this page does not accept it',
            'Enter all the digits of the card number',
            'Enter the 3 digits on the back of your card',
          ]
        : [
            'أدخل الاسم المكتوب على البطاقة كما هو',
            'تحقق من المبلغ، فهذه الصفحة لا تقبله',
            'أدخل رقم البطاقة كاملًا',
            'أدخل رمز الأمان المكوّن من 3 أرقام على ظهر بطاقتك',
          ],
    );
  }
});
