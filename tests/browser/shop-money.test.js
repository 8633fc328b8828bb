// How the shop treats money and secrets, without pages: two processes, answers that cannot be trusted, stored data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { standIn } from '../../www/apple-pay.js';
import { loadAssets } from '../../www/assets.js';
import { createShop } from '../../www/server/app.js';
import { createStore } from '../../www/server/store.js';
import { openMemory } from '../memory.js';

const assets = await loadAssets();
const ORIGIN = 'http://shop.test';
/** Part of a token of Apple Pay that must not be kept. */
const SECRET = 'QUFBQVNFQ1JFVEFQUExFREFUQQ==';

/** Processes of one shop: `change` gets each answer of the gateway. */
async function open({ processes = 1, change = (/** @type {Response} */ answer) => answer } = {}) {
  const gateway = createSandbox();
  const sql = await openMemory();
  const query = async (/** @type {string} */ text, /** @type {any[]} */ values) => {
    const answer = await sql.query(text, values);
    // As over a network.
    await new Promise((resolve) => setTimeout(resolve, 2));
    return answer;
  };
  const shops = [];
  for (let count = 0; count < processes; count += 1) {
    const store = await createStore(await openStore({ query }), gateway.account);
    const shop = createShop({
      account: gateway.account,
      clock: Date.now,
      fetch: async (/** @type {any} */ url, /** @type {any} */ init) => change(await gateway.fetch(url, init), init),
      store,
      cards: [],
      origins: [ORIGIN],
      assets,
      applePay: standIn,
      log: () => {},
    });
    shops.push({ ...shop, store });
  }
  const jar = new Map();
  const go = async (/** @type {string} */ path, /** @type {any} */ fields, shop = shops[0]) => {
    const headers = new Headers({
      host: 'shop.test',
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    });
    const post = { method: 'POST', body: new URLSearchParams(fields).toString() };
    if (fields) {
      headers.set('origin', ORIGIN);
      headers.set('content-type', 'application/x-www-form-urlencoded');
    }
    const answer = await shop.fetch(new Request(ORIGIN + path, { headers, ...(fields && post) }));
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    return { status: answer.status, location: String(answer.headers.get('location')), text: await answer.text() };
  };
  const { text } = await go('/new', undefined);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const send = (/** @type {string} */ path, /** @type {any} */ fields, shop = shops[0]) =>
    go(path, { csrf, token: crypto.randomUUID(), ...fields }, shop);
  const order = async (more = {}) => {
    const given = {
      description: 'Two items',
      email: 'a@example.com',
      command: 'PURCHASE',
      amount: '100',
      currency: 'AED',
    };
    return (await send('/orders', { ...given, ...more })).location;
  };
  const rows = async (/** @type {string} */ text, /** @type {any[]} */ values = []) =>
    (await sql.query(text, values)).rows;
  return { gateway, shops, go, send, order, rows, close: () => gateway.close() };
}

/** A token of Apple Pay. */
const token = (network = 'Visa') =>
  JSON.stringify({
    paymentData: {
      version: 'EC_v1',
      data: SECRET,
      signature: 'QUFB',
      header: { ephemeralPublicKey: 'QUFB', publicKeyHash: 'QUFB', transactionId: 'ab'.repeat(32) },
    },
    paymentMethod: { displayName: `${network} 0001`, network, type: 'debit' },
    transactionIdentifier: 'cd'.repeat(32),
  });

test('two processes that get two forms of one order at once charge it once', async () => {
  const { gateway, shops, go, send, order, close } = await open({ processes: 2 });
  await go('/new', undefined, shops[1]);
  const path = await order();
  const pay = (/** @type {any} */ shop) => send(`${path}/apple-pay`, { apple_token: token() }, shop);
  const answers = await Promise.all(shops.map(pay));
  const captured = gateway.payments().map((payment) => String(payment.captured));
  assert.deepEqual(captured, ['10000']);
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
  await close();
});

test('a payment link whose answer cannot be trusted is uncertain, not rejected', async () => {
  const { shops, order, rows, close } = await open({
    change: async (answer, /** @type {any} */ init) => {
      if (!String(init.body).includes('PAYMENT_LINK')) return answer;
      const forged = (await answer.text()).replace(/"signature":"..../, '"signature":"0000');
      return new Response(forged, { status: answer.status, headers: { 'content-type': 'application/json' } });
    },
  });
  const reference = (await order({ link: 'yes', days: '7', mailed: 'yes' })).split('/').at(-1);
  assert.equal((await shops[0].store.payment(reference)).outcome, 'uncertain');
  const journal = 'aps_journal_operation AS o JOIN aps_journal_payment USING (payment)';
  const operations = await rows(`SELECT o.is_open FROM ${journal} WHERE merchant_reference = $1`, [reference]);
  assert.deepEqual(operations, [{ is_open: true }]);
  await close();
});

test('the data of a wallet is in no table', async () => {
  const { send, order, rows, close } = await open();
  const path = await order();
  assert.equal((await send(`${path}/apple-pay`, { apple_token: token() })).status, 200);
  for (const table of ['shop_order', 'shop_payment', 'shop_note', 'aps_journal_operation', 'aps_journal_payment']) {
    const text = JSON.stringify(await rows(`SELECT * FROM ${table}`), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of [SECRET, 'ab'.repeat(32)]) assert.ok(!text.includes(secret), `${table} keeps ${secret}`);
  }
  await close();
});

test('mada is purchased, since it cannot be authorized', async () => {
  const { gateway, send, order, close } = await open();
  const path = await order({ command: 'AUTHORIZATION', currency: 'SAR' });
  assert.equal((await send(`${path}/apple-pay`, { apple_token: token('mada') })).status, 200);
  assert.deepEqual(
    gateway.payments().map(({ command }) => command),
    ['PURCHASE'],
  );
  await close();
});

test('an address that holds NUL is not found, and nothing breaks', async () => {
  const { go, order, close } = await open();
  const path = await order();
  assert.equal((await go(`${path}?plan=%00`, undefined)).status, 200);
  // As any password that is not under way.
  assert.equal((await go(`${path}/passwords/%00`, undefined)).status, 303);
  await close();
});
