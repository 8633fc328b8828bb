// One worker of npm run faults: plays orders by the journal, over HTTP, until it is killed. The seed fixes what an order
// does and at which step of which operation the process dies, so the next worker that gets it does the same under the same
// keys, without dying.

import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { journaled, openStore } from '../pkg/journal.js';
import { Amount, PaymentServices } from '../pkg/server.js';
import { chancesOf } from './lib/faults/chances.js';
import { KEY_HEADER } from './lib/faults/gateway.js';
import { AHEAD, ASSUME_ABSENT_AFTER, PATIENCE, REST, TIMEOUT } from './lib/faults/times.js';
import { record } from './lib/faults/trace.js';

/** @typedef {import('../pkg/journal.js').Journal} Journal */
/** @typedef {(text: string, values: any[]) => Promise<{ rows: any[] }>} Query */
/** @typedef {{ seed: number, folder: string, where: string, account: any, isOutside: boolean }} Setup */
/** @typedef {{ pay: Journal, care: Journal, aps: PaymentServices, setup: Setup, begin: (work: (query: Query) => Promise<unknown>) => Promise<unknown> }} Shop */

const card = {
  ...{ card_number: '4005550000000001', card_security_code: '123', expiry_date: '3005' },
  ...{ customer_email: 'buyer@example.com', customer_ip: '192.0.2.1' },
};
const aed = (/** @type {number} */ whole) => Amount.fromMinor(`${whole * 100}`, 'AED');
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const report = (/** @type {object} */ message) => process.connected && process.send?.(message);

/** How long an application keeps retrying one key, in milliseconds. */
const PERSISTENCE = REST + 4000;
/** Steps of an operation: queries and requests. */
const STEPS = 14;
const DEATHS = 0.01;
const CUTS = 0.05;

/** Outcomes of recorded operations. */
const RECORDED = ['succeeded', 'failed', 'rejected', 'pending', 'uncertain'];

/** The operation in progress. @type {AsyncLocalStorage<{ key: string, step: number }>} */
const current = new AsyncLocalStorage();
/** The steps of a key at which the process dies or its connection is cut. */
const fateOf = (/** @type {number} */ seed, /** @type {string} */ key) => {
  const chance = chancesOf(`process ${seed} ${key}`);
  const step = (/** @type {number} */ share) => (chance() < share ? 1 + Math.floor(chance() * STEPS) : 0);
  return { death: step(DEATHS), when: chance(), cut: step(CUTS) };
};

/**
 * Whether something happens for the first time in any worker.
 * @param {{ folder: string }} setup
 * @param {string} what
 */
