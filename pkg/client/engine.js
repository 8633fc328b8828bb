// The loop around the engine of operations (`src/operation/`): load what is known of the payment, ask what to do, record it,
// do it, tell what came of it, until there is an answer. Which operation may be sent, what proves that it took place and
// what is told of it, only the engine knows; where states are kept, only the store.

import { call } from '../core/instance.js';
import { read, write } from '../core/memory.js';
import { ApsError } from '../errors.js';
import { Reply } from '../message/reply.js';
import { whenAborted } from '../net/abort.js';
import { aborted, pause } from '../net/http.js';

/** @typedef {{ state: string | null, version: number, now?: number }} Loaded
 * `state`: as it was swapped in, null for a payment that was never recorded, at version 0; `now`: the store's clock, in
 * milliseconds since 1970, if it has one of its own
 */
/** @typedef {{ state: string, version: number, open: boolean, attention: boolean, order?: string }} NextState
 * `state`: the text to keep; the rest is in it and may be columns: whether an operation is open, whether somebody should
 * look at it, the order that the payment is an attempt at
 */
/** @typedef {{ change: 'insert' | 'update', key: string, operation: string, command: string, amount: number,
 *   currency: string, status: string, evidence?: string, open?: true, tag?: string, reference?: string, notified?: true,
 *   lapsed?: true, contradiction?: true, reply?: Reply }} Row
 * One operation: `operation` is the text to keep, `reply` what it rests on, to be kept if it is there; the rest may be
 * columns. An `insert` whose key is taken must undo the whole swap.
 */
/** @typedef {Row | { change: 'remove', key: string }} Change a `remove` frees the key */
/** @typedef {{ payment: string, operation: string, reply?: Reply }} Found */
/** @typedef {{ payment: string, key?: string, tag?: string, reference?: string, alike?: { command: string,
 *   amount: number, status: string } }} Filter
 * `key`: of any payment; by the others, of `payment` alone; `alike`: settled, without a notification, the oldest
 */

/**
 * @template T
 * @typedef {T | Promise<T>} Soon
 */

/**
 * Where states are kept. It looks into no text and knows no rule.
 * @typedef {{
 *   load: (payment: string) => Soon<Loaded>,
 *   swap: (payment: string, version: number, next: NextState, operations: Change[]) => Soon<boolean>,
 *   list: (filter: Filter) => Soon<Found[]>,
 *   nameOf?: (payment: string) => string,
 *   isPrivate?: boolean
 * }} Store
 * `swap`: all of it, if the version is still the one that was loaded and no new key is taken, else nothing and false; it
 * throws if nobody knows; `nameOf`: the name that other names of a payment stand for; `isPrivate`: nobody else sees
 * what is recorded, so none can be kept waiting by it
 */

/** @typedef {Record<string, string | undefined>} Reading a believed reply to CHECK_STATUS, see `readingOf` */
/** @typedef {{ reading?: Reading, refunded?: boolean, reply?: Reply, error?: unknown }} Seen
 * What a lookup told: nothing but `error` if no answer came that can be believed. `refunded`: whether there is a refund
 * of the `maintenance_reference` asked for
 */
/** @typedef {{ reply: Reply } | { lost: unknown } | { unsent: unknown } | { doubted: unknown }} Heard
 * What came of sending: an answer; none, and it may have arrived; none, and it did not; or what the caller must be told at
 * once, with nothing looked up (an answer that is not to be believed, a caller who gave up)
 */

/**
 * What a caller wants done, and how it is sent.
 * @typedef {{
 *   payment: string,
 *   key: string,
 *   isNew?: boolean,
 *   intent?: Record<string, unknown>,
 *   mode?: 'send' | 'send_regardless' | 'prepare' | 'expect',
 *   basis?: 'read' | 'new' | 'unknown' | Totals,
 *   given?: Totals,
 *   despite?: readonly string[],
 *   merchant_reference?: string,
 *   names?: import('../message/reply.js').SentUnder,
 *   timeout: number,
 *   wait?: number,
 *   left?: () => number,
 *   signal?: AbortSignal,
 *   send: (timeout: number, attempt: number) => Promise<Heard>,
 *   again: (error: unknown, attempt: number) => Promise<boolean>,
 *   lookUp: (asked: { purpose: 'baseline' | 'outcome', reference?: string, timeout: number, isRepeated: boolean,
 *     signal?: AbortSignal }) => Promise<Seen>
 * }} Wish
 * `payment`: its name in the store; `key`: the caller's; `isNew`: nobody else ever used that key;
 * `intent`: of an `ask`, without key, attempt and timeout: `{ fingerprint, command, amount, currency, tag, reference:
 * { text, once }, order, window }`; without an intent, what was prepared under the key is carried out;
 * `basis`: where the totals come from that growth is measured over; `given`: totals that the caller knows, to be told
 * whether they are behind; `despite`: keys of earlier attempts at the order; `names`: what it is sent under;
 * `timeout`: milliseconds for one answer; `wait`: milliseconds for others to be done, 0 if left out; `left`: how many
 * milliseconds the process lives; `again`: waits, and tells whether what was provably not sent is sent again
 */
