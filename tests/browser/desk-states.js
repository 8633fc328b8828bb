// States of the desk that states.js does not come by: many payments, figures with everything in them, and errors. For
// photographs (screens.js) and for the rules of accessibility.
import { savePayments } from './many-payments.js';
import { cards, createOrder, operate, paid, pay } from './stage.js';

const HOUR = 3_600_000;

/**
 * Goes through them all on one page and calls `look` at each.
 *
 * @param {Awaited<ReturnType<typeof import('./stage.js').open>>} stage with a short timeout
 * @param {import('playwright-core').Page} page
 * @param {'en' | 'ar'} language
 * @param {(name: string) => Promise<unknown>} look
 */
export async function visitDesk(stage, page, language, look) {
  const { sandbox, store } = stage.shop;
  const description = language === 'ar' ? 'فانوسان من النحاس' : 'Two brass lanterns';
  await page.goto(`/?lang=${language}`);

  // Many payments: pages, figures, what lapses soon.
  await savePayments(store, 200, Date.now() - 5.5 * 24 * HOUR);
  await page.goto('/');
  await look('table-first-page');
  await page.locator('a[rel="next"]').click();
  await page.locator('a[rel="prev"]').waitFor();
  await look('table-next-page');
  await createOrder(page, { description });
  await pay(page, cards.visa_insufficient_funds);
  await paid(page, { description, amount: '1349.50' });
  await operate(page, 'CAPTURE', '800');
  await operate(page, 'REFUND', '120.25');
  await page.goto('/figures');
  await look('figures-full');

  // What is refused.
  const { pathname } = new URL(await deskOf(page));
  await page.goto(`${pathname}/confirm?command=REFUND&amount=1,000.01`);
  await look('refund-too-much');
  await page.goto(`${pathname}/confirm?command=REFUND&amount=20`);
  await page.locator('#by').evaluate((field) => {
    field.removeAttribute('required');
    /** @type {HTMLInputElement} */ (field).value = '';
  });
  await page.locator('form.confirm button').click();
  await page.locator('#by[aria-invalid="true"]').waitFor();
  await look('confirm-without-name');
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
  await page.goto(pathname);
  await operate(page, 'CAPTURE', '5');
  await page.locator('form.settle').evaluate((form) => {
    /** @type {HTMLFormElement} */ (form).noValidate = true;
  });
  await page.locator('form.settle button').click();
  await page.locator('form.settle [aria-invalid="true"]').first().waitFor();
  await look('settle-without-reason');
  await page.goto('/uncertain?told=2-1');
  await look('asked-about-all');
  await page.goto('/new');
  await page.locator('form[action="/orders"] [name="csrf"]').evaluate((field) => field.setAttribute('value', 'aa'));
  await page.locator('#amount').fill('5');
  await page.locator('form[action="/orders"] button').click();
  await page.locator('[role="alert"]').waitFor();
  await look('form-out-of-date');

  // Typed text cannot be checked here.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await page.goto('/new');
  await page.locator('main > .note').waitFor();
  await look('checked-by-server');

  const { rows } = store;
  store.rows = async () => {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  };
  await page.goto('/');
  await look('records-unavailable');
  store.rows = rows;
}

/** The page of the newest payment. @param {import('playwright-core').Page} page */
async function deskOf(page) {
  await page.goto('/');
  const href = await page.locator('.payments tbody a').first().getAttribute('href');
  return new URL(href ?? '', page.url()).href;
}
