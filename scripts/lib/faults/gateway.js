// The gateway of npm run faults: the sandbox behind a server that knows the key of each operation, so the seed
// determines the faults of each key, whatever else is in progress.

import { createServer } from 'node:http';
import { createSandbox } from 'aps-payops/sandbox';
import { chancesOf, chosenOf } from './chances.js';
import { LAG, LATEST, TIMEOUT, TOO_LATE } from './times.js';

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The header in which a worker names the key. */
export const KEY_HEADER = 'x-operation';

/** Three in ten operations have some fault. */
const SHARES = {
  ...{ requestLost: 0.04, requestLate: 0.06, replyLost: 0.05, replyLostAndLag: 0.03, delay: 0.03, slow: 0.01 },
  ...{ technicalProblem: 0.03, uncertain: 0.03, tamper: 0.02 },
};
/** In addition: each notification, and each lookup. */
const NOTIFICATION_SHARE = 0.1;
/** Most notifications are so late that lookups settle the operation first. */
const SLOW_NOTIFICATIONS = 0.7;
const SLOWEST_NOTIFICATION = 2500;
const LOOKUP_SHARE = 0.03;

/**
 * The faults of an operation, as options of the sandbox.
 * @param {() => number} chance
 * @param {boolean} isOutside the assumptions
 */
function faultOf(chance, isOutside) {
  const [kind, silent, time, far, lagging] = [chosenOf(SHARES, chance()), chance() < 0.4, chance(), chance(), chance()];
  const isFar = isOutside && far < 0.3;
  const lag = isFar ? TOO_LATE : LAG;
  const faults = {
    requestLost: { dropRequest: true, silent },
    requestLate: { dropRequest: { ms: isFar ? TOO_LATE : Math.round(time * LATEST) }, silent },
    replyLost: { dropReply: true, silent },
    replyLostAndLag: { dropReply: true, silent, lag: { ms: Math.max(1, Math.round(lagging * lag)) } },
    delay: { delay: true },
    slow: { delay: { ms: Math.round(time * TIMEOUT) } },
    technicalProblem: { technicalProblem: true },
    uncertain: { uncertain: true },
    tamper: { tamper: true },
  };
  return {
    kind,
    aim: {
      ...(kind && faults[kind]),
      ...(chance() < NOTIFICATION_SHARE && { duplicateWebhook: true }),
      ...(chance() < NOTIFICATION_SHARE && { reorderWebhook: { ms: 300 } }),
    },
  };
}

/**
 * @param {{ seed: number, isOutside: boolean, deliver: (body: string) => Promise<number> }} options `deliver`: forwards a
 *   notification, and returns the HTTP status
 */
export async function openGateway({ seed, isOutside, deliver }) {
  const mail = chancesOf(`notifications ${seed}`);
  const webhook = {
    ...{ url: 'http://127.0.0.1/', interval: 200, retries: 10_000 },
    fetch: async (/** @type {unknown} */ _, /** @type {any} */ init) => {
      if (mail() < SLOW_NOTIFICATIONS) await sleep(mail() * SLOWEST_NOTIFICATION);
      return new Response(null, { status: await deliver(init.body) });
    },
  };
  const sandbox = createSandbox({ logLimit: 0, webhook });
  /** How often each key came. @type {Map<string, number>} */
  const sent = new Map();
  /** @type {Record<string, number>} */
  const struck = {};
  let isCalm = false;
  const lookups = chancesOf(`lookups ${seed}`);

  /** @param {string} key @param {Record<string, string>} params */
  const aimAt = (key, { command, merchant_reference, maintenance_reference }) => {
    const count = (sent.get(key) ?? 0) + 1;
    sent.set(key, count);
    const { kind, aim } = faultOf(chancesOf(`${seed} ${key} ${count}`), isOutside);
    if (kind) struck[kind] = (struck[kind] ?? 0) + 1;
    const names = { command, merchant_reference, ...(maintenance_reference && { maintenance_reference }) };
    if (!isCalm && Object.keys(aim).length > 0) sandbox.faults({ next: { ...names, ...aim } });
  };

  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      let body = '';
      for await (const piece of request) body += piece;
      const key = request.headers[KEY_HEADER];
      const params = JSON.parse(body);
      if (typeof key === 'string' && params.command) aimAt(decodeURIComponent(key), params);
      else if (!params.command && !isCalm && lookups() < LOOKUP_SHARE) throw new Error('lost');
      const { paymentApi } = sandbox.account.environment;
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const answer = await sandbox.fetch(paymentApi, { method: 'POST', headers, body, signal: gone.signal });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    } catch {
      response.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const environment = Object.fromEntries(
    Object.entries(sandbox.account.environment).map(([name, url]) => [
      name,
      url.replace(/^http:\/\/[^/]+/, `http://127.0.0.1:${port}`),
    ]),
  );
  return {
    sandbox,
    account: { ...sandbox.account, environment },
    sent,
    struck,
    /** Stops all faults. */
    calm: () => {
      isCalm = true;
      sandbox.faults({ next: [] });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    },
  };
}
