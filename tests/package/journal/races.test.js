// What was read is out of date when it is used: something else happens between two statements of the journal, at exactly the
// worst moment. In the end the journal must say what the gateway's books say, or nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from 'aps-payops/server';
import { inTransaction, later, MINUTES, name, shopOf, store, who } from './interruptions.js';
import { aed, all, card, neverAnswer } from './shop.js';

test('a lookup by the reference of a refund that was settled meanwhile does not settle the next one', async () => {
  const shop = await shopOf({ client: { timeout: 5000 } });
  const order = name();
  await shop.buy(order, '100');
  // After an answer that cannot be trusted nobody asks again before `recover` does.
  const forged = (request) => Response.json({ ...request, response_code: '06000', signature: 'forged' });
  const doubted = { name: 'SignatureError' };
  // Carried out; then something else is refunded, so that only the reference tells.
  shop.wire.change = (answer, request) =>
    request.command === 'REFUND' ? answer().then(() => forged(request)) : answer();
  await assert.rejects(shop.refund(shop.pay, `one ${order}`, order, '10'), doubted);
  const { maintenance_reference } = shop.sent.find(({ command }) => command === 'REFUND');
  shop.hear();
  await shop.aps.refund({
    merchant_reference: order,
    amount: aed('5'),
    maintenance_reference: `by hand ${order}`.replaceAll(' ', '-'),
  });
  const told = shop.notice({
    ...{ command: 'REFUND', merchant_reference: order, amount: aed('10'), response_code: '06000' },
    maintenance_reference,
  });
  await later(10 * MINUTES, async () => {
    let isNext = false;
    shop.wire.change = async (answer, request) => {
      if (request.command === 'REFUND') return forged(request);
      if (isNext || request.maintenance_reference !== maintenance_reference) return answer();
      isNext = true;
      const reply = await answer();
      await shop.pay.notification(told);
      await assert.rejects(shop.refund(shop.pay, `two ${order}`, order, '10'), doubted);
      return reply;
    };
    const { failed } = await shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 });
    assert.deepEqual([isNext, failed], [true, []]);
  });
  assert.equal((await shop.operation(order, `one ${order}`)).evidence, 'notification');
  assert.equal((await shop.operation(order, `two ${order}`)).status, 'uncertain');
  assert.equal(shop.books(order).refunded, '1500');
  await shop.close();
});

test('a maintenance_reference that refunded another payment proves nothing of this one', async () => {
  const shop = await shopOf();
  const [one, two, three] = [name(), name(), name()];
  for (const order of [one, two, three]) await shop.buy(order, '100');
  const more = { maintenance_reference: `refund-1-of-${one}` };
  assert.equal((await shop.refund(shop.pay, `back ${one}`, one, '10', more)).outcome, 'succeeded');
  const second = await shop.refund(shop.pay, `back ${two}`, two, '10', more);
  assert.deepEqual([second.outcome, second.evidence], ['uncertain', undefined]);
  // The same without a journal.
  const third = await shop.aps.refund({ merchant_reference: three, amount: aed('10'), ...more });
  assert.equal(third.outcome, 'uncertain');
  assert.deepEqual(
    [two, three].map((order) => shop.books(order).refunded),
    ['0', '0'],
  );
  await shop.close();
});

test('an answer about a maintenance_reference that names no payment proves no refund', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.buy(order, '100');
  /** Signed again without the names, or with only one of them. */
  const answerWithout = (...names) => {
    shop.wire.change = async (answer, request) => {
      if (request.command === 'REFUND') return answer().then(neverAnswer);
      if (request.maintenance_reference === undefined) return neverAnswer();
      const { signature: _, ...params } = await (await answer()).json();
      for (const name of names) delete params[name];
      const { sha_response_phrase: phrase, digest } = shop.sandbox.account;
      return Response.json({ ...params, signature: sign(params, { phrase, digest }) });
    };
  };
  answerWithout('merchant_reference', 'fort_id');
  const key = `back ${order}`;
  await assert.rejects(shop.refund(shop.pay, key, order, '10'), { code: 'no_baseline' });
  const change = shop.wire.change;
  shop.wire.change = (answer, request) =>
    request.query_command && !shop.moved().includes('REFUND') ? answer() : change(answer, request);
  assert.equal((await shop.refund(shop.pay, key, order, '10')).outcome, 'uncertain');
  assert.equal((await shop.operation(order, key)).evidence, undefined);
  answerWithout('fort_id');
  await later(10 * MINUTES, () => shop.pay.recover({ merchant_reference: order }));
  assert.equal((await shop.operation(order, key)).evidence, 'reference');
  await shop.close();
});

