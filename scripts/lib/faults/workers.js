// Workers that are killed: the next one repeats the work of a dead one.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('../../faults-worker.js', import.meta.url));

/** Operations of an order on average, to know when enough orders are under way. */
const OPERATIONS_OF_ORDER = 6;

/**
 * @typedef {{ child: import('node:child_process').ChildProcess, isReady: boolean, started: number, since: number, isRecovering: boolean,
 *   played: number, orders: Set<number>, messages: Set<number> }} Worker
 */

export class Workers {
  #setup;
  #target;
  #atOnce;
  /** @type {Set<Worker>} */
  #workers = new Set();
  /** Orders that dead workers left, and when. @type {Map<number, number>} */
  #left = new Map();
  /**
   * When each key of an order was first used, and the last answer of those given up.
   * @type {Map<number, [key: string, own: { at: number, answer?: string }][]>}
   */
  #begun = new Map();
  #next = 0;
  /** @type {Map<number, { body: string, isSent: boolean, done: (status: number) => void }>} */
  #messages = new Map();
  #message = 0;
  #isEnding = false;
  #finish = () => {};
  played = 0;
  operations = 0;
  killed = 0;
  died = 0;
  /** @type {string[]} */
  errors = [];

  /**
   * @param {object} setup the first message to each worker
   * @param {{ operations: number, atOnce: number }} options `atOnce`: orders that one worker plays at a time
   */
  constructor(setup, { operations, atOnce }) {
    this.#setup = setup;
    this.#target = operations;
    this.#atOnce = atOnce;
    this.isDone = new Promise((resolve) => {
      this.#finish = () => resolve(undefined);
    });
  }

  /** Whether there is only one at a time. */
  get isAlone() {
    return this.#workers.size === 1;
  }

  /** Orders that were assigned. */
  get orders() {
    return this.#next;
  }

  start() {
    const child = fork(WORKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    /** @type {Worker} */
    const own = {
      child,
      isReady: false,
      started: performance.now(),
      since: 0,
      isRecovering: false,
      played: 0,
      orders: new Set(),
      messages: new Set(),
    };
    this.#workers.add(own);
    child.on('message', (/** @type {any} */ message) => this.#hear(own, message));
    child.on('exit', (code, signal) => {
      this.#workers.delete(own);
      for (const order of own.orders) this.#left.set(order, Date.now());
      for (const id of own.messages) {
        const waiting = this.#messages.get(id);
        if (waiting) waiting.isSent = false;
      }
      if (this.#isEnding) return;
      if (signal === 'SIGKILL') this.died += 1;
      else this.errors.push(`a worker ended by itself: ${code ?? signal}`);
      this.start();
    });
    child.send(this.#setup);
  }

  /**
   * Kills one of them at any point.
   * @param {number} chance which
   * @param {number} age milliseconds that it has worked at least. It has also worked for three times as long as it took to
   *   start and finish an order: otherwise a slow machine would never finish
   */
  kill(chance, age) {
    const isOld = (/** @type {Worker} */ { started, since, played }) =>
      played > 0 && performance.now() - since > Math.max(age, 3 * (since - started));
    const ready = [...this.#workers].filter((own) => own.isReady && isOld(own));
    const victim = ready[Math.floor(chance * ready.length)];
    if (victim === undefined) return;
    this.killed += 1;
    victim.isReady = false;
    victim.child.kill('SIGKILL');
  }

  /** Has one of them recover. @param {number} chance which */
  recover(chance) {
    const ready = [...this.#workers].filter(({ isReady, isRecovering }) => isReady && !isRecovering);
    const own = ready[Math.floor(chance * ready.length)];
    if (own === undefined) return;
    own.isRecovering = true;
    own.child.send({ recover: true }, () => {});
  }

  /** @param {string} body of a notification @returns {Promise<number>} the HTTP status */
  notify(body) {
    return new Promise((done) => {
      this.#message += 1;
      this.#messages.set(this.#message, { body, isSent: false, done });
      this.#deal();
    });
  }

  async end() {
    this.#isEnding = true;
    const gone = [...this.#workers].map(({ child }) => new Promise((resolve) => child.once('exit', resolve)));
    for (const { child } of this.#workers) child.disconnect();
    await Promise.all(gone);
  }

  /** @param {Worker} own @param {any} message */
  #hear(own, { ready, played, operations, notified, status, recovered, begun, error }) {
    if (ready) Object.assign(own, { isReady: true, since: performance.now() });
    if (recovered) own.isRecovering = false;
    if (error) this.errors.push(error);
    if (begun) {
      const order = Number(/^o(\d+)/.exec(begun[0])?.[1]);
      this.#begun.set(order, [...(this.#begun.get(order) ?? []), begun]);
    }
    if (played !== undefined) {
      own.orders.delete(played);
      this.#begun.delete(played);
      own.played += 1;
      this.played += 1;
      this.operations += operations;
    }
    if (notified !== undefined) {
      own.messages.delete(notified);
      this.#messages.get(notified)?.done(status);
      this.#messages.delete(notified);
    }
    this.#deal();
  }

  /** @returns {number | undefined} the next order to be played */
  #take() {
    for (const [order, since] of this.#left) {
      this.#left.delete(order);
      // Time without a worker does not count towards giving up.
      for (const [, own] of this.#begun.get(order) ?? []) own.at += Date.now() - since;
      return order;
    }
    const underWay = [...this.#workers].reduce((sum, { orders }) => sum + orders.size, 0);
    if (this.operations + underWay * OPERATIONS_OF_ORDER >= this.#target) return undefined;
    this.#next += 1;
    return this.#next - 1;
  }

  #deal() {
    const ready = [...this.#workers].filter(({ isReady, child }) => isReady && child.connected);
    for (const own of ready.sort((one, two) => one.orders.size - two.orders.size)) {
      while (own.orders.size < this.#atOnce) {
        const order = this.#take();
        if (order === undefined) break;
        own.orders.add(order);
        own.child.send({ order, before: this.#begun.get(order) }, () => {});
      }
    }
    const [first] = ready.sort((one, two) => one.messages.size - two.messages.size);
    for (const [id, waiting] of first ? this.#messages : []) {
      if (waiting.isSent) continue;
      waiting.isSent = true;
      first.messages.add(id);
      first.child.send({ notification: id, body: waiting.body }, () => {});
    }
    const isIdle = this.#left.size === 0 && [...this.#workers].every(({ orders }) => orders.size === 0);
    if (isIdle && this.operations >= this.#target) this.#finish();
  }
}
