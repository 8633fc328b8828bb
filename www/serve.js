// Binds the shop to 127.0.0.1 under Node, with the offline gateway beside it or APS's own sandbox behind it.
import { createAdaptorServer } from '@hono/node-server';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { accountFromEnv } from 'aps-payops/server';
import { loadAssets } from './assets.js';
import { createShop } from './server/app.js';
import { printable } from './server/cards.js';
import { requireSandbox } from './server/sandbox-only.js';
import { createMemoryStore } from './server/store.js';

const DAY = 86_400_000;

/**
 * @param {object} [options]
 * @param {number} [options.port] any free one if left out
 * @param {string} [options.publicUrl] under which browsers and the gateway reach the shop, if a proxy stands before it
 * @param {boolean} [options.wasm] whether pages may compile WebAssembly (`'wasm-unsafe-eval'`)
 * @param {Record<string, string | undefined>} [options.env] with `APS_*` the shop talks to APS's sandbox
 * @param {import('aps-payops/sandbox').SandboxOptions} [options.sandbox] of the offline gateway
 * @param {number} [options.timeout] milliseconds for one answer of the gateway
 * @param {(line: string) => void} [options.log]
 */
export async function startShop({ port = 0, publicUrl, env = {}, sandbox, timeout, wasm, log } = {}) {
  const real = Object.keys(env).some((name) => name.startsWith('APS_') && env[name]);
  const gateway = real ? apsSandbox(env) : await offline(sandbox);
  try {
    const assets = await loadAssets();
    /** @type {ReturnType<typeof createShop> | undefined} */
    let shop;
    const server = createAdaptorServer({
      overrideGlobalObjects: false,
      fetch: (request) => shop?.fetch(request) ?? new Response(null, { status: 503 }),
    });
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(undefined));
    });
    const address = server.address();
    const bound = typeof address === 'object' && address ? address.port : port;
    const own = `http://127.0.0.1:${bound}`;
    const url = publicUrl ?? own;
    shop = createShop({
      ...gateway,
      store: createMemoryStore(),
      cards: printable(testCards, { offline: !real }),
      origins: [url, own, `http://localhost:${bound}`],
      assets,
      timeout,
      wasm,
      log,
    });
    gateway.notifyAt?.(`${url}/notify`);
    const close = async () => {
      await gateway.close?.();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    };
    return { url, listening: own, gateway: gateway.name, sandbox: gateway.books, close };
  } catch (error) {
    await gateway.close?.();
    throw error;
  }
}

/**
 * The offline gateway over real HTTP, with a clock that can be put forward.
 *
 * @param {import('aps-payops/sandbox').SandboxOptions} [options]
 */
async function offline(options) {
  const books = createSandbox(options);
  const { url } = await books.listen();
  let ahead = 0;
  return {
    name: `offline sandbox at ${url}`,
    account: books.account,
    clock: () => Date.now() + ahead,
    sandbox: {
      advance({ days }) {
        books.advance({ days });
        ahead += days * DAY;
      },
    },
    notifyAt: (/** @type {string} */ address) => {
      books.webhook = address;
    },
    books,
    close: () => books.close(),
  };
}

/** @param {Record<string, string | undefined>} env */
function apsSandbox(env) {
  const account = accountFromEnv(env);
  requireSandbox(account);
  return { name: 'APS sandbox, from APS_*', account, clock: Date.now };
}
