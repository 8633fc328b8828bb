// Lost answers, one by one; thousands of them are in lost-answers.test.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, Payment, PaymentServices, TransportError } from 'aps-payops/server';
import { commands } from '../messages/dictionary.js';
import { account, answerTo, failed, neverAnswer, notFound, payer, scriptedFetch, totals } from './scripted-gateway.js';

const aed = (text) => Amount.parse(text, 'AED');
const ORDER = { merchant_reference: 'o-1' };
const RESET = failed('ECONNRESET');
const authorized = () => Payment.authorized(aed('100'));

/**
 * A gateway that loses every answer except those to CHECK_STATUS. `answers` are the totals, one after another; the last is
 * repeated.
 */
function loseAnswers(answers, { answer = () => RESET } = {}) {
  let checks = 0;
  const gateway = scriptedFetch((request, init) => {
    if (request.query_command === undefined) return answer(request, init);
    const next = answers[Math.min(checks, answers.length - 1)];
    checks += 1;
    return typeof next === 'function' ? next(request, init) : answerTo(request, next);
  });
  return { ...gateway, aps: new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, retries: 0 }) };
}

test('succeeded only if the totals grew by exactly the amount', async () => {
  const payment = authorized().after('CAPTURE', aed('10'));
  for (const [command, amount, answers, outcome] of [
    ['CAPTURE', '30', totals(10000, 4000, 0, '04'), 'succeeded'],
    ['CAPTURE', '30', totals(10000, 3000, 0, '04'), 'uncertain'],
    ['CAPTURE', '30', totals(10000, 7000, 0, '04'), 'uncertain'],
    ['CAPTURE', '30', totals(10000, 1000, 0, '05'), 'uncertain'],
    ['CAPTURE', '30', notFound, 'uncertain'],
    ['REFUND', '5', totals(10000, 1000, 500, '06'), 'succeeded'],
    ['REFUND', '5', totals(10000, 1000, 499, '06'), 'uncertain'],
    ['REFUND', '5', totals(10000, 1500, 0, '04'), 'uncertain'],
    ['REFUND', '5', { ...totals(10000, 1000, 500, '04'), refunded_amount: undefined }, 'uncertain'],
    // This gateway answers the same when it is asked by the refund's own reference, which proves it.
    ['REFUND', '5', { ...totals(10000, 1000, 500, '06'), refunded_amount: undefined }, 'succeeded'],
  ]) {
    const { aps, commands } = loseAnswers([answers]);
    const reply = await aps.send(command, { ...ORDER, amount: aed(amount) }, { payment });
    assert.equal(reply.outcome, outcome, JSON.stringify([command, amount, answers]));
    assert.equal(commands().filter((name) => name === command).length, 1, 'sent once');
    if (outcome === 'succeeded') {
      assert.equal(reply.params.query_command, 'CHECK_STATUS');
      assert.equal(reply.authentic, true);
      const { captured, refunded } = reply.payment;
      assert.deepEqual(
        [String(captured), String(refunded)],
        command === 'CAPTURE' ? ['40.00', '0.00'] : ['10.00', '5.00'],
      );
    } else {
      assert.ok(reply.cause instanceof TransportError && reply.cause.sent === 'unknown');
      assert.deepEqual([reply.status, reply.code, reply.params], ['', '', {}]);
    }
  }
});

test('a void succeeded if the order is voided, and was not before', async () => {
  const run = (answers, options) =>
    loseAnswers(answers)
      .aps.void(ORDER, options)
      .then(({ outcome }) => outcome);
  assert.equal(await run([totals(10000, 0, 0, '08')], { payment: authorized() }), 'succeeded');
  assert.equal(await run([totals(10000, 0, 0, '02')], { payment: authorized() }), 'uncertain');
  assert.equal(await run([totals(10000, 0, 0, '08')], { baseline: true }), 'uncertain', 'voided before');
  assert.equal(await run([totals(10000, 0, 0, '02'), totals(10000, 0, 0, '08')], { baseline: true }), 'succeeded');
});

