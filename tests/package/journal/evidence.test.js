// What proves that an operation took place, and what does not, seen from outside: at the wire, in the history, in what is
// observed and in the uncertain list.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testNotification } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { aed, all, card, neverAnswer, open } from './shop.js';

const store = await openMemory();
after(() => store.close());
let count = 0;
const name = () => {
  count += 1;
  return `proof-${count}`;
};
const DAYS = 86_400_000;

/** A shop, and what it observes; the wire goes through `wire.change`. */
async function shopOf(more) {
  const events = [];
  const wire = { change: (answer) => answer() };
  const change = (answer, request) => wire.change(answer, request);
  const shop = await open({ store, change, ...more, client: { observe: (event) => events.push(event) } });
  const reports = () => events.filter(({ type }) => type === 'report').map(({ report }) => report.report);
  const operation = async (reference, key) =>
    (await shop.pay.history(reference)).operations.find((one) => one.operation === key);
  const uncertain = async (reference) =>
    (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === reference);
  return { ...shop, wire, reports, operation, uncertain };
}

/** Loses every answer to a command; `isCarriedOut`: the gateway heard it. */
const losing =
  (lost, isCarriedOut = false) =>
  async (answer, { command }) => {
    if (command !== lost) return answer();
    if (isCarriedOut) await answer();
    return neverAnswer();
  };

const notice = (shop, params) =>
  testNotification({ fort_id: '169996200000123456', response_message: 'Success', ...params }, shop.sandbox.account);

test('a baseline that another instance overtook is read again', async () => {
  const shop = await shopOf();
  const other = await open({ store, sandbox: shop.sandbox });
  const order = name();
  await shop.authorize(order, aed('100'));
  let lookups = 0;
  shop.wire.change = async (answer, { query_command }) => {
    if (query_command !== 'CHECK_STATUS') return answer();
    lookups += 1;
    const reply = await answer();
    if (lookups === 1) await other.capture(`overtaking ${order}`, order, aed('20'));
    return reply;
  };
  assert.equal((await shop.capture(`ship ${order}`, order, aed('30'))).outcome, 'succeeded');
  assert.equal(lookups, 2);
  assert.deepEqual(shop.reports(), [], 'the other capture is known');
  assert.equal((await shop.pay.history(order)).totals.captured, '5000');
  await shop.close();
});

test('payments need no baseline, captures and refunds do; without it nothing is sent', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  assert.deepEqual(
    shop.sent.map(({ command, query_command }) => command ?? query_command),
    ['AUTHORIZATION'],
  );
  shop.wire.change = async (answer, { query_command }) => (query_command ? neverAnswer() : answer());
  await assert.rejects(shop.capture(`ship ${order}`, order, aed('30')), { name: 'TransportError', sent: 'no' });
  assert.deepEqual(shop.moved(), ['AUTHORIZATION']);
  shop.wire.change = (answer) => answer();
  assert.equal((await shop.capture(`ship ${order}`, order, aed('30'))).outcome, 'succeeded', 'its key was free');
  await shop.close();
});

test('what moved outside is recorded and observed before anything is sent', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.aps.capture({ merchant_reference: order, amount: aed('20') });
  let known;
  shop.wire.change = async (answer, { command }) => {
    if (command === 'CAPTURE') known = { reports: shop.reports(), ...(await shop.pay.history(order)) };
    return answer();
  };
  await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual([known.reports, known.totals.captured], [['outside'], '2000']);
  await shop.close();
});

test('a payment that the journal never saw is known from CHECK_STATUS before it is captured', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.aps.authorize({ merchant_reference: order, amount: aed('100'), ...card });
  const reply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.equal(reply.outcome, 'succeeded');
  const { totals } = await shop.pay.history(order);
  assert.deepEqual([totals.authorized, totals.captured], ['10000', '3000']);
  await shop.close();
});

