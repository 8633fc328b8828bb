// Operations under the caller's keys: turns a call into the engine's input, and the engine's answer into a Reply.

import { describeEvent, SENDER, unsentError } from '../client/attempts.js';
import { movesMoney, withMember, withReference } from '../client/index.js';
import { ConfigurationError, issue, OperationError, TransportError, ValidationError } from '../errors.js';
import { WALLETS } from '../generated/parameters.js';
import { chooseCredentials } from '../message/account.js';
import { makesPayment } from '../message/params.js';
import { Reply } from '../message/reply.js';
import { commandInfo } from '../message/request.js';
import { aborted } from '../net/http.js';
import { readingOf } from '../operation/decide.js';
import { Engine } from '../operation/engine.js';
import { roomIn, stopInTime } from '../operation/patience.js';
import { contentsOf, findBadKey, recordable, splitKey, tagFor, uuidOf } from './contents.js';
import { endInTime, findBadWaits, leftOf, listOf } from './deadline.js';
import { readExpected } from './expected.js';
import { digestOf, secretNames, withoutSecrets } from './texts.js';

/** @typedef {import('../client/attempts.js').Sender} Sender */
/** @typedef {import('../operation/engine.js').End} End */
/** @typedef {import('../message/request.js').ApsRequest} ApsRequest */
/** @typedef {import('./store.js').SqlStore} SqlStore */
/** @typedef {import('./index.js').OperationOptions} OperationOptions */

/** The options of a call beyond those of the client. */
const OWN = ['selector', 'wait', 'deadline', 'despite'];
/** The options of a call that are recorded, to build the request again. */
const BUILDING = ['language', 'allow', 'accept', 'credentials', 'selector'];
const DAY = 86_400_000;
const SHAPE = 1;

/**
 * What a caller wants: its key, its order if it is named, the parameters for APS, the options, and how long it may take.
 * @typedef {{ key: string, order: string | undefined, rest: any, options: Record<string, any>,
 *   limits: import('../client/attempts.js').Limits, left: (() => number) | undefined }} Call
 */
/**
 * @typedef {{ command: string, request: ApsRequest, params: Record<string, any>, payment: string, reference: string,
 *   intent: Record<string, unknown>, facts: import('./store.js').Facts, call: Call }} Planned
 */
/** @typedef {import('./deadline.js').Progress} Progress */

export class Operations {
  /** @readonly @type {Sender} */
  sender;
  /** @readonly @type {SqlStore} */
  store;
  /** @readonly @type {Engine} */
  engine;
  /** @readonly @type {{ assumeAbsentAfter?: number, windowDays?: number }} */
  settings;
  /** Payments whose order is to be reviewed. @type {Set<string>} */
  #due = new Set();
  /** How payments of this account are named. */
  #prefix;

  /**
   * @param {any} aps
   * @param {SqlStore} store
   * @param {{ assumeAbsentAfter?: number, windowDays?: number }} settings
   */
  constructor(aps, store, settings) {
    if (typeof aps?.[SENDER] !== 'function') {
      throw new ConfigurationError('no_client', 'journaled() needs a PaymentServices from aps-payops/server.');
    }
    this.sender = aps[SENDER]();
    this.store = store.copy();
    this.store.facts = new Map();
    this.settings = settings;
    const { endpoints, merchant_identifier } = this.sender.account;
    this.#prefix = `${endpoints.paymentApi} ${merchant_identifier} `;
    this.store.recorded = (payment, { reviewDue }) => {
      if (reviewDue) this.#due.add(payment);
    };
    this.engine = this.engineOver(this.store);
  }

  /** @param {SqlStore} store */
  engineOver(store) {
    return new Engine(store, {
      named: (_, reference) => this.nameOf(reference),
      report: (payment, report) =>
        this.sender.observe(() => ({
          ...describeEvent('report', { merchant_reference: referenceOf(payment) }),
          command: '',
          report,
        })),
    });
  }

