// `npm start -- --once`: a tour of all operations in the terminal, over real HTTP. Each step states what it expects, and the
// tour fails if a result differs.
import { Amount, describe } from 'aps-payops';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { PaymentServices } from 'aps-payops/server';

const WIDTH = 20;
const DAY = 86_400_000;

/**
 * @param {object} [options]
 * @param {(line: string) => void} [options.log]
 * @param {import('aps-payops/sandbox').FaultRates} [options.faults] what goes wrong at the gateway, to see the tour fail
 * @returns {Promise<number>} how many steps were not as expected
 */
export async function tour({ log = console.log, faults } = {}) {
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const sandbox = createSandbox({ faults });
  const { url } = await sandbox.listen();
  try {
    const aps = new PaymentServices(sandbox.account);
    const walk = createWalk({ aps, clock, log });
    log(`Offline gateway at ${url}`);
    log('Bar: █ captured  ▒ refunded  ░ left to capture  · released');

    const aWeekLater = () => {
      ahead += 7 * DAY;
    };
    await visit(walk, sandbox, aWeekLater).catch((error) => {
      if (!(error instanceof Stop)) throw error;
    });
    const { steps, wrong } = walk.result();
    log(wrong === 0 ? `\nAll ${steps} steps as expected.` : `\n${wrong} of ${steps} steps not as expected.`);
    return wrong;
  } finally {
    await sandbox.close();
  }
}

/**
 * @param {ReturnType<typeof createWalk>} walk
 * @param {import('aps-payops/sandbox').Sandbox} sandbox
 * @param {() => void} aWeekLater puts our clock forward as well
 */
async function visit(walk, sandbox, aWeekLater) {
  walk.title('An authorization, captured in parts and refunded in part');
  let payment = await walk.pay('AUTHORIZATION', 'tour-1', '100.00', '02000 authorized 0.00 0.00');
  payment = await walk.operate('CAPTURE', 'tour-1', '30.00', payment, '04000 partially_captured 30.00 0.00');
  payment = await walk.operate('CAPTURE', 'tour-1', '50.00', payment, '04000 partially_captured 80.00 0.00');
  payment = await walk.operate('REFUND', 'tour-1', '20.00', payment, '06000 partially_refunded 80.00 20.00');
  await walk.forbidden('CAPTURE', 'tour-1', '20.01', payment, 'exceeds_authorized');
  await walk.refused('CAPTURE', 'tour-1', '20.01', payment, '05042');
  await walk.status('tour-1', payment);

  walk.title('An authorization, voided');
  payment = await walk.pay('AUTHORIZATION', 'tour-2', '100.00', '02000 authorized 0.00 0.00');
  payment = await walk.operate('VOID_AUTHORIZATION', 'tour-2', null, payment, '08000 voided 0.00 0.00');
  await walk.forbidden('CAPTURE', 'tour-2', '1.00', payment, 'already_voided');

  walk.title('A purchase, refunded');
  payment = await walk.pay('PURCHASE', 'tour-3', '100.00', '14000 captured 100.00 0.00');
  payment = await walk.operate('REFUND', 'tour-3', '100.00', payment, '06000 refunded 100.00 100.00');
  await walk.forbidden('REFUND', 'tour-3', '0.01', payment, 'exceeds_captured');

  walk.title('An authorization that nobody captured in 7 days');
  payment = await walk.pay('AUTHORIZATION', 'tour-4', '100.00', '02000 authorized 0.00 0.00');
  sandbox.advance({ days: 7 });
  aWeekLater();
  walk.state('(7 days later)', payment, 'lapsed');
  await walk.forbidden('CAPTURE', 'tour-4', '100.00', payment, 'lapsed');
  await walk.refused('CAPTURE', 'tour-4', '100.00', payment, '05034');

  walk.books(sandbox.payments(), [
    'tour-1 10000 8000 2000',
    'tour-2 10000 0 0',
    'tour-3 10000 10000 10000',
    'tour-4 10000 0 0',
  ]);
}

/** Ends the tour early. */
class Stop extends Error {}

