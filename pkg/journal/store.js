// The journal's tables as a store for the engine, in SQL without any payment rule. All values go in and come out as text,
// since drivers differ on `bigint` and booleans.

import { makesPayment } from '../message/params.js';
import { pause } from '../net/http.js';
import { isConflict, isCut, isTaken } from './failures.js';
import { readReply, writeReply } from './texts.js';

/** @typedef {import('../operation/store.js').Change} Change */
/** @typedef {import('../operation/store.js').Found} Found */
/** @typedef {import('../operation/store.js').NextState} NextState */
/**
 * @typedef {object} Rows
 * @property {Record<string, any>[]} rows by the names of their columns
 */
/** @typedef {(text: string, values: (string | null)[]) => Promise<Rows>} Query runs one statement of PostgreSQL */
/** @typedef {(text: string, values: any[]) => Promise<Rows>} QueryFunction as pools of `pg` have it */
/**
 * The database of an application.
 * @typedef {object} Queryable
 * @property {Query} query runs one statement of PostgreSQL
 */
/**
 * Where a journal keeps its records: PostgreSQL, or a database that speaks its SQL. `openStore` opens it.
 * @typedef {object} JournalStore
 * @property {Query} query runs one statement
 * @property {() => Promise<void>} close closes its connections
 */

/**
 * What is stored besides an operation's text.
 * @typedef {object} Facts
 * @property {string} [params] what it is sent with, as JSON
 * @property {string} [options] the options it is sent with, as JSON
 * @property {string} [wallet] the wallet whose credentials sign
 * @property {string} [by] the person who settled it
 * @property {string} [why] what they saw
 */

/** The database's clock, by the offset `$1`. */
export const NOW = `(CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint) + CAST(CAST($1 AS text) AS bigint))`;
const CLOCK = `(SELECT ${NOW} AS now) AS clock`;

const LOAD = `SELECT p.state, CAST(p.version AS text) AS version, CAST(clock.now AS text) AS now
FROM ${CLOCK} LEFT JOIN aps_journal_payment AS p ON p.payment = CAST($2 AS text)`;

/** State and operation, as of one instant: otherwise an operation that is settled in between would be missing in both. */
const LOAD_WITH = `SELECT p.state, CAST(p.version AS text) AS version, CAST(clock.now AS text) AS now,
  o.operation_key AS key, o.payment, o.operation, o.status, o.evidence, o.command, o.reply,
  CASE WHEN CAST($4 AS text) IS NOT NULL AND EXISTS (SELECT 1 FROM aps_journal_operation AS other WHERE
    other.payment = CAST($2 AS text) AND other.reference = CAST($4 AS text) AND other.operation_key <> CAST($3 AS text))
  THEN 'yes' ELSE 'no' END AS reused
FROM ${CLOCK} LEFT JOIN aps_journal_payment AS p ON p.payment = CAST($2 AS text)
LEFT JOIN aps_journal_operation AS o ON o.operation_key = CAST($3 AS text)`;

/**
 * The payment changes only from the version that was loaded; everything else depends on its RETURNING. A new operation is
 * inserted without ON CONFLICT: a key that is taken undoes the whole statement.
 */
