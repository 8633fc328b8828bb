// A test set-up with the sandbox in it: a payment in-process, the hosted page and its styles over HTTP.

import { createSandbox } from 'aps-payops/sandbox';
import { Amount, buildForm, PaymentServices } from 'aps-payops/server';

export async function run() {
  const sandbox = createSandbox();
  await sandbox.listen();
  try {
    const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
    const order = { amount: Amount.parse('49.99', 'AED'), customer_email: 'a@example.com' };
    const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
    const { outcome } = await aps.purchase({ merchant_reference: 'one', ...order, ...card });
    const hosted = { merchant_reference: 'two', ...order, return_url: 'https://shop.example/back' };
    const { action, method, fields } = buildForm('PURCHASE', hosted, sandbox.account);
    const page = await fetch(action, { method, body: new URLSearchParams(fields) });
    const html = await page.text();
    const [, styles = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [];
    const sheet = await fetch(new URL(styles, page.url));
    return {
      outcome,
      asksForCard: html.includes('name="card_number"'),
      sheet: sheet.status,
      type: sheet.headers.get('content-type'),
    };
  } finally {
    await sandbox.close();
  }
}
