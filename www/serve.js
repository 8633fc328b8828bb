// Serves the shop on 127.0.0.1 under Node, with the offline gateway or APS's sandbox.
import { createAdaptorServer } from '@hono/node-server';
import { openStore } from 'aps-payops/journal';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { accountFromEnv } from 'aps-payops/server';
import { readApplePay, standIn } from './apple-pay.js';
import { loadAssets } from './assets.js';
import { openBooks } from './data.js';
import { createShop } from './server/app.js';
import { printable } from './server/cards.js';
import { enabledMethods } from './server/methods.js';
import { requireSandbox } from './server/sandbox-only.js';
import { createStore } from './server/store.js';

const DAY = 86_400_000;

/**
 * @param {object} [options]
 * @param {number} [options.port] any free one if left out
 * @param {string} [options.publicUrl] under which browsers and the gateway reach the shop, if a proxy stands before it
 * @param {boolean} [options.wasm] whether pages may compile WebAssembly (`'wasm-unsafe-eval'`)
 * @param {Record<string, string | undefined>} [options.env] with `APS_*` the shop talks to APS's sandbox;
 *   `SHOP_METHODS` lists the ways to pay that the account has besides cards
 * @param {import('aps-payops/sandbox').SandboxOptions} [options.sandbox] of the offline gateway
 * @param {number} [options.timeout] milliseconds for one answer of the gateway
 * @param {Parameters<typeof openStore>[0]} [options.data] where orders and payments are kept: `':memory:'`, a folder, a
 *   PostgreSQL URL, or a store
 * @param {string} [options.books] the folder where the offline gateway keeps its books; in memory if left out
 * @param {(line: string) => void} [options.log]
 */
export async function startShop(options = {}) {
  const { port = 0, publicUrl, env = {}, data = ':memory:', timeout, wasm, log } = options;
  const isReal = Object.keys(env).some((name) => name.startsWith('APS_') && env[name]);
  // First: production is refused, and a folder is used by one process only.
  const real = isReal ? apsSandbox(env) : null;
  const methods = enabledMethods(env, { offline: !isReal });
  const sql = await openStore(data);
  /** @type {Awaited<ReturnType<typeof offline>> | undefined} */
  let local;
  try {
    if (!real) local = await offline(options);
    const gateway = /** @type {NonNullable<typeof real | typeof local>} */ (real ?? local);
    const setClock = () => {
      sql.offset = gateway.clock() - Date.now();
    };
    setClock();
    const advance = (/** @type {{ days: number }} */ by) => {
      local?.advance(by);
      setClock();
    };
    const applePay = real ? await readApplePay(env) : standIn;
    const store = await createStore(sql, gateway.account);
    const assets = await loadAssets();
    const { server, own } = await listen(port, (request) => shop.fetch(request).finally(() => local?.save()));
    const url = publicUrl ?? own;
    const shop = createShop({
      account: gateway.account,
      clock: gateway.clock,
      fetch: gateway.fetch,
      sandbox: local && { advance },
      store,
      cards: printable(testCards, { offline: !isReal }),
      origins: [url, own, own.replace('127.0.0.1', 'localhost')],
      assets,
      timeout,
      wasm,
      methods,
      applePay,
      log,
    });
    local?.notifyAt(`${url}/notify`);
    const close = async () => {
      await local?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await sql.close();
    };
    return { url, listening: own, gateway: gateway.name, sandbox: local?.books, advance, store, close };
  } catch (error) {
    await local?.close();
    await sql.close();
    throw error;
  }
}

/**
 * @param {number} port
 * @param {(request: Request) => Promise<Response>} fetch
 */
async function listen(port, fetch) {
  const server = createAdaptorServer({ overrideGlobalObjects: false, fetch });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return { server, own: `http://127.0.0.1:${bound}` };
}

/**
 * The offline gateway, with a clock that can be advanced. Browsers reach it over HTTP at any free port; the shop calls it in
 * this process at a fixed address, since the journal identifies payments by it.
 *
 * @param {{ sandbox?: import('aps-payops/sandbox').SandboxOptions, books?: string }} options
 */
async function offline({ sandbox, books: folder }) {
  const file = folder === undefined ? undefined : await openBooks(folder);
  const { ahead: before = 0, payments, ...own } = file?.kept ?? {};
  const books = createSandbox({ ...sandbox, payments, account: { ...own, ...sandbox?.account } });
  let ahead = 0;
  const advance = (/** @type {number} */ ms) => {
    books.advance({ ms });
    ahead += ms;
  };
  advance(before);
  const { paymentApi } = books.account.environment;
  const { url } = await books.listen();
  const { merchant_identifier, access_code, environment } = books.account;
  const tell = () => ({ merchant_identifier, access_code, ahead, payments: books.payments() });
  return {
    name: `offline sandbox at ${url}`,
    account: { ...books.account, environment: { ...environment, paymentApi } },
    /** @type {typeof fetch} */
    fetch: (input, init) => books.fetch(/** @type {any} */ (input), init),
    clock: () => Date.now() + ahead,
    advance: ({ days }) => advance(days * DAY),
    notifyAt: (/** @type {string} */ address) => {
      books.webhook = address;
    },
    books,
    /** Saves the books. */
    save: () => file?.save(tell),
    async close() {
      await file?.close(tell);
      await books.close();
    },
  };
}

/** @param {Record<string, string | undefined>} env */
function apsSandbox(env) {
  const account = accountFromEnv(env);
  requireSandbox(account);
  return { name: 'APS sandbox, from APS_*', account, clock: Date.now, fetch: globalThis.fetch };
}