const CHANGES = `WITH given AS (
  SELECT * FROM json_to_recordset(CAST(CAST($12 AS text) AS json)) AS r (
    change text, key text, operation text, command text, amount bigint, currency text, status text, evidence text,
    open boolean, tag text, reference text, notified boolean, lapsed boolean, contradiction boolean,
    params text, options text, reply text, settled_by text, settled_why text)
), moved AS (
  INSERT INTO aps_journal_payment AS p (payment, endpoint, merchant_identifier, merchant_reference, version, state,
    is_open, attention, order_name, fort_id, wallet, created_at, updated_at)
  SELECT v.*, clock.now, clock.now FROM (SELECT CAST($2 AS text), split_part(CAST($2 AS text), ' ', 1),
    split_part(CAST($2 AS text), ' ', 2), split_part(CAST($2 AS text), ' ', 3), CAST(CAST($4 AS text) AS bigint),
    CAST($5 AS text), CAST(CAST($6 AS text) AS boolean), CAST(CAST($7 AS text) AS boolean), CAST($8 AS text),
    CAST($9 AS text), CAST($10 AS text)) AS v, ${CLOCK}
  ON CONFLICT (payment) DO UPDATE SET version = excluded.version, state = excluded.state, is_open = excluded.is_open,
    attention = excluded.attention, order_name = excluded.order_name, fort_id = COALESCE(p.fort_id, excluded.fort_id),
    wallet = CASE WHEN p.fort_id IS NULL AND CAST($13 AS text) = 'true' THEN excluded.wallet
      ELSE COALESCE(p.wallet, excluded.wallet) END, updated_at = excluded.updated_at
  WHERE p.version = CAST(CAST($3 AS text) AS bigint)
  RETURNING p.payment, p.updated_at AS at
), removed AS (
  DELETE FROM aps_journal_operation AS o USING moved, given
  WHERE given.change = 'remove' AND o.operation_key = given.key AND o.payment = moved.payment
), updated AS (
  UPDATE aps_journal_operation AS o SET operation = g.operation, status = g.status, evidence = g.evidence,
    is_open = COALESCE(g.open, false), notified = COALESCE(g.notified, false), lapsed = COALESCE(g.lapsed, false),
    contradiction = COALESCE(g.contradiction, false), params = COALESCE(g.params, o.params),
    reply = COALESCE(g.reply, o.reply), settled_by = COALESCE(g.settled_by, o.settled_by),
    settled_why = COALESCE(g.settled_why, o.settled_why), updated_at = moved.at
  FROM given AS g, moved
  WHERE g.change = 'update' AND o.operation_key = g.key AND o.payment = moved.payment
), inserted AS (
  INSERT INTO aps_journal_operation (operation_key, payment, operation, command, amount, currency, status, evidence,
    is_open, tag, reference, notified, lapsed, contradiction, params, options, reply, created_at, updated_at)
  SELECT g.key, moved.payment, g.operation, g.command, g.amount, g.currency, g.status, g.evidence,
    COALESCE(g.open, false), g.tag, g.reference, COALESCE(g.notified, false), COALESCE(g.lapsed, false),
    COALESCE(g.contradiction, false), g.params, g.options, g.reply, moved.at, moved.at
  FROM given AS g, moved WHERE g.change = 'insert'
), entered AS (
  INSERT INTO aps_journal_entry (payment, version, at, entry)
  SELECT moved.payment, CAST(CAST($4 AS text) AS bigint), moved.at, CAST($11 AS text) FROM moved
)`;

/** A notification is attributed to the operation, once: neither is recorded without the other. */
const ATTRIBUTION = `, notified AS (
  UPDATE aps_journal_notification AS n SET operation_key = CAST($15 AS text)
  FROM moved WHERE n.id = CAST($14 AS text) AND n.operation_key IS NULL
)`;

const DONE = 'SELECT CAST(at AS text) AS now FROM moved';
const SWAP = `${CHANGES}\n${DONE}`;
const SWAP_NOTIFIED = `${CHANGES}${ATTRIBUTION}\n${DONE}`;

/**
 * The database's clock. `offset`: milliseconds added to it, in tests; `seen`: what it showed last, and our clocks then.
 * @typedef {{ offset: number, seen?: { now: number, steady: number, wall: number } }} Clock
 */

/** The statements that every operation runs. */
export const EACH_OPERATION = [LOAD, LOAD_WITH, SWAP];

const FOUND = `SELECT o.operation_key AS key, o.payment, o.operation, o.status, o.evidence, o.command, o.params, o.options,
  o.reply, p.wallet
FROM aps_journal_operation AS o LEFT JOIN aps_journal_payment AS p ON p.payment = o.payment`;

/** `$1` is the offset of the clock. Only some statements need it, but the database must know its type in all of them. */
export const NEEDS_OFFSET = 'CAST($1 AS text) IS NOT NULL';

/**
 * Whether a payment belongs to an account. (`LIKE` would interpret `%` and `_`.)
 * @param {string} prefix the parameter
 */
export const OF_ACCOUNT = (prefix) =>
  `left(payment, length(CAST(${prefix} AS text))) = CAST(${prefix} AS text) AND ${NEEDS_OFFSET}`;

