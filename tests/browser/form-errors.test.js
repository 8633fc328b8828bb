// Forms that are sent with something wrong in them answer in the language of the page, whatever the browser speaks, and with
// what was typed still in them. Pages without scripts get the same sentences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder, open, operate, paid } from './stage.js';
import { browser } from './with-chromium.js';

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} place */
const read = async (page, place) => String(await page.locator(place).first().textContent()).trim();

/** No sentence of a browser or of the other language. @param {string} text */
function assertArabic(text) {
  assert.match(text, /[\u0600-\u06ff]/, text);
  assert.doesNotMatch(text.replace(/\S+@\S+|SHA|JSON|CHECK_STATUS/g, ''), /[A-Za-z]{3,}/, text);
}

/** Forms with fields to fill in let the browser say nothing; the card form has messages of its own. @param {Page} page */
async function assertQuiet(page) {
  const loud = await page.locator('form:not([data-checkout])').evaluateAll((forms) =>
    forms
      .filter((form) => form.querySelector('[required], [pattern], [type="email"], [type="date"], [type="number"]'))
      .filter((form) => !(/** @type {HTMLFormElement} */ (form).noValidate))
      .map((form) => form.getAttribute('action')),
  );
  assert.deepEqual(loud, [], page.url());
}

/** A shop in Arabic, in a browser that speaks English. @param {boolean} javaScriptEnabled */
async function openArabic(javaScriptEnabled) {
  const stage = await open(browser);
  const page = await stage.page({ javaScriptEnabled, locale: 'en-GB' });
  await page.goto('/?lang=ar');
  return { stage, page };
}