test('a refund is proven by its reference although the totals are those of another payment with the merchant_reference', async () => {
  const shop = await shopOf();
  const { sha_response_phrase: phrase, digest } = shop.sandbox.account;
  const ofTotals = ({ maintenance_reference }) => maintenance_reference === undefined;
  /** CHECK_STATUS tells of another fort_id: of the payment by its merchant_reference, or of the refund by its own. */
  const tellOf = (isOther) => {
    shop.wire.change = async (answer, request) => {
      const { signature: _, ...params } = await (await answer()).json();
      if (request.command === 'REFUND') return neverAnswer();
      if (!isOther(request)) return Response.json({ ...params, signature: sign(params, { phrase, digest }) });
      const declined = {
        transaction_status: '13',
        transaction_code: '13666',
        captured_amount: '0',
        refunded_amount: '0',
      };
      const others = { ...params, fort_id: '169996200000999999', ...(ofTotals(request) && declined) };
      return Response.json({ ...others, signature: sign(others, { phrase, digest }) });
    };
  };
  const [one, two, three] = [name(), name(), name()];
  for (const order of [one, two, three]) await shop.buy(order, '100');
  tellOf(ofTotals);
  const found = await shop.refund(shop.pay, `back ${one}`, one, '10');
  assert.deepEqual([found.outcome, found.evidence], ['succeeded', 'reference']);
  const plain = await shop.aps.refund({ merchant_reference: two, amount: aed('10') }, { baseline: true });
  assert.equal(plain.outcome, 'succeeded');
  // What was sent with a fort_id is not proven by a refund of another, now and later.
  tellOf(() => true);
  const { fort_id } = shop.books(three);
  const doubted = await shop.refund(shop.pay, `back ${three}`, three, '10', { fort_id });
  assert.deepEqual([doubted.outcome, doubted.evidence], ['uncertain', undefined]);
  const recover = () => shop.pay.recover({ merchant_reference: three });
  await later(10 * MINUTES, recover);
  assert.equal((await shop.operation(three, `back ${three}`)).evidence, undefined);
  tellOf(ofTotals);
  await later(20 * MINUTES, recover);
  assert.equal((await shop.operation(three, `back ${three}`)).evidence, 'reference');
  await shop.close();
});

test('of two refunds at once with one maintenance_reference it identifies the first alone', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.buy(order, '100');
  const more = { maintenance_reference: `refund-of-${order}` };
  // The other one is carried out just before this one loads the payment.
  const first = () => shop.refund(shop.pay, `one ${order}`, order, '10', more);
  const { pay, wasInterrupted } = await shop.interrupted('LEFT JOIN aps_journal_operation', first, true);
  shop.wire.change = (answer, { command, amount }) =>
    command === 'REFUND' && amount === '2000' ? neverAnswer() : answer();
  const second = await shop.refund(pay, `two ${order}`, order, '20', more);
  assert.ok(wasInterrupted());
  assert.equal(second.outcome, 'uncertain');
  const told = { command: 'REFUND', merchant_reference: order, amount: aed('20'), response_code: '06000', ...more };
  await shop.pay.notification(shop.notice(told));
  assert.equal((await shop.operation(order, `two ${order}`)).status, 'uncertain');
  await shop.close();
});

test('what a person settles while a message is recorded keeps what the message proved', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const told = await shop.captureUnheard(order);
  await later(10 * MINUTES, async () => {
    await shop.pay.settle(`ship ${order}`, 'failed', who);
    const { pay, wasInterrupted } = await shop.interrupted('o.operation_key = CAST', () =>
      shop.pay.notification(told()),
    );
    await pay.settle(`ship ${order}`, 'succeeded', who);
    assert.ok(wasInterrupted());
    await shop.pay.notification(told({ customer_email: 'buyer@example.com' }));
  });
  const { status, evidence } = await shop.operation(order, `ship ${order}`);
  assert.equal(status, 'succeeded');
  assert.ok(['person', 'notification'].includes(evidence));
  assert.equal((await shop.pay.history(order)).totals.captured, '1000');
  await shop.close();
});

test('a key that was released and prepared anew is not sent with its former contents', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const key = `ship ${order}`;
  const prepare = (amount) =>
    inTransaction((transaction) =>
      shop.pay.prepare('CAPTURE', { operation: key, merchant_reference: order, amount: aed(amount) }, transaction),
    );
  await prepare('10');
  const { pay, wasInterrupted } = await shop.interrupted('o.params, o.options', async () => {
    await shop.pay.recover({ merchant_reference: order, prepared: 'release', olderThan: 0 });
    await prepare('30');
  });
  await assert.rejects(pay.carryOut(key), { name: 'OperationError', code: 'other_contents' });
  assert.ok(wasInterrupted());
  assert.equal(shop.books(order).captured, '0');
  assert.equal((await pay.carryOut(key)).outcome, 'succeeded');
  assert.deepEqual([shop.books(order).captured, (await shop.operation(order, key)).amount], ['3000', '3000']);
  await shop.close();
});