  /** Milliseconds until an authorization lapses, if the caller set it. */
  get #window() {
    return this.settings.windowDays && this.settings.windowDays * DAY;
  }

  /** @param {string} merchant_reference */
  nameOf(merchant_reference) {
    return `${this.#prefix}${merchant_reference}`;
  }

  /**
   * @param {string} command
   * @param {any} given
   * @param {OperationOptions | undefined} options
   * @returns {Promise<Reply>}
   */
  async send(command, given, options) {
    const info = commandInfo(command);
    if (!movesMoney(info)) throw notMoneyError(command);
    const start = performance.now();
    const call = this.begin(given, options);
    const progress = { isSent: false };
    const inTime = (/** @type {() => Promise<any>} */ work) => endInTime({ ...call, ...call.limits }, progress, work);
    const plan = await inTime(() => this.plan(command, call));
    const end = inTime(() => this.carryOut(plan, 'send', this.store, progress));
    return this.sender.observeOutcome(command, plan, start, end);
  }

  /**
   * @param {OperationOptions | undefined} given
   * @returns {{ options: Record<string, any>, limits: import('../client/attempts.js').Limits }}
   * @throws {ValidationError}
   */
  #options(given) {
    return this.sender.options(given, OWN, findBadWaits);
  }

  /**
   * Checks everything about a call but the parameters for APS. From here on its time is counted.
   * @param {any} given
   * @param {OperationOptions | undefined} givenOptions
   * @returns {Call}
   */
  begin(given, givenOptions) {
    const named = splitKey(given);
    const { options, limits } = this.#options(givenOptions);
    return { ...named, options: { ...options, at: options.at ?? Date.now() }, limits, left: leftOf(options.deadline) };
  }

  /**
   * Checks a call and builds its request. Nothing is recorded.
   * @param {string} command
   * @param {Call} call
   * @param {SqlStore} [store] the store of a transaction: while it is open, no other connection is used
   * @returns {Promise<Planned>}
   */
  async plan(command, call, store = this.store) {
    const { key, order: orderName, rest, options: given } = call;
    const options = { ...given };
    const isPayment = makesPayment(command);
    const reference = await this.#referenceOf(call, store);
    const order = omitUsual(reference, orderName);
    const payment = this.nameOf(reference);
    if (!isPayment) await this.#chooseCredentials(payment, options, store);
    const own = isPayment ? '' : await digestOf(`${payment} ${key}`);
    const tag = command === 'CAPTURE' || command === 'VOID_AUTHORIZATION' ? tagFor(rest, own) : undefined;
    const described = tag === undefined ? rest : withMember(rest, 'order_description', tag.description);
    const sent = command === 'REFUND' ? withReference(described, () => uuidOf(own)) : described;
    const request = this.sender.build(command, sent, options);
    const { params } = request;
    if (reference === '') {
      const message = 'The journal names payments by merchant_reference, which this command does not have.';
      throw new ValidationError([issue('merchant_reference', 'missing', message)]);
    }
    const contents = contentsOf(command, params, rest, reference, order);
    const intent = {
      ...this.sender.describeIntent(command, params),
      ...{ fingerprint: `${SHAPE}:${await digestOf(contents)}`, tag: tag?.text, order, window: this.#window },
    };
    const set = this.sender.account.credentials.find(({ access_code }) => access_code === params.access_code);
    const facts = {
      params: JSON.stringify(withoutSecrets(recordable(params))),
      options: JSON.stringify(
        Object.fromEntries(BUILDING.flatMap((name) => (options[name] ? [[name, options[name]]] : []))),
      ),
      // A given payment may have chosen the credentials.
      wallet: params.digital_wallet ?? WALLETS.find(({ name }) => name === set?.name)?.digital_wallet,
    };
    return { command, request, params, payment, reference, intent, facts, call };
  }

  /**
   * @param {Planned} plan
   * @param {'send' | 'prepare'} mode
   * @param {SqlStore} store
   * @param {Progress} [progress] changed
   * @returns {Promise<Reply>}
   */
  async carryOut(plan, mode, store, progress) {
    const { command, request, payment, reference, intent, call } = plan;
    const { key, limits, options, left } = call;
    const isPayment = makesPayment(command);
    const isProvable = isPayment || ['CAPTURE', 'VOID_AUTHORIZATION', 'REFUND'].includes(command);
    const engine = store === this.store ? this.engine : this.engineOver(store);
    const attempt = crypto.randomUUID();
    store.facts.set(attempt, plan.facts);
    try {
      const end = await engine.carryOut({
        ...{ payment, key, attempt, mode, intent, merchant_reference: reference },
        basis: isPayment ? 'new' : isProvable ? 'read' : 'unknown',
        despite: listOf(options.despite),
        ...{ wait: options.wait ?? 0, left },
        ...this.#planSending(request, reference, limits, progress),
      });
      return await this.#answer(end, key, store, progress);
    } finally {
      store.facts.delete(attempt);
      if (store === this.store) await this.reviewDue();
    }
  }

  /**
   * @param {ApsRequest} request
   * @param {string} merchant_reference that its payment is looked up by
   * @param {import('../client/attempts.js').Limits} limits
   * @param {Progress} [progress] changed
   */
  #planSending(request, merchant_reference, limits, progress) {
    const { send, ...others } = this.sender.planSending(
      request,
      { ...request.params, merchant_reference, fort_id: undefined },
      limits,
    );
    const sendOnce = async (/** @type {number} */ timeout, /** @type {number} */ attempt) => {
      // The caller was told that nothing was sent, whatever its clock says now.
      if (progress?.isOver)
        return { unsent: new TransportError('aborted', 'no', 'The call ended before it was sent.') };
      if (progress) progress.isSent = true;
      const heard = await send(timeout, attempt);
      if (progress && 'unsent' in heard) progress.isSent = false;
      return heard;
    };
    return { ...others, send: sendOnce };
  }

  /**
   * Carries out a prepared operation.
   * @param {string} key
   * @param {OperationOptions | undefined} given
   * @returns {Promise<Reply>}
   */
  carryOutPrepared(key, given) {
    const issues = findBadKey(key);
    if (issues.length > 0) throw new ValidationError(issues);
    const { options, limits } = this.#options(given);
    const left = leftOf(options.deadline);
    const progress = { isSent: false };
    const work = () => this.#carryOutPrepared({ key, order: undefined, rest: {}, options, limits, left }, progress);
    return endInTime({ key, left, ...limits }, progress, work);
  }

  /**
   * @param {Call} call
   * @param {Progress} progress changed
   * @returns {Promise<Reply>}
   */
  async #carryOutPrepared({ key, options, limits, left }, progress) {
    const [row] = await this.store.list({ payment: '', key });
    if (row === undefined || !this.isOwn(row.payment) || !row.params) throw new OperationError('not_prepared', key);
    const own = /** @type {Record<string, any>} */ ({ ...options, ...JSON.parse(row.options ?? '{}') });
    if (row.wallet && !own.credentials) own.credentials = credentialsOf(row.wallet);
    const request = this.sender.build(row.command, JSON.parse(row.params), own);
    const merchant_reference = referenceOf(row.payment);
    try {
      const { fingerprint } = JSON.parse(row.operation);
      const end = await this.engine.carryOut({
        ...{ payment: row.payment, key, fingerprint, merchant_reference },
        ...{ wait: own.wait ?? 0, left },
        ...this.#planSending(request, merchant_reference, limits, progress),
      });
      return await this.#answer(end, key, this.store, progress);
    } finally {
      await this.reviewDue();
    }
  }

  /**
   * Announces a payment on a hosted page.
   * @param {any} given
   * @param {OperationOptions | undefined} givenOptions
   */
  expect(given, givenOptions) {
    const call = this.begin(given, givenOptions);
    const progress = { isSent: false };
    return endInTime({ ...call, ...call.limits }, progress, () => this.#expect(call, progress));
  }

  /**
   * @param {Call} call
   * @param {Progress} progress changed
   * @returns {Promise<Reply>}
   */
  async #expect({ key, order: orderName, rest, options, limits, left }, progress) {
    const { command, merchant_reference, amount, currency } = readExpected(rest);
    const order = omitUsual(merchant_reference, orderName);
    const contents = JSON.stringify(['expect', command, merchant_reference, amount, currency, order ?? null]);
    const intent = {
      ...{ fingerprint: `${SHAPE}:${await digestOf(contents)}`, command, order, window: this.#window },
      ...{ amount: Number(amount), currency },
    };
    const end = await this.engine.carryOut({
      ...{ payment: this.nameOf(merchant_reference), key, mode: 'expect', intent, basis: 'new', merchant_reference },
      ...{ despite: listOf(options.despite), wait: options.wait ?? 0, left },
      ...this.sender.planSending(null, { merchant_reference }, { ...limits, timeout: 60_000 }),
    });
    return this.#answer(end, key, this.store, progress);
  }

  /**
   * Reviews the orders of payments that have succeeded meanwhile: do two attempts hold money? An order that cannot be
   * reviewed now is recorded as due, and reviewed by `recover`: the caller's own operation already has its answer.
   */
  async reviewDue() {
    for (const payment of this.#due) {
      this.#due.delete(payment);
      await this.review(payment).catch(() => {});
    }
  }

  /** @param {string} payment */
  async review(payment) {
    const { state, version, now } = await this.store.load(payment);
    if (state === null) return;
    const order = JSON.parse(state).order ?? referenceOf(payment);
    const name = this.nameOf(order);
    for (let isDone = false; !isDone; ) {
      const { version: revision } = await this.store.load(name);
      const attempts = await this.store.attemptsOf(this.#prefix, order);
      const others = attempts.filter(([own]) => own !== order);
      const event = { event: 'review', name: order, revision, others, now };
      const { next, reviewDue } = await this.engine.dispatch(name, event);
      isDone = next.do !== 'again' && !reviewDue;
    }
    if (name !== payment) await this.engine.dispatch(payment, { event: 'reviewed', revision: version });
  }

  /**
   * How a payment is looked up by CHECK_STATUS.
   * @param {string} payment
   * @param {string | null | undefined} wallet
   * @param {Record<string, any>} [sent] what the operation in question was sent with
   */
  lookUp(payment, wallet, sent) {
    const set = this.sender.account.credentials.find(({ name }) => name === (credentialsOf(wallet) ?? 'main'));
    const params = { merchant_reference: referenceOf(payment), access_code: set?.access_code };
    const { limits } = this.#options(undefined);
    const { lookUp } = this.sender.planSending(null, params, limits, undefined, sent);
    return (/** @type {string | undefined} */ reference) =>
      lookUp({ purpose: 'outcome', reference, timeout: limits.timeout, isRepeated: false });
  }

  /** Whether a payment is of this account. @param {string} payment */
  isOwn(payment) {
    return payment.startsWith(this.#prefix);
  }

  /** A prefix of all payments of this account. */
  get prefix() {
    return this.#prefix;
  }

  /**
   * @param {End} end
   * @param {string} key
   * @param {SqlStore} store
   * @param {Progress} [progress] changed
   * @returns {Promise<Reply>}
   */
  async #answer(end, key, store, progress) {
    const reply = await this.#readAnswer(end, key, store);
    if (progress) progress.reply = reply;
    return reply;
  }

  /**
   * @param {End} end
   * @param {string} key
   * @param {SqlStore} store
   * @returns {Promise<Reply>}
   */
  async #readAnswer(end, key, store) {
    const { answer, code, reply, status } = end;
    if (answer === 'refused') throw new OperationError(/** @type {any} */ (code), key);
    if (answer === 'no_baseline' || answer === 'not_sent') throw unsentError(end);
    // The direct reply was just recorded: nothing else needs to be read.
    if (answer === 'settled' && reply && !reply.recorded && !reply.params.query_command && reply.outcome === status) {
      return new Reply({ ...reply, cause: reply.cause, evidence: 'reply' });
    }
    const [row] = await store.list({ payment: '', key });
    const outcome = outcomeOf(row?.status ?? status);
    const evidence = row?.evidence ?? undefined;
    const recorded = answer === 'recorded' ? true : undefined;
    // Another message settled it first, and this one contradicts it or knows less.
    const isOther = answer === 'settled' && reply?.outcome !== outcome;
    const own = (isOther ? row?.reply : reply) ?? reply ?? row?.reply;
    if (own === undefined) {
      const empty = { status: '', code: '', message: '', params: {}, authentic: false };
      return new Reply({ ...empty, outcome, evidence, recorded });
    }
    return new Reply({ ...own, cause: own.cause, outcome, evidence, recorded: recorded ?? (reply ?? own).recorded });
  }

  /**
   * The `merchant_reference` of the payment that a call names, looked up in the journal or by CHECK_STATUS if necessary.
   * @param {Call} call
   * @param {SqlStore} store
   * @returns {Promise<string>}
   */
  async #referenceOf(call, store) {
    const { merchant_reference, fort_id } = call.rest;
    const isNamed = typeof merchant_reference === 'string' && merchant_reference !== '';
    if (typeof fort_id !== 'string' || fort_id === '') return isNamed ? merchant_reference : '';
    const known = await store.paymentOf(this.#prefix, fort_id);
    if (isNamed && known !== undefined && referenceOf(known) !== merchant_reference) {
      const message = 'fort_id and merchant_reference name different payments.';
      throw new ValidationError([issue('fort_id', 'conflict', message)]);
    }
    if (isNamed) return merchant_reference;
    if (known !== undefined) return referenceOf(known);
    const reply = await this.#check(fort_id, call);
    const found = reply?.params.merchant_reference;
    if (reply && readingOf(reply) && typeof found === 'string' && found !== '') return found;
    const message = 'The payment of this fort_id could not be found, so nothing was sent. Give its merchant_reference.';
    throw new TransportError('no_baseline', 'no', message);
  }

  /**
   * @param {string} fort_id
   * @param {Call} call
   * @returns {Promise<Reply | undefined>} undefined if no answer came
   */
  async #check(fort_id, { key, rest, options, limits, left }) {
    const { signal, timeout } = limits;
    const { access_code } = chooseCredentials(this.sender.account, rest, options);
    const { lookUp } = this.sender.planSending(null, { fort_id, access_code }, limits);
    const { stop, release } = stopInTime({ signal, left });
    const asked = { timeout, isRepeated: true, signal: stop.signal };
    const { reply } = await lookUp({ purpose: 'baseline', ...asked }).finally(release);
    if (signal?.aborted) throw aborted('no');
    if (reply === undefined && roomIn(left) <= 0) throw new OperationError('deadline', key);
    return reply;
  }

  /**
   * Chooses the credentials that a payment was made with, which the journal knows.
   * @param {string} payment
   * @param {Record<string, any>} options changed
   * @param {SqlStore} store
   */
  async #chooseCredentials(payment, options, store) {
    if (this.sender.account.credentials.length === 1 || options.credentials || options.payment) return;
    const credentials = credentialsOf(await store.walletOf(payment));
    if (credentials) options.credentials = credentials;
  }
}