/** @typedef {{ authorized: number, captured: number, refunded: number, voided: boolean }} Totals minor units */

/**
 * @typedef {{ answer: 'settled' | 'recorded' | 'open' | 'nothing' | 'not_sent' | 'no_baseline' | 'unattributed' | 'refused',
 *   status?: string, code?: string, reply?: Reply, error?: unknown, told?: Seen, isBehind?: boolean }} End
 * `status` of the operation; `code` of a refusal, that of an OperationError; `reply`: what the caller is answered, where
 * there was anything to hear; `error`: why it was not sent; `told`: the baseline's lookup; `isBehind`: whether `given` was
 */
/** @typedef {{ record: boolean, state: string, revision: number, open?: boolean, attention?: boolean, order?: string,
 *   changes: Change[], reviewDue?: boolean, behind?: boolean, next: Record<string, any>,
 *   reports: Record<string, unknown>[] }} Decision */

/** By then twice the timeout is over. Counted, not timed: a busy process must not ask less often. */
const MOST_LOOKUPS = 16;
/** With a shorter timeout there would be no time for a request under way to arrive. */
const LEAST_SPAN = 150;

/**
 * Asks the engine.
 * @param {string | null} state
 * @param {Record<string, unknown>} event
 * @returns {Decision}
 * @throws {ApsError} `unreadable_state`: a later version wrote it, or it is damaged
 */
export function decide(state, event) {
  const text = `${state ?? 'null'} ${JSON.stringify(event)}`;
  const ask = () => JSON.parse(read(call('decide', write(text))));
  let decision;
  try {
    decision = ask();
  } catch (error) {
    // A call that did not come back decided nothing, and money may be under way: the next one has a new instance.
    if (!(error instanceof ApsError) || error.code !== 'internal') throw error;
    decision = ask();
  }
  if (decision.fault === undefined) return decision;
  const { fault, member } = decision;
  const why = fault === 'newer' ? 'was written by a later version of aps-payops' : `is damaged: ${member ?? fault}`;
  throw new ApsError('unreadable_state', `What is recorded of the payment ${why}.`);
}

/**
 * @param {Reply} reply to CHECK_STATUS
 * @returns {Reading | undefined} nothing if it is not to be believed
 */
export function readingOf({ authentic, code, params }) {
  if (!authentic) return undefined;
  const names = ['authorized_amount', 'captured_amount', 'refunded_amount', 'transaction_status'];
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' || value === undefined ? value : '{}');
  return { response_code: code, ...Object.fromEntries(names.map((name) => [name, text(params[name])])) };
}

/**
 * How long to wait for one lookup, in milliseconds.
 * @param {number} timeout of the client
 */
function patience(timeout) {
  const span = Math.max(timeout, LEAST_SPAN);
  return Math.max(span / 6, Math.min(span, 250));
}

/** Milliseconds to wait before asking again for what others hold. @param {number} round */
const shortWhile = (round) => Math.min(10 * 2 ** Math.min(round, 5), 250) * (0.5 + Math.random() / 2);

/** Operations of one process on one payment take turns, first come, first served. */
class Turns {
  /** @type {Map<string, Promise<void>>} */
  #tails = new Map();