for (const scripted of [true, false]) {
  const how = scripted ? 'with scripts' : 'without scripts';

  test(`a new order is refused in Arabic, with what was typed, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      await page.goto('/new');
      await assertQuiet(page);
      await page.locator('#description').fill('مصباح');
      await page.locator('#email').fill('x@');
      await page.locator('form[action="/orders"] button').click();
      await page.locator('#amount-issues .error').waitFor();
      for (const place of ['#amount-issues', '#email-issues']) assertArabic(await read(page, place));
      assert.match(await read(page, '#email-issues'), /name@example\.com/);
      assert.equal(await page.locator('#description').inputValue(), 'مصباح');
      assert.equal(await page.locator('#email').inputValue(), 'x@');
      await page.locator('#email').fill('');
      await page.locator('form[action="/orders"] button').click();
      await page.locator('#email-issues .error').waitFor();
      assertArabic(await read(page, '#email-issues'));
      // What is only unusual is a warning, and the order is made.
      await page.locator('#amount').fill('10');
      await page.locator('#email').fill('a@example..com');
      if (scripted) assert.match(await read(page, '#email-issues .warning'), /name@example\.com/);
      await page.locator('form[action="/orders"] button').click();
      await page.waitForURL(/\/orders\/order-/);
    } finally {
      await stage.close();
    }
  });

  test(`a phone number and a one-time password are asked for in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      await createOrder(page, { currency: 'EGP', amount: '750' });
      await assertQuiet(page);
      const field = page.locator('#phone-VALU');
      const send = async (/** @type {string} */ phone) => {
        if (!(await field.isVisible())) await page.locator('details:has(#phone-VALU) > summary').click();
        await field.fill(phone);
        await page.locator('form:has(#phone-VALU) button').click();
      };
      for (const phone of ['', '12']) {
        await send(phone);
        await page.locator('#phone-VALU[aria-invalid="true"]').waitFor();
        assertArabic(await read(page, '#phone-VALU-issue'));
        assert.equal(await field.inputValue(), phone);
        assert.ok(await field.evaluate((input) => input === document.activeElement), phone);
      }
      // A number of a country's own notation is questioned, once.
      await send('0855 7694');
      await page.locator('input[name="phone_asked"]').waitFor({ state: 'attached' });
      assert.match(await read(page, '#phone-VALU-issue'), /رمز الدولة/);
      assert.equal(await field.getAttribute('aria-invalid'), null);
      assert.equal(await field.inputValue(), '0855 7694');
      assert.equal(
        stage.shop.sandbox.log().filter(({ to }) => to?.includes('paymentApi')).length,
        0,
        'nothing was sent',
      );
      // Another number is another question.
      await send('0855 7695');
      await page.locator('input[name="phone_asked"][value="08557695"]').waitFor({ state: 'attached' });
      await page.locator('form:has(#phone-VALU) button').click();
      await page.waitForURL(/\/passwords\/order-/);

      await assertQuiet(page);
      await page.locator('.between button').click();
      await page.locator('#otp[aria-invalid="true"]').waitFor();
      for (const place of ['#otp-issue', '#plan-issue']) assertArabic(await read(page, place));
      await page.locator('#otp').fill('123456');
      await page.locator('.between button').click();
      await page.locator('.note.error').waitFor();
      assert.equal(await read(page, '#otp-issue'), '');
      assert.equal(await page.locator('#otp').inputValue(), '123456', 'the password is still there');
      assert.ok(
        await page
          .locator('input[name="plan"]')
          .first()
          .evaluate((radio) => radio === document.activeElement),
      );
      await page.locator('input[name="plan"][value="12"]').check();
      await page.locator('.between button').click();
      await page.waitForURL(/\/orders\/order-[^/]+$/);
    } finally {
      await stage.close();
    }
  });

  test(`a plan must be chosen, in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      const id = await createOrder(page, { amount: '1200' });
      await page.goto(`/orders/${id}/plans`);
      await assertQuiet(page);
      await page.locator('.between button').click();
      await page.locator('.note.error').waitFor();
      assertArabic(await read(page, '.note.error'));
      assert.ok(
        await page
          .locator('input[name="plan"]')
          .first()
          .evaluate((radio) => radio === document.activeElement),
      );
      const fees = await page.locator('fieldset.plans small').allTextContents();
      assert.ok(fees.length > 0);
      for (const fee of fees) assert.doesNotMatch(fee, /\.0+%/, 'a fee has no decimals that say nothing');
    } finally {
      await stage.close();
    }
  });

  test(`the desk asks for name, amount and reason in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      await createOrder(page);
      await page.goto('/?lang=en');
      await paid(await stage.page());
      await page.goto('/?lang=ar');
      await assertQuiet(page);
      await page.locator('.payments .what a').first().click();
      await assertQuiet(page);
      const form = page.locator('form:has(input[value="CAPTURE"])');
      await form.locator('#amount-CAPTURE').fill('');
      await form.locator('#why-CAPTURE').fill('س'.repeat(201));
      await form.locator('button').click();
      await page.locator('#amount-CAPTURE-issues .error').waitFor();
      assertArabic(await read(page, '#amount-CAPTURE-issues'));
      await form.locator('#amount-CAPTURE').fill('10');
      await form.locator('button').click();
      await page.locator('#why-CAPTURE-issues .error').waitFor();
      assertArabic(await read(page, '#why-CAPTURE-issues'));
      assert.equal((await form.locator('#why-CAPTURE').inputValue()).length, 201, 'nothing was cut');
      assert.equal(await form.locator('#amount-CAPTURE').inputValue(), '10');
      await form.locator('#why-CAPTURE').fill('أُرسلت');
      await form.locator('button').click();
      await page.waitForURL(/\/confirm\?/);
      await assertQuiet(page);
      await page.locator('form.confirm button').click();
      await page.locator('#by-issues .error').waitFor();
      assertArabic(await read(page, '#by-issues'));
      assert.match(await read(page, 'dl.facts'), /أُرسلت/);
    } finally {
      await stage.close();
    }
  });

  test(`what is settled by hand needs an outcome, a name and a reason, in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      const other = await stage.page();
      await paid(other);
      const { sandbox } = stage.shop;
      sandbox.webhook = undefined;
      sandbox.faults({ next: { command: 'CAPTURE', dropReply: true, lag: { ms: 60_000 } } });
      await operate(other, 'CAPTURE', '30');
      await page.goto(new URL(other.url()).pathname);
      await assertQuiet(page);
      const form = page.locator('form[action$="/settle"]');
      await form.locator('[name="why"]').fill('س'.repeat(201));
      await form.locator('[name="by"]').fill('');
      await form.locator('button').click();
      await page.locator('.note.error').waitFor();
      assertArabic(await read(page, '.note.error'));
      const issues = await form.locator('.issues .error').allTextContents();
      assert.equal(issues.length, 3);
      for (const text of issues) assertArabic(text);
      assert.equal((await form.locator('[name="why"]').inputValue()).length, 201, 'nothing was cut');
      await form.locator('input[value="failed"]').check();
      await form.locator('[name="by"]').fill('ليلى');
      await form.locator('[name="why"]').fill('');
      await form.locator('button').click();
      await page.locator('.note.error').waitFor();
      assert.equal(await form.locator('.issues .error').count(), 1);
      assert.equal(await form.locator('[name="by"]').inputValue(), 'ليلى');
      assert.ok(await form.locator('input[value="failed"]').isChecked());
    } finally {
      await stage.close();
    }
  });

  test(`the desk's search says what of it does not count, in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      await paid(await stage.page());
      await page.goto('/');
      await page.locator('#from').fill('2026-11-30');
      await page.locator('#to').fill('2026-11-01');
      await page.locator('.search button').click();
      await page.locator('#from-issues .error').waitFor();
      assertArabic(await read(page, '#from-issues'));
      assert.deepEqual(
        [await page.locator('#from').inputValue(), await page.locator('#to').inputValue()],
        ['2026-11-30', '2026-11-01'],
      );
      // The address may come from anywhere.
      await page.goto('/?from=2026-11-30&to=2026-11-01');
      assertArabic(await read(page, '#from-issues .error'));
      await page.goto('/?to=yesterday');
      assertArabic(await read(page, '#to-issues .error'));
      await page.goto('/');
      const long = 'a b c d e f g';
      await page.locator('#q').fill(long);
      await page.locator('.search button').click();
      await page.locator('#q-issues .warning').waitFor();
      assertArabic(await read(page, '#q-issues'));
      await page.locator('#q').fill('x'.repeat(120));
      await page.locator('.search button').click();
      await page.waitForURL(/q=x/);
      assertArabic(await read(page, '#q-issues .warning'));
    } finally {
      await stage.close();
    }
  });

  test(`the inspector keeps a text that is missing or too long, and explains in Arabic, ${how}`, async () => {
    const { stage, page } = await openArabic(scripted);
    try {
      await page.goto('/inspector');
      await assertQuiet(page);
      await page.locator('form[action="/inspector"] button').click();
      await page.locator('#message-issues .error').waitFor();
      assertArabic(await read(page, '#message-issues'));
      const long = JSON.stringify({ order_description: 'م'.repeat(20_000), signature: '0'.repeat(64) });
      await page.locator('#message').fill(long);
      await page.locator('form[action="/inspector"] button').click();
      await page.locator('#message-issues .error').waitFor();
      assert.match(await read(page, '#message-issues'), /12/);
      assert.equal(await page.locator('#message').inputValue(), long, 'the text is still there');
      await page.locator('#message').fill(JSON.stringify({ response_code: '14000', signature: 'abc' }));
      await page.locator('form[action="/inspector"] button').click();
      await page.locator('.hints li').first().waitFor();
      for (const hint of await page.locator('.hints li p:last-child').allTextContents()) assertArabic(hint);
      await page.locator('#message').fill(long);
      await page.locator('form[action="/inspector"] button').click();
      await page.locator('#message-issues .error').waitFor();
      assert.equal(await page.locator('#verdict').count(), 0, 'no result of another text');
    } finally {
      await stage.close();
    }
  });
}

test('a date that is only begun is not left out silently', async () => {
  const { stage, page } = await openArabic(true);
  try {
    await paid(await stage.page());
    await page.goto('/');
    await page.locator('#from').focus();
    await page.keyboard.type('12');
    await page.locator('#q').focus();
    await page.locator('.search button').click();
    await page.locator('#from-issues .error').waitFor();
    assertArabic(await read(page, '#from-issues'));
    assert.equal(new URL(page.url()).search, '');
  } finally {
    await stage.close();
  }
});

test('orders beyond the newest twenty are counted', async () => {
  const { stage, page } = await openArabic(true);
  try {
    const { store } = stage.shop;
    const amount = { amount: '1000', currency: 'AED' };
    for (let index = 0; index < 23; index += 1) {
      const id = `order-0000${String(index).padStart(4, '0')}`;
      await store.saveOrder({ id, description: '', email: 'a@b.ae', command: 'PURCHASE', amount, createdAt: index });
    }
    await page.goto('/new');
    assert.equal(await page.locator('section.wide li').count(), 20);
    assert.match(await read(page, 'section.wide .hint'), /20.*23/);
  } finally {
    await stage.close();
  }
});
