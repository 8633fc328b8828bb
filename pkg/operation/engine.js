// The loop around the engine of operations (`src/operation/`): load the state of the payment, ask what to do, record it, do
// it, and pass on the result, until there is an answer. Only the engine knows which operation may be sent, what proves that
// it took place and what is reported about it; only the store knows where states are kept. `wait` of a wish is first for
// others of this process (they take turns), then for those of other processes.

import { Reply } from '../message/reply.js';
import { aborted, pause } from '../net/http.js';
import { Turns } from '../net/turns.js';
import { decide } from './decide.js';
import { LEAST_SPAN, MOST_LOOKUPS, patience, roomIn, shortWhile, stopInTime } from './patience.js';
import { recordedOf, withReply } from './records.js';

/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./store.js').Loaded} Loaded */
/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('./store.js').Found} Found */
/** @typedef {import('./store.js').Filter} Filter */
/** @typedef {import('./store.js').NextState} NextState */
/** @template T @typedef {import('./store.js').Soon<T>} Soon */

/** @typedef {import('./decide.js').Decision} Decision */
/** @typedef {import('./decide.js').Next} Next */
/** @typedef {import('./decide.js').Reading} Reading */
/** @typedef {import('./wish.js').Wish} Wish */
/** @typedef {import('./wish.js').Seen} Seen */
/** @typedef {import('./wish.js').Heard} Heard */
/** @typedef {import('./wish.js').End} End */

/**
 * @template T, U
 * @param {Soon<T>} soon
 * @param {(value: T) => Soon<U>} work synchronously if possible: other work may run between asking and sending
 * @returns {Soon<U>}
 */
const after = (soon, work) => (isLater(soon) ? soon.then(work) : work(soon));

/** @template T @param {Soon<T>} soon @returns {soon is Promise<T>} any thenable: a store may be of another realm */
const isLater = (soon) => typeof (/** @type {any} */ (soon)?.then) === 'function';

export class Engine {
  /** @readonly @type {Store} */
  store;
  #turns = new Turns();
  #report;
  /** The name of another payment of the same merchant. @readonly */
  named;

  /**
   * @param {Store} store
   * @param {{
   *   report?: (payment: string, report: Record<string, unknown>) => void,
   *   named?: (payment: string, merchant_reference: string) => string
   * }} [options] `report`: called with what the merchant should see, once it is recorded; `named`: the name of another
   *   payment of the same merchant, for orders
   */
  constructor(store, { report = () => {}, named = (_, reference) => reference } = {}) {
    this.store = store;
    this.#report = report;
    this.named = named;
  }

  /**
   * Carries out an operation, or what was prepared under its key.
   * @param {Wish} wish
   * @returns {Promise<End>}
   * @throws {import('../errors.js').TransportError} `aborted`
   * @throws {unknown} an answer that cannot be trusted, which is recorded as uncertain, or an error of the store
   */
  async carryOut(wish) {
    const { payment, wait = 0, signal } = wish;
    const start = performance.now();
    const left = () => Math.max(0, Math.floor(wait - (performance.now() - start)));
    const most = Math.min(wait, roomIn(wish.left));
    const done = await this.#turns.take(() => this.store.nameOf?.(payment) ?? payment, most, signal);
    if (done === null && signal?.aborted) throw aborted('no');
    if (done === null) return { answer: 'refused', code: 'busy' };
    try {
      return await new Operation(this, wish, left).run();
    } finally {
      done();
    }
  }

