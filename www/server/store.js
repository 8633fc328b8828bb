// Orders and payments as JSON records in the journal's database: PostgreSQL, or PGlite in a folder or in memory. Columns
// hold what is listed and searched.
import { Amount, Payment } from 'aps-payops';
import { createNotes } from './notes.js';
import { comparable, createTables } from './tables.js';

const SAVE_ORDERS = `INSERT INTO shop_order AS o (scope, id, created_at, description, email, waiting, record)
SELECT CAST($1 AS text), r.id, r.created_at, r.description, r.email, true, r.record
FROM json_to_recordset(CAST(CAST($2 AS text) AS json))
  AS r (id text, created_at bigint, description text, email text, record text)
ON CONFLICT (scope, id) DO UPDATE SET description = excluded.description, email = excluded.email, record = excluded.record`;

/** The columns derived from a payment's record, with their types. */
const COLUMNS = /** @type {const} */ ({
  ...{ reference: 'text', order_id: 'text', created_at: 'bigint', brand: 'text', tail: 'text', fort_id: 'text' },
  ...{
    command: 'text',
    currency: 'text',
    amount: 'bigint',
    authorized: 'bigint',
    captured: 'bigint',
    refunded: 'bigint',
  },
  ...{ amount_value: 'bigint', captured_value: 'bigint', refunded_value: 'bigint', state: 'text', lapses_at: 'bigint' },
  ...{ outcome: 'text', code: 'text', doubtful: 'boolean', record: 'text' },
});
const NAMES = Object.keys(COLUMNS);
const UPDATED = [
  ...NAMES.filter((name) => name !== 'reference' && name !== 'created_at'),
  'description',
  'email',
  'search',
];

/** All rows in one statement. Description and e-mail come from the order, which then counts as attempted. */
const SAVE_PAYMENTS = `WITH given AS (
  SELECT r.*, COALESCE(o.description, '') AS description, COALESCE(o.email, '') AS email
  FROM json_to_recordset(CAST(CAST($2 AS text) AS json)) AS r (${NAMES.map((name) => `${name} ${COLUMNS[name]}`).join(', ')})
  LEFT JOIN shop_order AS o ON o.scope = CAST($1 AS text) AND o.id = r.order_id
), paid AS (
  UPDATE shop_order AS o SET waiting = false FROM given
  WHERE o.scope = CAST($1 AS text) AND o.id = given.order_id AND o.waiting
)
INSERT INTO shop_payment (scope, ${NAMES.join(', ')}, description, email, search)
SELECT CAST($1 AS text), ${NAMES.map((name) => `g.${name}`).join(', ')}, g.description, g.email,
  lower(concat_ws(' ', g.reference, g.description, g.email, g.brand, g.tail, g.fort_id))
FROM given AS g
ON CONFLICT (scope, reference) DO UPDATE SET ${UPDATED.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/**
 * @param {import('aps-payops/journal').JournalStore} sql of `openStore`: the journal's, where the shop keeps its own tables
 * @param {import('aps-payops/server').Account} account whose orders these are
 */
export async function createStore(sql, account) {
  const scope = `${account.merchant_identifier}`;
  const query = sql.repeat;
  await createTables(query);
  /** @type {Map<string, Promise<unknown>>} the last of those who wait for a key */
  const queues = new Map();

  /** @param {string} text `$1` is the scope @param {...(string | null)} values from `$2` */
  const rows = async (text, ...values) => (await query(text, [scope, ...values])).rows;
  const records = async (/** @type {string} */ text, /** @type {(string | null)[]} */ ...values) =>
    (await rows(text, ...values)).map(({ record }) => JSON.parse(record));

  const notes = createNotes(rows);
  await notes.sweepNotes();

  return {
    ...notes,
    /** The journal's store, for `journaled`. */
    sql,
    rows,

    /** @param {string} id @returns {Promise<any>} undefined if not found */
    async order(id) {
      const own = 'SELECT record FROM shop_order WHERE scope = CAST($1 AS text) AND id = CAST($2 AS text)';
      return (await records(own, id))[0];
    },

    /** @param {any} order */
    saveOrder: (order) => saveOrders([order]),
    saveOrders,

    /** @param {string} reference @returns {Promise<any>} undefined if not found */
    async payment(reference) {
      const own = 'SELECT record FROM shop_payment WHERE scope = CAST($1 AS text) AND reference = CAST($2 AS text)';
      return (await records(own, reference))[0];
    },

    /** Orders without an attempt to pay: the newest, and how many there are. */
    waiting: async () => {
      const where = 'FROM shop_order WHERE scope = CAST($1 AS text) AND waiting';
      const [orders, [found]] = await Promise.all([
        records(`SELECT record ${where} ORDER BY created_at DESC LIMIT 20`),
        rows(`SELECT CAST(count(*) AS text) AS count ${where}`),
      ]);
      return { orders, count: Number(found?.count ?? 0) };
    },

    /** The payments of an order, oldest first. @param {string} id */
    ofOrder: (id) =>
      records(
        `SELECT record FROM shop_payment WHERE scope = CAST($1 AS text) AND order_id = CAST($2 AS text)