test('captures and voids carry a tag where there is room, payments never', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'), { order_description: 'Two books' });
  const described = (key, order_description) =>
    shop.pay.capture({ operation: `${key} ${order}`, merchant_reference: order, amount: aed('10'), order_description });
  await described('one', 'First parcel');
  await described('two', undefined);
  await described('three', 'x'.repeat(140));
  const other = name();
  await shop.authorize(other, aed('100'));
  await shop.pay.void({ operation: `void ${other}`, merchant_reference: other });
  const texts = shop.sent.filter(({ command }) => command).map(({ order_description }) => order_description);
  assert.equal(texts[0], 'Two books');
  assert.match(texts[1], /^First parcel #[0-9a-z]{14}$/);
  assert.match(texts[2], /^#[0-9a-z]{14}$/);
  assert.equal(texts[3], 'x'.repeat(140));
  assert.equal(texts[4], undefined);
  assert.match(texts[5], /^#[0-9a-z]{14}$/);
  assert.equal(new Set([texts[1], texts[2], texts[5]].map((text) => text.slice(-14))).size, 3);
  await shop.close();
});

test('a void whose answer was lost is proven by transaction_status, a refund by its own reference', async () => {
  const shop = await shopOf();
  const other = await open({ store, sandbox: shop.sandbox });
  const [held, bought] = [name(), name()];
  await shop.authorize(held, aed('100'));
  shop.wire.change = losing('VOID_AUTHORIZATION', true);
  const gone = await shop.pay.void({ operation: `void ${held}`, merchant_reference: held });
  assert.deepEqual([gone.outcome, gone.evidence], ['succeeded', 'totals']);
  await shop.pay.purchase({ operation: `buy ${bought}`, merchant_reference: bought, amount: aed('10'), ...card });
  // Something else moves the totals at the same time: then only the reference tells.
  shop.wire.change = async (answer, { command }) => {
    if (command !== 'REFUND') return answer();
    await answer();
    await other.aps.refund({ merchant_reference: bought, amount: aed('1'), maintenance_reference: 'by-hand' });
    return neverAnswer();
  };
  const back = await shop.pay.refund({ operation: `back ${bought}`, merchant_reference: bought, amount: aed('4') });
  assert.equal(back.outcome, 'succeeded');
  assert.equal((await shop.operation(bought, `back ${bought}`)).evidence, 'reference');
  await shop.close();
});

test('growth that an operation assumed absent could explain proves nothing', async () => {
  const shop = await shopOf({ options: { assumeAbsentAfter: 1 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  let late;
  shop.wire.change = (answer, request) => {
    if (request.command !== 'CAPTURE') return answer();
    late ??= request;
    return neverAnswer();
  };
  await shop.capture(`first ${order}`, order, aed('30'));
  store.offset = 16 * 60_000;
  const { settled } = await shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 });
  store.offset = 0;
  assert.deepEqual(settled, [{ operation: `first ${order}`, outcome: 'failed', evidence: 'assumed' }]);
  const second = await shop.capture(`second ${order}`, order, aed('30'));
  assert.equal(second.outcome, 'uncertain');
  // The first arrives after all.
  const { paymentApi } = shop.sandbox.account.environment;
  await shop.sandbox.fetch(paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(late),
  });
  assert.equal(shop.books(order).captured, '3000');
  await shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 });
  assert.equal((await shop.operation(order, `second ${order}`)).status, 'uncertain');
  assert.deepEqual(
    (await shop.uncertain(order)).map(({ operation }) => operation),
    [`second ${order}`],
  );
  await shop.close();
});

test('what is shown to be there is not assumed absent, however late it is', async () => {
  const shop = await shopOf({ options: { assumeAbsentAfter: 1 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  shop.wire.change = losing('CAPTURE');
  await shop.capture(`ship ${order}`, order, aed('30'));
  shop.wire.change = (answer) => answer();
  // By somebody else, and more than it: it could explain the growth, but does not have to.
  await shop.aps.capture({ merchant_reference: order, amount: aed('50') });
  store.offset = 16 * 60_000;
  const { settled } = await shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 });
  store.offset = 0;
  assert.deepEqual(settled, []);
  assert.equal((await shop.uncertain(order))[0].kind, 'open');
  await shop.close();
});

test('nobody settles what may still be under way', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  let go = () => {};
  const arrived = new Promise((resolve) => {
    shop.wire.change = async (answer, { command }) => {
      if (command !== 'CAPTURE') return answer();
      resolve();
      await new Promise((finish) => {
        go = finish;
      });
      return answer();
    };
  });
  const reply = shop.capture(`ship ${order}`, order, aed('30'));
  await arrived;
  const settle = () => shop.pay.settle(`ship ${order}`, 'failed', { by: 'Amal', why: 'I see nothing' });
  await assert.rejects(settle(), { name: 'OperationError', code: 'busy' });
  assert.equal((await shop.operation(order, `ship ${order}`)).status, 'sent');
  go();
  assert.equal((await reply).outcome, 'succeeded');
  await shop.close();
});

