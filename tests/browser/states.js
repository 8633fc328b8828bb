// Every page and state of the shop, one after the other: to be photographed (screens.js) and held against the rules of
// accessibility (axe.js).
import {
  askFor,
  cards,
  createOrder,
  decide,
  formOf,
  openDesk,
  operate,
  paid,
  pay,
  payButton,
  typeCard,
  waitUntilReady,
} from './stage.js';

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage with `returnMethod: 'POST'` and a short timeout
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visit(stage, page, language, look) {
  const { sandbox } = stage.shop;
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  const order = (more = {}) => createOrder(page, { description, amount: '349.50', ...more });

  await page.goto(`/?lang=${language}`);
  await look('desk-empty');
  await page.goto('/uncertain');
  await look('nothing-uncertain');
  await page.goto('/new');
  await page.locator('#amount').fill('19.999');
  await look('desk-bad-amount');

  await order();
  await waitUntilReady(page);
  await look('order');
  await page.locator('#card_number').pressSequentially('4005 5500 0000 0002');
  await page.locator('#expiry_date').pressSequentially('1320');
  await page.locator('#card_security_code').fill('1');
  await payButton(page).click();
  await look('order-wrong');
  await page.reload();
  await page.locator('.test-cards summary').click();
  await typeCard(page, cards.visa_challenge);
  await look('order-typed');
  await page.route('**/FortAPI/**', (route) => route.abort('aborted'));
  await payButton(page).click();
  await look('order-working');
  await page.unroute('**/FortAPI/**');

  // Between the shop and the bank.
  await page.reload();
  await typeCard(page, cards.visa_challenge);
  await page.route('**/FortAPI/3ds/**', (route) => route.abort('aborted'));
  await payButton(page).click();
  await page.waitForURL(/\/bank/, { waitUntil: 'commit' });
  await page.locator('[data-go]').waitFor();
  await look('to-the-bank');
  const bank = page.url();
  await page.unroute('**/FortAPI/3ds/**');
  await page.goto(bank.replace(/\/payments\/(order-\w+).*/, '/orders/$1'));
  await look('challenged');
  await page.locator('details.again > summary').click();
  await look('challenged-again');
  await page.goto(bank);
  await page.waitForURL(/\/FortAPI\/3ds\//);
  const challenge = page.url();
  await page.goto(bank.replace(/\/payments\/(order-\w+).*/, '/orders/$1'));
  await pay(page, cards.mastercard_success);
  await look('paid-reserved');
  await page.goto(challenge);
  await page.locator('button[value="pass"]').click();
  await page.waitForURL(/\/orders\//);
  await look('paid-twice');
  await openDesk(page);
  await look('payment-twice');

  await order();
  await pay(page, cards.visa_declined);
  await look('declined');
  await openDesk(page);
  await look('payment-failed');
  await order({ command: 'PURCHASE' });
  await pay(page, cards.mada_success);
  await look('paid-taken');

  // The gateway's page.
  const hosted = await order();
  await page.route('**/FortAPI/**', (route) => route.abort('aborted'));
  await page.locator('form[action$="/hosted"] button').click();
  await page.waitForURL(/\/gateway/, { waitUntil: 'commit' });
  await page.locator('[data-go]').waitFor();
  await look('to-the-gateway');
  await page.unroute('**/FortAPI/**');
  await page.goto(`/orders/${hosted}`);
  await look('started');
  await openDesk(page);
  await look('payment-started');

  // Lost answers.
  await order();
  await typeCard(page, cards.visa_success);
  sandbox.webhook = undefined;
  sandbox.faults({ dropReply: 1, commands: ['AUTHORIZATION', 'PURCHASE', 'CHECK_STATUS'] });
  await payButton(page).click();
  await page.waitForURL(/lang=/);
  await look('uncertain');
  await openDesk(page);
  await look('payment-uncertain');
  sandbox.faults({ dropReply: 0, commands: null });

  await paid(page, { description, amount: '349.50' });
  await look('payment-authorized');
  await operate(page, 'CAPTURE', '80');
  await askFor(page, 'REFUND', '20', language === 'ar' ? 'انكسر الزجاج' : 'The glass was broken');
  await look('asked-before-refund');
  await page.locator('#by').fill(language === 'ar' ? 'ليلى' : 'Layla');
  await page.locator('form.confirm button').click();
  await page.locator('.total .chip.partially_refunded').waitFor();
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
  await operate(page, 'CAPTURE', '5');
  await formOf(page, 'CAPTURE').locator('[name="amount"]').fill('270.00');
  await page.locator('.steps summary').first().click();
  await look('payment-refunded');
  await page.locator('.crumbs a').nth(1).click();
  await look('paid-partly-returned');

  await paid(page, { description, amount: '1234.567', currency: 'KWD' });
  await operate(page, 'VOID_AUTHORIZATION');
  await look('payment-voided');
  await page.locator('.crumbs a').nth(1).click();
  await look('released');

  // A forged answer, and the desk with all of it.
  const [id] = new URL(page.url()).pathname.split('/').slice(-1);
  await page.goto(`/return/${language}/${id}?response_code=14000&status=14&signature=aa`);
  await look('refused');
  await page.goto(`/return/${language}/${id}?response_code=00016&status=00`);
  await look('sent-back');
  await order({ amount: '5' });
  await page.goto('/new');
  await look('new-order');
  await page.goto('/');
  await look('desk');
  await page.goto('/?q=nothing&state=captured');
  await look('desk-none-found');
  await page.goto('/uncertain');
  await look('uncertain-list');
  await page.goto('/figures');
  await look('figures');
  await page.goto('/nothing');
  await look('not-found');

  await page.goto('/inspector');
  await look('inspector');
  const { access_code } = sandbox.account;
  const forged = `access_code=${access_code}&amount=100&response_code=14000&status=14&signature=${'a'.repeat(64)}`;
  for (const [name, text] of [
    ['inspector-unreadable', '{'],
    ['inspector-bad', forged],
  ]) {
    await page.locator('#message').fill(text);
    await page.locator('form[action="/inspector"] button').click();
    await page.locator('main > .note, #verdict').first().waitFor();
    await look(name);
  }

  await order();
  await pay(page, cards.visa_challenge);
  await decide(page, 'Fail');
  await look('challenge-failed');
}
