// Migrations of the journal's tables: forward only, each statement on its own, so that they need no transaction and any
// number of instances may run them at once.

import { ConfigurationError } from '../../errors.js';
import { sqlState } from '../failures.js';
import { statements as tables } from './1-tables.js';
import { statements as dismissals } from './2-dismissals.js';
import { statements as dismissed } from './3-dismissed.js';

/** @typedef {import('../store.js').Query} Query */

/**
 * Versions of the tables.
 * @typedef {object} Migrated
 * @property {number} from the version before; 0 if there were no tables
 * @property {number} to the version now
 */

/** By version, from 1. */
const MIGRATIONS = [tables, dismissals, dismissed];

/** The version of the tables that this package reads and writes. */
export const VERSION = MIGRATIONS.length;

/**
 * The oldest version whose code can use the tables as they are now. A migration that such code could not stand raises it:
 * instances of an older release start while a newer one is rolled out, or back.
 */
const OLDEST = 1;

const VERSIONS = [
  `CREATE TABLE IF NOT EXISTS aps_journal_version (
  version bigint PRIMARY KEY
)`,
  'ALTER TABLE aps_journal_version ADD COLUMN IF NOT EXISTS oldest bigint',
];

/** @param {number} version */
const recordVersion = (version) =>
  `INSERT INTO aps_journal_version (version, oldest) VALUES (${version}, ${OLDEST}) ON CONFLICT (version) DO NOTHING`;

/** Two instances create the same thing at once: one of them fails, and only needs to check again. */
const RACES = new Set(['23505', '42P07', '42710', '40001', '40P01', 'XX000']);
const MOST_ATTEMPTS = 20;

/**
 * All statements as one text, for running them by hand.
 * @returns {string}
 */
export function migrationSql() {
  const statements = [...VERSIONS, ...MIGRATIONS.flatMap((own, index) => [...own, recordVersion(index + 1)])];
  return `${statements.join(';\n\n')};\n`;
}

/**
 * Brings the tables of the journal up to date.
 * @param {import('../store.js').Queryable} store a store as `openStore` takes or returns it
 * @returns {Promise<Migrated>}
 * @throws {ConfigurationError} `newer_schema`
 */
export async function migrate(store) {
  if (typeof store?.query !== 'function') {
    throw new ConfigurationError('bad_store', 'migrate needs a store from openStore(), or { query }.');
  }
  const query = store.query.bind(store);
  for (const statement of VERSIONS) await runRepeatedly(query, statement);
  const from = await versionOf(query);
  for (let version = from + 1; version <= VERSION; version += 1) {
    for (const statement of MIGRATIONS[version - 1] ?? []) await runRepeatedly(query, statement);
    await runRepeatedly(query, recordVersion(version));
  }
  return { from, to: Math.max(from, VERSION) };
}

/**
 * @param {Query} query
 * @throws {ConfigurationError} `not_migrated`, `newer_schema`
 */
export async function checkVersion(query) {
  if ((await versionOf(query)) < VERSION) {
    const cure = 'run `npx aps-payops migrate`, or `await migrate(store)`';
    throw new ConfigurationError('not_migrated', `The tables of the journal are missing or out of date: ${cure}.`);
  }
}

/**
 * @param {Query} query
 * @returns {Promise<number>} 0: there are no tables
 * @throws {ConfigurationError} `newer_schema`: they are newer, and not for code of this version
 */
async function versionOf(query) {
  let row;
  try {
    const sql = 'SELECT * FROM aps_journal_version ORDER BY version DESC LIMIT 1';
    [row] = (await query(sql, [])).rows;
  } catch (error) {
    if (sqlState(error) !== '42P01') throw error;
  }
  const version = Number(row?.version ?? 0);
  if (version <= VERSION || Number(row?.oldest ?? version) <= VERSION) return version;
  throw new ConfigurationError(
    'newer_schema',
    `The journal's tables are at version ${version}; this package knows ${VERSION}: update aps-payops.`,
  );
}

/** @param {Query} query @param {string} statement */
async function runRepeatedly(query, statement) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query(statement, []);
      return;
    } catch (error) {
      if (!RACES.has(sqlState(error) ?? '') || attempt >= MOST_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * Math.random() * attempt));
    }
  }
}
