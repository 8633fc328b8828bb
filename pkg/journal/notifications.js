// Verifies notifications, stores each once, gives them to the engine in any order, and handles them at least once.

import { isMinor } from '../message/expected.js';
import { readOptions } from '../message/options.js';
import { commandIn, makesPayment } from '../message/params.js';
import { openNotification } from '../message/reply.js';
import { tagIn } from './contents.js';
import { NEEDS_OFFSET, NOW } from './store.js';
import { digestOf, withoutSecrets } from './texts.js';

/** @typedef {import('./operate.js').Operations} Operations */
/** @typedef {import('../message/reply.js').Notification} Notification */

/**
 * @typedef {object} About
 * @property {string | null} operation the key of the operation that the message is about, if one can be named
 */
/**
 * @typedef {(params: import('../message/reply.js').NotificationParams) => import('../message/reply.js').FoundOrder
 *   | Promise<import('../message/reply.js').FoundOrder>} LookUp
 */
/**
 * How a notification is handled, once.
 * @typedef {object} HandleOptions
 * @property {import('../message/reply.js').ExpectedOrder | LookUp} [expect] the order, or a function that looks it up, as
 *   for `openNotification`
 * @property {(reply: Notification, about: About) => unknown} [handle] called unless it was called before
 * @property {readonly string[]} [ignore] as for `openNotification`
 * @property {number} [lease] milliseconds after which another delivery calls it again if it has not returned;
 *   300,000 if left out
 */
/**
 * How a notification was handled.
 * @typedef {object} Handled
 * @property {'now' | 'before' | 'elsewhere'} handled whether `handle` was called now, had been called before, or is being
 *   called by another process
 * @property {Notification} reply the notification
 */

const CLAIM = `INSERT INTO aps_journal_notification AS n
  (id, payment, command, outcome, code, params, received_at, claim, claimed_until)
SELECT CAST($2 AS text), CAST($3 AS text), CAST($4 AS text), CAST($5 AS text), CAST($6 AS text), CAST($7 AS text),
  clock.now, CAST($8 AS text), clock.now + CAST(CAST($9 AS text) AS bigint)
FROM (SELECT ${NOW} AS now) AS clock
ON CONFLICT (id) DO UPDATE SET claim = excluded.claim, claimed_until = excluded.claimed_until
WHERE n.handled_at IS NULL AND n.claimed_until < excluded.received_at
RETURNING claim, operation_key`;

const READ = `SELECT CASE WHEN handled_at IS NULL THEN 'no' ELSE 'yes' END AS handled, claim, operation_key
FROM aps_journal_notification WHERE id = CAST($2 AS text) AND ${NEEDS_OFFSET}`;

const DONE = `UPDATE aps_journal_notification
SET handled_at = ${NOW}, claim = NULL
WHERE id = CAST($2 AS text) RETURNING id`;

const NAME = `UPDATE aps_journal_notification SET operation_key = CAST($3 AS text)
WHERE id = CAST($2 AS text) AND operation_key IS NULL AND ${NEEDS_OFFSET} RETURNING id`;

const LET_GO = `UPDATE aps_journal_notification SET claimed_until = 0
WHERE id = CAST($2 AS text) AND claim = CAST($3 AS text) AND ${NEEDS_OFFSET} RETURNING id`;

/**
 * @param {Operations} own
 * @param {import('../message/read.js').Message} message
 * @param {HandleOptions} [given]
 * @returns {Promise<Handled>}
 */
export async function takeNotification(own, message, given) {
  const {
    handle = () => {},
    lease = 300_000,
    ...opening
  } = readOptions(given, ['expect', 'handle', 'ignore', 'lease']);
  const isLookedUp = given && 'expect' in given;
  const expecting = isLookedUp ? { ...opening, expect: given.expect } : opening;
  const reply = await openNotification(message, own.sender.ownAccount, /** @type {any} */ (expecting));
  const { store } = own;
  const claim = crypto.randomUUID();
  const { id, values } = await recordOf(own, reply);
  const [row] = await store.rows(CLAIM, [...values, claim, `${lease}`]);
  // A statement that is retried after a cut connection finds its own claim.
  const found = row ?? (await store.rows(READ, [id]))[0];
  const isOwn = found?.claim === claim;
  if (!isOwn && found?.handled !== 'yes') {
    // The process that handles it may have died before it told the engine, and this may be the last delivery.
    if (!found?.operation_key) await attribute(own, id, reply, true);
    return { handled: 'elsewhere', reply };
  }
  try {
    // Once only: what it was attributed to is recorded with it. The operation may be recorded later than its notification.
    const operation = found?.operation_key ?? (await attribute(own, id, reply));
    if (!isOwn) return { handled: 'before', reply };
    await handle(reply, { operation });
  } catch (error) {
    await store.rows(LET_GO, [id, claim]);
    throw error;
  }
  await store.rows(DONE, [id]);
  return { handled: 'now', reply };
}

/**
 * Passes the notification to the engine, which finds the operation that it is about.
 * @param {Operations} own
 * @param {string} id of the notification
 * @param {Notification} reply
 * @param {boolean} [searched] only the open operation counts: no other is searched
 * @returns {Promise<string | null>} the key of the operation, if one can be named
 */
async function attribute(own, id, reply, searched) {
  const { command, merchant_reference, amount, currency, maintenance_reference, order_description } = reply.params;
  if (typeof command !== 'string' || typeof merchant_reference !== 'string') return null;
  const payment = own.nameOf(merchant_reference);
  const { now, state } = await own.store.load(payment);
  if (state === null) return null;
  const event = {
    ...{ event: 'notification', command, currency, status: reply.outcome, searched, now },
    amount: isMinor(amount) ? Number(amount) : undefined,
    reference: maintenance_reference,
    tag: makesPayment(command) ? undefined : tagIn(order_description),
  };
  const engine = own.engineOver(own.store.copy({ notification: id }));
  const { changes = [], next } = await engine.dispatch(payment, event, reply);
  await own.reviewDue();
  const [change] = changes;
  if (change) return change.key;
  const key = next.answer === 'unattributed' ? null : await keyOf(own, payment, event);
  if (key !== null) await own.store.rows(NAME, [id, key]);
  return key;
}

/**
 * The key of an operation that a notification named without changing it.
 * @param {Operations} own
 * @param {string} payment
 * @param {Record<string, any>} event
 */
async function keyOf(own, payment, { tag, reference, command, amount }) {
  const filter = tag ? { tag } : reference ? { reference } : undefined;
  const rows = await own.store.list({ payment, ...filter });
  return rows.find((row) => row.command === command && (filter || amount !== undefined))?.key ?? null;
}

/**
 * @param {Operations} own
 * @param {Notification} reply
 */
async function recordOf(own, reply) {
  const { params, outcome, code } = reply;
  const id = await digestOf(JSON.stringify(Object.entries(params).sort(([one], [two]) => (one < two ? -1 : 1))));
  const payment = own.nameOf(`${params.merchant_reference ?? ''}`);
  const kept = JSON.stringify(withoutSecrets({ ...params }));
  return { id, values: [id, payment, `${commandIn(params) ?? ''}`, outcome, code, kept] };
}