/** Milliseconds after which the database is asked for its clock again. */
const FRESH = 60_000;

/** Milliseconds for which an unreachable store is tried again. */
const PATIENCE = 20_000;

/** A store for the engine. @implements {JournalStore} */
export class SqlStore {
  /** Runs one statement. @readonly @type {Query} */
  query;
  /** Closes connections. @readonly @type {() => Promise<void>} */
  close;
  #isCallers;
  #patience;
  #clock;
  /** @type {Facts | undefined} */
  #note;
  /** @type {string | undefined} */
  #notification;
  /** The facts to store with new operations, by attempt. @type {Map<string, Facts>} */
  facts = new Map();
  /** Called with each recorded payment. @type {(payment: string, next: NextState) => void} */
  recorded = () => {};

  /**
   * @internal
   * @param {Query} query
   * @param {{ close?: () => Promise<void>, isCallers?: boolean, patience?: number, clock?: Clock, note?: Facts,
   *   notification?: string }} [options] `isCallers`: in a transaction of the caller's, where nothing can be tried again; `patience`: milliseconds
   *   for which a store that cannot be reached is tried again; `clock`: how far it is from the database's; `note`: what is
   *   written beside all operations that change; `notification`: the one that is attributed to the operation that changes
   */
  constructor(
    query,
    { close = async () => {}, isCallers = false, patience = PATIENCE, clock = { offset: 0 }, note, notification } = {},
  ) {
    this.query = query;
    this.close = close;
    this.#isCallers = isCallers;
    this.#patience = patience;
    this.#clock = clock;
    this.#note = note;
    this.#notification = notification;
  }

  /** Milliseconds added to the database's clock. Tests only. */
  get offset() {
    return this.#clock.offset;
  }

  set offset(milliseconds) {
    this.#clock.offset = milliseconds;
  }