  /**
   * Passes an event to the engine until it is recorded, and finds the operations that the engine asks for.
   * @param {string} payment
   * @param {Record<string, unknown>} event
   * @param {Reply} [reply] the reply behind the event, to be stored with the operations that it changes
   * @param {Loaded} [recorded] what the caller itself has just recorded: it saves a load, and if the payment has changed
   *   since, the swap is rejected
   * @returns {Promise<Decision>}
   */
  async dispatch(payment, event, reply, recorded) {
    const isSearch = event.event === 'notification';
    let current = event;
    let known = recorded;
    /** The version of the payment that the operation was searched at. @type {number | undefined} */
    let version;
    for (let round = 0; ; round += 1) {
      const soon = known ?? this.store.load(payment);
      const loaded = isLater(soon) ? await soon : soon;
      // The operation that was found may have changed with its payment.
      if (version !== undefined && version !== loaded.version) current = event;
      const { decision, swapped } = this.decide(payment, loaded, current, reply);
      const isDone = isLater(swapped) ? await swapped : swapped;
      const isFresh = known === undefined || decision.record || decision.next.do === 'send';
      known = undefined;
      const { do: what, alike, ...by } = decision.next;
      if (isDone && isFresh && what !== 'find') return decision;
      if (!isFresh) continue;
      if (isDone) {
        const { command, amount, status } = /** @type {any} */ (current);
        const filter = { payment, ...by, ...(alike && { alike: { command, amount, status } }) };
        const found = await this.#find(filter, isSearch ? status : undefined);
        if (found === undefined && !isSearch) return { ...decision, next: { do: 'answer', answer: 'nothing' } };
        current = { ...event, recorded: recordedOf(found, payment), ...(isSearch && { searched: true }) };
        version = loaded.version;
      } else await pause(shortWhile(round));
    }
  }

  /**
   * Decides once, and records it.
   * @param {string} payment
   * @param {Loaded} loaded
   * @param {Record<string, unknown>} event
   * @param {Reply} [reply]
   * @returns {{ decision: Decision, swapped: Soon<boolean> }} `swapped`: false if the stored state has changed
   */
  decide(payment, loaded, event, reply) {
    const decision = decide(loaded.state, event);
    if (!decision.record) return { decision, swapped: true };
    const { state, revision, open = false, attention = false, reviewDue = false, order, reports } = decision;
    const next = { state, version: revision, open, attention, reviewDue, order, reports };
    const operations = decision.changes.map((change) => withReply(change, reply));
    const swapped = after(this.store.swap(payment, loaded.version, next, operations), (isDone) => {
      if (isDone) for (const report of reports) this.#report(payment, report);
      return isDone;
    });
    return { decision, swapped };
  }

  /**
   * @param {Filter} filter
   * @param {unknown} status the status that a message reports, if any
   */
  async #find(filter, status) {
    const found = await this.store.list(filter);
    if (found.length < 2 || status === undefined) return found[0];
    // A declined refund is sent again under its reference: the status of a message shows which of the two it is about.
    return found.find(({ operation }) => JSON.parse(operation).status === status);
  }
}

/** One call of `carryOut`. */
class Operation {
  #engine;
  #wish;
  /** Milliseconds to wait for others. */
  #left;
  /** Identifies the call that may send what it recorded: a new text for each call. */
  #attempt;
  /** @type {Loaded} */
  #loaded = { state: null, version: 0 };
  /** The state that this call recorded last, if it is certain. @type {Loaded | undefined} */
  #recorded;
  /** The operation of the caller's key, as read with `#loaded`. @type {Found | undefined} */
  #found;
  /** Whether another operation was sent with the same `maintenance_reference`. @type {boolean | undefined} */
  #isReused;
  /** Whether to decide on `#loaded` and `#found` without reading them again. */
  #isAssumed;
  /** When the decision was last asked for: by a clock that is never adjusted, and by one that runs while the machine sleeps. */
  #askedAt = 0;
  #askedOn = 0;
  /** @type {{ revision: number, reading?: Reading } | undefined} */
  #reading;
  /** @type {number | undefined} */
  #joined;
  #isLookedUp = false;
  #isSent = false;
  /** The answer so far. @type {Omit<End, 'answer'>} */
  #end = {};

  /** @param {Engine} engine @param {Wish} wish @param {() => number} left */
  constructor(engine, wish, left) {
    this.#engine = engine;
    this.#wish = wish;
    this.#left = left;
    this.#attempt = wish.attempt ?? (wish.isNew ? wish.key : crypto.randomUUID());
    const { basis, mode = 'send', intent } = wish;
    // Nearly all payments are new, as their references have to be.
    this.#isAssumed = basis === 'new' && mode === 'send' && intent?.order === undefined;
  }

