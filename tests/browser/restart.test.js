// `npm start` stopped, killed and started again: orders, payments, the journal and the books of the offline gateway are
// still there, in a folder and in PostgreSQL.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testCards } from 'aps-payops/sandbox';
import { startPostgres } from '../postgres.js';

const main = fileURLToPath(new URL('../../www/main.js', import.meta.url));
/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let postgres;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'));
  postgres = await startPostgres();
});
after(async () => {
  await postgres?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The shop as `npm start` runs it. @param {Record<string, string>} env @param {Map<string, string>} [jar] cookies */
async function start(env, jar) {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += text));
  const ended = once(child, 'exit');
  const url = () => /Payment desk: (\S+)/.exec(out)?.[1];
  while (!url() && child.exitCode === null) await pause(20);
  const shop = browse(String(url()), jar);
  return {
    ...shop,
    out: () => out,
    code: child.exitCode,
    stop: async (signal) => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** A browser without scripts. @param {string} url @param {Map<string, string>} [jar] */
function browse(url, jar = new Map()) {
  const ask = async (path, fields) => {
    const answer = await fetch(new URL(path, url), {
      redirect: 'manual',
      method: fields ? 'POST' : 'GET',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), origin: url },
      body: fields && new URLSearchParams(fields),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return answer;
  };
  const page = async (path) => (await ask(path)).text();
  /** The hidden fields of the form that goes to an address. */
  const formOf = (html, action) => {
    const [, form = ''] = html.split(action);
    const inputs = form.split('</form>')[0].matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g);
    return Object.fromEntries([...inputs].map(([, name, value]) => [name, value]));
  };
  const submit = async (path, action, fields) =>
    ask(action, { ...formOf(await page(path), 'method="post"'), ...fields });
  return { ask, page, formOf, submit, jar };
}

/** Orders, and pays by card; returns the paths of the order and the payment. */
async function buy(shop) {
  const typed = { description: 'Two lamps', amount: '349.50', currency: 'AED', email: 'a@example.com' };
  const ordered = await shop.submit('/new', '/orders', { ...typed, command: 'AUTHORIZATION' });
  const path = ordered.headers.get('location');
  const html = await shop.page(path);
  const [, action] = html.match(/<form class="card-form"[^>]* action="([^"]+)"/);
  const [{ number, expiry, securityCode }] = testCards;
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  const tokenized = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...shop.formOf(html, `action="${action}"`), ...card }),
  });
  const back = new URL(tokenized.headers.get('location'));
  await shop.ask(back.pathname + back.search);
  const desk = await shop.page('/');
  return { path, payment: desk.match(/href="(\/payments\/order-[^"]+)"/)[1] };
}

const capture = (shop, payment, amount) =>
  shop.submit(payment, `${payment}/operations`, { command: 'CAPTURE', amount, by: 'Layla' });

for (const [name, where] of Object.entries({
  'a folder': () => ({ SHOP_FOLDER: join(folder, 'one'), DATABASE_URL: '' }),
  PostgreSQL: () => ({ SHOP_FOLDER: join(folder, 'two'), DATABASE_URL: postgres.url }),
})) {
  test(`orders and payments survive the process, in ${name}`, async () => {
    const env = where();
    const first = await start(env);
    const { path, payment } = await buy(first);
    await capture(first, payment, '100.00');
    const typed = {
      description: 'One lamp',
      amount: '5',
      currency: 'AED',
      email: 'a@example.com',
      command: 'PURCHASE',
    };
    const form = { ...typed, ...first.formOf(await first.page('/new'), 'method="post"') };
    await pause(400);
    await first.stop('SIGKILL');

    const second = await start(env, first.jar);
    // A form that was open before is accepted, once.
    const ordered = (await second.ask('/orders', form)).headers.get('location');
    assert.match(String(ordered), /^\/orders\/order-/);
    assert.match(await second.page(path), /Your order is confirmed/);
    // The gateway knows the payment, too, and the journal by the same name.
    await capture(second, payment, '249.50');
    const html = await second.page(payment);
    assert.match(html, /chip captured/);
    assert.match(html, /Refund/);
    assert.equal(await second.stop('SIGTERM'), 0);

    const third = await start(env, first.jar);
    assert.equal((await third.ask('/orders', form)).headers.get('location'), ordered);
    assert.match(await third.page('/'), /chip captured/);
    assert.match(await third.page('/figures'), /class="chart".*349\.50/s);
    assert.match(await third.page('/payments.csv?q=lamps&sort=amount'), /,349\.50,349\.50,0\.00,captured,/);
    assert.match(await third.page('/uncertain'), /Nothing is uncertain/);
    await third.stop('SIGTERM');
  });
}

test('a folder that another process has is refused in a sentence, and its books are left alone', async () => {
  const env = { SHOP_FOLDER: join(folder, 'held'), DATABASE_URL: '' };
  const first = await start(env);
  const second = await start(env);
  assert.equal(second.code, 1);
  assert.match(
    second.out(),
    /^The folder \S+ is in use by process \d+, and serves one at a time: end it, or use PostgreSQL\.\n$/,
  );
  const { payment } = await buy(first);
  await capture(first, payment, '1.00');
  assert.match(await first.page(payment), /chip partially_captured/);
  await first.stop('SIGTERM');
});