  /**
   * The same store with other options.
   * @internal
   * @param {{ query?: Query, isCallers?: boolean, note?: Facts, notification?: string }} [other] as in the constructor
   */
  copy({ query = this.query, isCallers = this.#isCallers, ...other } = {}) {
    const own = new SqlStore(query, { isCallers, ...other, patience: this.#patience, clock: this.#clock });
    own.facts = this.facts;
    own.recorded = this.recorded;
    return own;
  }

  /**
   * The state of a payment, for the engine.
   * @type {(payment: string) => Promise<Required<import('../operation/store.js').Loaded>>}
   */
  load = async (payment) => {
    const [row] = await this.rows(LOAD, [payment]);
    return this.#seen(loadedOf(row));
  };

  /**
   * The state of a payment and an operation, both as of one instant, for the engine.
   * @type {NonNullable<import('../operation/store.js').Store['loadWith']>}
   */
  loadWith = async (payment, key, reference) => {
    const [row] = await this.rows(LOAD_WITH, [payment, key, reference ?? null]);
    const found = row?.operation ? foundOf(row) : undefined;
    return { loaded: this.#seen(loadedOf(row)), found, isReused: row?.reused === 'yes' };
  };

  /**
   * The database's clock as far as it is known, for the engine. Of our two clocks one may stand still while the machine
   * sleeps, and the other may be set: the later one counts.
   */
  now = () => {
    const { seen, offset } = this.#clock;
    if (seen === undefined) return undefined;
    const passed = Math.ceil(Math.max(performance.now() - seen.steady, Date.now() - seen.wall));
    return passed < FRESH ? seen.now + passed + offset : undefined;
  };

  /**
   * @template {{ now: number }} T
   * @param {T} read
   * @returns {T}
   */
  #seen(read) {
    const now = read.now - this.offset;
    this.#clock.seen = { now, steady: performance.now(), wall: Date.now() };
    return read;
  }

  /**
   * Swaps the state of a payment, for the engine.
   * @type {(payment: string, version: number, next: NextState, operations: Change[]) => Promise<boolean>}
   */
  swap = async (payment, version, next, operations) => {
    const changes = this.#rowsOf(operations);
    const { fort_id = null } = replyOf(operations)?.params ?? {};
    const facts = this.#factsOf(operations);
    const wallet = facts?.wallet ?? replyOf(operations)?.params.digital_wallet ?? null;
    // An attempt by another wallet, of which APS knows no payment, does not name the credentials of this one.
    const isPayment = operations.some((own) => own.change === 'insert' && makesPayment(own.command));
    const entry = { ...entryOf(changes), ...(next.reports?.length && { reports: next.reports }) };
    const flag = (/** @type {boolean} */ is) => (is ? 'true' : 'false');
    const values = [
      ...[payment, `${version}`, `${next.version}`, next.state, flag(next.open), flag(next.attention)],
      ...[next.order ?? null, text(fort_id), text(wallet), JSON.stringify(entry), JSON.stringify(changes)],
      flag(isPayment),
    ];
    const isDone = await this.#swap(payment, next, values, operations);
    if (isDone) this.recorded(payment, next);
    return isDone;
  };

  /**
   * @param {string} payment
   * @param {NextState} next
   * @param {(string | null)[]} values
   * @param {Change[]} operations
   */
  async #swap(payment, next, values, operations) {
    const [own] = operations;
    const [sql, more] = own && this.#notification ? [SWAP_NOTIFIED, [this.#notification, own.key]] : [SWAP, []];
    let isCutOff = false;
    const end = performance.now() + this.#patience;
    for (let round = 0; ; round += 1) {
      try {
        const { rows } = await this.query(sql, [`${this.offset}`, ...values, ...more]);
        const [row] = rows;
        if (row) this.#seen({ now: Number(row.now) });
        if (row) return true;
        // A statement whose connection was cut may be carried out, then or later: read the current state.
        return isCutOff && (await this.load(payment)).state === next.state;
      } catch (error) {
        if (isTaken(error)) {
          // A transaction with an old snapshot would never see who has the key.
          if (this.#isCallers && !(await this.#hasAny(operations))) throw error;
          return isCutOff && (await this.load(payment)).state === next.state;
        }
        isCutOff ||= isCut(error);
        await this.#again(error, round, end);
      }
    }
  }

  /** Whether the key of a new operation is taken. @param {Change[]} operations */
  async #hasAny(operations) {
    for (const { change, key } of operations) {
      if (change === 'insert' && (await this.list({ payment: '', key })).length > 0) return true;
    }
    return false;
  }

  /**
   * Operations that the engine asks for.
   * @type {(filter: import('../operation/store.js').Filter) => Promise<(Found & Record<string, any>)[]>}
   */
  list = async ({ payment, key, tag, reference, alike }) => {
    if (key !== undefined) return this.#found('o.operation_key = CAST($2 AS text)', [key]);
    const own = 'o.payment = CAST($2 AS text)';
    if (tag !== undefined) return this.#found(`${own} AND o.tag = CAST($3 AS text)`, [payment, tag]);
    if (reference !== undefined) return this.#found(`${own} AND o.reference = CAST($3 AS text)`, [payment, reference]);
    if (alike === undefined) return this.#found(own, [payment]);
    const like =
      'o.command = CAST($3 AS text) AND o.amount = CAST(CAST($4 AS text) AS bigint) AND o.status = CAST($5 AS text)';
    const values = [payment, alike.command, `${alike.amount ?? 0}`, alike.status];
    return this.#found(`${own} AND ${like} AND NOT o.notified AND NOT o.is_open`, values, 'LIMIT 1');
  };

  /**
   * The attempts at an order.
   * @param {string} prefix of the account's payments
   * @param {string} order
   * @returns {Promise<[reference: string, state: string][]>}
   */
  async attemptsOf(prefix, order) {
    const sql = `SELECT merchant_reference, state FROM aps_journal_payment
WHERE order_name = CAST($2 AS text) AND ${OF_ACCOUNT('$3')} ORDER BY created_at, payment`;
    const rows = await this.rows(sql, [order, prefix]);
    return rows.map(({ merchant_reference, state }) => [merchant_reference, state]);
  }

  /**
   * The payment that has a `fort_id`.
   * @param {string} prefix of the account's payments
   * @param {string} fort_id
   * @returns {Promise<string | undefined>}
   */
  async paymentOf(prefix, fort_id) {
    const sql = `SELECT payment FROM aps_journal_payment WHERE fort_id = CAST($2 AS text) AND ${OF_ACCOUNT('$3')} LIMIT 1`;
    return (await this.rows(sql, [fort_id, prefix]))[0]?.payment;
  }

  /**
   * The wallet that a payment was made with.
   * @param {string} payment
   * @returns {Promise<string | null>}
   */
  async walletOf(payment) {
    const sql = `SELECT wallet FROM aps_journal_payment WHERE payment = CAST($2 AS text) AND ${NEEDS_OFFSET}`;
    return (await this.rows(sql, [payment]))[0]?.wallet ?? null;
  }

  /**
   * @param {string} where
   * @param {string[]} values
   * @param {string} [limit]
   */
  async #found(where, values, limit = '') {
    const sql = `${FOUND} WHERE ${where} AND ${NEEDS_OFFSET} ORDER BY o.created_at, o.operation_key ${limit}`;
    const rows = await this.rows(sql, values);
    return rows.map(foundOf);
  }

  /**
   * Runs a query that changes nothing, or that may run twice.
   * @param {string} sql `$1` is the offset of the clock
   * @param {(string | null)[]} values from `$2`
   */
  async rows(sql, values) {
    return (await this.repeat(sql, [`${this.offset}`, ...values])).rows;
  }

  /**
   * Runs work that may run twice, until the store can be reached.
   * @type {Query}
   */
  repeat = async (sql, values) => {
    const end = performance.now() + this.#patience;
    for (let round = 0; ; round += 1) {
      try {
        return await this.query(sql, values);
      } catch (error) {
        await this.#again(error, round, end);
      }
    }
  };

  /**
   * Waits before another attempt.
   * @param {unknown} error
   * @param {number} round
   * @param {number} end by `performance.now()`
   * @throws {unknown} the error, if there is no further attempt
   */
  async #again(error, round, end) {
    const mayRepeat = !this.#isCallers && (isConflict(error) || isCut(error));
    if (!mayRepeat || performance.now() > end) throw error;
    await pause(Math.min(5 * 2 ** Math.min(round, 6), 300) * (0.5 + Math.random() / 2), undefined);
  }