ORDER BY created_at, reference`,
        id,
      ),

    /** @param {any} record */
    savePayment: (record) => savePayments([record]),
    savePayments,

    /**
     * Runs `work` once no other work of this process holds `key`, so that operations on one payment never overlap. The
     * journal excludes other processes.
     *
     * @template T
     * @param {string} key
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    exclusive(key, work) {
      const turn = (queues.get(key) ?? Promise.resolve()).then(work);
      const settled = turn.then(
        () => {},
        () => {},
      );
      queues.set(key, settled);
      settled.then(() => queues.get(key) === settled && queues.delete(key));
      return turn;
    },
  };

  /** @param {readonly any[]} given in one statement */
  async function saveOrders(given) {
    const all = given.map((order) => {
      const { id, createdAt, description, email } = order;
      const record = JSON.stringify(order);
      return { id, created_at: createdAt, description: storable(description), email: storable(email), record };
    });
    await rows(SAVE_ORDERS, JSON.stringify(all));
  }

  /** @param {readonly any[]} given records, in one statement */
  async function savePayments(given) {
    await rows(SAVE_PAYMENTS, JSON.stringify(given.map(rowOf)));
  }
}

/** @typedef {Awaited<ReturnType<typeof createStore>>} Store */

/** A payment's record as its columns. @param {any} record */
function rowOf(record) {
  const { reference, order, createdAt, command, card, fort_id, outcome, code, amount: asked } = record;
  const amount = Amount.fromMinor(asked.amount, asked.currency);
  const payment = record.payment ? Payment.fromJSON(record.payment) : null;
  const none = Amount.fromMinor('0', amount.currency);
  const { authorized, captured, refunded } = payment ?? { authorized: none, captured: none, refunded: none };
  // Queries compute what depends on the time alone.
  const state = payment ? payment.at(payment.madeAt ?? createdAt).state : outcome;
  const doubtful = record.steps.some(isDoubtful);
  const isOpen = payment && payment.at(payment.madeAt ?? createdAt).authorization === 'open';
  return {
    ...{
      reference,
      order_id: order,
      created_at: createdAt,
      command,
      fort_id,
      outcome,
      code,
      currency: amount.currency,
    },
    ...{ brand: card?.brand ?? null, tail: card?.tail ?? null, state, doubtful },
    ...{ amount: `${amount.minor}`, authorized: `${authorized.minor}` },
    ...{ captured: `${captured.minor}`, refunded: `${refunded.minor}`, amount_value: `${comparable(amount)}` },
    ...{ captured_value: `${comparable(captured)}`, refunded_value: `${comparable(refunded)}` },
    lapses_at: isOpen && payment.lapsesAt ? Number(payment.lapsesAt) : null,
    record: JSON.stringify(record),
  };
}

/** Text as PostgreSQL takes it: without NUL, and whole characters. @param {string | undefined} text */
const storable = (text = '') => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '');

/** Whether nobody knows what became of a step. @param {any} step */
export function isDoubtful({ via, outcome, settled }) {
  return via === 'api' && outcome === 'uncertain' && !settled;
}
