// Operations under the caller's keys: once each, one at a time on a payment, over PGlite in memory.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { migrate, OperationError } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { ApsError, TransportError, ValidationError } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { aed, all, card, neverAnswer, open } from './shop.js';

// One database for all: opening one takes longer than what is tested.
const store = await openMemory();
after(() => store.close());
let count = 0;
const shopOf = (more) => open({ store, ...more });
const name = () => {
  count += 1;
  return `order-${count}`;
};

test('the same key is carried out once, and answers its recorded reply', async () => {
  const shop = await shopOf();
  const order = name();
  const first = await shop.authorize(order, aed('100'));
  assert.deepEqual([first.outcome, first.evidence, first.recorded], ['succeeded', 'reply', undefined]);
  const again = await shop.authorize(order, aed('100'));
  assert.deepEqual([again.outcome, again.evidence, again.recorded, again.code], ['succeeded', 'reply', true, '02000']);
  assert.equal(again.params.fort_id, first.params.fort_id);
  assert.deepEqual(shop.moved(), ['AUTHORIZATION']);
  await shop.capture(`ship ${order}`, order, aed('30'));
  await shop.capture(`ship ${order}`, order, aed('30'));
  assert.equal(shop.books(order).captured, '3000');
  await shop.close();
});

test('other contents under the same key are refused', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const refused = (promise) =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof OperationError && error instanceof ApsError);
      assert.equal(error.code, 'other_contents');
      return true;
    });
  await refused(shop.authorize(order, aed('99')));
  await refused(shop.authorize(order, aed('100'), { card_number: '5123450000000008' }));
  await refused(shop.capture(`authorize ${order}`, order, aed('100')));
  // What is never written is not compared either.
  const again = await shop.authorize(order, aed('100'), { card_security_code: '321' });
  assert.equal(again.recorded, true);
  assert.deepEqual(shop.moved(), ['AUTHORIZATION']);
  await shop.close();
});

test('a lost answer is found out by the totals; a retry under another key waits for it', async () => {
  let isLosing = false;
  const change = async (answer, { command }) => {
    if (command !== 'CAPTURE' || !isLosing) return answer();
    await answer();
    return neverAnswer();
  };
  const shop = await shopOf({ change });
  const order = name();
  await shop.authorize(order, aed('100'));
  isLosing = true;
  const reply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual([reply.outcome, reply.evidence], ['succeeded', 'totals']);
  assert.equal(shop.books(order).captured, '3000');
  await shop.close();
});

test('an operation without evidence blocks its payment until there is evidence, or a person settles it', async () => {
  const change = (answer, { command }) => (command === 'CAPTURE' ? neverAnswer() : answer());
  const shop = await shopOf({ change });
  const order = name();
  await shop.authorize(order, aed('100'));
  const reply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.equal(reply.outcome, 'uncertain');
  await assert.rejects(shop.capture(`other ${order}`, order, aed('30')), { code: 'busy', operation: `other ${order}` });
  const [open] = (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === order);
  assert.deepEqual(
    [open.kind, open.operation, open.amount, open.status],
    ['open', `ship ${order}`, '3000', 'uncertain'],
  );
  const { settled } = await shop.pay.recover({ olderThan: 0 });
  assert.deepEqual(settled, [], 'absence is no evidence');
  await assert.rejects(shop.pay.settle('nothing', 'failed', { by: 'Amal', why: 'none' }), {
    code: 'unknown_operation',
  });
  await assert.rejects(shop.pay.settle(`ship ${order}`, 'failed', {}), ValidationError);
  await shop.pay.settle(`ship ${order}`, 'failed', { by: 'Amal', why: 'not in the back office' });
  const history = await shop.pay.history(order);
  const own = history.operations.find(({ operation }) => operation === `ship ${order}`);
  assert.deepEqual([own.status, own.evidence, own.by, own.why], ['failed', 'person', 'Amal', 'not in the back office']);
  const settledReply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual([settledReply.outcome, settledReply.evidence, settledReply.recorded], ['failed', 'person', true]);
  await shop.close();
});