  /** @returns {Promise<End>} */
  async run() {
    for (let round = 0; ; round += 1) {
      this.#stopIfAborted();
      let next = this.#ask();
      if (isLater(next)) next = await next;
      const end = await this.#follow(next, round);
      if (end?.do === 'answer') return { ...this.#end, ...endOf(end) };
    }
  }

  /**
   * @param {Next} next
   * @param {number} round
   * @returns {Promise<Next | undefined>} an answer; undefined: ask again
   */
  async #follow(next, round) {
    switch (next.do) {
      case 'start':
        return this.#send();
      case 'send':
        return this.#send(next.timeout);
      case 'look_up':
        return this.#lookUp(next);
      case 'join':
        return this.#join(next.order);
      case 'answer':
        if (next.answer === 'recorded' || next.answer === 'open')
          this.#end.reply = (await this.#find())?.reply ?? this.#end.reply;
        return next;
      default:
        return this.#waitFor(next, round);
    }
  }

  #stopIfAborted() {
    if (this.#wish.signal?.aborted) throw aborted(this.#isSent ? 'unknown' : 'no');
  }

  /** @param {Next} next @param {number} round @returns {Promise<undefined>} */
  async #waitFor({ atMost }, round) {
    await pause(shortWhile(round, atMost), this.#wish.signal);
  }

