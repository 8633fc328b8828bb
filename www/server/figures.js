// The desk's figures: sums by day from the journal, which counts only what is proven; attempts and lapsing authorizations
// from the shop's table.
import { Amount, Payment } from 'aps-payops';

const DAYS = 14;
const DAY_MS = 86_400_000;
const SOON = 48 * 60 * 60 * 1000;
/** The most lapsing authorizations that are listed; their total is shown as well. */
const MOST = 20;

/** The sums that a command adds to. A purchase captures at once. */
const SUMS = `SELECT to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, o.currency,
  CASE o.command WHEN 'AUTHORIZATION' THEN 'authorized' WHEN 'REFUND' THEN 'refunded' ELSE 'captured' END AS kind,
  CAST(sum(o.amount) AS text) AS sum
FROM aps_operations AS o
WHERE o.merchant_identifier = CAST($1 AS text) AND o.status = 'succeeded'
  AND o.command IN ('AUTHORIZATION', 'PURCHASE', 'CAPTURE', 'REFUND')
  AND o.created_at >= to_timestamp(CAST(CAST($2 AS text) AS bigint) / 1000.0)
GROUP BY 1, 2, 3`;

/** Finished attempts only; a second attempt with the same card counts again. */
const BRANDS = `SELECT COALESCE(brand, '') AS brand, CAST(count(*) AS text) AS attempts,
  CAST(count(*) FILTER (WHERE outcome = 'succeeded') AS text) AS succeeded
FROM shop_payment WHERE scope = CAST($1 AS text) AND created_at >= CAST(CAST($2 AS text) AS bigint)
  AND outcome IN ('succeeded', 'failed') GROUP BY 1 ORDER BY count(*) DESC, 1`;

/** All codes, since shares are of all declines. */
const DECLINES = `SELECT COALESCE(code, '') AS code, CAST(count(*) AS text) AS count
FROM shop_payment WHERE scope = CAST($1 AS text) AND created_at >= CAST(CAST($2 AS text) AS bigint)
  AND outcome = 'failed' GROUP BY 1 ORDER BY count(*) DESC, 1`;

const LAPSES = `SELECT record, description, CAST(count(*) OVER () AS text) AS total FROM shop_payment WHERE scope = CAST($1 AS text) AND lapses_at IS NOT NULL
  AND lapses_at > CAST(CAST($2 AS text) AS bigint) AND lapses_at <= CAST(CAST($3 AS text) AS bigint)
ORDER BY lapses_at, reference LIMIT ${MOST}`;

/** @typedef {{ day: string, authorized: bigint, captured: bigint, refunded: bigint }} Day in minor units */

/**
 * @param {import('./store.js').Store} store
 * @param {() => number} clock
 */
export function createFigures(store, clock) {
  return {
    /**
     * @param {string} asked a currency; the one that most was done in if there is nothing of it
     */
    async read(asked) {
      const now = clock();
      const today = Math.floor(now / DAY_MS) * DAY_MS;
      const from = today - (DAYS - 1) * DAY_MS;
      const [sums, brands, declines, lapses] = await Promise.all([
        store.rows(SUMS, `${from}`),
        store.rows(BRANDS, `${from}`),
        store.rows(DECLINES, `${from}`),
        store.rows(LAPSES, `${now}`, `${now + SOON}`),
      ]);
      const counts = new Map();
      for (const { currency } of sums) counts.set(currency, (counts.get(currency) ?? 0) + 1);
      const currencies = [...counts.keys()].sort();
      const [busiest] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [null];
      const currency = currencies.includes(asked) ? asked : busiest;
      const days = Array.from({ length: DAYS }, (_, index) => {
        const day = new Date(from + index * DAY_MS).toISOString().slice(0, 10);
        const of = (/** @type {string} */ kind) =>
          BigInt(sums.find((row) => row.day === day && row.currency === currency && row.kind === kind)?.sum ?? 0);
        return { day, authorized: of('authorized'), captured: of('captured'), refunded: of('refunded') };
      });
      return {
        ...{ currency, currencies, days, now },
        brands: brands.map(({ brand, attempts, succeeded }) => ({
          brand,
          attempts: Number(attempts),
          succeeded: Number(succeeded),
        })),
        declines: declines.map(({ code, count }) => ({ code, count: Number(count) })),
        lapsing: Number(lapses[0]?.total ?? 0),
        lapses: lapses.map(({ record, description }) => lapseOf(JSON.parse(record), description, now)),
      };
    },
  };
}

/** @param {any} record @param {string} description @param {number} now */
function lapseOf({ reference, order, payment }, description, now) {
  const { capturable, lapsesAt } = Payment.fromJSON(payment).at(now);
  return { reference, name: description || order, left: capturable, at: Number(lapsesAt) };
}

/** A sum of many amounts, which may be more than one amount can be. @param {bigint} minor @param {string} currency */
export function decimalOf(minor, currency) {
  const decimals = String(Amount.fromMinor('0', currency)).split('.')[1]?.length ?? 0;
  const digits = String(minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
