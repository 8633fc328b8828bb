// The events that observers receive, and that observers change nothing.

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import { Amount, ConfigurationError, Payment, PaymentServices } from 'aps-payops/server';
import { account, answerTo, failed, payer, scriptedFetch, secrets, totals } from './scripted-gateway.js';

const amount = Amount.parse('30', 'AED');
const capture = { merchant_reference: 'o-1', amount };
const RESET = failed('ECONNRESET');

function observed(answer, options) {
  const events = [];
  const gateway = scriptedFetch(answer);
  const observe = (event) => void events.push(event);
  return { events, aps: new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, observe, ...options }) };
}
const summarize = ({ type, command, attempt, outcome, code, error, purpose }) =>
  Object.fromEntries(
    Object.entries({ type, command, attempt, outcome, code, purpose, error: error?.code }).filter(([, value]) => value),
  );

test('one request, one reply, one outcome', async () => {
  const { aps, events } = observed((request) => answerTo(request));
  await aps.capture(capture);
  assert.deepEqual(events.map(summarize), [
    { type: 'request', command: 'CAPTURE', attempt: 1 },
    { type: 'reply', command: 'CAPTURE', attempt: 1, outcome: 'succeeded', code: '04000' },
    { type: 'outcome', command: 'CAPTURE', outcome: 'succeeded', code: '04000' },
  ]);
  for (const event of events) assert.equal(event.merchant_reference, 'o-1');
  assert.equal(events[0].params.amount, '3000');
  assert.equal(events[1].params.fort_id, '149295435400084008');
  assert.ok(events[1].milliseconds >= 0 && events[2].milliseconds >= events[1].milliseconds);
  assert.ok(events.every(Object.isFrozen));
});

test('a lost answer, its lookups, and what they proved', async () => {
  let checks = 0;
  const { aps, events } = observed((request) => {
    if (!request.query_command) return RESET;
    checks += 1;
    return answerTo(request, checks === 1 ? totals(9000, 0, 0, '02') : totals(9000, 3000, 0, '04'));
  });
  assert.equal((await aps.capture(capture, { baseline: true })).outcome, 'succeeded');
  assert.deepEqual(events.map(summarize), [
    { type: 'lookup', command: 'CHECK_STATUS', purpose: 'baseline', outcome: 'succeeded', code: '12000' },
    { type: 'request', command: 'CAPTURE', attempt: 1 },
    { type: 'reply', command: 'CAPTURE', attempt: 1, error: 'network' },
    { type: 'lookup', command: 'CHECK_STATUS', purpose: 'outcome', outcome: 'succeeded', code: '12000' },
    { type: 'outcome', command: 'CAPTURE', outcome: 'succeeded', code: '12000' },
  ]);
  assert.equal(events[3].params.captured_amount, '3000');
});

test('every attempt of what was never sent, and of a query', async () => {
  const { aps, events } = observed((request, _, count) => (count < 3 ? failed('ECONNREFUSED') : answerTo(request)));
  await aps.capture(capture);
  assert.deepEqual(
    events.filter(({ type }) => type === 'request').map(({ attempt }) => attempt),
    [1, 2, 3],
  );
  const query = observed((request, _, count) => (count < 2 ? RESET : answerTo(request, totals(1, 0, 0, '02'))));
  await query.aps.checkStatus({ merchant_reference: 'o-1' });
  assert.deepEqual(query.events.map(summarize), [
    { type: 'request', command: 'CHECK_STATUS', attempt: 1 },
    { type: 'reply', command: 'CHECK_STATUS', attempt: 1, error: 'network' },
    { type: 'request', command: 'CHECK_STATUS', attempt: 2 },
    { type: 'reply', command: 'CHECK_STATUS', attempt: 2, outcome: 'succeeded', code: '12000' },
    { type: 'outcome', command: 'CHECK_STATUS', outcome: 'succeeded', code: '12000' },
  ]);
});

test('an error that the caller gets is an outcome too', async () => {
  const { aps, events } = observed((request) => ({ ...answerTo(request), amount: '1' }));
  const error = await aps.capture(capture).catch((failure) => failure);
  assert.deepEqual(events.map(summarize).slice(1), [
    { type: 'reply', command: 'CAPTURE', attempt: 1, error: 'signature_mismatch' },
    { type: 'outcome', command: 'CAPTURE', error: 'signature_mismatch' },
  ]);
  assert.equal(events[2].error, error);
});

test('an error of an observer, at once or later, changes nothing', async () => {
  const rejected = [];
  const onRejection = (reason) => rejected.push(reason);
  process.on('unhandledRejection', onRejection);
  for (const observe of [
    () => {
      throw new Error('mine');
    },
    () => Promise.reject(new Error('mine')),
    (event) => {
      event.outcome = 'failed';
      event.params.amount = '1';
    },
    () => new Promise(() => {}),
  ]) {
    const { aps } = observed((request) => answerTo(request), { observe });
    const reply = await aps.capture(capture, { payment: Payment.authorized(Amount.parse('100', 'AED')) });
    assert.deepEqual([reply.outcome, String(reply.payment.captured)], ['succeeded', '30.00']);
  }
  await new Promise(setImmediate);
  process.off('unhandledRejection', onRejection);
  assert.deepEqual(rejected, []);
  assert.throws(() => new PaymentServices(account, { observe: 'x' }), ConfigurationError);
});

test('no event holds a phrase, a card number or a security code', async () => {
  const { aps, events } = observed((request, init) => {
    if (request.command === 'AUTHORIZATION') return answerTo(request, { card_number: payer.card_number });
    throw Object.assign(new Error(init.body), { code: 'EPIPE' });
  });
  await aps.purchase({ ...payer, ...capture });
  await aps.authorize({ ...payer, ...capture });
  assert.ok(events.length >= 6);
  const text = JSON.stringify(events, (_, value) =>
    value instanceof Error ? `${value.stack} ${value.cause?.stack}` : value,
  );
  for (const secret of secrets) assert.ok(!text.includes(`${secret}`), secret);
  // Three digits may be part of any duration or identifier.
  assert.ok(!text.match(/\d+/g)?.includes(payer.card_security_code), text);
});

test('the same events on the channel of node:diagnostics_channel', async () => {
  const heard = [];
  const onEvent = (event, name) => heard.push([name, event]);
  subscribe('aps-payops', onEvent);
  const { aps, events } = observed((request) => answerTo(request));
  await aps.capture(capture);
  unsubscribe('aps-payops', onEvent);
  await aps.capture(capture);
  assert.equal(events.length, 6);
  assert.deepEqual(
    heard,
    events.slice(0, 3).map((event) => ['aps-payops', event]),
  );
});