test('a call that is refused takes nothing from another under the same key', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const key = `ship ${order}`;
  const params = { operation: key, merchant_reference: order, amount: aed('10') };
  // The first is reading the totals: it has recorded nothing yet.
  shop.wire.change = async (answer, { query_command }) => {
    if (!query_command) return answer();
    shop.hear();
    await assert.rejects(shop.pay.capture(params), { code: 'busy' });
    return answer();
  };
  assert.equal((await shop.pay.capture(params)).outcome, 'succeeded');
  assert.equal((await shop.operation(order, key)).params?.amount, '1000');
  await shop.close();
});

test('a review that another one overtook does not hide that an order was paid twice', async () => {
  const shop = await shopOf();
  const [order, one, two] = [name(), name(), name()];
  const second = () => shop.authorize(two, aed('100'), { order }, { despite: `authorize ${one}` });
  const { pay, wasInterrupted } = await shop.interrupted('SELECT merchant_reference, state', second);
  await pay.authorize({ operation: `authorize ${one}`, merchant_reference: one, order, amount: aed('100'), ...card });
  assert.ok(wasInterrupted());
  const twice = async () => (await all(shop.pay.uncertain())).filter(({ references }) => references?.includes(one));
  assert.deepEqual((await twice())[0]?.references.sort(), [one, two].sort());
  // And the other way round: the second is voided while the first is reviewed.
  const gone = () => shop.pay.void({ operation: `void ${two}`, merchant_reference: two });
  const late = await shop.interrupted('SELECT merchant_reference, state', gone);
  await late.pay.capture({ operation: `ship ${one}`, merchant_reference: one, amount: aed('100') });
  assert.ok(late.wasInterrupted());
  assert.deepEqual(await twice(), []);
  await shop.close();
});

test('an order is reviewed while an operation of its payment is open', async () => {
  const shop = await shopOf();
  const [order, one, two] = [name(), name(), name()];
  await shop.authorize(one, aed('100'), { order });
  // The process that pays a second time dies before it can review the order.
  const { pay, wasInterrupted } = await shop.interrupted(
    'SELECT merchant_reference, state',
    () => {
      throw Object.assign(new Error('gone'), { code: '42501' });
    },
    true,
  );
  const params = { operation: `authorize ${two}`, merchant_reference: two, order, amount: aed('100'), ...card };
  await pay.authorize(params, { despite: `authorize ${one}` });
  assert.ok(wasInterrupted());
  shop.lose('CAPTURE');
  await shop.capture(`ship ${two}`, two, aed('10'));
  await later(10 * MINUTES, () => shop.pay.recover({ merchant_reference: two, olderThan: 0, lease: 0 }));
  assert.equal((await shop.operation(two, `ship ${two}`)).status, 'uncertain');
  assert.ok((await all(shop.pay.uncertain())).some(({ references }) => references?.includes(two)));
  await shop.close();
});

test('a person’s correction counts for the next attempt at the order', async () => {
  const shop = await shopOf();
  const [order, one, two] = [name(), name(), name()];
  shop.lose('PURCHASE');
  await shop.buy(one, '10', undefined, { order });
  shop.hear();
  await later(10 * MINUTES, async () => {
    await shop.pay.settle(`buy ${one}`, 'succeeded', who);
    await assert.rejects(shop.buy(two, '10', undefined, { order }), { code: 'paid_already' });
    await shop.pay.settle(`buy ${one}`, 'failed', who);
    assert.equal((await shop.buy(two, '10', undefined, { order })).outcome, 'succeeded');
  });
  await shop.close();
});

test('a deadline counts the time in which the process was frozen', async (t) => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const now = Date.now;
  t.after(() => {
    Date.now = now;
  });
  shop.wire.change = (answer, { query_command }) => {
    if (query_command) Date.now = () => now() + 20_000;
    return answer();
  };
  await assert.rejects(shop.capture(`ship ${order}`, order, aed('30'), { deadline: 10_000 }), { code: 'deadline' });
  assert.equal(shop.books(order).captured, '0');
  await shop.close();
});

