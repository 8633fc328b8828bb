// The table of payments: search, filters, sorting, pages and export. Keyset paging makes the thousandth page as cheap as
// the first.
import { Amount } from 'aps-payops';

/** Rows per page; more would load slowly on a phone. */
const PAGE = 50;
/** Rows that an export reads at a time. */
const BATCH = 1000;
/** The longest search text, and the most words of it: each is one more condition. */
const LONGEST = 100;
const MOST_WORDS = 5;

/** How columns are sorted: SQL, and its type. */
const SORTS = /** @type {const} */ ({
  date: ['p.created_at', 'bigint'],
  order: ['lower(p.description)', 'text'],
  customer: ['lower(p.email)', 'text'],
  amount: ['p.amount_value', 'bigint'],
  captured: ['p.captured_value', 'bigint'],
  refunded: ['p.refunded_value', 'bigint'],
});
export const SORTED = Object.keys(SORTS);

/** The states of a payment, in the order of its life cycle. */
export const STATES = [
  ...['started', 'action_required', 'pending', 'uncertain', 'authorized', 'partially_captured', 'captured'],
  ...['partially_refunded', 'refunded', 'voided', 'lapsed', 'failed', 'rejected'],
];

const STATE = `CASE WHEN p.state = 'authorized' AND p.lapses_at <= CAST(CAST($2 AS text) AS bigint) THEN 'lapsed' ELSE p.state END`;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/**
 * The parameters of a list; others are ignored.
 *
 * @typedef {{ q: string, state: string, currency: string, from: string, to: string, sort: string, up: boolean,
 *   after: string, before: string }} Wish `from`, `to`: days in UTC; `after`, `before`: marks of rows
 */

/** @param {URLSearchParams} query @returns {Wish} */
export function readWish(query) {
  const of = (/** @type {string} */ name) => (query.get(name) ?? '').trim();
  const known = (/** @type {string} */ text, /** @type {readonly string[]} */ all) => (all.includes(text) ? text : '');
  const day = (/** @type {string} */ text) => (DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : '');
  return {
    q: of('q').slice(0, LONGEST),
    state: known(of('state'), STATES),
    currency: /^[A-Z]{3}$/.test(of('currency')) ? of('currency') : '',
    from: day(of('from')),
    to: day(of('to')),
    sort: known(of('sort'), SORTED) || 'date',
    up: of('dir') === 'up',
    after: of('after'),
    before: of('before'),
  };
}

/**
 * What of a query does not count, or contradicts itself: a key of a sentence, with the control it is about.
 *
 * @typedef {{ control: 'q' | 'from' | 'to', key: 'search_cut' | 'day_wrong' | 'days_reversed' }} Doubt
 * @param {URLSearchParams} query
 * @returns {Doubt[]}
 */
export function findDoubts(query) {
  const { from, to } = readWish(query);
  const q = (query.get('q') ?? '').trim();
  /** @type {Doubt[]} */
  const doubts = [];
  if (q.length > LONGEST || wordsOf(q).length > MOST_WORDS) doubts.push({ control: 'q', key: 'search_cut' });
  for (const [control, day] of Object.entries({ from, to })) {
    const isGiven = (query.get(control) ?? '').trim() !== '';
    if (isGiven && day === '') doubts.push({ control: /** @type {'from'} */ (control), key: 'day_wrong' });
  }
  if (from && to && from > to) doubts.push({ control: 'from', key: 'days_reversed' });
  return doubts;
}

/** The facts of the sentences. @param {(count: number) => string} written */
export const searchLimits = (written) => ({ characters: written(LONGEST), words: written(MOST_WORDS) });

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** The query that asks for it again. @param {Wish} wish @param {Partial<Wish>} [changed] */
export function queryOf(wish, changed = {}) {
  const { up, sort, ...rest } = { ...wish, after: '', before: '', ...changed };
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== ''));
  if (sort !== 'date') query.set('sort', sort);
  if (up) query.set('dir', 'up');
  return query.toString();
}

/**
 * @param {import('./store.js').Store} store
 * @param {() => number} clock
 */