test('a reply and a notification that differ are a contradiction, wherever one looks; the first stands', async () => {
  const shop = await shopOf();
  const order = name();
  const key = `buy ${order}`;
  const declined = { ...card, card_number: '4000000000000119' };
  const reply = await shop.pay.purchase({ operation: key, merchant_reference: order, amount: aed('10'), ...declined });
  assert.equal(reply.outcome, 'failed');
  const told = { command: 'PURCHASE', merchant_reference: order, amount: aed('10'), response_code: '14000' };
  await shop.pay.notification(notice(shop, told));
  const [found] = await shop.uncertain(order);
  assert.deepEqual(
    [found.kind, found.operation, found.status, found.evidence],
    ['contradiction', key, reply.outcome, 'reply'],
  );
  assert.match(found.cure, /back office/);
  assert.ok(shop.reports().includes('contradiction'));
  const { entries } = await shop.pay.history(order);
  assert.ok(entries.some(({ reports }) => reports?.some(({ report }) => report === 'contradiction')));
  // The same again is no news.
  const before = shop.reports().length;
  await shop.pay.notification(notice(shop, told));
  assert.equal(shop.reports().length, before);
  await shop.pay.settle(key, 'failed', { by: 'Amal', why: 'the back office shows none' });
  assert.deepEqual(await shop.uncertain(order), []);
  const { status, evidence, by } = await shop.operation(order, key);
  assert.deepEqual([status, evidence, by], ['failed', 'person', 'Amal']);
  await shop.close();
});

test('open captures of an authorization that lapsed are reported as lapsed, and have not failed', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  shop.wire.change = losing('CAPTURE');
  await shop.capture(`ship ${order}`, order, aed('30'));
  const recover = async (days) => {
    store.offset = days * DAYS;
    const { settled } = await shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 });
    store.offset = 0;
    assert.deepEqual(settled, []);
    return (await shop.uncertain(order)).map(({ kind, status }) => [kind, status]);
  };
  assert.deepEqual(await recover(7.5), [['open', 'uncertain']], 'not a day ago');
  assert.deepEqual(await recover(8.1), [['lapsed', 'uncertain']]);
  assert.ok(shop.reports().includes('lapsed'));
  await assert.rejects(shop.capture(`other ${order}`, order, aed('30')), { code: 'busy' });
  await shop.close();
});

test('a notification without a tag goes to a settled operation of its amount that has none yet', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  for (const key of ['one', 'two']) await shop.capture(`${key} ${order}`, order, aed('30'));
  const told = (fort_id) =>
    shop.pay.notification(
      notice(shop, {
        ...{ command: 'CAPTURE', merchant_reference: order, amount: aed('30'), response_code: '04000' },
        fort_id,
      }),
    );
  for (const fort_id of ['169996200000000001', '169996200000000002', '169996200000000003']) await told(fort_id);
  const { notifications, totals } = await shop.pay.history(order);
  assert.deepEqual(
    notifications.map(({ operation }) => operation),
    [`one ${order}`, `two ${order}`, undefined],
  );
  assert.deepEqual(
    (await shop.uncertain(order)).map(({ kind }) => kind),
    ['unattributed'],
  );
  assert.equal(totals.captured, '6000', 'what is not attributed proves nothing');
  await shop.close();
});

test('what comes in any order, and twice, never takes a payment back', async () => {
  const shop = await shopOf();
  const [order, key] = [name(), 'late '];
  await shop.pay.expect({ operation: key + order, merchant_reference: order, amount: aed('10') });
  const told = (response_code) =>
    notice(shop, { command: 'PURCHASE', merchant_reference: order, amount: aed('10'), response_code });
  const [pending, success] = [told('20064'), told('14000')];
  for (const message of [success, pending, success, pending]) await shop.pay.notification(message);
  const { operations, notifications, totals } = await shop.pay.history(order);
  assert.deepEqual([operations[0].status, totals.captured, notifications.length], ['succeeded', '1000', 2]);
  assert.deepEqual(await shop.uncertain(order), []);
  await shop.close();
});

