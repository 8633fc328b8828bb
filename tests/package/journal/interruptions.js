// A shop over the journal, in which something else happens between two statements.

import { after } from 'node:test';
import { journaled, openStore } from 'aps-payops/journal';
import { testNotification } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { aed, all, card, neverAnswer, open } from './shop.js';

export const store = await openMemory();
after(() => store.close());
let count = 0;
export const name = () => {
  count += 1;
  return `race-${count}`;
};
export const MINUTES = 60_000;
export const who = { by: 'Amal', why: 'the back office' };

/** A shop whose store does something else, once, after (or before) the first statement that a test is about. */
export async function shopOf(more) {
  const wire = { change: (answer) => answer() };
  const events = [];
  const { client, ...given } = more ?? {};
  const shop = await open({
    ...{ store, change: (answer, request) => wire.change(answer, request), ...given },
    // No less: a busy machine may take this long to record an intent, and what was not sent in time is not sent at all.
    client: { timeout: 600, observe: (event) => events.push(event), ...client },
  });
  const lose = (...commands) => {
    wire.change = (answer, { command }) => (commands.includes(command) ? neverAnswer() : answer());
  };
  /** The gateway carries it out, and from then on nobody hears anything. */
  const loseAll = (lost) => {
    let isDark = false;
    wire.change = (answer, { command }) => {
      if (command !== lost) return isDark ? neverAnswer() : answer();
      isDark = true;
      return answer().then(neverAnswer);
    };
  };
  const hear = () => {
    wire.change = (answer) => answer();
  };
  const interrupted = async (part, meanwhile, isBefore = false) => {
    let isArmed = true;
    const interrupt = async (text) => {
      if (!isArmed || !text.includes(part)) return;
      isArmed = false;
      await meanwhile();
    };
    const own = await openStore({
      query: async (text, values) => {
        if (isBefore) await interrupt(text);
        const answer = await store.query(text, values);
        if (!isBefore) await interrupt(text);
        return answer;
      },
    });
    own.offset = store.offset;
    return { pay: journaled(shop.aps, own, given.options), wasInterrupted: () => !isArmed };
  };
  const buy = (reference, amount, settings, more) =>
    shop.pay.purchase(
      { operation: `buy ${reference}`, merchant_reference: reference, amount: aed(amount), ...card, ...more },
      settings,
    );
  const refund = (pay, key, reference, amount, more, settings) =>
    pay.refund({ operation: key, merchant_reference: reference, amount: aed(amount), ...more }, settings);
  const notice = (params) =>
    testNotification({ fort_id: '169996200000123456', response_message: 'Success', ...params }, shop.sandbox.account);
  /** Captures 10.00 without hearing of it, and returns the notification that names the capture. */
  const captureUnheard = async (order) => {
    lose('CAPTURE');
    await shop.capture(`ship ${order}`, order, aed('10'));
    hear();
    const { order_description } = shop.sent.find(({ command }) => command === 'CAPTURE');
    const about = { command: 'CAPTURE', merchant_reference: order, amount: aed('10'), order_description };
    return (more) => notice({ ...about, response_code: '04000', ...more });
  };
  const operation = async (reference, key) =>
    (await shop.pay.history(reference)).operations.find((one) => one.operation === key);
  const uncertain = async (reference) =>
    (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === reference);
  const reports = () => events.filter(({ type }) => type === 'report').map(({ report }) => report.report);
  const own = {
    wire,
    lose,
    loseAll,
    hear,
    interrupted,
    buy,
    refund,
    notice,
    captureUnheard,
    operation,
    uncertain,
    reports,
  };
  return { ...shop, ...own };
}

/** Has the store's clock run ahead. */
export async function later(milliseconds, work) {
  store.offset = milliseconds;
  try {
    return await work();
  } finally {
    store.offset = 0;
  }
}

export const inTransaction = async (work) => {
  await store.query('BEGIN', []);
  await work({ query: store.query });
  await store.query('COMMIT', []);
};
