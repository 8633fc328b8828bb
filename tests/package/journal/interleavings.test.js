// A call is stopped before each of its steps in turn (each statement of the database, each request, each answer); meanwhile
// others run from beginning to end, and then it goes on. In the end every definite outcome, and every total, is that of the
// gateway's books, and nothing was sent twice.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { journaled, openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { PaymentServices, testNotification } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { aed, all, card, neverAnswer } from './shop.js';

const store = await openMemory();
after(() => store.close());
const MINUTES = 60_000;
const LATER = 20 * MINUTES;
const LONG = 10 * MINUTES;
const who = { by: 'Amal', why: 'the back office' };
const refused = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
});

const forged = (request) => Response.json({ ...request, response_code: '00000', signature: 'forged' });

/** What can happen to a request that moves money. After a forged answer nobody asks again before `recover` does. */
const FATES = {
  heard: (answer) => answer(),
  lost: (answer) => answer().then(neverAnswer),
  doubted: (answer, request) => answer().then(() => forged(request)),
  dropped: (_, request) => forged(request),
  refused: () => {
    throw refused;
  },
};

let count = 0;

/** A gateway, and the notifications that it has sent. */
function openGateway() {
  const messages = [];
  const fetch = async (_, init) => {
    messages.push(init.body);
    return new Response('ok');
  };
  return { messages, sandbox: createSandbox({ webhook: { url: 'https://shop.example/aps', fetch } }) };
}

/** A payment, and processes that work on it. */
function world({ sandbox, messages: all }) {
  count += 1;
  const reference = `step-${count}`;
  const sent = [];
  /** A process of its own: `pause` is awaited before each of its steps; `fate` is that of its requests. */
  const start = (pause = async () => {}, fate = 'heard') => {
    const fetch = async (url, init) => {
      await pause();
      const request = JSON.parse(init.body);
      const answer = () => {
        if (request.command) sent.push(request);
        return sandbox.fetch(url, init);
      };
      try {
        return await (request.command ? FATES[fate](answer, request) : answer());
      } finally {
        await pause();
      }
    };
    const query = async (text, values) => {
      await pause();
      return store.query(text, values);
    };
    // Only an answer that is lost is waited for.
    const timeout = fate === 'lost' ? 250 : 2500;
    const aps = new PaymentServices(sandbox.account, { fetch, timeout, retries: 0 });
    return openStore({ query }).then((own) => journaled(aps, own, { assumeAbsentAfter: 1 }));
  };
  const messages = () => all.filter((body) => body.includes(`"${reference}`));
  const books = (name = reference) => sandbox.payments().find((one) => one.merchant_reference === name);
  return { reference, sandbox, start, sent, messages, books };
}

const settledOf = (operations, command) =>
  operations.filter((one) => one.command === command && one.status === 'succeeded');
const sumOf = (operations) => operations.reduce((sum, { amount }) => sum + Number(amount), 0);

/** Delivers every notification, looks up what is open, and compares the journal with the books. */
async function compare(own, where) {
  const pay = await own.start();
  await own.sandbox.delivered();
  for (const body of own.messages()) await pay.notification(body);
  await pay.recover({ olderThan: 0, lease: 0 });
  const listed = (await all(pay.uncertain())).filter(({ kind }) => kind !== 'unattributed');
  const doubts = new Set(listed.map(({ merchant_reference }) => merchant_reference));
  const names = new Set(own.sent.map(({ merchant_reference }) => merchant_reference));
  for (const name of names) {
    const { operations = [], totals } = (await pay.history(name)) ?? {};
    const books = own.books(name) ?? { captured: '0', refunded: '0', authorized: '0', operations: [] };
    const about = `${where}: ${JSON.stringify(operations.map(({ operation, status, evidence }) => [operation, status, evidence]))}`;
    const captured = sumOf([...settledOf(operations, 'CAPTURE'), ...settledOf(operations, 'PURCHASE')]);
    const refunded = sumOf(settledOf(operations, 'REFUND'));
    if (!doubts.has(name) && !operations.some(({ evidence }) => evidence === 'person')) {
      assert.deepEqual([`${captured}`, `${refunded}`], [books.captured, books.refunded], about);
      assert.deepEqual([totals.captured, totals.refunded], [books.captured, books.refunded], about);
    }
    assert.ok(Number(totals?.captured ?? 0) <= Number(books.captured), about);
    assert.ok(Number(totals?.refunded ?? 0) <= Number(books.refunded), about);
    const done = own.sent.filter((one) => one.merchant_reference === name).map((one) => one.order_description);
    const tags = done.filter((text) => text?.startsWith('#'));
    assert.equal(new Set(tags).size, tags.length, `sent twice: ${about}`);
  }
  return doubts;
}

