// The parts of npm run faults: workers that are killed, a gateway that misbehaves, and the comparison of the journal with the
// gateway's books in the end.

import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('../faults-worker.js', import.meta.url));

/** Orders that one worker plays at a time. */
const AT_ONCE = 12;

/** Workers that play orders and take notifications; whatever a dead one was at, the next one does again. */
export class Workers {
  #setup;
  /** @type {Set<{ child: import('node:child_process').ChildProcess, isReady: boolean, since: number, orders: Set<number>, messages: Set<number> }>} */
  #workers = new Set();
  /** @type {number[]} */
  #orders;
  /** @type {Map<number, { body: string, isSent: boolean, done: (isTaken: boolean) => void }>} */
  #messages = new Map();
  #isEnding = false;
  #finish = () => {};
  played = 0;
  killed = 0;
  /** @type {string[]} */
  errors = [];

  /**
   * @param {object} setup what each worker is told first
   * @param {number} count of orders
   */
  constructor(setup, count) {
    this.#setup = setup;
    this.#orders = Array.from({ length: count }, (_, index) => count - 1 - index);
    this.isDone = new Promise((resolve) => {
      this.#finish = () => resolve(undefined);
    });
  }

  start() {
    const child = fork(WORKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const own = { child, isReady: false, since: 0, orders: new Set(), messages: new Set() };
    this.#workers.add(own);
    child.on('message', (/** @type {any} */ message) => this.#hear(own, message));
    child.on('exit', () => {
      this.#workers.delete(own);
      this.#orders.push(...own.orders);
      for (const id of own.messages) {
        const waiting = this.#messages.get(id);
        if (waiting) waiting.isSent = false;
      }
      if (!this.#isEnding) this.start();
    });
    child.send(this.#setup);
  }

  /**
   * Kills one of them, at whatever it is doing.
   * @param {number} chance which
   * @param {number} age milliseconds that it has worked at least: on a slow machine starting takes longer than that
   */
  kill(chance, age) {
    const ready = [...this.#workers].filter(({ isReady, since }) => isReady && performance.now() - since > age);
    const victim = ready[Math.floor(chance * ready.length)];
    if (victim === undefined) return;
    this.killed += 1;
    victim.isReady = false;
    victim.child.kill('SIGKILL');
  }

  /** @param {string} body @returns {Promise<boolean>} whether it was genuine */
  notify(body) {
    return new Promise((done) => {
      const id = Math.random();
      this.#messages.set(id, { body, isSent: false, done });
      this.#deal();
    });
  }

  async end() {
    this.#isEnding = true;
    const gone = [...this.#workers].map(({ child }) => new Promise((resolve) => child.once('exit', resolve)));
    for (const { child } of this.#workers) child.disconnect();
    await Promise.all(gone);
  }

  /** @param {any} own @param {any} message */
  #hear(own, { ready, played, notified, isGenuine, error }) {
    if (ready) Object.assign(own, { isReady: true, since: performance.now() });
    if (played !== undefined) {
      own.orders.delete(played);
      this.played += 1;
      if (error) this.errors.push(error);
    }
    if (notified !== undefined) {
      own.messages.delete(notified);
      const waiting = this.#messages.get(notified);
      if (error && waiting) waiting.isSent = false;
      else {
        this.#messages.delete(notified);
        waiting?.done(isGenuine);
      }
    }
    this.#deal();
  }

  #deal() {
    const ready = [...this.#workers].filter(({ isReady, child }) => isReady && child.connected);
    for (const own of ready) {
      while (own.orders.size < AT_ONCE && this.#orders.length > 0) {
        const order = /** @type {number} */ (this.#orders.pop());
        own.orders.add(order);
        own.child.send({ order }, () => {});
      }
    }
    const [first] = ready.sort((one, two) => one.messages.size - two.messages.size);
    if (first === undefined) return;
    for (const [id, waiting] of this.#messages) {
      if (waiting.isSent) continue;
      waiting.isSent = true;
      first.messages.add(id);
      first.child.send({ notification: id, body: waiting.body }, () => {});
    }
    const isIdle = this.#orders.length === 0 && [...this.#workers].every(({ orders }) => orders.size === 0);
    if (isIdle) this.#finish();
  }
}

/**
 * Receives notifications, and hands each on to a worker.
 * @param {Workers} workers
 * @param {(params: Record<string, string>) => void} hear what is genuine
 */
export async function receive(workers, hear) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const isGenuine = await workers.notify(body);
    if (isGenuine) hear(JSON.parse(body));
    response.writeHead(isGenuine ? 200 : 400).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/**
 * @typedef {{ merchant_reference: string, operation_key: string, command: string, amount: string, status: string,
 *   evidence: string | null, tag: string | null, reference: string | null }} Row
 */
/** @typedef {import('aps-payops/sandbox').SandboxPayment} Books */

/**
 * Compares the journal with the books.
 * @param {Row[]} rows all operations of the journal
 * @param {Books[]} books
 * @param {Set<string>} seen what notifications named as having taken place: tags, references of refunds and payments
 */
export function compare(rows, books, seen) {
  const found = { twice: 0, lost: 0, overLimit: 0, wrong: 0, sums: 0, identity: 0 };
  /** @type {string[]} */
  const details = [];
  const note = (/** @type {keyof typeof found} */ kind, /** @type {string} */ text) => {
    found[kind] += 1;
    details.push(`${kind}: ${text}`);
  };
  /** @type {Map<string, Row[]>} */
  const byPayment = new Map();
  for (const row of rows)
    byPayment.set(row.merchant_reference, [...(byPayment.get(row.merchant_reference) ?? []), row]);
  for (const payment of books) {
    const own = byPayment.get(payment.merchant_reference) ?? [];
    const sum = (/** @type {string[]} */ ...commands) =>
      own
        .filter(({ command, status }) => status === 'succeeded' && commands.includes(command))
        .reduce((all, { amount }) => all + BigInt(amount), 0n);
    const pairs = /** @type {const} */ ([
      ['authorized', sum('AUTHORIZATION', 'PURCHASE')],
      ['captured', sum('CAPTURE', 'PURCHASE')],
      ['refunded', sum('REFUND')],
    ]);
    for (const [name, told] of pairs) {
      const booked = BigInt(payment[name]);
      if (booked !== told) note('sums', `${payment.merchant_reference} ${name}: books ${booked}, journal ${told}`);
      if (booked > told)
        note('twice', `${payment.merchant_reference} ${name}: ${booked - told} more than the journal knows`);
    }
    if (BigInt(payment.captured) > BigInt(payment.authorized) || BigInt(payment.refunded) > BigInt(payment.captured)) {
      note('overLimit', payment.merchant_reference);
    }
  }
  for (const row of rows) {
    const name = nameOf(row);
    if (name === undefined) continue;
    const isOpen = !['succeeded', 'failed', 'rejected'].includes(row.status);
    if (seen.has(name) && row.status !== 'succeeded' && !isOpen) {
      note('lost', `${row.operation_key}: ${row.status} by ${row.evidence}, and it took place`);
      note('wrong', row.operation_key);
      if (['reply', 'notification', 'reference'].includes(`${row.evidence}`)) note('identity', row.operation_key);
    }
    if (!seen.has(name) && row.status === 'succeeded') {
      note('wrong', `${row.operation_key}: succeeded by ${row.evidence}, and no notification tells of it`);
      if (['reply', 'notification', 'reference'].includes(`${row.evidence}`)) note('identity', row.operation_key);
    }
  }
  return { found, details };
}

/** What a notification names an operation by. @param {Row} row */
function nameOf({ command, tag, reference, merchant_reference }) {
  if (command === 'CAPTURE' || command === 'VOID_AUTHORIZATION')
    return tag ? `${merchant_reference} ${tag}` : undefined;
  return command === 'REFUND' ? `${merchant_reference} ${reference}` : `${merchant_reference} ${command}`;
}

/**
 * The same of a genuine notification, if it tells of success.
 * @param {Record<string, string>} params
 * @returns {string | undefined}
 */
export function nameIn({
  command = '',
  merchant_reference,
  order_description = '',
  maintenance_reference,
  response_code,
}) {
  const success = {
    AUTHORIZATION: '02000',
    PURCHASE: '14000',
    CAPTURE: '04000',
    VOID_AUTHORIZATION: '08000',
    REFUND: '06000',
  };
  if (/** @type {Record<string, string>} */ (success)[command] !== response_code) return undefined;
  if (command === 'REFUND') return `${merchant_reference} ${maintenance_reference}`;
  if (command === 'AUTHORIZATION' || command === 'PURCHASE') return `${merchant_reference} ${command}`;
  const tag = /#([0-9a-z]{14})$/.exec(order_description)?.[1];
  return tag && `${merchant_reference} ${tag}`;
}