export function createListing(store, clock) {
  /**
   * @param {Wish} wish
   * @returns {{ where: string, values: (string | null)[] }} `$2` is now
   */
  function conditionsOf({ q, state, currency, from, to }) {
    const values = [`${clock()}`];
    const parts = ['p.scope = CAST($1 AS text)', 'CAST($2 AS text) IS NOT NULL'];
    const add = (/** @type {(name: string) => string} */ part, /** @type {string} */ value) => {
      values.push(value);
      parts.push(part(`CAST($${values.length + 1} AS text)`));
    };
    for (const word of wordsOf(q).slice(0, MOST_WORDS)) {
      add((name) => `position(${name} in p.search) > 0`, word.replaceAll('\0', ''));
    }
    // A payment with an uncertain operation counts as uncertain, whatever its state.
    if (state === 'uncertain') parts.push(`(p.doubtful OR p.state = 'uncertain')`);
    else if (state) add((name) => `${STATE} = ${name}`, state);
    if (currency) add((name) => `p.currency = ${name}`, currency);
    if (from) add((name) => `p.created_at >= CAST(${name} AS bigint)`, `${Date.parse(from)}`);
    if (to) add((name) => `p.created_at < CAST(${name} AS bigint)`, `${Date.parse(to) + DAY_MS}`);
    return { where: parts.join(' AND '), values };
  }

  /**
   * @param {Wish} wish
   * @param {number} limit
   */
  async function read(wish, limit) {
    const { where, values } = conditionsOf(wish);
    const [column, type] = SORTS[/** @type {keyof typeof SORTS} */ (wish.sort)];
    const isBack = wish.before !== '';
    const mark = readMark(wish.before || wish.after, type);
    const isUp = wish.up !== isBack;
    const order = isUp ? 'ASC' : 'DESC';
    let page = '';
    if (mark) {
      page = ` AND (${column}, p.reference) ${isUp ? '>' : '<'}
  (CAST(CAST($${values.length + 2} AS text) AS ${type}), CAST($${values.length + 3} AS text))`;
      values.push(...mark);
    }
    const sql = `SELECT p.reference, p.order_id, CAST(p.created_at AS text) AS created_at, p.description, p.email, p.brand,
  p.tail, p.fort_id, p.currency, CAST(p.amount AS text) AS amount, CAST(p.captured AS text) AS captured,
  CAST(p.refunded AS text) AS refunded, ${STATE} AS state, CAST(p.doubtful AS text) AS doubtful,
  CAST(p.lapses_at AS text) AS lapses_at, CAST(${column} AS text) AS mark
FROM shop_payment AS p WHERE ${where}${page} ORDER BY ${column} ${order}, p.reference ${order} LIMIT ${limit + 1}`;
    const found = await store.rows(sql, ...values);
    const rows = found.slice(0, limit).map(entryOf);
    const isMore = found.length > limit;
    if (isBack) rows.reverse();
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      rows,
      next: last && (isBack || isMore) ? last.mark : '',
      previous: first && (isBack ? isMore : mark !== null) ? first.mark : '',
    };
  }

  return {
    /** A page of the table, and of how many payments. @param {Wish} wish */
    async page(wish) {
      const { where, values } = conditionsOf(wish);
      const count = `SELECT CAST(count(*) AS text) AS count FROM shop_payment AS p WHERE ${where}`;
      const currencies = `SELECT currency FROM shop_payment WHERE scope = CAST($1 AS text) GROUP BY currency ORDER BY currency`;
      const [found, [total], used] = await Promise.all([
        read(wish, PAGE),
        store.rows(count, ...values),
        store.rows(currencies),
      ]);
      return { ...found, wish, total: Number(total?.count ?? 0), currencies: used.map(({ currency }) => currency) };
    },

    /** All of it as CSV, in pieces. @param {Wish} wish @returns {AsyncGenerator<string>} */
    async *csv(wish) {
      // A byte order mark, so that spreadsheets read UTF-8.
      yield `\uFEFF${HEAD.join(',')}\r\n`;
      let after = '';
      do {
        const { rows, next } = await read({ ...wish, after, before: '' }, BATCH);
        yield rows.map((row) => `${cellsOf(row).map(cell).join(',')}\r\n`).join('');
        after = next;
      } while (after);
    },
  };
}

/** @typedef {ReturnType<typeof entryOf>} Row */

/** @param {Record<string, any>} row */
function entryOf(row) {
  const { reference, order_id, description, email, brand, tail, fort_id, currency, state, mark } = row;
  const money = (/** @type {string} */ minor) => Amount.fromMinor(minor, currency);
  return {
    ...{ reference, order: order_id, description, email, brand, tail, fort_id, currency, state },
    at: Number(row.created_at),
    amount: money(row.amount),
    captured: money(row.captured),
    refunded: money(row.refunded),
    doubtful: row.doubtful === 'true',
    lapsesAt: row.lapses_at === null ? null : Number(row.lapses_at),
    mark: JSON.stringify([mark, reference]),
  };
}

/** @param {string} text @param {'bigint' | 'text'} type @returns {[string, string] | null} null for what is no mark */
function readMark(text, type) {
  try {
    const [value, reference] = JSON.parse(text);
    if (typeof value !== 'string' || typeof reference !== 'string') return null;
    return type === 'text' || /^\d{1,18}$/.test(value) ? [value, reference] : null;
  } catch {
    return null;
  }
}

const HEAD = [
  ...['date', 'order', 'description', 'merchant_reference', 'fort_id', 'customer', 'card', 'last_four', 'currency'],
  ...['amount', 'captured', 'refunded', 'state', 'uncertain'],
];

/** @param {Row} row */
const cellsOf = ({ at, order, description, reference, fort_id, email, brand, tail, currency, ...row }) => [
  ...[new Date(at).toISOString(), order, description, reference, fort_id, email, brand, tail, currency],
  ...[row.amount, row.captured, row.refunded, row.state, row.doubtful ? 'yes' : ''],
];

/** A spreadsheet must not take a cell for a formula. @param {unknown} value */
function cell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
