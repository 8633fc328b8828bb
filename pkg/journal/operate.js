// Operations under the caller's keys: turns a call into the engine's input, and the engine's answer into a Reply.

import { describeEvent, SENDER, unsentError } from '../client/attempts.js';
import { movesMoney, withMember, withReference } from '../client/index.js';
import { ConfigurationError, issue, OperationError, TransportError, ValidationError } from '../errors.js';
import { PAYMENTS, WALLETS } from '../generated/parameters.js';
import { makesPayment } from '../message/params.js';
import { Reply } from '../message/reply.js';
import { commandInfo } from '../message/request.js';
import { Amount } from '../money/amount.js';
import { readingOf } from '../operation/decide.js';
import { Engine } from '../operation/engine.js';
import { contentsOf, findBadKey, isText, recordable, splitKey, tagFor, uuidOf } from './contents.js';
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
 * @typedef {{ command: string, request: ApsRequest, params: Record<string, any>, payment: string, reference: string,
 *   key: string, intent: Record<string, unknown>, facts: import('./store.js').Facts, limits: import('../client/attempts.js').Limits,
 *   options: Record<string, any> }} Planned
 */

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
    const plan = await this.plan(command, given, options);
    return this.sender.observeOutcome(command, plan, start, this.carryOut(plan, 'send'));
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
   * Checks a call and builds its request. Nothing is recorded.
   * @param {string} command
   * @param {any} given
   * @param {any} givenOptions
   * @param {SqlStore} [store] the store of a transaction: while it is open, no other connection is used
   * @returns {Promise<Planned>}
   */
  async plan(command, given, givenOptions, store = this.store) {
    const { key, order: orderName, rest } = splitKey(given);
    const { options: checked, limits } = this.#options(givenOptions);
    /** @type {Record<string, any>} */
    const options = { ...checked, at: checked.at ?? Date.now() };
    const isPayment = makesPayment(command);
    const reference = await this.#referenceOf(rest, store);
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
    const facts = {
      params: JSON.stringify(withoutSecrets(recordable(params))),
      options: JSON.stringify(
        Object.fromEntries(BUILDING.flatMap((name) => (options[name] ? [[name, options[name]]] : []))),
      ),
      wallet: params.digital_wallet ?? WALLETS.find(({ name }) => name === options.credentials)?.digital_wallet,
    };
    return { command, request, params, payment, reference, key, intent, facts, limits, options };
  }

  /**
   * @param {Planned} plan
   * @param {'send' | 'prepare'} mode
   * @param {SqlStore} [store]
   * @returns {Promise<Reply>}
   */
  async carryOut(plan, mode, store = this.store) {
    const { command, request, params, payment, reference, key, intent, limits, options } = plan;
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
        wait: options.wait ?? 0,
        left: leftOf(options.deadline),
        ...this.sender.planSending(request, { ...params, merchant_reference: reference, fort_id: undefined }, limits),
      });
      return await this.#answer(end, key, store);
    } finally {
      store.facts.delete(attempt);
      if (store === this.store) await this.reviewDue();
    }
  }

  /**
   * Carries out a prepared operation.
   * @param {string} key
   * @param {OperationOptions | undefined} given
   * @returns {Promise<Reply>}
   */
  async carryOutPrepared(key, given) {
    const issues = findBadKey(key);
    if (issues.length > 0) throw new ValidationError(issues);
    const [row] = await this.store.list({ payment: '', key });
    if (row === undefined || !this.isOwn(row.payment) || !row.params) throw new OperationError('not_prepared', key);
    const { options: checked, limits } = this.#options(given);
    const own = /** @type {Record<string, any>} */ ({ ...checked, ...JSON.parse(row.options ?? '{}') });
    if (row.wallet && !own.credentials) own.credentials = credentialsOf(row.wallet);
    const request = this.sender.build(row.command, JSON.parse(row.params), own);
    const merchant_reference = referenceOf(row.payment);
    const params = { ...request.params, merchant_reference, fort_id: undefined };
    try {
      const { fingerprint } = JSON.parse(row.operation);
      const end = await this.engine.carryOut({
        ...{ payment: row.payment, key, fingerprint, merchant_reference },
        wait: own.wait ?? 0,
        left: leftOf(own.deadline),
        ...this.sender.planSending(request, params, limits),
      });
      return await this.#answer(end, key);
    } finally {
      await this.reviewDue();
    }
  }

  /**
   * Announces a payment on a hosted page.
   * @param {any} given
   * @param {OperationOptions | undefined} givenOptions
   */
  async expect(given, givenOptions) {
    const { key, order: orderName, rest } = splitKey(given);
    const { options: own } = this.#options(givenOptions);
    const { command = 'PURCHASE', merchant_reference, amount, currency, ...others } = rest;
    const order = omitUsual(merchant_reference, orderName);
    const issues = Object.keys(others).map((name) => issue(name, 'unknown', `expect takes no ${name}.`));
    if (!makesPayment(command)) {
      issues.push(issue('command', 'not_allowed', `command must be ${PAYMENTS.join(' or ')}.`));
    }
    if (typeof merchant_reference !== 'string' || merchant_reference === '' || /\s/.test(merchant_reference)) {
      issues.push(issue('merchant_reference', 'missing', 'merchant_reference must name the payment.'));
    }
    const money = Amount.isAmount(amount)
      ? Amount.from(amount)
      : typeof amount === 'string' && typeof currency === 'string' && /^\d{1,10}$/.test(amount)
        ? Amount.fromMinor(amount, currency)
        : undefined;
    if (money === undefined)
      issues.push(issue('amount', 'not_an_amount', 'amount must be an Amount, or minor units and a currency.'));
    if (issues.length > 0 || money === undefined) throw new ValidationError(issues);
    const minor = money.toJSON();
    const contents = JSON.stringify([
      'expect',
      command,
      merchant_reference,
      minor.amount,
      minor.currency,
      order ?? null,
    ]);
    const intent = {
      ...{ fingerprint: `${SHAPE}:${await digestOf(contents)}`, command, order, window: this.#window },
      ...{ amount: Number(minor.amount), currency: minor.currency },
    };
    const end = await this.engine.carryOut({
      ...{ payment: this.nameOf(merchant_reference), key, mode: 'expect', intent, basis: 'new', merchant_reference },
      ...{ despite: listOf(own.despite), wait: own.wait ?? 0 },
      ...this.sender.planSending(null, { merchant_reference }, { timeout: 60_000 }),
    });
    return this.#answer(end, key);
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
   */
  lookUp(payment, wallet) {
    const set = this.sender.account.credentials.find(({ name }) => name === (credentialsOf(wallet) ?? 'main'));
    const params = { merchant_reference: referenceOf(payment), access_code: set?.access_code };
    const { limits } = this.#options(undefined);
    const { lookUp } = this.sender.planSending(null, params, limits);
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
   * @param {SqlStore} [store]
   * @returns {Promise<Reply>}
   */
  async #answer(end, key, store = this.store) {
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
    const own = reply ?? row?.reply;
    if (own === undefined) {
      const empty = { status: '', code: '', message: '', params: {}, authentic: false };
      return new Reply({ ...empty, outcome, evidence, recorded });
    }
    return new Reply({ ...own, cause: own.cause, outcome, evidence, recorded: recorded ?? own.recorded });
  }

  /**
   * The `merchant_reference` of the payment that a call names, looked up in the journal or by CHECK_STATUS if necessary.
   * @param {Record<string, any>} params
   * @param {SqlStore} store
   * @returns {Promise<string>}
   */
  async #referenceOf({ merchant_reference, fort_id }, store) {
    const isNamed = typeof merchant_reference === 'string' && merchant_reference !== '';
    if (typeof fort_id !== 'string' || fort_id === '') return isNamed ? merchant_reference : '';
    const known = await store.paymentOf(this.#prefix, fort_id);
    if (isNamed && known !== undefined && referenceOf(known) !== merchant_reference) {
      const message = 'fort_id and merchant_reference name different payments.';
      throw new ValidationError([issue('fort_id', 'conflict', message)]);
    }
    if (isNamed) return merchant_reference;
    if (known !== undefined) return referenceOf(known);
    const reply = await this.#check(fort_id);
    const found = reply?.params.merchant_reference;
    if (reply && readingOf(reply) && typeof found === 'string' && found !== '') return found;
    const message = 'The payment of this fort_id could not be found, so nothing was sent. Give its merchant_reference.';
    throw new TransportError('no_baseline', 'no', message);
  }

  /** @param {string} fort_id */
  async #check(fort_id) {
    const { limits } = this.#options(undefined);
    const { lookUp } = this.sender.planSending(null, { fort_id }, limits);
    return (await lookUp({ purpose: 'baseline', timeout: limits.timeout, isRepeated: true })).reply;
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

/** @param {unknown} despite */
const listOf = (despite) => (typeof despite === 'string' ? [despite] : /** @type {string[]} */ (despite ?? []));

/** @param {number | (() => number) | undefined} deadline */
function leftOf(deadline) {
  if (deadline === undefined) return undefined;
  // One of the clocks may stand still while the process is frozen.
  const [steady, wall] = [performance.now(), Date.now()];
  const passed = () => Math.max(performance.now() - steady, Date.now() - wall);
  const left = typeof deadline === 'function' ? deadline : () => deadline - passed();
  return () => {
    try {
      return Math.min(Math.max(0, Math.floor(Number(left()) || 0)), Number.MAX_SAFE_INTEGER);
    } catch {
      // What cannot be asked is not waited for: the answer to what was sent must be recorded all the same.
      return 0;
    }
  };
}

/** @param {{ wait?: unknown, deadline?: unknown, despite?: unknown }} options */
function findBadWaits({ wait = 0, deadline = 0, despite }) {
  const issues = [];
  const isDuration = (/** @type {unknown} */ value) => typeof value === 'number' && value >= 0 && value < 2 ** 31;
  if (!isDuration(wait)) {
    issues.push(issue('wait', 'bad_format', 'wait must be a number of milliseconds, not below 0.'));
  }
  // What is left may be less than nothing.
  const isTime = typeof deadline === 'number' && deadline < 2 ** 31;
  if (typeof deadline !== 'function' && !isTime) {
    const message = 'deadline must be the milliseconds that are left, or a function that returns them.';
    issues.push(issue('deadline', 'bad_format', message));
  }
  if (!listOf(despite).every?.(isText)) {
    issues.push(issue('despite', 'bad_format', 'despite must be the key of an earlier attempt, or a list of keys.'));
  }
  return issues;
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