test('what contradicts itself, and attempts at an order that goes on, are not pruned', async () => {
  const shop = await shopOf();
  const [contradicted, order, one, two, own, beside] = [name(), name(), name(), name(), name(), name()];
  await shop.buy(contradicted, '10', undefined, { card_number: '4000000000000119' });
  const told = { command: 'PURCHASE', merchant_reference: contradicted, amount: aed('10'), response_code: '14000' };
  await shop.pay.notification(shop.notice(told));
  await shop.authorize(one, aed('100'), { order });
  await shop.authorize(own, aed('100'));
  const before = Date.now() + 5 * MINUTES;
  await later(10 * MINUTES, async () => {
    await shop.authorize(two, aed('100'), { order }, { despite: `authorize ${one}` });
    await shop.authorize(beside, aed('100'), { order: own }, { despite: `authorize ${own}` });
    await shop.pay.void({ operation: `void ${two}`, merchant_reference: two });
    await shop.pay.void({ operation: `void ${beside}`, merchant_reference: beside });
    await shop.pay.prune({ before });
    for (const kept of [contradicted, one, two, own, beside]) assert.ok(await shop.pay.history(kept), kept);
    const third = name();
    await assert.rejects(shop.authorize(third, aed('100'), { order }), { code: 'paid_already' });
  });
  await later(30 * MINUTES, async () => {
    await shop.pay.settle(`buy ${contradicted}`, 'failed', who);
    await shop.pay.prune({ before: Date.now() + 60 * MINUTES });
  });
  for (const gone of [contradicted, one, two, own, beside]) assert.equal(await shop.pay.history(gone), null, gone);
  await shop.close();
});

test('an attempt by another wallet that APS never saw does not choose the credentials', async () => {
  const shop = await shopOf({ options: { assumeAbsentAfter: 1 } });
  const order = name();
  const refused = Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  });
  shop.wire.change = () => {
    throw refused;
  };
  const wallet = {
    ...{ digital_wallet: 'APPLE_PAY', apple_data: 'ZGF0YQ==', apple_signature: 'c2ln' },
    apple_header: { apple_transactionId: 't', apple_ephemeralPublicKey: 'k', apple_publicKeyHash: 'h' },
    apple_paymentMethod: { apple_displayName: 'Visa 1', apple_network: 'Visa', apple_type: 'debit' },
    ...{ customer_email: card.customer_email, customer_ip: card.customer_ip },
  };
  const params = { merchant_reference: order, amount: aed('100') };
  await assert.rejects(shop.pay.authorize({ operation: `wallet ${order}`, ...params, ...wallet }), { sent: 'no' });
  // Then by card: carried out, and the process dies before it hears of it.
  shop.loseAll('AUTHORIZATION');
  assert.equal((await shop.authorize(order, aed('100'))).outcome, 'uncertain');
  shop.hear();
  const { settled } = await later(60 * MINUTES, () =>
    shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 }),
  );
  assert.deepEqual(settled, [{ operation: `authorize ${order}`, outcome: 'succeeded', evidence: 'totals' }]);
  assert.equal((await shop.capture(`ship ${order}`, order, aed('100'))).outcome, 'succeeded');
  await shop.close();
});

test('a lookup that tells less than one before does not show that an operation is absent', async () => {
  const shop = await shopOf({ options: { assumeAbsentAfter: 1 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.capture(`one ${order}`, order, aed('20'));
  shop.loseAll('CAPTURE');
  assert.equal((await shop.capture(`two ${order}`, order, aed('30'))).outcome, 'uncertain');
  // Other credentials do not see the order at all.
  const recover = (pay) =>
    later(60 * MINUTES, () => pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 }));
  await store.query(`UPDATE aps_journal_payment SET wallet = 'APPLE_PAY' WHERE merchant_reference = $1`, [order]);
  shop.hear();
  assert.deepEqual((await recover(shop.pay)).settled, []);
  await store.query('UPDATE aps_journal_payment SET wallet = NULL WHERE merchant_reference = $1', [order]);
  assert.deepEqual((await recover(shop.pay)).settled, [
    { operation: `two ${order}`, outcome: 'succeeded', evidence: 'totals' },
  ]);
  await shop.close();
});

test('a report in another currency differs', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.buy(order, '10');
  const row = { merchant_reference: order, command: 'PURCHASE', amount: '10.00' };
  const differences = async (currency) =>
    (await all(shop.pay.reconcile([{ ...row, currency }]))).filter((one) => one.merchant_reference === order);
  assert.deepEqual(await differences('AED'), []);
  assert.deepEqual(
    (await differences('USD')).map(({ kind }) => kind),
    ['not_in_journal', 'not_in_report'],
  );
  await shop.close();
});

test('a caller who gave up while the payment was loaded sends nothing, not even a lookup', async () => {
  const shop = await shopOf({ client: { timeout: 5000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const controller = new AbortController();
  const { pay, wasInterrupted } = await shop.interrupted('LEFT JOIN aps_journal_payment', () => controller.abort());
  const before = shop.sent.length;
  const capture = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
  await assert.rejects(pay.capture(capture, { signal: controller.signal }), { code: 'aborted', sent: 'no' });
  assert.ok(wasInterrupted());
  assert.equal(shop.sent.length, before);
  await shop.close();
});