function isFirst({ folder }, what) {
  const name = createHash('sha256').update(what).digest('hex');
  try {
    writeFileSync(join(folder, `met-${name}`), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Does one step, and dies before, during or after it if the seed says so. Each death happens once.
 * @template T
 * @param {Setup} setup
 * @param {(isCut: boolean) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function takeStep({ seed, folder }, work) {
  const own = current.getStore();
  if (own === undefined) return work(false);
  own.step += 1;
  const { death, when, cut } = fateOf(seed, own.key);
  const isMet = (/** @type {string} */ what) => isFirst({ folder }, `${what} ${own.key}`);
  if (own.step !== death || !isMet('death')) return work(own.step === cut && isMet('cut'));
  const die = () => process.kill(process.pid, 'SIGKILL');
  if (when < 0.3) die();
  else if (when < 0.6) setTimeout(die, Math.floor((when - 0.3) * 30));
  try {
    return await work(false);
  } finally {
    die();
  }
}

/**
 * @param {Setup} setup
 * @returns {Promise<Pick<Shop, 'begin'> & { query: Query }>}
 */
async function connect({ where }) {
  if (!where.startsWith('postgres')) {
    const { query } = await openStore(where);
    return { query, begin: (work) => work(query) };
  }
  const pool = new pg.Pool({ connectionString: where, max: 8, application_name: 'aps-payops' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  /** @template T @param {(client: pg.PoolClient) => Promise<T>} work */
  const withClient = async (work) => {
    const client = await pool.connect();
    let isBroken = true;
    try {
      const answer = await work(client);
      isBroken = false;
      return answer;
    } finally {
      client.release(isBroken);
    }
  };
  return {
    query: (text, values) =>
      withClient((client) => {
        // During the statement: it may still be carried out, but nobody gets the answer.
        if (isToBeCut()) setTimeout(() => /** @type {any} */ (client).connection.stream.destroy(), Math.random() * 3);
        return client.query(text, values);
      }),
    begin: (work) =>
      withClient(async (client) => {
        await client.query('BEGIN');
        await work((text, values) => client.query(text, values));
        await client.query('COMMIT');
      }),
  };
}

/** Whether the connection of the next query is to be cut. @type {AsyncLocalStorage<true>} */
const cutting = new AsyncLocalStorage();
const isToBeCut = () => cutting.getStore() === true;

/** @param {Setup} setup @returns {Promise<Shop>} */
async function open(setup) {
  const { query, begin } = await connect(setup);
  const store = await openStore(
    {
      query: (text, values) =>
        takeStep(setup, (isCut) => (isCut ? cutting.run(true, query, text, values) : query(text, values))),
    },
    { patience: PATIENCE },
  );
  // The clock is moved instead of waiting.
  const ahead = await openStore({ query }, { patience: PATIENCE });
  ahead.offset = AHEAD;
  const send = (/** @type {any} */ url, /** @type {any} */ init) => {
    const key = current.getStore()?.key;
    const headers = { ...init.headers, ...(key && { [KEY_HEADER]: encodeURIComponent(key) }) };
    return takeStep(setup, () => fetch(url, { ...init, headers }));
  };
  const aps = new PaymentServices(setup.account, { timeout: TIMEOUT, retries: 1, fetch: send });
  return {
    ...{ aps, setup, begin, pay: journaled(aps, store) },
    care: journaled(aps, ahead, { assumeAbsentAfter: ASSUME_ABSENT_AFTER }),
  };
}

/**
 * When the application first used a key, in any worker, and the last answer when it gave up.
 * @type {Map<string, { at: number, answer?: string }>}
 */
const begun = new Map();

/**
 * Calls under the same key, as an application would, until there is a definite answer or it gives up.
 * @param {string} key
 * @param {() => Promise<import('../pkg/server.js').Reply>} call
 * @returns {Promise<string>} the outcome, or the code of what was thrown
 */
async function persist(key, call) {
  const own = begun.get(key) ?? { at: Date.now() };
  begun.set(key, own);
  report({ begun: [key, own] });
  for (let pause = 150; ; pause = Math.min(2 * pause, 1200)) {
    if (own.answer) return own.answer;
    let answer = '';
    try {
      answer = (await current.run({ key, step: 0 }, call)).outcome;
      if (['succeeded', 'failed', 'rejected'].includes(answer)) return answer;
    } catch (error) {
      const { code, name } = /** @type {{ code?: string, name: string }} */ (error);
      if (['ValidationError', 'LifecycleError', 'ApsError'].includes(name) || code === 'other_contents') throw error;
      answer = code ?? name;
      if (answer === 'paid_already') return answer;
    }
    if (Date.now() > own.at + PERSISTENCE) {
      own.answer = answer;
      report({ begun: [key, own] });
      return answer;
    }
    await sleep(pause);
  }
}

const OPTIONS = { wait: 1500 };

/**
 * Plays an order: a payment, another attempt if that fails, captures, refunds; and again under other keys.
 * @param {Shop} shop
 * @param {number} index
 * @returns {Promise<number>} how many operations it has
 */
async function play(shop, index) {
  const { pay, aps, setup } = shop;
  const chance = chancesOf(`${setup.seed} ${index}`);
  const order = `o${index}`;
  const keys = new Set();
  const go = async (/** @type {string} */ key, /** @type {Parameters<typeof persist>[1]} */ call) => {
    const answer = await persist(key, call);
    if (RECORDED.includes(answer)) keys.add(key);
    return answer;
  };
  const isPurchase = chance() < 0.25;
  const pick = chance();
  const attempt = (/** @type {string} */ merchant_reference, despite = '') => {
    const operation = `${merchant_reference} pay`;
    const params = { operation, order, merchant_reference, amount: aed(100), ...card };
    const options = { ...OPTIONS, ...(despite && { despite }) };
    return go(operation, () => pay.send(isPurchase ? 'PURCHASE' : 'AUTHORIZATION', params, options));
  };
  let reference = order;
  const outcome = await attempt(reference);
  if (outcome !== 'succeeded' || pick < 0.03) {
    // The customer tries again under another reference, sometimes despite the first.
    reference = `${order}-b`;
    const again = await attempt(reference, pick < 0.06 ? `${order} pay` : '');
    if (again !== 'succeeded' && outcome !== 'succeeded') return keys.size;
    if (again !== 'succeeded') reference = order;
  }
  const amounts = chance() < 0.5 ? [4, 4, 4] : [1, 4, 16];
  const isVoided = chance() < 0.1;
  const isMoved = chance() < 0.3;
  if (!isPurchase && isVoided) {
    const operation = `${order} void`;
    await go(operation, () => pay.void({ operation, merchant_reference: reference }, OPTIONS));
    return keys.size;
  }
  if (setup.isOutside && !isPurchase && isMoved && isFirst(setup, `outside ${order}`)) {
    await aps.capture({ merchant_reference: reference, amount: aed(4), order_description: 'outside' }).catch(() => {});
  }
  const move = async (
    /** @type {'CAPTURE' | 'REFUND'} */ command,
    /** @type {number} */ amount,
    /** @type {string} */ key,
  ) => {
    const own = chancesOf(`${setup.seed} ${key}`);
    const ways = { isPrepared: own() < 0.15, isDoubled: own() < 0.3, isAgain: own() < 0.4 };
    const params = (/** @type {string} */ operation) => ({
      operation,
      merchant_reference: reference,
      amount: aed(amount),
    });
    const call = () => pay.send(command, params(key), OPTIONS);
    if (ways.isPrepared) await prepare(shop, command, params(key)).catch(() => {});
    const [answer] = await Promise.all(ways.isDoubled ? [go(key, call), go(key, call)] : [go(key, call)]);
    if (answer === 'succeeded' || !ways.isAgain) return;
    // A careless retry under another key must not be carried out while the first is in doubt.
    const other = `${key} again`;
    await go(other, () => pay.send(command, params(other), OPTIONS));
  };
  if (!isPurchase)
    await Promise.all(amounts.map((amount, number) => move('CAPTURE', amount, `${order} ship ${number}`)));
  await Promise.all([1, 4].map((amount, number) => move('REFUND', amount, `${order} refund ${number}`)));
  return keys.size;
}

/** Records the intent in the caller's transaction. @param {Shop} shop @param {any} command @param {any} params */
async function prepare({ pay, begin }, command, params) {
  await current.run({ key: `${params.operation} prepared`, step: 0 }, () =>
    begin((query) => pay.prepare(command, params, { query })),
  );
}

/** @type {Promise<Shop> | undefined} */
let shop;
const ready = () => /** @type {Promise<Shop>} */ (shop);

const answers = {
  setup: async (/** @type {Setup} */ setup) => {
    record(join(setup.folder, `trace-${process.pid}-${Date.now()}`));
    shop = open(setup);
    await shop;
    report({ ready: true });
  },
  order: async (/** @type {number} */ order) => {
    const operations = await play(await ready(), order);
    report({ played: order, operations });
  },
  recover: async () => {
    const { care } = await ready();
    try {
      await care.recover({ olderThan: AHEAD + 2 * TIMEOUT, lease: 2000 });
    } finally {
      report({ recovered: true });
    }
  },
  notification: async (/** @type {number} */ notified, /** @type {string} */ body) => {
    const { pay } = await ready();
    try {
      const key = `notification ${createHash('sha256').update(body).digest('hex')}`;
      const { handled } = await current.run({ key, step: 0 }, () => pay.notification(body, { lease: 1000 }));
      report({ notified, status: handled === 'elsewhere' ? 503 : 200 });
    } catch (error) {
      const isTheirs = /** @type {Error} */ (error)?.name === 'SignatureError';
      report({ notified, status: isTheirs ? 400 : 500, ...(!isTheirs && { error: String(error) }) });
    }
  },
};

process.on('message', async (/** @type {any} */ { setup, order, recover, notification, body, before = [] }) => {
  for (const [key, own] of before) begun.set(key, own);
  try {
    if (setup) await answers.setup(setup);
    else if (order !== undefined) await answers.order(order);
    else if (recover) await answers.recover();
    else await answers.notification(notification, body);
  } catch (error) {
    const text = String(/** @type {Error} */ (error)?.stack ?? error);
    report({ error: text, ...(order !== undefined && { played: order, operations: 0 }) });
  }
});
process.on('disconnect', () => process.exit());