/** @param {{ aps: PaymentServices, clock: () => number, log: (line: string) => void }} options */
function createWalk({ aps, clock, log }) {
  let steps = 0;
  let wrong = 0;
  const { number, expiry, securityCode, brand } = testCards[0];
  const methods = /** @type {const} */ ({ CAPTURE: 'capture', VOID_AUTHORIZATION: 'void', REFUND: 'refund' });
  const money = (/** @type {string | null} */ text) => (text === null ? undefined : Amount.parse(text, 'AED'));

  /** Prints a line and compares it with the expectation. */
  function line(command, amount, code, word, payment, found, expected) {
    steps += 1;
    const good = found === expected;
    const sum = amount ? `${amount} ${amount.currency}` : '';
    const state = payment ? payment.at(clock()).state : '';
    const mark = good ? '✓' : `✗ expected ${expected}, found ${found}`;
    const cells = [
      command.padEnd(18),
      sum.padStart(10),
      code.padEnd(5),
      word.padEnd(18),
      state.padEnd(18),
      bar(payment),
    ];
    log(`  ${cells.join('  ')} ${mark}`.trimEnd());
    if (!good) wrong += 1;
  }

  /** What a step is compared by: response code, state, captured, refunded. */
  const seen = (/** @type {string} */ code, /** @type {import('aps-payops').Payment} */ payment) =>
    `${code} ${payment.at(clock()).state} ${payment.captured} ${payment.refunded}`;

  /** The payment after an operation; the tour cannot continue without one. */
  function after(command, amount, { code, outcome, payment }, expected) {
    line(command, amount, code, outcome, payment, payment ? seen(code, payment) : code, expected);
    if (!payment) throw new Stop();
    return payment;
  }

  function bar(/** @type {import('aps-payops').Payment | undefined} */ payment) {
    if (!payment) return '';
    const { authorized, captured, refunded } = payment;
    const share = (/** @type {bigint} */ minor) => Number((minor * BigInt(WIDTH)) / authorized.minor);
    const left = share(payment.at(clock()).capturable.minor);
    const back = share(refunded.minor);
    const kept = share(captured.minor) - back;
    return `[${'█'.repeat(kept)}${'▒'.repeat(back)}${'░'.repeat(left)}${'·'.repeat(WIDTH - kept - back - left)}]`;
  }

  return {
    title: (/** @type {string} */ text) => log(`\n${text}`),
    result: () => ({ steps, wrong }),

    /** Pays with the first test card. */
    async pay(command, merchant_reference, text, expected) {
      const amount = money(text);
      const params = {
        merchant_reference,
        amount,
        customer_email: 'customer@example.com',
        payment_option: brand,
        card_number: number,
        expiry_date: expiry,
        card_security_code: securityCode,
        card_holder_name: 'Test Customer',
      };
      const at = clock();
      const reply = await (command === 'PURCHASE' ? aps.purchase(params, { at }) : aps.authorize(params, { at }));
      return after(command, amount, reply, expected);
    },

    /** An operation that the life cycle allows. */
    async operate(command, merchant_reference, text, payment, expected) {
      const amount = money(text);
      const at = clock();
      const reply = await aps[methods[command]]({ merchant_reference, ...(amount && { amount }) }, { payment, at });
      return after(command, amount, reply, expected);
    },

    /** An operation that the life cycle forbids is never sent. */
    async forbidden(command, merchant_reference, text, payment, code) {
      const amount = money(text);
      let found = 'sent';
      try {
        await aps[methods[command]]({ merchant_reference, amount }, { payment, at: clock() });
      } catch (error) {
        if (error.name !== 'LifecycleError') throw error;
        found = error.issues[0].code;
      }
      line(command, amount, '–', found, payment, found, code);
    },

    /** Sent without a payment, it is declined by the gateway itself. */
    async refused(command, merchant_reference, text, payment, code) {
      const amount = money(text);
      const reply = await aps[methods[command]]({ merchant_reference, amount });
      line(command, amount, reply.code, reply.outcome, payment, `${reply.code} ${reply.outcome}`, `${code} failed`);
      log(`  ${' '.repeat(18)}  ${describe(reply.code).text}`);
    },

    /** CHECK_STATUS reports our totals. */
    async status(merchant_reference, payment) {
      const reply = await aps.checkStatus({ merchant_reference });
      const observed = payment.observed(reply, clock());
      const found = seen(reply.code, observed);
      line('CHECK_STATUS', undefined, reply.code, reply.outcome, observed, found, seen('12000', payment));
    },

    state(label, payment, expected) {
      const { state } = payment.at(clock());
      line(label, undefined, '', '', payment, state, expected);
    },

    /** At the end our payments and the gateway's books agree. */
    books(payments, expected) {
      log('\nThe gateway’s books');
      const found = payments.map(
        ({ merchant_reference, authorized, captured, refunded }) =>
          `${merchant_reference} ${authorized} ${captured} ${refunded}`,
      );
      line('payments', undefined, '', `${payments.length} in all`, undefined, found.join(', '), expected.join(', '));
    },
  };
}
