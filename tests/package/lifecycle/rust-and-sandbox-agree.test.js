// Three parties that do not know each other: our life cycle in Rust, the gateway's own, and cases frozen by hand. On
// every step of every sequence they say the same.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, buildRequest, Payment } from 'aps-payops/server';
import { byEffort } from '../../effort.js';
import { cards, securityCodes } from '../../secrets.js';

const SEQUENCES = byEffort({ quick: 2_000, usual: 20_000, all: 100_000 });
const SUCCESS = {
  AUTHORIZATION: '02000',
  PURCHASE: '14000',
  CAPTURE: '04000',
  VOID_AUTHORIZATION: '08000',
  REFUND: '06000',
  CHECK_STATUS: '12000',
};
const card = {
  card_number: cards[0],
  expiry_date: '3005',
  card_security_code: securityCodes[0],
  card_holder_name: 'A B',
};

/** A gateway, and a clock for both sides. */
function stage(windowDays) {
  const now = { at: Date.UTC(2026, 0, 1) };
  const sandbox = createSandbox({ clock: () => now.at, logLimit: 0, windowDays });
  const { account } = sandbox;
  let count = 0;
  const ask = async (command, params) => {
    const request = buildRequest(command, params, account);
    const answer = await (await sandbox.fetch(request.url, request)).json();
    return answer.response_code;
  };
  return {
    now,
    sandbox,
    /** Starts a payment at the gateway. */
    async start(command, amount, more) {
      const merchant_reference = `order-${++count}`;
      const code = await ask(command, {
        merchant_reference,
        amount,
        customer_email: 'a@example.com',
        ...card,
        ...more,
      });
      return { merchant_reference, code };
    },
    /** One step at the gateway: whether it took place. */
    async step(merchant_reference, command, amount) {
      const params =
        command === 'CAPTURE' || command === 'REFUND' ? { merchant_reference, amount } : { merchant_reference };
      return (await ask(command, params)) === SUCCESS[command];
    },
    books: (merchant_reference) =>
      sandbox.payments().find((payment) => payment.merchant_reference === merchant_reference),
  };
}

/** The codes of the issues that a call throws. */
function codesOf(call) {
  try {
    call();
  } catch ({ issues }) {
    return issues.map(({ code }) => code);
  }
  return [];
}

/** Both sides tell the same totals, and no total is beyond the one before it. */
function assertSame(books, payment, note) {
  const ours = [payment.authorized, payment.captured, payment.refunded].map(({ minor }) => String(minor));
  assert.deepEqual([books.authorized, books.captured, books.refunded], ours, note);
  assert.ok(
    payment.captured.minor <= payment.authorized.minor && payment.refunded.minor <= payment.captured.minor,
    note,
  );
}

/** A small random number generator with a seed, so that a failure can be run again. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test(`${SEQUENCES.toLocaleString('en')} random sequences: life cycle and gateway agree on every step`, async () => {
  const { now, sandbox, start, step } = stage(7);
  const counts = { steps: 0, accepted: 0 };
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const pick = random(sequence);
    sandbox.reset();
    now.at = Date.UTC(2026, 0, 1) + sequence;
    const amount = Amount.fromMinor(1 + pick(12), 'AED');
    const command = pick(4) === 0 ? 'PURCHASE' : 'AUTHORIZATION';
    const { merchant_reference, code } = await start(command, amount);
    assert.equal(code, SUCCESS[command]);
    let payment =
      command === 'PURCHASE' ? Payment.purchased(amount, { at: now.at }) : Payment.authorized(amount, { at: now.at });
    for (let left = pick(7); left > 0; left--) {
      now.at += [0, 1, 3_600_000, 86_400_000, 4 * 86_400_000][pick(5)];
      const next = ['CAPTURE', 'CAPTURE', 'REFUND', 'VOID_AUTHORIZATION'][pick(4)];
      const part = Amount.fromMinor(1 + pick(8), 'AED');
      const ours = payment.issues(next, next === 'VOID_AUTHORIZATION' ? undefined : part, now.at).length === 0;
      const theirs = await step(merchant_reference, next, part);
      const note = `sequence ${sequence}: ${next} ${part} at ${now.at}, ${JSON.stringify(payment)}`;
      assert.equal(theirs, ours, note);
      assert.equal(payment.at(now.at).commands.includes(next) || !ours, true, note);
      if (ours) payment = payment.after(next, next === 'VOID_AUTHORIZATION' ? undefined : part, now.at);
      else
        assert.throws(() => payment.after(next, next === 'VOID_AUTHORIZATION' ? undefined : part, now.at), {
          name: 'LifecycleError',
        });
      counts.steps += 1;
      counts.accepted += ours ? 1 : 0;
    }
    assertSame(sandbox.payments()[0], payment, `sequence ${sequence}`);
  }
  // Neither all refused nor all accepted, or nothing would have been compared.
  assert.ok(counts.accepted > counts.steps * 0.2 && counts.accepted < counts.steps * 0.8, JSON.stringify(counts));
});

const { cases } = JSON.parse(readFileSync(new URL('../../lifecycle-cases.json', import.meta.url), 'utf8'));

test('the frozen cases: life cycle and gateway do what they say', async (t) => {
  for (const { name, start: begin, steps } of cases) {
    await t.test(name, async () => {
      const windowDays = begin.windowDays ?? 7;
      const isRefused = begin.expect?.ok === false;
      const { now, start, step, books } = stage(isRefused ? 7 : windowDays);
      const from = now.at;
      const amount = Amount.fromMinor(begin.amount, begin.currency);
      const more = { payment_option: begin.payment_option };
      const open = () =>
        begin.command === 'PURCHASE'
          ? Payment.purchased(amount, { at: from, ...more })
          : Payment.authorized(amount, { at: from, windowDays, ...more });
      if (isRefused) return assert.deepEqual(codesOf(open), begin.expect.codes);
      let payment = open();
      const { merchant_reference, code } = await start(begin.command, amount, {});
      assert.equal(code, SUCCESS[begin.command]);
      for (const { command, amount: digits, currency = begin.currency, afterMs, expect } of steps) {
        if (afterMs !== undefined) now.at = from + afterMs;
        const part = digits === undefined ? undefined : Amount.fromMinor(digits, currency);
        if (expect.ok) {
          assert.deepEqual(payment.issues(command, part, now.at), []);
          if (command !== 'CHECK_STATUS') payment = payment.after(command, part, now.at);
          const { state, authorization, capturable, refundable } = payment.at(now.at);
          const seen = {
            state,
            authorization,
            capturable: String(capturable.minor),
            refundable: String(refundable.minor),
            authorized: String(payment.authorized.minor),
            captured: String(payment.captured.minor),
            refunded: String(payment.refunded.minor),
          };
          for (const key of Object.keys(expect)) if (key !== 'ok') assert.equal(seen[key], expect[key], key);
        } else {
          assert.deepEqual(
            codesOf(() => payment.after(command, part, now.at)),
            expect.codes,
          );
        }
        // What a gateway is never asked: a second start, an amount with a void, a capture without or of nothing.
        const asks = ['CAPTURE', 'REFUND'].includes(command)
          ? part !== undefined && part.minor > 0n
          : command === 'CHECK_STATUS' || (command === 'VOID_AUTHORIZATION' && part === undefined);
        if (asks) {
          assert.equal(await step(merchant_reference, command, part), expect.ok, `${command} at the gateway`);
          assertSame(books(merchant_reference), payment, command);
        }
      }
    });
  }
});
