// The script that captures what shipped today.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testCards } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';
import { runLater, Stage } from './stage.js';

const stage = await Stage.open('capture-shipped');
after(() => stage.close());

const shipped = [
  { id: 'order-17', amount: '49.99', currency: 'AED' },
  { id: 'order-18', amount: '1.750', currency: 'KWD' },
];

test('authorizations are captured once, however often the script runs', async () => {
  rmSync(join(stage.folder, 'payments'), { recursive: true, force: true });
  const aps = new PaymentServices(stage.sandbox.account, { fetch: stage.sandbox.fetch });
  const { number, expiry, securityCode } = testCards[0];
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  for (const { id, amount, currency } of shipped) {
    const order = { merchant_reference: id, amount: Amount.parse(amount, currency), customer_email: 'a@example.com' };
    assert.equal((await aps.authorize({ ...order, ...card })).outcome, 'succeeded');
  }

  const capture = () => runLater(process.execPath, ['capture.js'], stage.folder, stage.env);
  stage.sandbox.faults({ next: { command: 'CAPTURE', dropReply: true } });
  await capture();
  const second = await capture();
  assert.match(second.stdout, /order-17 succeeded[\s\S]*order-18 succeeded/);
  assert.equal(second.code, 0);
  for (const { id, amount } of shipped) {
    const payment = stage.payment(id);
    assert.equal(payment?.captured, amount.replace('.', '').replace(/^0+/, ''));
    assert.equal(payment?.operations.filter(({ command }) => command === 'CAPTURE').length, 1);
  }

  writeFileSync(
    join(stage.folder, 'shipped.json'),
    JSON.stringify([{ id: 'unknown', amount: '1.00', currency: 'AED' }]),
  );
  const third = await capture();
  assert.equal(third.code, 1, third.stdout);
});