test('recover assumes absence only if the merchant allows it', async () => {
  const change = (answer, { command }) => (command === 'CAPTURE' ? neverAnswer() : answer());
  const shop = await shopOf({ change, options: { assumeAbsentAfter: 1 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual(
    (await shop.pay.recover({ olderThan: 0, lease: 0 })).settled,
    [],
    'timeout plus 15 minutes at least',
  );
  store.offset = 16 * 60_000;
  const { settled } = await shop.pay.recover({ olderThan: 0, lease: 0 });
  store.offset = 0;
  assert.deepEqual(settled, [{ operation: `ship ${order}`, outcome: 'failed', evidence: 'assumed' }]);
  await shop.close();
});

test('an operation that was provably not sent frees its key', async () => {
  let isRefusing = true;
  const change = (answer, { command }) => {
    if (command !== 'PURCHASE' || !isRefusing) return answer();
    throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
  };
  const shop = await shopOf({ change });
  const merchant_reference = name();
  const buy = () =>
    shop.pay.purchase({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10'), ...card });
  await assert.rejects(buy(), (error) => error instanceof TransportError && error.sent === 'no');
  isRefusing = false;
  const reply = await buy();
  assert.deepEqual([reply.outcome, reply.recorded], ['succeeded', undefined]);
  await shop.close();
});

test('one of many calls under one key sends it; all return the same', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => shop.capture(`ship ${order}`, order, aed('30'), { wait: 5000 })),
  );
  assert.deepEqual(
    replies.map(({ outcome }) => outcome),
    Array(8).fill('succeeded'),
  );
  assert.equal(shop.moved().filter((command) => command === 'CAPTURE').length, 1);
  assert.equal(shop.books(order).captured, '3000');
  await shop.close();
});

test('an order is not paid twice unless that is intended', async () => {
  const shop = await shopOf();
  const order = name();
  const [one, two, three] = [name(), name(), name()];
  // The order of the payment's own name is the usual one.
  assert.equal((await shop.authorize(order, aed('1'), { order })).outcome, 'succeeded');
  await shop.pay.void({ operation: `void ${order}`, merchant_reference: order });
  await shop.authorize(one, aed('100'), { order });
  await assert.rejects(shop.authorize(two, aed('100'), { order }), { code: 'paid_already' });
  assert.equal(shop.moved().length, 3);
  const more = await shop.authorize(two, aed('100'), { order }, { despite: `authorize ${one}` });
  assert.equal(more.outcome, 'succeeded');
  const twice = (await all(shop.pay.uncertain())).filter(({ kind }) => kind === 'paid_twice');
  assert.deepEqual(
    twice.map(({ references }) => references.sort()),
    [[one, two].sort()],
  );
  await shop.pay.void({ operation: `void ${one}`, merchant_reference: one });
  await shop.pay.recover({ olderThan: 0 });
  await assert.rejects(shop.authorize(three, aed('100'), { order }), { code: 'paid_already' });
  await shop.close();
});

test('there must be time to send and to record the answer', async () => {
  const shop = await shopOf();
  const order = name();
  await assert.rejects(shop.authorize(order, aed('100'), {}, { deadline: 500 }), { code: 'deadline' });
  await assert.rejects(shop.authorize(order, aed('100'), {}, { deadline: () => 0 }), { code: 'deadline' });
  // The instant at which the function ends may be past.
  await assert.rejects(shop.authorize(order, aed('100'), {}, { deadline: -1 }), { code: 'deadline' });
  assert.deepEqual(shop.sent, []);
  assert.equal((await shop.authorize(order, aed('100'), {}, { deadline: 60_000 })).outcome, 'succeeded');
  await shop.close();
});

test('a refund, by the fort_id alone, has a reference of its own', async () => {
  const shop = await shopOf();
  const merchant_reference = name();
  const paid = await shop.pay.purchase({
    operation: `buy ${merchant_reference}`,
    merchant_reference,
    amount: aed('10'),
    ...card,
  });
  const { fort_id } = paid.params;
  const refund = () => shop.pay.refund({ operation: `refund ${merchant_reference}`, fort_id, amount: aed('4') });
  assert.equal((await refund()).outcome, 'succeeded');
  assert.equal((await refund()).recorded, true);
  const [sent] = shop.sent.filter(({ command }) => command === 'REFUND');
  assert.match(sent.maintenance_reference, /^[0-9a-f-]{36}$/);
  assert.equal(shop.books(merchant_reference).refunded, '400');
  await shop.close();
});

test('money moved outside the journal is reported before anything is sent', async () => {
  const events = [];
  const shop = await shopOf({ client: { observe: (event) => events.push(event) } });
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.aps.capture({ merchant_reference: order, amount: aed('20') });
  const reply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual([reply.outcome, reply.evidence], ['succeeded', 'reply']);
  const [report] = events.filter(({ type }) => type === 'report');
  assert.deepEqual(
    [report.report.report, report.report.reported.captured, report.merchant_reference],
    ['outside', 2000, order],
  );
  const { entries, totals } = await shop.pay.history(order);
  assert.equal(entries.filter(({ reports }) => reports?.[0].report === 'outside').length, 1);
  assert.equal(totals.captured, '5000');
  await shop.close();
});

test('nothing is sent that is wrong, all problems at once', async () => {
  const shop = await shopOf();
  const order = name();
  await assert.rejects(shop.pay.capture({ merchant_reference: order, amount: aed('1') }), (error) => {
    assert.deepEqual(
      error.issues.map(({ parameter, code }) => [parameter, code]),
      [['operation', 'missing']],
    );
    return true;
  });
  await assert.rejects(shop.capture('key', order, aed('1'), { wiat: 5 }), ValidationError);
  await assert.rejects(shop.capture('key', order, aed('1'), { wait: -1, deadline: 'soon' }), (error) => {
    assert.deepEqual(
      error.issues.map(({ parameter }) => parameter),
      ['wait', 'deadline'],
    );
    return true;
  });
  await assert.rejects(shop.pay.capture({ operation: 'key', merchant_reference: order, amount: 20 }), ValidationError);
  await assert.rejects(shop.pay.send('CHECK_STATUS', { operation: 'key', merchant_reference: order }), ValidationError);
  assert.deepEqual(shop.sent, []);
  await shop.close();
});

test('no card data, and no phrase, is written anywhere', async () => {
  const sandbox = createSandbox();
  const shop = await shopOf({ sandbox });
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.capture(`ship ${order}`, order, aed('30'));
  const tables = ['payment', 'operation', 'entry', 'notification', 'version'];
  let dump = '';
  for (const table of tables) {
    const { rows } = await store.query(`SELECT * FROM aps_journal_${table}`, []);
    dump += JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  }
  assert.ok(dump.includes(order) && dump.includes('buyer@example.com'), 'the dump holds what was written');
  const { sha_request_phrase, sha_response_phrase } = sandbox.account;
  for (const secret of [
    card.card_number,
    'card_number',
    'expiry_date',
    'card_security_code',
    sha_request_phrase,
    sha_response_phrase,
  ]) {
    assert.ok(!dump.includes(secret), `no ${secret}`);
  }
  await shop.close();
});

test('exports are masked; old payments are pruned', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const json = JSON.parse((await all(shop.pay.export({ format: 'json' }))).join(''));
  const own = json.find(({ merchant_reference }) => merchant_reference === order);
  assert.deepEqual([own.status, own.amount, own.params.customer_email], ['succeeded', '10000', '***']);
  const lines = (await all(shop.pay.export({ format: 'csv' }))).join('').split('\r\n');
  assert.match(lines[0], /^operation,merchant_reference,/);
  assert.ok(lines.some((line) => line.startsWith(`authorize ${order},${order},`)));
  assert.deepEqual(await shop.pay.prune({ before: 0 }), { payments: 0 });
  assert.ok(await shop.pay.history(order));
  await shop.pay.prune({ before: Date.now() + 60_000 });
  assert.equal(await shop.pay.history(order), null);
  await shop.close();
});

test('differences from a settlement report', async () => {
  const shop = await shopOf();
  const [one, two] = [name(), name()];
  for (const merchant_reference of [one, two]) {
    await shop.pay.purchase({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10'), ...card });
  }
  const row = (merchant_reference, amount) => ({ merchant_reference, command: 'PURCHASE', amount, currency: 'AED' });
  const differences = await all(shop.pay.reconcile([row(one, '10.00'), row(two, '9.00'), row('unknown', '1.00')]));
  assert.deepEqual(
    differences.filter(({ merchant_reference: own }) => [one, two, 'unknown'].includes(own)),
    [
      { kind: 'amount', merchant_reference: two, command: 'PURCHASE', journal: '1000', report: '900' },
      { kind: 'not_in_journal', merchant_reference: 'unknown', command: 'PURCHASE', journal: undefined, report: '100' },
    ],
  );
  await shop.close();
});

test('what moved nothing is no difference from a report', async () => {
  const shop = await shopOf();
  const [held, voided, declined] = [name(), name(), name()];
  await shop.authorize(held, aed('10'));
  await shop.authorize(voided, aed('20'));
  await shop.pay.void({ operation: `void ${voided}`, merchant_reference: voided });
  await shop.authorize(declined, aed('30'), { card_number: '4000000000000119' });
  const row = (merchant_reference, operation, amount, response_code) => ({
    ...{ merchant_reference, operation, amount, currency: 'AED', response_code },
  });
  const differences = shop.pay.reconcile([
    row(held, 'authorization', '10.00', '02000'),
    row(voided, 'AUTHORIZATION', '20.00', '02000'),
    row(voided, 'void authorization', '', '08000'),
    row(declined, 'AUTHORIZATION', '30.00', '03666'),
  ]);
  const own = [held, voided, declined];
  assert.deepEqual(
    (await all(differences)).filter((one) => own.includes(one.merchant_reference)),
    [],
  );
  await shop.close();
});

test('a fort_id of another payment than the reference is refused', async () => {
  const shop = await shopOf();
  const [one, two] = [name(), name()];
  const { params } = await shop.authorize(one, aed('100'));
  await shop.authorize(two, aed('100'));
  const capture = { operation: `both ${two}`, merchant_reference: two, fort_id: params.fort_id, amount: aed('1') };
  await assert.rejects(shop.pay.capture(capture), (error) => {
    assert.ok(error instanceof ValidationError);
    assert.deepEqual(
      error.issues.map(({ parameter, code }) => [parameter, code]),
      [['fort_id', 'conflict']],
    );
    return true;
  });
  assert.equal((await shop.pay.capture({ ...capture, merchant_reference: one })).outcome, 'succeeded');
  await shop.close();
});

test('a call ends before its deadline, also if its answer is lost, or if others are to be waited for', async () => {
  let isDark = false;
  const change = (answer, { command }) => {
    if (command === 'AUTHORIZATION') return answer();
    if (command !== undefined) {
      // It is carried out, and from then on nobody answers.
      isDark = true;
      return answer().then(neverAnswer);
    }
    return isDark ? new Promise(() => {}) : answer();
  };
  const shop = await open({ store, change, client: { timeout: 20_000, retries: 2 } });
  const [one, two] = [name(), name()];
  for (const order of [one, two]) await shop.authorize(order, aed('100'));
  const endsWithin = async (milliseconds, call) => {
    const start = performance.now();
    const end = await call({ deadline: milliseconds, wait: 60_000 }).catch(({ code }) => code);
    assert.ok(performance.now() - start < milliseconds, `${performance.now() - start}`);
    return end;
  };
  const ship = (order) => (options) => shop.capture(`ship ${order}`, order, aed('10'), options);
  assert.equal((await endsWithin(3000, ship(two))).outcome, 'uncertain');
  assert.equal((await endsWithin(2500, ship(two))).outcome, 'uncertain');
  assert.equal(await endsWithin(2500, (options) => shop.capture(`more ${two}`, two, aed('10'), options)), 'busy');
  // The totals cannot be read in time, however often they are asked for.
  assert.equal(await endsWithin(4000, ship(one)), 'deadline');
  const gone = () => {
    throw new Error('the context is gone');
  };
  await assert.rejects(shop.capture(`late ${one}`, one, aed('10'), { deadline: gone }), { code: 'deadline' });
  await shop.close();
});

test('a key, an order or a reference that the journal cannot hold is named, and nothing is recorded', async () => {
  const shop = await shopOf();
  const merchant_reference = name();
  const amount = aed('10');
  const named = (/** @type {string} */ parameter) => (error) => {
    assert.ok(error instanceof ValidationError, String(error));
    assert.deepEqual([...new Set(error.issues.map((one) => one.parameter))], [parameter]);
    return true;
  };
  const bad = [undefined, null, 7, {}, Symbol('x'), Object.create(null), '', 'a\0b', 'a\u0001b', 'a\nb', '\ud800'];
  for (const key of [...bad, 'x'.repeat(201)]) {
    const params = { merchant_reference, amount, ...card };
    await assert.rejects(shop.pay.purchase({ operation: key, ...params }), named('operation'));
    await assert.rejects(shop.pay.expect({ operation: key, ...params, command: 'PURCHASE' }), named('operation'));
    await assert.rejects(shop.pay.carryOut(key), named('operation'));
    await assert.rejects(shop.pay.settle(key, 'failed', { by: 'x', why: 'y' }), named('operation'));
    await assert.rejects(shop.pay.history(key), named('merchant_reference'));
    if (key === undefined || key === null) continue;
    await assert.rejects(shop.pay.purchase({ operation: 'k', order: key, ...params }), named('order'));
    await assert.rejects(shop.pay.purchase({ operation: 'k', ...params }, { despite: [key] }), named('despite'));
  }
  for (const report of [undefined, null, 7, {}, 'merchant_reference,command', () => {}]) {
    await assert.rejects(shop.pay.reconcile(report).next(), named('report'));
  }
  for (const where of [undefined, null, 7, {}, 'x', ':memory:']) {
    await assert.rejects(migrate(where), { name: 'ConfigurationError', code: 'bad_store' });
  }
  // No form could be built of these, and the announcement would stay open for ever.
  const expect = (more) =>
    shop.pay.expect({ operation: `page ${merchant_reference}`, merchant_reference, amount, ...more });
  await assert.rejects(expect({ amount: aed('0') }), named('amount'));
  for (const reference of ['order#1', 'x'.repeat(41)]) {
    await assert.rejects(expect({ merchant_reference: reference }), named('merchant_reference'));
    assert.equal(await shop.pay.history(reference), null);
  }
  assert.equal(await shop.pay.history(merchant_reference), null);
  assert.deepEqual(shop.moved(), []);
  await shop.close();
});

test('a deadline leaves room for a short timeout', async () => {
  const shop = await shopOf({ client: { timeout: 300 } });
  const merchant_reference = name();
  const buy = (deadline) =>
    shop.pay.purchase(
      { operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10'), ...card },
      { deadline },
    );
  await assert.rejects(buy(1100), { code: 'deadline' });
  assert.equal((await buy(5000)).outcome, 'succeeded');
  await shop.close();
});