test('an authorization or purchase succeeded if there was no order before', async () => {
  for (const [command, before, after, outcome] of [
    ['AUTHORIZATION', notFound, totals(3000, 0, 0, '02'), 'succeeded'],
    ['AUTHORIZATION', notFound, totals(3000, 0, 0, '03'), 'uncertain'],
    ['AUTHORIZATION', notFound, totals(3001, 0, 0, '02'), 'uncertain'],
    ['AUTHORIZATION', notFound, totals(0, 0, 0, '20'), 'uncertain'],
    ['AUTHORIZATION', notFound, notFound, 'uncertain'],
    ['AUTHORIZATION', totals(3000, 0, 0, '02'), totals(3000, 0, 0, '02'), 'uncertain'],
    ['PURCHASE', notFound, totals(3000, 3000, 0, '14'), 'succeeded'],
    ['PURCHASE', notFound, totals(3000, 0, 0, '14'), 'succeeded'],
    ['PURCHASE', notFound, totals(3000, 2000, 0, '14'), 'uncertain'],
    ['PURCHASE', notFound, totals(0, 0, 0, '13'), 'uncertain'],
    ['PURCHASE', totals(0, 0, 0, '13'), totals(3000, 3000, 0, '14'), 'succeeded'],
  ]) {
    const { aps, commands } = loseAnswers([before, after]);
    const reply = await aps.send(command, { ...ORDER, ...payer, amount: aed('30') }, { baseline: true });
    assert.equal(reply.outcome, outcome, JSON.stringify([command, before, after]));
    assert.equal(commands().filter((name) => name === command).length, 1);
    if (outcome === 'succeeded') assert.equal(String(reply.payment.authorized), '30.00');
  }
});

test('without a baseline there is no lookup, since the answer would prove nothing', async () => {
  const { aps, commands } = loseAnswers([totals(10000, 3000, 0, '04')]);
  assert.equal((await aps.capture({ ...ORDER, amount: aed('30') })).outcome, 'uncertain');
  assert.deepEqual(commands(), ['CAPTURE']);
});

test('it asks until the request has arrived', async () => {
  const unchanged = totals(10000, 0, 0, '02');
  const answers = [
    unchanged,
    unchanged,
    () => RESET,
    neverAnswer,
    () => ({ forged: 'x' }),
    unchanged,
    totals(10000, 3000, 0, '04'),
  ];
  const { aps, commands } = loseAnswers(answers);
  const reply = await aps.capture({ ...ORDER, amount: aed('30') }, { payment: authorized() });
  assert.equal(reply.outcome, 'succeeded');
  assert.deepEqual(new Set(commands().slice(1)), new Set(['CHECK_STATUS']));
});

test('it stops asking', async () => {
  for (const answer of [totals(10000, 0, 0, '02'), () => RESET, neverAnswer, () => new Response('', { status: 503 })]) {
    const { aps, commands } = loseAnswers([answer]);
    const start = Date.now();
    assert.equal((await aps.capture({ ...ORDER, amount: aed('30') }, { payment: authorized() })).outcome, 'uncertain');
    assert.ok(commands().length <= 17, String(commands().length));
    assert.ok(Date.now() - start < 3000);
  }
});

test('a forged answer to CHECK_STATUS proves nothing', async () => {
  const forgeAnswer = (request) => ({ ...answerTo(request, totals(10000, 0, 0, '02')), captured_amount: '3000' });
  const another = (request) => answerTo(request, { ...totals(10000, 3000, 0, '04'), merchant_reference: 'o-2' });
  for (const answers of [forgeAnswer, another]) {
    const { aps } = loseAnswers([answers]);
    assert.equal((await aps.capture({ ...ORDER, amount: aed('30') }, { payment: authorized() })).outcome, 'uncertain');
  }
});

test('it asks by the names and credentials of the request', async () => {
  const { aps, sent } = loseAnswers([totals(10000, 3000, 0, '04')]);
  const fort_id = '149295435400084008';
  await aps.capture({ fort_id, amount: aed('30') }, { payment: authorized() });
  assert.deepEqual(
    sent.map((params) => [params.fort_id, params.merchant_reference, params.access_code]),
    [
      [fort_id, undefined, account.access_code],
      [fort_id, undefined, account.access_code],
    ],
  );
});

test('a baseline that cannot be read stops the operation', async () => {
  const rejected = { response_code: '00008', response_message: 'Signature mismatch' };
  for (const answers of [() => RESET, rejected, () => ({ forged: 'x' }), { response_code: '11006' }]) {
    const { aps, commands } = loseAnswers([answers]);
    await assert.rejects(aps.capture({ ...ORDER, amount: aed('30') }, { baseline: true }), {
      code: 'no_baseline',
      sent: 'no',
    });
    assert.deepEqual(commands(), ['CHECK_STATUS']);
  }
});

test('an outdated payment is no baseline for what this client did since', async () => {
  let lose = false;
  const { aps } = loseAnswers([totals(10000, 3000, 0, '04')], {
    answer: (request) => (lose ? RESET : answerTo(request)),
  });
  const payment = authorized();
  assert.equal((await aps.capture({ ...ORDER, amount: aed('30') }, { payment })).outcome, 'succeeded');
  lose = true;
  // The 30.00 that APS reports are those of the first capture.
  assert.equal((await aps.capture({ ...ORDER, amount: aed('30') }, { payment })).outcome, 'uncertain');
});