  /**
   * @param {() => string} name of the payment, which may become another one while it waits
   * @param {number} wait in milliseconds
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<() => void>} gives the turn back
   * @throws {false} others took longer than that
   */
  async take(name, wait, signal) {
    for (let taken = name(); ; taken = name()) {
      const before = this.#tails.get(taken);
      /** @type {() => void} */
      let done = () => {};
      /** @type {Promise<void>} */
      const own = new Promise((resolve) => {
        done = resolve;
      });
      const tail = before === undefined ? own : before.then(() => own);
      this.#tails.set(taken, tail);
      const leave = () => {
        if (this.#tails.get(taken) === tail) this.#tails.delete(taken);
      };
      // Not at once: who gave up leaves others at work.
      if (before === undefined) tail.then(leave);
      else before.then(() => own).then(leave);
      if (before !== undefined && !(await isInTime(before, wait, signal))) {
        done();
        if (signal?.aborted) throw aborted('no');
        throw false;
      }
      if (name() === taken) return done;
      done();
    }
  }
}

/**
 * @param {Promise<void>} end
 * @param {number} wait milliseconds
 * @param {AbortSignal | undefined} signal
 */
async function isInTime(end, wait, signal) {
  if (signal?.aborted) return false;
  let takeBack = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const gaveUp = new Promise((resolve) => {
    takeBack = whenAborted(signal, () => resolve(false));
    // What is longer than a timer can be is for ever.
    if (wait < 2 ** 31) timer = setTimeout(() => resolve(false), wait);
  });
  const isDone = await Promise.race([end.then(() => true), gaveUp]);
  clearTimeout(timer);
  takeBack();
  return isDone && !signal?.aborted;
}

export class Engine {
  /** @readonly @type {Store} */
  store;
  #turns = new Turns();
  #report;
  #named;

  /**
   * @param {Store} store
   * @param {{
   *   report?: (payment: string, report: Record<string, unknown>) => void,
   *   named?: (payment: string, merchant_reference: string) => string
   * }} [options] `report`: told what the merchant should be told, once it is recorded; `named`: the name of another
   *   payment of the same merchant
   */
  constructor(store, { report = () => {}, named = (_, reference) => reference } = {}) {
    this.store = store;
    this.#report = report;
    this.#named = named;
  }

  /**
   * Carries out an operation, or what was prepared under its key.
   * @param {Wish} wish
   * @returns {Promise<End>}
   * @throws {import('../errors.js').TransportError} `aborted`
   * @throws {unknown} what `send` doubts, and what the store throws
   */
  async carryOut(wish) {
    const { payment, wait = 0, signal } = wish;
    const start = performance.now();
    const left = () => Math.max(0, Math.floor(wait - (performance.now() - start)));
    const name = () => this.store.nameOf?.(payment) ?? payment;
    let done;
    try {
      done = await this.#turns.take(name, wait, signal);
    } catch (error) {
      if (error === false) return { answer: 'refused', code: 'busy' };
      throw error;
    }
    try {
      return await new Operation(this, wish, left).run();
    } finally {
      done();
    }
  }

  /**
   * Tells the engine what happened, until it is recorded.
   * @param {string} payment
   * @param {Record<string, unknown>} event
   * @param {Reply} [reply] what the event rests on, to be kept with the operations that it changes
   * @returns {Promise<Decision>}
   */
  async tell(payment, event, reply) {
    let told = event;
    for (let round = 0; ; round += 1) {
      let loaded = this.store.load(payment);
      if (loaded instanceof Promise) loaded = await loaded;
      const decision = decide(loaded.state, told);
      let isDone = this.swap(payment, loaded, decision, reply);
      if (isDone instanceof Promise) isDone = await isDone;
      const { next } = decision;
      if (isDone && next.do !== 'find') return decision;
      if (isDone) {
        const { do: _, alike, ...by } = next;
        const { command, amount, status } = told;
        const filter = { payment, ...by, ...(alike && { alike: { command, amount, status } }) };
        const [found] = await this.store.list(/** @type {Filter} */ (filter));
        const isSearch = told.event === 'notification';
        if (found === undefined && !isSearch) return { ...decision, next: { do: 'answer', answer: 'nothing' } };
        told = { ...event, recorded: recordedOf(found, payment), ...(isSearch && { searched: true }) };
      } else await pause(shortWhile(round));
    }
  }

