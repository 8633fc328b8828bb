// Opens the store of a journal: PostgreSQL by URL, PGlite in a folder or in memory, or anything with a `query` function.

import { ConfigurationError, issue } from '../errors.js';
import { findBadNumbers, readSettings } from '../message/options.js';
import { isUnprepared } from './failures.js';
import { builtin, hold } from './folder.js';
import { checkVersion, migrate } from './migrations/index.js';
import { requireHere } from './peers.js';
import { EACH_OPERATION, SqlStore } from './store.js';

/** @typedef {import('./store.js').Query} Query */

/**
 * @typedef {object} AnyQueryable
 * @property {Query | import('./store.js').QueryFunction} query runs one statement of PostgreSQL
 */
/**
 * How a store is opened.
 * @typedef {object} StoreOptions
 * @property {boolean} [ephemeral] allows a folder or `':memory:'` on a serverless platform, where it is lost with
 *   the instance
 * @property {boolean} [migrate] false: the tables exist already, made by `npx aps-payops migrate`
 * @property {number} [max] connections to PostgreSQL; 10 if left out
 * @property {number} [patience] milliseconds for which an unreachable store is tried again; 20,000 if left
 *   out
 */

const OPTIONS = ['ephemeral', 'migrate', 'max', 'patience'];

/** Environment variables of platforms whose instances come and go. */
const SERVERLESS = [
  ...['AWS_LAMBDA_FUNCTION_NAME', 'VERCEL', 'NETLIFY', 'FUNCTIONS_WORKER_RUNTIME', 'K_SERVICE', 'FUNCTION_TARGET'],
  ...['CF_PAGES', 'DENO_DEPLOYMENT_ID'],
];

/**
 * Opens a store.
 * @param {string | AnyQueryable} where a PostgreSQL URL
 *   (needs `pg`); a folder, or `':memory:'` (both need `@electric-sql/pglite`); or anything with
 *   `query(text, values) → { rows }`, such as a pool of `pg`, whose tables `npx aps-payops migrate` or `migrate(store)`
 *   must have made
 * @param {StoreOptions} [given]
 * @returns {Promise<import('./store.js').JournalStore>}
 * @throws {ConfigurationError} `store_in_use`, `ephemeral_store`, `missing_peer`, `not_migrated`, `newer_schema`, `bad_store`,
 *   `bad_option`
 */
export async function openStore(where, given) {
  const options = readSettings('bad_option', given, OPTIONS, (own) => {
    const issues = findBadNumbers(own, ['max']);
    if (own.patience !== undefined && !(typeof own.patience === 'number' && own.patience >= 0)) {
      issues.push(issue('patience', 'bad_format', 'patience must be a number of milliseconds, not below 0.'));
    }
    return issues;
  });
  if (typeof where === 'object' && typeof where?.query === 'function') {
    const query = /** @type {any} */ (where);
    const store = new SqlStore((text, values) => query.query(text, values), options);
    await checkVersion(store.repeat);
    return store;
  }
  if (typeof where !== 'string' || where === '' || where.includes('\0')) {
    throw new ConfigurationError('bad_store', 'A store is a PostgreSQL URL, a folder, ":memory:", or { query }.');
  }
  const isPostgres = /^postgres(ql)?:\/\//i.test(where);
  // A folder of that name would be made without a word, where nobody looks for the journal.
  if (!isPostgres && /^[a-z][a-z\d+.-]*:\/\//i.test(where)) {
    const message =
      'The URL is not a PostgreSQL URL: write postgresql://…, or give a folder, ":memory:", or { query }.';
    throw new ConfigurationError('bad_store', message);
  }
  const store = isPostgres ? openPostgres(where, options) : await openPglite(where, options);
  try {
    if (options.migrate === false) await checkVersion(store.repeat);
    else await migrateIfNeeded(store);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @param {SqlStore} store */
async function migrateIfNeeded(store) {
  try {
    await checkVersion(store.repeat);
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.code !== 'not_migrated') throw error;
    await migrate({ query: store.repeat });
  }
}

/** @param {string} url @param {StoreOptions} options */
function openPostgres(url, { max = 10, patience }) {
  const { Pool } = peer('pg', 'a PostgreSQL URL');
  const pool = new Pool({ connectionString: url, max, application_name: 'aps-payops' });
  // An idle connection that was cut is replaced by the next query.
  pool.on('error', () => {});
  return new SqlStore(preparedBy(pool), { patience, close: () => pool.end() });
}

/**
 * Runs the statements of each operation by name, so that a connection parses and plans them once, which saves a fifth of
 * the time. A pooler that shares connections and does not support names (PgBouncer before 1.21) rejects them before
 * anything is carried out; from then on statements are sent without names.
 * @param {{ query: (given: object) => Promise<import('./store.js').Rows> }} pool
 * @returns {Query}
 */
function preparedBy(pool) {
  const digest = (/** @type {string} */ text) => builtin('crypto').createHash('sha256').update(text).digest('hex');
  const names = new Map(EACH_OPERATION.map((text) => [text, `aps_${digest(text).slice(0, 16)}`]));
  return async (text, values) => {
    const name = names.get(text);
    try {
      return await pool.query({ name, text, values });
    } catch (error) {
      if (name === undefined || !isUnprepared(error)) throw error;
      names.clear();
      return pool.query({ text, values });
    }
  };
}

/** @param {string} folder @param {StoreOptions} options */
async function openPglite(folder, { ephemeral = false, patience }) {
  const env = globalThis.process?.env ?? {};
  const platform = SERVERLESS.find((name) => env[name]);
  if (platform !== undefined && !ephemeral) {
    const what = folder === ':memory:' ? 'A store in memory' : `The folder ${folder}`;
    const why = `is lost with the instance on a serverless platform (${platform}), and the journal with it`;
    const cure = 'Give a PostgreSQL URL, or { ephemeral: true } if that is intended';
    throw new ConfigurationError('ephemeral_store', `${what} ${why}. ${cure}.`);
  }
  const { PGlite } = peer('@electric-sql/pglite', folder === ':memory:' ? 'a store in memory' : 'a folder');
  const release = folder === ':memory:' ? () => {} : hold(folder);
  try {
    const db = folder === ':memory:' ? new PGlite() : new PGlite(builtin('path').join(folder, 'data'));
    await db.waitReady;
    const close = async () => {
      if (!db.closed) await db.close();
      release();
    };
    return new SqlStore((text, values) => db.query(text, values), { patience, close });
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * @param {string} name
 * @param {string} what needs it
 * @throws {ConfigurationError} `missing_peer`
 */
function peer(name, what) {
  for (const attempt of [requireHere, requireFromWorkingFolder]) {
    try {
      return attempt(name);
    } catch (error) {
      const { code } = /** @type {{ code?: string }} */ (error);
      const isLost = error instanceof ReferenceError || error instanceof TypeError;
      if (code !== 'MODULE_NOT_FOUND' && !isLost) throw error;
    }
  }
  throw new ConfigurationError('missing_peer', `${what} needs ${name}: npm install ${name}`);
}

/** A bundle may be anywhere; packages that are not in it are resolved from the working directory. @param {string} name */
function requireFromWorkingFolder(name) {
  const { cwd } = globalThis.process;
  return builtin('module').createRequire(builtin('path').join(cwd(), 'package.json'))(name);
}