  #now() {
    return this.#loaded.now ?? Date.now();
  }

  /** @returns {Soon<Next>} */
  #ask() {
    const { payment, key, intent, isNew } = this.#wish;
    const { store } = this.#engine;
    // The swap is refused if they are out of date: one statement less, where the store's clock is known.
    const now = this.#isAssumed ? store.now?.() : undefined;
    this.#isAssumed = false;
    if (now !== undefined) return this.#decide({ ...this.#loaded, now }, this.#found, true);
    // If they were read one after the other, an operation settled in between would be seen in neither.
    if (store.loadWith) {
      return store.loadWith(payment, key, intent?.reference?.text).then(({ loaded, found, isReused }) => {
        this.#isReused = isReused;
        return this.#decide(loaded, found);
      });
    }
    const loaded = store.load(payment);
    if (isNew && !this.#isSent) return after(loaded, (known) => this.#decide(known, undefined));
    return Promise.all([loaded, this.#find()]).then(([known, found]) => this.#decide(known, found));
  }

  /**
   * @param {Loaded} loaded
   * @param {Found | undefined} found
   * @param {boolean} [isAssumed] they were not read for this: only what is recorded counts
   * @returns {Soon<Next>}
   */
  #decide(loaded, found, isAssumed = false) {
    const { payment, key, fingerprint, intent, mode = 'send', basis, given, despite = [], timeout, left } = this.#wish;
    this.#loaded = loaded;
    this.#found = found;
    this.#askedAt = performance.now();
    this.#askedOn = Date.now();
    const attempt = this.#attempt;
    const { isPrivate } = this.#engine.store;
    const known = { recorded: recordedOf(found, payment), reading: this.#reading, lookedUp: this.#isLookedUp };
    const limits = { wait: this.#left(), left: left?.(), now: this.#now() };
    const reference = this.#isReused && { reference: { ...intent?.reference, once: false } };
    const event =
      intent === undefined
        ? { event: 'carry_out', key, fingerprint, attempt, ...known, ...limits }
        : {
            event: 'ask',
            intent: { key, ...intent, ...reference, attempt, timeout: Math.ceil(timeout) },
            ...{ mode, basis, given, despite, joined: this.#joined, private: isPrivate },
            ...known,
            ...limits,
          };
    const { decision, swapped } = this.#engine.decide(payment, loaded, event);
    if (isAssumed && !decision.record) return this.#ask();
    const { next, behind } = decision;
    this.#end.isBehind = behind;
    this.#recorded = undefined;
    const follow = (/** @type {boolean} */ isDone) => {
      if (isDone && decision.record && !isPrivate)
        this.#recorded = { state: decision.state, version: decision.revision };
      return isDone ? next : { do: 'again' };
    };
    if (!isLater(swapped)) return follow(swapped);
    return swapped.then(follow, (error) => {
      // It may or may not be recorded: read the current state.
      if (next.do === 'start') return next;
      throw error;
    });
  }

  async #find() {
    const { payment, key } = this.#wish;
    return (await this.#engine.store.list({ payment, key }))[0];
  }

  /** @param {Record<string, unknown>} event about this operation @param {Reply} [reply] @param {Loaded} [recorded] */
  async #dispatch(event, reply, recorded) {
    return (await this.#engine.dispatch(this.#wish.payment, event, reply, recorded)).next;
  }

  /**
   * @param {number} [limit] milliseconds to wait for the first answer; without it, the engine is asked whether to send
   * @returns {Promise<Next | undefined>}
   */
  async #send(limit) {
    const { key, send, again } = this.#wish;
    const attempt = this.#attempt;
    let timeout = limit;
    for (let count = 1; ; count += 1) {
      if (timeout === undefined) {
        // The state that was just recorded is current; before another attempt it is read again.
        const next = await this.#start(count === 1 ? this.#recorded : undefined);
        if (next.do !== 'send') return next;
        timeout = /** @type {number} */ (next.timeout);
      }
      const heard = await send(timeout, count);
      timeout = undefined;
      if (!('unsent' in heard)) return this.#hear(heard);
      this.#end.error = heard.unsent;
      const { stop, release } = stopInTime(this.#wish);
      if (await again(heard.unsent, count, stop.signal).finally(release)) continue;
      const end = await this.#dispatch({ event: 'not_sent', key, attempt });
      this.#stopIfAborted();
      return end;
    }
  }

  /** Asks whether what was recorded may be sent now. @param {Loaded | undefined} recorded @returns {Promise<Next>} */
  async #start(recorded) {
    const { payment, key, left } = this.#wish;
    // The time is taken afterwards: the store may be slow, or the process suspended meanwhile.
    const soon = recorded ?? this.#engine.store.load(payment);
    const loaded = isLater(soon) ? await soon : soon;
    const passed = Math.max(performance.now() - this.#askedAt, Date.now() - this.#askedOn);
    const elapsed = this.#engine.store.isPrivate ? 0 : Math.floor(passed);
    const event = { event: 'start', key, attempt: this.#attempt, elapsed, left: left?.() };
    return this.#dispatch(event, undefined, loaded);
  }

  /** @param {Exclude<Heard, { unsent: unknown }>} heard @returns {Promise<Next | undefined>} */
  async #hear(heard) {
    const { key, names } = this.#wish;
    this.#isSent = true;
    let next;
    if ('reply' in heard) {
      const { reply } = heard;
      this.#end.reply = reply;
      const event = { event: 'reply', key, status: reply.outcome, code: reply.code, now: this.#now() };
      next = await this.#dispatch(event, reply, this.#recorded);
    } else {
      next = await this.#dispatch({ event: 'lost', key }, undefined, this.#recorded);
      if ('doubted' in heard) throw heard.doubted;
      const empty = { status: '', code: '', message: '', params: {}, authentic: false };
      const cause = /** @type {Error} */ (heard.lost);
      this.#end.reply = new Reply({ outcome: 'uncertain', ...empty, request: names, cause });
    }
    return next.do === 'look_up' ? this.#findOut(next) : next;
  }

  /** Before anything is sent: the baseline, or what is open. @param {Next} next @returns {Promise<undefined>} */
  async #lookUp({ for: purpose, revision, reference }) {
    this.#stopIfAborted();
    const { basis, timeout, lookUp } = this.#wish;
    const askedAt = this.#now();
    const isBaseline = purpose === 'baseline';
    // Without a necessary baseline nothing is sent; otherwise what is known must suffice if the lookup takes long.
    const isRepeated = isBaseline && typeof basis !== 'object';
    const { stop, release } = stopInTime(this.#wish);
    const limits = { timeout: isRepeated ? timeout : patience(timeout), isRepeated, signal: stop.signal };
    const seen = await lookUp({ purpose: isBaseline ? 'baseline' : 'outcome', reference, ...limits }).finally(release);
    if (isBaseline) {
      this.#end.baseline = seen;
      this.#reading = { revision, reading: seen.reading };
      this.#isAssumed = true;
    } else {
      this.#isLookedUp = true;
      await this.#observe(seen, askedAt, { reference });
    }
  }

  /**
   * @param {Seen} seen
   * @param {number} askedAt
   * @param {{ key?: string, reference?: string }} about the operation that is looked up, and the refund by its reference
   * @returns {Promise<Next | undefined>} undefined if the answer was lost or cannot be trusted
   */
  async #observe({ reading, refund, reply }, askedAt, about) {
    if (!reading && !refund) return undefined;
    return this.#dispatch({ event: 'status', ...about, reading: reading ?? {}, refund, askedAt }, reply);
  }

  /**
   * Sends CHECK_STATUS repeatedly: at once, then at growing intervals, for twice the client's timeout. A lookup does not
   * wait for the previous one, whose answer may be lost too. With a timeout of a minute there are 16 in two minutes. It ends
   * in time for the process to record and return the answer.
   * @param {Next} first
   * @returns {Promise<Next | undefined>}
   */
  async #findOut(first) {
    const { key, timeout, lookUp, names } = this.#wish;
    this.#stopIfAborted();
    const { stop, release } = stopInTime(this.#wish);
    const span = Math.max(timeout, LEAST_SPAN);
    const limits = { timeout: patience(timeout), isRepeated: false, signal: stop.signal };
    let { reference } = first;
    /** @type {Next | undefined} */
    let last;
    const ask = async () => {
      const [askedAt, about] = [this.#now(), { key, reference }];
      const seen = await lookUp({ purpose: 'outcome', reference, ...limits });
      if (stop.signal.aborted) return;
      // A lookup can only prove that it succeeded.
      const reply = seen.reply && new Reply({ ...seen.reply, outcome: 'succeeded', request: names });
      const next = await this.#observe({ ...seen, reply }, askedAt, about);
      reference = next?.reference ?? reference;
      if (next === undefined || next.do === 'look_up' || last !== undefined) return;
      last = next;
      if (next.answer === 'settled') this.#end.reply = reply;
      stop.abort();
    };
    /** @type {Promise<void>[]} */
    const lookups = [];
    /** @type {Promise<unknown>} */
    let all = Promise.resolve();
    try {
      for (let step = span / 60; lookups.length < MOST_LOOKUPS && !stop.signal.aborted; step *= 2) {
        lookups.push(ask());
        all = Promise.all(lookups);
        // An error of the store ends the waiting; later answers are ignored.
        all.catch(() => stop.abort());
        await pause(Math.min(step, span / 6), stop.signal);
      }
      await Promise.race([all, pause(limits.timeout, stop.signal)]);
    } finally {
      stop.abort();
      release();
    }
    if (last === undefined) this.#stopIfAborted();
    return last ?? this.#dispatch({ event: 'patience_over', key });
  }

  /**
   * Records an attempt under its order, which has a state of its own.
   * @param {string | undefined} order if left out, the one with the same name
   * @returns {Promise<Next | undefined>}
   */
  async #join(order) {
    const { payment, key, merchant_reference, despite, timeout } = this.#wish;
    const { store, named, dispatch } = this.#engine;
    const reference = order && merchant_reference;
    const load = async (/** @type {string} */ own) => [own, (await store.load(named(payment, own))).state ?? ''];
    /** @type {{ others?: unknown[], fenced?: string[] }} */
    const found = {};
    /** @type {string[]} */
    let references = [];
    for (let round = 0; ; round += 1) {
      const limits = { wait: this.#left(), left: this.#wish.left?.() };
      const event = { event: 'join', reference, key, timeout: Math.ceil(timeout), despite, ...found, ...limits };
      const where = order === undefined ? payment : named(payment, order);
      const { next, revision } = await dispatch.call(this.#engine, where, { ...event, now: this.#now() });
      // If the order has the payment's own name, its state has changed.
      if (next.do === 'joined') this.#joined = order === undefined ? revision : this.#loaded.version;
      if (next.do === 'joined' || next.do === 'answer') return next;
      if (next.do === 'load_others') references = next.references;
      if (next.do === 'wait') await this.#waitFor(next, round);
      if (next.do === 'fence') {
        for (const own of next.references) await this.#engine.dispatch(named(payment, own), { event: 'fence' });
        found.fenced = next.references;
      }
      this.#stopIfAborted();
      // Loaded after the fence, so that everything recorded before it is seen.
      found.others = await Promise.all(references.map(load));
    }
  }
}

/** @param {Next} next @returns {End} */
const endOf = ({ answer, status, code }) => ({ answer, status, code });
