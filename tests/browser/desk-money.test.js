// Money never moves at one click; who did what and why is shown; what is uncertain is listed, asked about and settled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askFor, books, formOf, hiddenFields, operate, paid, post, readBalance, stateOf } from './stage.js';
import { openForEach, stage } from './with-shop.js';

openForEach({ timeout: 500 });

const commands = () => stage.shop.sandbox.log().flatMap(({ request }) => (request?.command ? [request.command] : []));

test('capture, refund and void ask in a sentence, and nothing is sent before', async () => {
  const page = await stage.page();
  await paid(page, { amount: '349.50' });
  await askFor(page, 'VOID_AUTHORIZATION');
  assert.match(
    await page.locator('h1').textContent(),
    /^Void the authorization of .?AED.349\.50.? on .?VISA.····.0001.?\?$/,
  );
  await page.getByRole('link', { name: 'Cancel' }).click();
  await askFor(page, 'CAPTURE', '349.50');
  assert.match(await page.locator('h1').textContent(), /^Capture .?AED.349\.50.? from .?VISA.····.0001.?\?$/);
  assert.deepEqual(commands(), ['AUTHORIZATION']);
  await page.locator('#by').fill('Layla');
  await page.locator('form.confirm button').dblclick();
  await page.locator('.total .chip.captured').waitFor();
  assert.deepEqual(commands(), ['AUTHORIZATION', 'CAPTURE']);

  // The amount of a refund is typed, as the page shows it, beside the most that it may be.
  const refund = formOf(page, 'REFUND');
  assert.equal(await refund.locator('[name="amount"]').inputValue(), '');
  assert.match(await refund.locator('#amount-REFUND-hint').textContent(), /At most AED.349\.50/);
  await refund.locator('button').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'amount-REFUND');
  await askFor(page, 'REFUND', '٣٤٩٫٥٠', 'The glass was broken');
  assert.match(await page.locator('h1').textContent(), /^Refund .?AED.349\.50.? to .?VISA.····.0001.?\?$/);
  assert.match(await page.locator('.confirm .facts').textContent(), /The glass was broken.*Left to refund.*AED.0\.00/s);
  // The name is remembered.
  assert.equal(await page.locator('#by').inputValue(), 'Layla');
  await page.locator('form.confirm button').click();
  await page.locator('.total .chip.refunded').waitFor();
  assert.equal(books(stage)[0].refunded, '34950');
  assert.match(await page.locator('.steps > li').first().textContent(), /by Layla: The glass was broken/);
  assert.match(
    await page.locator('#journal ~ .scroll').first().locator('tbody tr').last().textContent(),
    /Refund AED.349\.50.*Layla: The glass was broken/s,
  );

  // The page does not ask again for an operation that is done.
  await page.goBack();
  await page.locator('.total .chip.refunded').waitFor();
  assert.equal(await page.locator('form.confirm').count(), 0);
  assert.equal(books(stage)[0].refunded, '34950');
  assert.deepEqual(stage.complaints, []);
});

test('without a name, and with an amount that is too much, nothing is sent', async () => {
  const page = await stage.page();
  await paid(page);
  const reference = new URL(page.url()).pathname.split('/').pop();
  const fields = await hiddenFields(page.locator('form[action$="/refresh"]'));
  for (const by of ['', ' ', 'x'.repeat(61)]) {
    const token = crypto.randomUUID();
    const capture = { ...fields, token, command: 'CAPTURE', amount: '1', by };
    const refused = await post(stage, page, `/payments/${reference}/operations`, capture);
    assert.equal(refused.status(), 422);
    assert.match(await refused.text(), /Enter your name/);
  }
  const query = new URLSearchParams({ command: 'CAPTURE', amount: '1,000.01' });
  const much = await page.context().request.get(`/payments/${reference}/confirm?${query}`);
  assert.equal(much.status(), 409);
  assert.match(await much.text(), /more than is left to capture/);
  assert.deepEqual(commands(), ['AUTHORIZATION']);
});

