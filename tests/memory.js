// A store in memory: PGlite, as `openStore(':memory:')` opens it, but from a database that was initialized once for all
// test files, which saves three seconds of a processor in each.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { migrate, openStore } from 'aps-payops/journal';

const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
const modules = entry.slice(0, entry.lastIndexOf('@electric-sql'));
const { version } = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'));
const initialized = join(modules, '.cache', 'aps-payops', `pglite-${version}.tar`);

/** @type {Promise<PGlite> | undefined} */
let database;

// PostgreSQL's timer for statistics would keep the process alive for ten seconds.
after(async () => (await database)?.close());

/**
 * The stores of one process share a database: what is kept by accounts or references has to differ in those.
 * @returns {Promise<import('aps-payops/journal').JournalStore>}
 */
export async function openMemory() {
  database ??= open();
  return openStore(await database);
}

async function open() {
  if (!existsSync(initialized)) await initialize();
  const db = await PGlite.create({ loadDataDir: new Blob([await readFile(initialized)]) });
  await migrate(db);
  return db;
}

/** Several processes may do this at once, and each writes the same. */
async function initialize() {
  await mkdir(dirname(initialized), { recursive: true });
  const own = `${initialized}.${process.pid}`;
  const folder = await mkdtemp(join(tmpdir(), 'pglite-'));
  try {
    // Not dumped while it is open, which counts as a crash: recovery sets a timer that keeps the process alive.
    const db = await PGlite.create(folder);
    await db.close();
    await promisify(execFile)('tar', ['-cf', own, '-C', folder, '.']);
    await rename(own, initialized);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