  /**
   * Records what was decided.
   * @param {string} payment
   * @param {Loaded} loaded
   * @param {Decision} decision
   * @param {Reply} [reply]
   * @returns {Soon<boolean>}
   */
  swap(payment, { version }, decision, reply) {
    if (!decision.record) return true;
    const { state, revision, open = false, attention = false, order, reports } = decision;
    const operations = decision.changes.map((change) => withReply(change, reply));
    const isDone = this.store.swap(payment, version, { state, version: revision, open, attention, order }, operations);
    const tell = (/** @type {boolean} */ isSwapped) => {
      if (isSwapped) for (const report of reports) this.#report(payment, report);
      return isSwapped;
    };
    return isDone instanceof Promise ? isDone.then(tell) : tell(isDone);
  }

  /**
   * Enters an attempt under its order, which has a state of its own.
   * @param {Wish} wish
   * @param {string | undefined} order none: the one of the same name
   * @param {Loaded} loaded the payment
   * @param {() => number} left milliseconds to wait
   * @returns {Promise<{ joined: number } | { end: End }>}
   */
  async join({ payment, key, merchant_reference, despite, timeout, signal }, order, loaded, left) {
    const name = order === undefined ? payment : this.#named(payment, order);
    const reference = order === undefined ? undefined : merchant_reference;
    const load = async (/** @type {string} */ own) => [
      own,
      (await this.store.load(this.#named(payment, own))).state ?? '',
    ];
    /** @type {string[]} */
    let references = [];
    /** @type {unknown[] | undefined} */
    let others;
    /** @type {string[]} */
    let fenced = [];
    for (let round = 0; ; round += 1) {
      const now = loaded.now ?? Date.now();
      const event = { event: 'join', reference, key, timeout, despite, others, fenced, wait: left(), now };
      const { next, revision } = await this.tell(name, event);
      if (next.do === 'answer') return { end: endOf(next) };
      // Its own state has moved on, if that is where it was entered.
      if (next.do === 'joined') return { joined: order === undefined ? revision : loaded.version };
      if (next.do === 'load_others') references = next.references;
      else if (next.do === 'wait') await pause(Math.min(next.atMost, shortWhile(round)), signal);
      else {
        for (const own of next.references) await this.tell(this.#named(payment, own), { event: 'fence' });
        fenced = next.references;
      }
      if (signal?.aborted) throw aborted('no');
      // Loaded after the fence: what was recorded before it is seen.
      others = await Promise.all(references.map(load));
    }
  }
}

/** One call of `carryOut`. */
class Operation {
  #engine;
  #wish;
  #left;
  /** Who may send what is recorded: a new text for each call. */
  #attempt;
  /** @type {Loaded} */
  #loaded = { state: null, version: 0 };
  /** When it was last asked for, by the clock of the process. */
  #askedAt = 0;
  /** @type {{ revision: number, reading?: Reading } | undefined} */
  #reading;
  /** @type {number | undefined} */
  #joined;
  #isLookedUp = false;
  #isBehind = false;
  #isSent = false;
  /** @type {Seen | undefined} */
  #told;
  /** What is answered while its end is not known. @type {Reply | undefined} */
  #reply;

  /**
   * @param {Engine} engine
   * @param {Wish} wish
   * @param {() => number} left milliseconds to wait for others
   */
  constructor(engine, wish, left) {
    this.#engine = engine;
    this.#wish = wish;
    this.#left = left;
    this.#attempt = wish.isNew ? wish.key : crypto.randomUUID();
  }

  /** @returns {Promise<End>} */
  async run() {
    const { signal } = this.#wish;
    for (let round = 0; ; round += 1) {
      if (signal?.aborted) throw aborted(this.#isSent ? 'unknown' : 'no');
      let next = this.#ask();
      if (next instanceof Promise) next = await next;
      const end = await this.#follow(next, round);
      if (end !== undefined) return { reply: this.#reply, told: this.#told, isBehind: this.#isBehind, ...end };
    }
  }

  /**
   * @param {Decision['next']} next
   * @param {number} round
   * @returns {Promise<End | undefined>} nothing: ask again
   */
  async #follow(next, round) {
    const { signal } = this.#wish;
    switch (next.do) {
      case 'start':
        return this.#send();
      case 'look_up':
        return this.#lookUp(next);
      case 'join': {
        const found = await this.#engine.join(this.#wish, next.order, this.#loaded, this.#left);
        if ('end' in found) return found.end;
        this.#joined = found.joined;
        return undefined;
      }
      case 'answer': {
        if (next.answer !== 'recorded' && next.answer !== 'open') return endOf(next);
        const found = await this.#find();
        return { ...endOf(next), ...(found?.reply && { reply: found.reply }) };
      }
      default:
        await pause(Math.min(next.atMost ?? Number.POSITIVE_INFINITY, shortWhile(round)), signal);
        return undefined;
    }
  }

  /** @returns {Soon<Decision['next']>} */
  #ask() {
    const { payment, isNew } = this.#wish;
    const loaded = this.#engine.store.load(payment);
    // No turn of the event loop between asking and sending, where a store needs none: others may be many.
    if (!(loaded instanceof Promise) && isNew && !this.#isSent) return this.#decide(loaded, undefined);
    return Promise.all([loaded, this.#find()]).then(([known, found]) => this.#decide(known, found));
  }

  /**
   * @param {Loaded} loaded
   * @param {Found | undefined} found
   * @returns {Soon<Decision['next']>}
   */
  #decide(loaded, found) {
    const { payment, key, intent, mode = 'send', basis, given, despite = [], timeout, left } = this.#wish;
    const recorded = recordedOf(found, payment);
    const now = loaded.now ?? Date.now();
    const common = {
      recorded,
      reading: this.#reading,
      wait: this.#left(),
      left: left?.(),
      lookedUp: this.#isLookedUp,
      now,
    };
    const attempt = this.#attempt;
    const own = { mode, basis, given, despite, joined: this.#joined };
    const decision = decide(
      loaded.state,
      intent === undefined
        ? { event: 'carry_out', key, attempt, ...common }
        : { event: 'ask', intent: { ...intent, key, attempt, timeout: Math.ceil(timeout) }, ...own, ...common },
    );
    this.#loaded = loaded;
    this.#askedAt = performance.now();
    this.#isBehind = decision.behind === true;
    const { next } = decision;
    const swapped = this.#engine.swap(payment, loaded, decision);
    const follow = (/** @type {boolean} */ isDone) => (isDone ? next : { do: 'again' });
    if (!(swapped instanceof Promise)) return follow(swapped);
    return swapped.then(follow, (error) => {
      // Nobody knows whether it is recorded: what is there now tells.
      if (next.do !== 'start') throw error;
      return next;
    });
  }

  async #find() {
    const { payment, key } = this.#wish;
    const [found] = await this.#engine.store.list({ payment, key });
    return found;
  }

  /** What the engine is told of this operation. @param {Record<string, unknown>} event @param {Reply} [reply] */
  #tell(event, reply) {
    return this.#engine.tell(this.#wish.payment, event, reply);
  }

  /** @returns {Promise<End | undefined>} */
  async #send() {
    const { key, left, send, again, signal } = this.#wish;
    const { store } = this.#engine;
    const attempt = this.#attempt;
    /** @type {unknown} */
    let error;
    for (let count = 1; ; count += 1) {
      const elapsed = store.isPrivate ? 0 : Math.floor(performance.now() - this.#askedAt);
      const { next } = await this.#tell({ event: 'start', key, attempt, elapsed, left: left?.() });
      if (next.do === 'answer') return { ...endOf(next), error };
      if (next.do !== 'send') return undefined;
      const heard = await send(next.timeout, count);
      if (!('unsent' in heard)) return this.#hear(heard);
      error = heard.unsent;
      if (await again(error, count)) continue;
      const told = await this.#tell({ event: 'not_sent', key, attempt });
      if (signal?.aborted) throw aborted('no');
      return told.next.do === 'answer' ? { ...endOf(told.next), error } : undefined;
    }
  }

  /**
   * @param {Exclude<Heard, { unsent: unknown }>} heard
   * @returns {Promise<End | undefined>}
   */
  async #hear(heard) {
    const { key, names } = this.#wish;
    this.#isSent = true;
    let decision;
    if ('reply' in heard) {
      const { reply } = heard;
      this.#reply = reply;
      const now = this.#loaded.now ?? Date.now();
      decision = await this.#tell({ event: 'reply', key, status: reply.outcome, code: reply.code, now }, reply);
    } else {
      decision = await this.#tell({ event: 'lost', key });
      if ('doubted' in heard) throw heard.doubted;
      const empty = { status: '', code: '', message: '', params: {}, authentic: false };
      const cause = /** @type {Error} */ (heard.lost);
      this.#reply = new Reply({ outcome: 'uncertain', ...empty, request: names, cause });
    }
    const { next } = decision;
    if (next.do === 'look_up') return this.#findOut(next);
    return next.do === 'answer' ? endOf(next) : undefined;
  }

  /**
   * A lookup before anything is sent: of the baseline, or of what is open.
   * @param {Decision['next']} next
   * @returns {Promise<undefined>}
   */
  async #lookUp({ for: purpose, revision, reference }) {
    const { basis, timeout, signal, lookUp } = this.#wish;
    const askedAt = this.#loaded.now ?? Date.now();
    if (purpose === 'baseline') {
      // What is known without has to do, if that is not soon done.
      const isNeeded = typeof basis !== 'object';
      const limit = isNeeded ? timeout : patience(timeout);
      const seen = await lookUp({ purpose, reference, timeout: limit, isRepeated: isNeeded, signal });
      this.#told = seen;
      this.#reading = { revision, reading: seen.reading };
      return undefined;
    }
    const seen = await lookUp({ purpose: 'outcome', reference, timeout: patience(timeout), isRepeated: false, signal });
    this.#isLookedUp = true;
    if (seen.reading || seen.refunded) {
      await this.#tell({ event: 'status', reading: seen.reading ?? {}, refunded: seen.refunded, askedAt }, seen.reply);
    }
    return undefined;
  }

  /**
   * Asks CHECK_STATUS again and again: at once, then ever more slowly, for twice the client's timeout. A lookup does not
   * wait for the one before it, whose answer may be lost as well. With a timeout of a minute these are 16 in two minutes.
   * @param {Decision['next']} first
   * @returns {Promise<End | undefined>}
   */
  async #findOut(first) {
    const { key, timeout, signal, lookUp } = this.#wish;
    const stop = new AbortController();
    if (signal?.aborted) throw aborted('unknown');
    const takeBack = whenAborted(signal, () => stop.abort());
    const span = Math.max(timeout, LEAST_SPAN);
    const limit = { timeout: patience(timeout), isRepeated: false, signal: stop.signal };
    let { reference } = first;
    /** @type {Decision['next'] | undefined} */
    let last;
    /** @type {unknown} */
    let failure;
    const ask = async () => {
      const askedAt = this.#loaded.now ?? Date.now();
      const { reading, refunded, reply } = await lookUp({ purpose: 'outcome', reference, ...limit });
      // Lost, or not to be believed: it says nothing.
      if (stop.signal.aborted || !(reading || refunded)) return;
      const proof = reply && this.#proofOf(reply);
      const { next } = await this.#tell({ event: 'status', key, reading: reading ?? {}, refunded, askedAt }, proof);
      ({ reference = reference } = next);
      if (next.do === 'look_up' || last !== undefined) return;
      last = next;
      if (next.answer === 'settled' && proof) this.#reply = proof;
      stop.abort();
    };
    const fail = (/** @type {unknown} */ error) => {
      failure ??= { error };
      stop.abort();
    };
    /** @type {Promise<void>[]} */
    const asked = [];
    try {
      for (let step = span / 60; asked.length < MOST_LOOKUPS && !stop.signal.aborted; step *= 2) {
        asked.push(ask().catch(fail));
        await pause(Math.min(step, span / 6), stop.signal);
      }
      await Promise.race([Promise.all(asked), pause(limit.timeout, stop.signal)]);
    } finally {
      stop.abort();
      takeBack();
    }
    if (signal?.aborted && last === undefined) throw aborted('unknown');
    if (failure !== undefined) throw /** @type {{ error: unknown }} */ (failure).error;
    const next = last ?? (await this.#tell({ event: 'patience_over', key })).next;
    return next.do === 'answer' ? endOf(next) : undefined;
  }

  /** What a lookup proves is that it succeeded. @param {Reply} reply */
  #proofOf(reply) {
    return new Reply({ ...reply, outcome: 'succeeded', request: this.#wish.names });
  }
}

/** @param {Decision['next']} next @returns {End} */
function endOf({ answer, status, code }) {
  return { answer, status, code };
}

/** @param {Found | undefined} found @param {string} payment */
function recordedOf(found, payment) {
  if (found === undefined) return undefined;
  return found.payment === payment ? found.operation : 'elsewhere';
}

/**
 * @param {Change} change
 * @param {Reply | undefined} reply
 * @returns {Change}
 */
function withReply(change, reply) {
  const isTold = change.change === 'update' && reply !== undefined;
  return isTold && (!change.open || change.status === reply.outcome) ? { ...change, reply } : change;
}