test('a payment’s page shows card, customer, 3-D Secure, and the trail of notifications', async () => {
  const page = await stage.page();
  await paid(page);
  const facts = await page.locator('.facts.about').textContent();
  assert.match(facts, /VISA.····.0001.*customer@example\.com.*3\u2011D\u00a0Secure\s*No challenge/s);
  const trail = page.locator('#notifications ~ .scroll');
  await page.waitForFunction(
    async () =>
      (await (await fetch(location.href)).text()).includes('The authorization succeeded') &&
      !(await (await fetch(location.href)).text()).includes('No notification yet'),
  );
  await page.reload();
  assert.match(await trail.textContent(), /Succeeded.*02000.*Authorize AED.100\.00.*Handled/s);
});

test('uncertain operations are listed with their evidence, looked up, and settled by a person', async () => {
  const page = await stage.page();
  const { sandbox } = stage.shop;
  sandbox.webhook = undefined;
  await paid(page);
  const path = new URL(page.url()).pathname;
  sandbox.faults({ next: { command: 'CAPTURE', dropReply: true, lag: { ms: 60_000 } } });
  await operate(page, 'CAPTURE', '30', 'First lamp');
  await page.goto('/uncertain');
  assert.match(await page.locator('#doubts').textContent(), /Capture\s*AED.30\.00.*Outcome not proven.*None yet/s);
  await page.goto('/?state=uncertain');
  assert.equal(await page.locator('.payments tbody tr').count(), 1);
  await page.goto('/uncertain');
  sandbox.faults({ dropReply: 1, commands: ['CHECK_STATUS'] });
  await page.getByRole('button', { name: 'Ask the gateway about all' }).click();
  await page.locator('.note.good').waitFor();
  assert.match(await page.locator('.note.good').textContent(), /0 settled, 1 still open/, 'no answer is no outcome');
  sandbox.faults({ dropReply: 0, commands: ['CHECK_STATUS'] });
  sandbox.advance({ minutes: 2 });
  await page.goto('/uncertain');
  await page.getByRole('button', { name: 'Ask the gateway about all' }).click();
  await page.locator('.note.good').waitFor();
  assert.match(await page.locator('.note.good').textContent(), /1 settled, 0 still open/);
  assert.match(await page.locator('main').textContent(), /Nothing is uncertain/);
  await page.goto(path);
  assert.equal((await readBalance(page)).captured, '30.00');
  assert.match(
    await page.locator('#journal ~ .scroll').first().textContent(),
    /The totals grew by exactly this amount/,
  );

  // The request was lost: nothing proves that until a person settles it so.
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
  await operate(page, 'CAPTURE', '20');
  // Everything that is missing is told at once.
  await page.locator('form.settle').evaluate((form) => {
    /** @type {HTMLFormElement} */ (form).noValidate = true;
  });
  await page.locator('form.settle [name="by"]').fill('');
  await page.locator('form.settle button').click();
  await page.locator('form.settle .issues:not(:empty)').first().waitFor();
  assert.deepEqual(await page.locator('form.settle .issues').allTextContents(), [
    'Choose whether it went through.',
    'Enter your name, at most 60 characters.',
    'Enter a reason, at most 200 characters.',
  ]);
  await page.locator('form.settle [name="by"]').fill('Layla');
  await page.locator('form.settle [value="failed"]').check();
  await page.locator('form.settle [name="why"]').fill('The back office has nothing of it');
  // It may be on its way for as long as a request takes.
  stage.shop.store.sql.offset += 20 * 60_000;
  await page.locator('form.settle button').click();
  await page.locator('form.settle').waitFor({ state: 'detached' });
  assert.match(
    await page.locator('#journal ~ .scroll').first().locator('tbody tr').last().textContent(),
    /Failed.*Settled by a person.*Layla: The back office has nothing of it/s,
  );
  assert.equal(await page.locator('main > .note.warning').count(), 0);
  assert.equal(await stateOf(page), 'Partly captured');
  await operate(page, 'CAPTURE', '70');
  assert.equal(books(stage)[0].captured, '10000');
  // The browser reports the refused form.
  assert.deepEqual(
    stage.complaints.filter((text) => !/status of 422/.test(text)),
    [],
  );
});