  /**
   * One row for each key, as the columns take it.
   * @param {Change[]} operations
   */
  #rowsOf(operations) {
    /** @type {Map<string, Record<string, any>>} */
    const rows = new Map();
    for (const change of operations) {
      const { reply, ...row } = /** @type {any} */ (change);
      const facts = this.#factsOf([change]);
      const before = rows.get(change.key);
      rows.set(change.key, {
        ...before,
        ...row,
        ...(facts?.params && { params: facts.params, options: facts.options }),
        ...(facts?.by && { settled_by: facts.by, settled_why: facts.why }),
        ...(reply && { reply: writeReply(reply) }),
        // An operation that is inserted and changed in one swap is inserted in its last form.
        ...(before?.change === 'insert' && { change: 'insert' }),
      });
    }
    return [...rows.values()];
  }

  /** @param {Change[]} operations */
  #factsOf(operations) {
    if (this.#note || this.facts.size === 0) return this.#note;
    for (const change of operations) {
      if (change.change === 'remove') continue;
      const found = this.facts.get(JSON.parse(change.operation).attempt);
      if (found) return found;
    }
    return undefined;
  }
}

/** @param {Record<string, any> | undefined} row */
function loadedOf(row) {
  return { state: row?.state ?? null, version: Number(row?.version ?? 0), now: Number(row?.now) };
}

/** @param {Record<string, any>} row @returns {Found & Record<string, any>} */
function foundOf(row) {
  return { ...row, payment: row.payment, operation: row.operation, reply: readReply(row.reply) };
}

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' && value !== '' ? value : null);

/** @param {Change[]} operations @returns {import('../message/reply.js').Reply | undefined} */
function replyOf(operations) {
  for (const change of operations) if ('reply' in change && change.reply) return change.reply;
  return undefined;
}

/**
 * The entries of a swap in the history.
 * @param {Record<string, any>[]} changes
 */
function entryOf(changes) {
  const operations = changes.map(({ change, key, command, status, evidence, lapsed, contradiction, settled_by }) => ({
    ...{ change, key, command, status, evidence, lapsed, contradiction, by: settled_by },
  }));
  return operations.length > 0 ? { operations } : {};
}