/**
 * Stops `act` before each of its steps, one after another.
 * @param {{ fate?: string, before?: (pay: any, own: any) => Promise<unknown>, act: (pay: any, own: any) => Promise<unknown>,
 *   others: ((pay: any, own: any) => Promise<unknown>)[], isLong?: boolean, check?: (pay: any, own: any, where: string) =>
 *   Promise<unknown> }} given `isLong`: so long that others may recover what it does
 * @returns {Promise<number>} its steps
 */
async function stopAtEach({ fate, before, act, others, isLong = false, check }) {
  const gateway = openGateway();
  for (let step = 0; ; step += 1) {
    const own = world(gateway);
    const helper = await own.start();
    if (before) await before(helper, own);
    let [steps, isStopped, isArmed] = [0, false, false];
    const pay = await own.start(async () => {
      if (!isArmed || steps++ !== step) return;
      isStopped = true;
      if (isLong) sleep(LONG);
      for (const other of others) {
        const process = await own.start();
        // Refusals are fine: what was done counts.
        await other(process, own).catch(ignoreRefusal);
      }
    }, fate);
    isArmed = true;
    try {
      await act(pay, own).catch(ignoreRefusal);
      sleep(LATER);
      await compare(own, `stopped before step ${step}`);
      if (check) await check(await own.start(), own, `stopped before step ${step}`);
    } finally {
      wake();
    }
    if (isStopped) continue;
    await gateway.sandbox.close();
    return step;
  }
}

/** @param {any} error */
function ignoreRefusal(error) {
  if (!['OperationError', 'TransportError', 'SignatureError'].includes(error?.name)) throw error;
}

const real = Date.now;
let ahead = 0;
/** The wall's clock, and the database's, go on; the one that stands still while a machine sleeps does not. */
function sleep(milliseconds) {
  ahead += milliseconds;
  Date.now = () => real() + ahead;
}
function wake() {
  ahead = 0;
  Date.now = real;
}

const authorized = (pay, { reference }) =>
  pay.authorize({ operation: `hold ${reference}`, merchant_reference: reference, amount: aed('100'), ...card });
const bought = (pay, { reference }) =>
  pay.purchase({ operation: `buy ${reference}`, merchant_reference: reference, amount: aed('100'), ...card });
const capture =
  (key, amount) =>
  (pay, { reference }) =>
    pay.capture({ operation: `${key} ${reference}`, merchant_reference: reference, amount: aed(amount) });
const refund =
  (key, amount, more) =>
  (pay, { reference }) =>
    pay.refund({
      ...{ operation: `${key} ${reference}`, merchant_reference: reference, amount: aed(amount) },
      ...(more && { maintenance_reference: `${more}-${reference}` }),
    });
const deliver = async (pay, own) => {
  await own.sandbox.delivered();
  for (const body of own.messages()) await pay.notification(body);
};
const recover = (pay, { reference }) => pay.recover({ merchant_reference: reference, olderThan: 0, lease: 0 });
const settle =
  (key, outcome) =>
  (pay, { reference }) =>
    pay.settle(`${key} ${reference}`, outcome, who);
/** Carries out a capture that nobody hears of, and whose process ends. */
const uncertain = (fate) => async (pay, own) => {
  await authorized(pay, own);
  await capture('ship', '30')(await own.start(undefined, fate), own).catch(ignoreRefusal);
  sleep(MINUTES * 3);
};
/** One after another. */
const series =
  (...acts) =>
  async (pay, own) => {
    for (const act of acts) await act(pay, own).catch(ignoreRefusal);
  };

for (const fate of Object.keys(FATES)) {
  test(`a capture that is ${fate}`, async () => {
    const others = [capture('ship', '30'), deliver, recover, capture('other', '30'), deliver];
    const given = { fate, before: authorized, act: capture('ship', '30'), others };
    assert.ok((await stopAtEach({ ...given, isLong: fate !== 'lost' })) > 6);
  });
}

test('what is uncertain is recovered, told of, settled and sent again, all at once', async () => {
  const acts = { recover, deliver, failed: settle('ship', 'failed'), retry: capture('ship', '30') };
  for (const [fate, stopped] of [
    ['doubted', Object.values(acts)],
    ['dropped', [recover, acts.failed]],
  ]) {
    for (const act of stopped) {
      const others = [...Object.values(acts).filter((other) => other !== act), capture('other', '30')];
      assert.ok((await stopAtEach({ before: uncertain(fate), act, others })) > 2);
    }
  }
});