test('concurrent operations on one order are distinguished', async () => {
  let captured = 0;
  const gateway = scriptedFetch((request) => {
    if (request.query_command) return answerTo(request, totals(10000, captured, 0, '04'));
    // The first takes place, the second never arrives; both answers are lost.
    if (captured === 0) captured = Number(request.amount);
    return RESET;
  });
  const aps = new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, retries: 0 });
  const payment = authorized();
  const params = { ...ORDER, amount: aed('30') };
  const replies = await Promise.all([aps.capture(params, { payment }), aps.capture(params, { payment })]);
  assert.deepEqual(
    replies.map(({ outcome }) => outcome),
    ['succeeded', 'uncertain'],
  );
});

test('an answer that leaves it open is looked into as well', async () => {
  const answering = (response_code) => ({ answer: (request) => answerTo(request, { response_code }) });
  for (const code of ['15777', '04006', '05784', '05662']) {
    const unchanged = totals(10000, 0, 0, '02');
    const provable = loseAnswers([unchanged, unchanged, totals(10000, 3000, 0, '04')], answering(code));
    const reply = await provable.aps.capture({ ...ORDER, amount: aed('30') }, { payment: authorized() });
    assert.deepEqual([reply.outcome, String(reply.payment.captured)], ['succeeded', '30.00'], code);
    const open = loseAnswers([unchanged], answering(code));
    const left = await open.aps.capture({ ...ORDER, amount: aed('30') }, { payment: authorized() });
    assert.deepEqual([left.outcome, left.code, left.cause], ['uncertain', code, undefined], code);
  }
});

test('a reference that is taken points to an earlier attempt: it is looked up once, and never a failure', async () => {
  for (const code of ['00066', '00007']) {
    const params = { ...ORDER, ...payer, amount: aed('30') };
    const answering = { answer: (request) => answerTo(request, { response_code: code }) };
    const provable = loseAnswers([notFound, totals(3000, 3000, 0, '14')], answering);
    assert.equal((await provable.aps.purchase(params, { baseline: true })).outcome, 'succeeded');
    const taken = loseAnswers([totals(3000, 3000, 0, '14')], answering);
    const reply = await taken.aps.purchase(params, { baseline: true });
    assert.deepEqual([reply.outcome, reply.code], ['uncertain', code]);
    assert.deepEqual(taken.commands(), ['CHECK_STATUS', 'PURCHASE', 'CHECK_STATUS']);
    assert.equal((await loseAnswers([], answering).aps.purchase(params)).outcome, 'uncertain');
  }
});

test('a caller that gives up during lookups gets uncertain at once', async () => {
  const { aps } = loseAnswers([neverAnswer]);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const options = { payment: authorized(), signal: controller.signal };
  await assert.rejects(aps.capture({ ...ORDER, amount: aed('30') }, options), { code: 'aborted', sent: 'unknown' });
});

test('totals can tell of every command that moves money on one order', async () => {
  // A batch moves the money of many orders, whatever its effect is called.
  const onOneOrder = commands.filter(({ effect, channel }) => effect === 'money' && !channel.includes('batch'));
  assert.ok(onOneOrder.length >= 5);
  const grown = {
    AUTHORIZATION: [notFound, totals(3000, 0, 0, '02')],
    PURCHASE: [notFound, totals(3000, 3000, 0, '14')],
    CAPTURE: [totals(9000, 0, 0, '02'), totals(9000, 3000, 0, '04')],
    REFUND: [totals(9000, 9000, 0, '04'), totals(9000, 9000, 3000, '06')],
    VOID_AUTHORIZATION: [totals(9000, 0, 0, '02'), totals(9000, 0, 0, '08')],
  };
  for (const { name } of onOneOrder) {
    const money = name === 'VOID_AUTHORIZATION' ? {} : { amount: aed('30') };
    const whose = ['AUTHORIZATION', 'PURCHASE'].includes(name) ? payer : {};
    const { aps } = loseAnswers(grown[name]);
    const reply = await aps.send(name, { ...ORDER, ...whose, ...money }, { baseline: true });
    assert.equal(reply.outcome, 'succeeded', name);
  }
  const { aps, commands: sent } = loseAnswers([totals(9000, 0, 0, '02')]);
  const newCommand = await aps.send('NEW_COMMAND', ORDER, { selector: 'command', baseline: true });
  assert.deepEqual([newCommand.outcome, sent()], ['uncertain', ['CHECK_STATUS', 'NEW_COMMAND']]);
});