/**
 * Leaves the order out if it has the name of its payment, as it usually has.
 * @param {string} merchant_reference
 * @param {string | undefined} order
 */
const omitUsual = (merchant_reference, order) => (order === merchant_reference ? undefined : order);

/** @param {string} payment */
export function referenceOf(payment) {
  return payment.slice(payment.lastIndexOf(' ') + 1);
}

/** @param {string | null | undefined} wallet */
export const credentialsOf = (wallet) => WALLETS.find(({ digital_wallet }) => digital_wallet === wallet)?.name;

/** @param {string | undefined} status of an operation @returns {import('../money/codes.js').Outcome} */
function outcomeOf(status) {
  if (status === 'prepared') return 'pending';
  if (status === undefined || status === 'sent') return 'uncertain';
  return /** @type {import('../money/codes.js').Outcome} */ (status);
}

/** @param {string} command */
function notMoneyError(command) {
  const message = `${command} moves no money: send it with the client.`;
  return new ValidationError([issue('command', 'not_allowed', message)]);
}

/**
 * @param {Planned} plan
 * @throws {ValidationError} for card data: a prepared operation must be recorded in full
 */
export function refuseCardData({ params }) {
  const { signature: _, ...rest } = params;
  const names = secretNames(rest);
  if (names.length === 0) return;
  const issues = names.map((name) =>
    issue(name, 'not_allowed', `${name} is never stored, so a command that needs it cannot be prepared.`),
  );
  throw new ValidationError(issues);
}