test('two messages about what a person settled', async () => {
  const before = series(uncertain('doubted'), settle('ship', 'failed'));
  // The gateway tells it twice, in other words.
  const act = async (pay, own) => {
    await own.sandbox.delivered();
    for (const body of own.messages()) await pay.notification(body);
  };
  const again = async (pay, { reference, sandbox, sent }) => {
    const { order_description } = sent.at(-1);
    const told = { command: 'CAPTURE', merchant_reference: reference, amount: aed('30'), response_code: '04000' };
    const more = { fort_id: '169996200000123456', response_message: 'Success', order_description };
    await pay.notification(testNotification({ ...told, ...more }, sandbox.account));
  };
  assert.ok((await stopAtEach({ before, act, others: [again, settle('ship', 'succeeded'), again] })) > 4);
});

test('refunds with one maintenance_reference', async () => {
  for (const fate of ['heard', 'lost']) {
    const others = [refund('two', '20', 'own'), deliver, recover, refund('three', '20', 'own')];
    assert.ok((await stopAtEach({ fate, before: bought, act: refund('one', '30', 'own'), others })) > 5);
  }
});

test('what is prepared is carried out, released, and prepared anew', async () => {
  const prepare =
    (amount) =>
    async (pay, { reference }) => {
      const params = { operation: `ship ${reference}`, merchant_reference: reference, amount: aed(amount) };
      await store.query('BEGIN', []);
      await pay.prepare('CAPTURE', params, { query: store.query }).catch(ignoreRefusal);
      await store.query('COMMIT', []);
    };
  const carryOut = (pay, { reference }) => pay.carryOut(`ship ${reference}`);
  const release = (pay, { reference }) =>
    pay.recover({ merchant_reference: reference, olderThan: 0, prepared: 'release' });
  for (const others of [
    [carryOut, recover],
    [release, prepare('20')],
  ]) {
    assert.ok((await stopAtEach({ before: series(authorized, prepare('30')), act: carryOut, others })) > 5);
  }
});

test('a payment on a hosted page is announced while its notification comes', async () => {
  const announce = (pay, { reference }) =>
    pay.expect({ operation: `page ${reference}`, merchant_reference: reference, amount: aed('100') });
  const pay = async (_, own) => {
    const aps = new PaymentServices(own.sandbox.account, { fetch: own.sandbox.fetch });
    own.sent.push({ merchant_reference: own.reference });
    await aps.purchase({ merchant_reference: own.reference, amount: aed('100'), ...card });
  };
  assert.ok((await stopAtEach({ act: announce, others: [pay, deliver, recover] })) > 2);
  assert.ok((await stopAtEach({ before: series(announce, pay), act: deliver, others: [deliver, recover] })) > 2);
});

test('attempts at one order', async () => {
  const attempt =
    (number, despite) =>
    (journal, { reference }) =>
      journal.authorize(
        {
          ...{
            operation: `try ${number} ${reference}`,
            merchant_reference: `${reference}-${number}`,
            order: reference,
          },
          ...{ amount: aed('100'), ...card },
        },
        despite && { despite: `try ${despite} ${reference}` },
      );
  const undo = (journal, { reference }) =>
    journal.void({ operation: `void ${reference}`, merchant_reference: `${reference}-1` });
  const holders = ({ reference, sandbox }) =>
    sandbox
      .payments()
      .filter((one) => one.merchant_reference.startsWith(`${reference}-`) && one.authorized !== '0' && !one.voided)
      .map(({ merchant_reference }) => merchant_reference)
      .sort();
  /** Two that hold money are listed, and only they. */
  const check = async (journal, own, where) => {
    const held = holders(own);
    const listed = (await all(journal.uncertain())).find(({ references }) =>
      references?.some((name) => name.startsWith(`${own.reference}-`)),
    );
    assert.deepEqual(listed?.references.sort() ?? [], held.length > 1 ? held : [], where);
  };
  const checkOne = async (journal, own, where) => {
    assert.ok(holders(own).length < 2, `${where}: ${holders(own)}`);
    await check(journal, own, where);
  };
  const others = [attempt(2), deliver, attempt(1), attempt(3)];
  await stopAtEach({ act: attempt(1), others, isLong: true, check: checkOne });
  assert.ok((await stopAtEach({ act: attempt(1), others: [attempt(2, 1), deliver], check })) > 5);
  assert.ok((await stopAtEach({ before: attempt(1), act: attempt(2, 1), others: [undo], check })) > 5);
});