test('a customer who never comes back from 3-D Secure is assumed absent, and what comes after all is reported', async () => {
  const shop = await shopOf({ options: { assumeAbsentAfter: 1 } });
  const [order, one, two] = [name(), name(), name()];
  const challenged = { ...card, card_number: '4557012345678902', order };
  const buy = (merchant_reference, more) =>
    shop.pay.purchase({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10'), ...more });
  assert.equal((await buy(one, challenged)).outcome, 'action_required');
  await assert.rejects(buy(two, { ...card, order }), { code: 'busy' });
  await shop.pay.recover({ olderThan: 0 });
  await assert.rejects(buy(two, { ...card, order }), { code: 'busy' }, 'the customer may still come back');
  store.offset = DAYS;
  await shop.pay.recover({ olderThan: 0 });
  const { status, evidence } = await shop.operation(one, `buy ${one}`);
  assert.deepEqual([status, evidence], ['failed', 'assumed']);
  assert.equal((await buy(two, { ...card, order })).outcome, 'succeeded');
  const told = { command: 'PURCHASE', merchant_reference: one, amount: aed('10'), response_code: '14000' };
  await shop.pay.notification(notice(shop, told));
  store.offset = 0;
  assert.equal((await shop.uncertain(one))[0].kind, 'contradiction');
  assert.deepEqual((await shop.uncertain(order))[0].references.sort(), [one, two].sort());
  await shop.close();
});

test('while one attempt at an order is open another is busy, unless it says in spite of which', async () => {
  const shop = await shopOf();
  const [order, one, two] = [name(), name(), name()];
  shop.wire.change = losing('AUTHORIZATION');
  assert.equal((await shop.authorize(one, aed('100'), { order })).outcome, 'uncertain');
  shop.wire.change = (answer) => answer();
  await assert.rejects(shop.authorize(two, aed('100'), { order }), { name: 'OperationError', code: 'busy' });
  await assert.rejects(shop.authorize(two, aed('100'), { order }, { despite: 'another key' }), { code: 'busy' });
  assert.equal(shop.moved().length, 1);
  const meant = await shop.authorize(two, aed('100'), { order }, { despite: `authorize ${one}` });
  assert.equal(meant.outcome, 'succeeded');
  // The first was carried out after all: the customer was charged twice, and that is reported.
  const told = { command: 'AUTHORIZATION', merchant_reference: one, amount: aed('100'), response_code: '02000' };
  await shop.pay.notification(notice(shop, told));
  await shop.pay.recover({ olderThan: 0 });
  const [twice] = (await all(shop.pay.uncertain())).filter(({ references }) => references?.includes(one));
  assert.deepEqual([twice.kind, twice.references.sort()], ['paid_twice', [one, two].sort()]);
  assert.match(twice.cure, /[Vv]oid or refund/);
  assert.ok(shop.reports().includes('paid_twice'));
  await shop.close();
});

test('what is open, or should be looked at, is not pruned', async () => {
  const shop = await shopOf();
  const [settled, undecided] = [name(), name()];
  for (const order of [settled, undecided]) await shop.authorize(order, aed('100'));
  shop.wire.change = losing('CAPTURE');
  await shop.capture(`ship ${undecided}`, undecided, aed('30'));
  store.offset = DAYS;
  await shop.pay.prune({ before: Date.now() + DAYS });
  store.offset = 0;
  assert.equal(await shop.pay.history(settled), null);
  assert.equal((await shop.pay.history(undecided)).operations.length, 2);
  await assert.rejects(shop.pay.prune({ before: 'yesterday' }), { name: 'ValidationError' });
  await shop.close();
});

test('exports come in pieces, masked, and no spreadsheet takes a cell for a formula', async () => {
  const shop = await shopOf();
  const order = name();
  const token_name = 'a-token-of-the-shopper';
  const key = `=HYPERLINK("x") ${order}`;
  await shop.pay.purchase({
    ...{ operation: key, merchant_reference: order, amount: aed('10'), ...card },
    ...{ customer_name: 'Amal Haddad', phone_number: '0501234567', token_name, remember_me: 'YES' },
  });
  for (const format of ['json', 'csv']) {
    const pieces = await all(shop.pay.export({ format }));
    const text = pieces.join('');
    assert.ok(pieces.length > 1 && text.includes(order), format);
    for (const personal of ['Amal', '0501234567', token_name, 'buyer@example.com', '192.0.2.1', 'card_number']) {
      assert.ok(!text.includes(personal), `no ${personal} in ${format}`);
    }
    if (format === 'csv') assert.ok(text.includes(`"'=HYPERLINK(""x"") ${order}"`));
    else assert.equal(JSON.parse(text).find(({ operation }) => operation === key).reply.params.customer_name, '***');
  }
  assert.throws(() => shop.pay.export({ format: 'xml' }), { name: 'ValidationError' });
  await shop.close();
});
