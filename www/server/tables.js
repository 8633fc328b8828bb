// The shop's tables, in the journal's database. Columns hold what is listed, searched and summed; the whole record of a
// payment, with its messages, is stored as text beside them. Instants are milliseconds since 1970, amounts are minor units;
// `scope` is the account, so that several can share a database.

/** The most decimals that a currency has. */
const DECIMALS = 4;

/** Idempotent statements. */
const STATEMENTS = [
  `CREATE TABLE IF NOT EXISTS shop_order (
  scope text NOT NULL,
  id text NOT NULL,
  created_at bigint NOT NULL,
  description text NOT NULL,
  email text NOT NULL,
  waiting boolean NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (scope, id)
)`,
  'CREATE INDEX IF NOT EXISTS shop_order_waiting ON shop_order (scope, created_at) WHERE waiting',
  `CREATE TABLE IF NOT EXISTS shop_payment (
  scope text NOT NULL,
  reference text NOT NULL,
  order_id text NOT NULL,
  created_at bigint NOT NULL,
  description text NOT NULL,
  email text NOT NULL,
  brand text,
  tail text,
  fort_id text,
  command text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  authorized bigint NOT NULL,
  captured bigint NOT NULL,
  refunded bigint NOT NULL,
  amount_value bigint NOT NULL,
  captured_value bigint NOT NULL,
  refunded_value bigint NOT NULL,
  state text NOT NULL,
  lapses_at bigint,
  outcome text NOT NULL,
  code text,
  doubtful boolean NOT NULL,
  search text NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (scope, reference)
)`,
  `CREATE TABLE IF NOT EXISTS shop_note (
  scope text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  owner text,
  until bigint NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (scope, kind, name)
)`,
  'CREATE INDEX IF NOT EXISTS shop_note_owner ON shop_note (scope, kind, owner) WHERE owner IS NOT NULL',
  'CREATE INDEX IF NOT EXISTS shop_note_until ON shop_note (scope, until)',
  'CREATE INDEX IF NOT EXISTS shop_payment_created ON shop_payment (scope, created_at, reference)',
  'CREATE INDEX IF NOT EXISTS shop_payment_order ON shop_payment (scope, order_id)',
  'CREATE INDEX IF NOT EXISTS shop_payment_lapses ON shop_payment (scope, lapses_at) WHERE lapses_at IS NOT NULL',
];

/** The error that one of two processes gets when both create a table at once. */
const RACES = new Set(['23505', '42P07', '42710']);

/** @typedef {(text: string, values: (string | null)[]) => Promise<{ rows: Record<string, any>[] }>} Query */

/** @param {Query} query */
export async function createTables(query) {
  for (const statement of STATEMENTS) {
    try {
      await query(statement, []);
    } catch (error) {
      if (!RACES.has(/** @type {any} */ (error)?.code)) throw error;
      await query(statement, []);
    }
  }
}

/**
 * Minor units of any currency scaled to comparable numbers: 12.34 sorts before 12.345.
 *
 * @param {import('aps-payops').Amount} amount
 */
export function comparable(amount) {
  const decimals = String(amount).split('.')[1]?.length ?? 0;
  return amount.minor * 10n ** BigInt(DECIMALS - decimals);
}
