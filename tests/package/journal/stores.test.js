// Stores: opening, rejected arguments, and the lock of a folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fromDrizzle, fromPrisma, migrate, migrationSql, openStore } from 'aps-payops/journal';
import { ConfigurationError } from 'aps-payops/server';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { aed, open } from './shop.js';

const folder = mkdtempSync(join(tmpdir(), 'aps-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Another process that opens the folder, and holds it until it is killed. */
function holder() {
  const code = `import { openStore } from 'aps-payops/journal';
    await openStore(process.argv[1]); console.log('open'); setInterval(() => {}, 1000);`;
  const args = [
    ...process.execArgv.filter((one) => one.startsWith('--conditions')),
    '--input-type=module',
    '-e',
    code,
    folder,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: new URL('.', import.meta.url),
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(child));
    child.once('exit', () => reject(new Error('it ended')));
  });
}

test('a folder is held by one process at a time, and outlives it', { timeout: 180_000 }, async () => {
  const child = await holder();
  const inUse = (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, 'store_in_use');
    assert.match(error.message, new RegExp(`process ${child.pid}, .* end it, or use PostgreSQL`));
    return true;
  };
  await assert.rejects(openStore(folder), inUse);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  const results = await Promise.allSettled([openStore(folder), openStore(folder), openStore(folder)]);
  const opened = results.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  assert.equal(opened.length, 1, 'of several that find a dead holder, one takes its place');
  const [store] = opened;
  const shop = await open({ store });
  await shop.authorize('kept-1', aed('10'));
  await store.close();
  const again = await openStore(folder);
  const other = await open({ store: again, sandbox: shop.sandbox });
  assert.equal((await other.authorize('kept-1', aed('10'))).recorded, true);
  await again.close();
  await shop.close();
});

test('a process that ended, but was not collected by its parent, holds no folder', {
  skip: process.platform !== 'linux',
  timeout: 60_000,
}, async (t) => {
  const own = mkdtempSync(join(folder, 'zombie-'));
  // The shell becomes `sleep`, which never waits for its child.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => parent.kill('SIGKILL'));
  const [output] = await once(parent.stdout, 'data');
  const pid = Number(String(output));
  const fieldsOf = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const started = fieldsOf()[19];
  while (fieldsOf()[0] !== 'Z') await setTimeout(20);
  writeFileSync(join(own, 'lock-1'), JSON.stringify({ pid, host: hostname(), started }));
  const store = await openStore(own);
  await store.close();
});

test('a folder held by another machine is not opened', async () => {
  const own = mkdtempSync(join(folder, 'other-'));
  writeFileSync(join(own, 'lock-3'), JSON.stringify({ pid: 1, host: 'elsewhere.example' }));
  await assert.rejects(
    openStore(own),
    (error) => error.code === 'store_in_use' && /elsewhere\.example.*lock-3/.test(error.message),
  );
});

test('a serverless platform has no folder that lasts', async () => {
  for (const variable of ['AWS_LAMBDA_FUNCTION_NAME', 'VERCEL', 'NETLIFY', 'FUNCTIONS_WORKER_RUNTIME', 'K_SERVICE']) {
    process.env[variable] = '1';
    try {
      for (const where of [join(folder, 'x'), ':memory:']) {
        await assert.rejects(
          openStore(where),
          (error) => error.code === 'ephemeral_store' && error.message.includes(variable),
        );
      }
    } finally {
      delete process.env[variable];
    }
  }
  process.env.VERCEL = '1';
  try {
    await (await openStore(':memory:', { ephemeral: true })).close();
  } finally {
    delete process.env.VERCEL;
  }
});

test('invalid stores and unknown options are rejected', async () => {
  for (const where of [undefined, '', {}, 5]) await assert.rejects(openStore(where), { code: 'bad_store' });
  const secret = 'mysql://shop:secret@127.0.0.1/shop';
  for (const where of [secret, 'file:///shop', 'postgress://127.0.0.1/shop', 'idb://shop']) {
    await assert.rejects(
      openStore(where),
      ({ code, message }) => code === 'bad_store' && /postgresql:/.test(message) && !message.includes('secret'),
    );
  }
  assert.ok(!existsSync('mysql:'), 'no folder is made of a URL');
  await assert.rejects(openStore(':memory:', { ephemral: true }), { code: 'bad_option' });
  await assert.rejects(openStore(':memory:', { max: 0, patience: -1 }), (error) => error.issues.length === 2);
  await assert.rejects(openStore(':memory:', { migrate: false }), { code: 'not_migrated' });
});

test('the migrations as text make the tables, and may run again', async () => {
  const store = await openStore(':memory:');
  const statements = migrationSql()
    .split(';\n')
    .filter((one) => one.trim());
  for (const statement of [...statements, ...statements]) await store.query(statement, []);
  const again = await migrate(store);
  assert.deepEqual(again.from, again.to);
  await store.close();
});

test('adapters take PGlite under Drizzle, and what Prisma answers', async () => {
  const { PGlite } = await import('@electric-sql/pglite');
  const db = new PGlite();
  // Its client is generated by an engine that is downloaded; these are the methods that are called, and what they return.
  const prisma = {
    $queryRawUnsafe: async (text, ...values) => (await db.query(text, values)).rows,
    $executeRawUnsafe: async (text, ...values) => (await db.query(text, values)).affectedRows ?? 0,
  };
  assert.deepEqual(await migrate(fromPrisma(prisma)), { from: 0, to: 3 });
  for (const [index, own] of [fromPrisma(prisma), fromDrizzle(drizzle(db), sql)].entries()) {
    const shop = await open({ store: await openStore(own) });
    await shop.authorize(`adapted-${index}`, aed('10'));
    assert.equal((await shop.capture(`ship ${index}`, `adapted-${index}`, aed('3'))).outcome, 'succeeded');
    await shop.close();
  }
  await db.close();
});
