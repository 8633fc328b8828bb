/**
 * `aps-payops/sandbox`: an offline gateway that answers as Amazon Payment Services does, over HTTP and in-process.
 * For Node. `codes.js` lists the codes that it answers with, {@link testCards} its test cards; see `README.md` for the rest.
 */

import { ConfigurationError } from '../errors.js';
import { completeAccount, listPhrases, matchPhrases } from './account.js';
import { Checkout } from './checkout.js';
import { Customer } from './customer.js';
import { Faults, readFaults } from './faults.js';
import { Gateway } from './gateway.js';
import { serve } from './http.js';
import { makeFetch, OFFLINE } from './local-fetch.js';
import { Log } from './log.js';
import { toLoggable } from './mask.js';
import { isPage } from './message.js';
import { Notifier, readWebhook } from './notifier.js';
import { expectThat, readChecked, readOptions, refuseAny } from './options.js';
import { Router } from './router.js';
import { Schedule } from './schedule.js';

export { testCards } from './cards.js';

/** @typedef {import('./signature.js').Digest} Digest */
/** @typedef {import('./faults.js').FaultRates} FaultRates */
/** @typedef {import('./faults.js').Aim} Aim */
/** @typedef {import('./notifier.js').Refusal} Refusal */
/** @typedef {import('./notifier.js').Webhook} Webhook */
/** @typedef {import('./cards.js').TestCard} TestCard */
/** @typedef {import('./log.js').LogEntry} LogEntry */
/** @typedef {import('./customer.js').CustomerChoice} CustomerChoice */
/** @typedef {import('./customer.js').Destination} Destination */
/** @typedef {import('./account.js').Phrases} Phrases */
/** @typedef {import('./gateway.js').SandboxPayment} SandboxPayment */

/**
 * Where the sandbox listens.
 * @typedef {object} Address
 * @property {string} url The origin, without a slash at its end.
 */
/**
 * A length of time; the parts are added up.
 * @typedef {object} Span
 * @property {number} [days] 24 hours each.
 * @property {number} [hours] 60 minutes each.
 * @property {number} [minutes] 60 seconds each.
 * @property {number} [seconds] 1,000 milliseconds each.
 * @property {number} [ms] Milliseconds.
 */
/**
 * The addresses of the sandbox.
 * @typedef {object} SandboxEndpoints
 * @property {string} paymentApi Takes operations.
 * @property {string} paymentPage Takes forms.
 * @property {string} upload Takes batch files.
 * @property {string} batchApi Takes the commands of batches.
 * @property {string} reportingApi Takes the commands of reports.
 */
/**
 * What a sandbox account has besides credentials.
 * @typedef {object} InSandbox
 * @property {SandboxEndpoints} environment Where it is.
 */

/**
 * An access code of the sandbox and its phrases.
 *
 * @template {Phrases} [P=string]
 * @typedef {import('./account.js').SandboxCredentials<P>} SandboxCredentials
 */

/**
 * What `PaymentServices` takes.
 *
 * @template {Phrases} [P=string]
 * @typedef {import('./account.js').MerchantAccount<P> & InSandbox} SandboxAccount
 */

/**
 * How the sandbox behaves.
 *
 * @template {Phrases} [P=Phrases]
 * @typedef {object} SandboxOptions
 * @property {import('./account.js').GivenAccount<P>} [account] Omitted parts are generated.
 * @property {() => number} [clock] Milliseconds since 1970; `Date.now` by default.
 * @property {FaultRates} [faults] None by default.
 * @property {string | URL | Webhook} [webhook] Where notifications go; nowhere by default.
 * @property {number} [windowDays] Days until an authorization lapses; 7 by default.
 * @property {'GET' | 'POST'} [returnMethod] How the browser returns to `return_url`; GET by default.
 * @property {string} [redirectionUrl] The account's page to return to where a request has no `return_url`.
 * @property {'captured' | 'documented'} [replies] `captured`, the default: replies to payments echo what real ones do, and
 *   values are HTML-escaped. `documented`: they echo the whole request as it was sent.
 * @property {'csv' | 'json'} [reports] What DOWNLOAD_REPORT returns; `csv` by default. APS documents neither.
 * @property {readonly string[]} [allow] Parameters that every command takes besides its own: what APS has added since.
 * @property {readonly SandboxPayment[]} [payments] The initial ledger: what `payments()` of an earlier sandbox returned.
 *   Payments belong to the account's main credentials; those that were waiting for their customer are dropped.
 * @property {number} [logLimit] How many log entries are kept; 10,000 by default. 0 keeps none, which is faster.
 */

const DAY = 86_400_000;

/** @type {(keyof SandboxOptions)[]} */
const OPTIONS = [
  .../** @type {const} */ (['account', 'clock', 'faults', 'webhook', 'windowDays', 'returnMethod']),
  .../** @type {const} */ (['redirectionUrl', 'replies', 'reports', 'allow', 'payments', 'logLimit']),
];

/**
 * An offline gateway: payments, stored cards, notifications and hosted pages, kept in memory.
 *
 * @template {Phrases} [P=string]
 */
export class Sandbox {
  #account;
  #origin = OFFLINE;
  #offset = 0;
  #clock;
  #faults;
  #schedule;
  #notifier;
  #gateway;
  #checkout;
  #router;
  #log;
  /** @type {import('node:http').Server | undefined} */
  #server;
  #closed = false;

  /**
   * A fetch that never leaves the process: it serves the sandbox's addresses, and refuses any other as a closed
   * port would. Redirects are returned, not followed. `init.signal` is honoured.
   *
   * @type {(input: string | URL | Request, init?: RequestInit) => Promise<Response>}
   */
  fetch;

  /** @param {SandboxOptions<P> | null} [options] */
  constructor(options) {
    const { account, clock, faults, webhook, returnMethod, logLimit, ...rest } = readSettings(options);
    this.#account = account;
    const secrets = matchPhrases(this.#account);
    this.#clock = clock;
    this.#log = new Log(logLimit);
    const now = () => this.#now();
    /** @param {import('./message.js').Message} message */
    const show = (message) => toLoggable(message, secrets);
    this.#schedule = new Schedule(now);
    this.#faults = new Faults(faults);
    this.#notifier = new Notifier({
      schedule: this.#schedule,
      log: ({ url, message, status = 0, ...more }) =>
        this.#log.write(() => ({
          kind: 'notification',
          at: now(),
          to: url,
          status,
          ...more,
          faults: [...more.faults],
          params: show(message),
        })),
    });
    this.#notifier.webhook = webhook;
    this.#gateway = this.#makeGateway(rest);
    this.#checkout = new Checkout(this.#gateway);
    this.#router = new Router({
      gateway: this.#gateway,
      checkout: this.#checkout,
      schedule: this.#schedule,
      faults: this.#faults,
      notifier: this.#notifier,
      now,
      returnMethod,
      log: ({ path, request, reply, status, faults, hint }) =>
        this.#log.write(() => ({
          kind: 'exchange',
          at: now(),
          to: path,
          status,
          ...(request && { request: show(request) }),
          ...(reply && { reply: show(reply) }),
          faults: [...faults],
          ...(hint !== undefined && { hint }),
        })),
    });
    const isOurs = (/** @type {string} */ origin) => !this.#closed && (origin === OFFLINE || origin === this.#origin);
    this.fetch = makeFetch(this.#router, isOurs);
  }

  /**
   * @param {Pick<ReturnType<typeof readSettings>, 'windowDays' | 'redirectionUrl' | 'replies' | 'reports' | 'allow' | 'payments'>} options
   */
  #makeGateway({ windowDays, redirectionUrl, replies, reports, allow, payments }) {
    const { merchant_identifier, applePay } = this.#account;
    return new Gateway({
      credentials: [this.#account, applePay].map((set) => ({
        access_code: set.access_code,
        requestPhrases: listPhrases(set.sha_request_phrase),
        responsePhrase: listPhrases(set.sha_response_phrase)[0] ?? '',
        digest: set.digest,
        applePay: set === applePay,
        replies,
      })),
      merchantIdentifier: merchant_identifier,
      window: windowDays * DAY,
      redirectionUrl,
      reports,
      allow,
      payments,
      threeDSecureUrl: (id) => `${this.#origin}/FortAPI/3ds/${id}`,
      linkUrl: (id) => `${this.#origin}/FortAPI/link/${id}`,
    });
  }

  /**
   * Ready for `PaymentServices`. Its `environment` points to {@link Sandbox.fetch}, and after {@link Sandbox.listen} to
   * the HTTP server.
   *
   * @returns {SandboxAccount<P>}
   */
  get account() {
    const api = `${this.#origin}/FortAPI`;
    const { applePay, ...account } = /** @type {import('./account.js').MerchantAccount<P>} */ (this.#account);
    return {
      ...account,
      applePay: { ...applePay },
      environment: {
        paymentApi: `${api}/paymentApi`,
        paymentPage: `${api}/paymentPage`,
        upload: `${api}/upload/`,
        batchApi: `${api}/batchApi/`,
        reportingApi: `${api}/reportingApi`,
      },
    };
  }

  /** Where notifications go; `undefined` for nowhere. */
  get webhook() {
    return this.#notifier.webhook;
  }

  /** @param {string | URL | Webhook | null | undefined} webhook */
  set webhook(webhook) {
    /** @type {import('./options.js').Issue[]} */
    const issues = [];
    const read = readWebhook(webhook, issues);
    refuseAny(issues);
    this.#notifier.webhook = read;
  }

  /**
   * Also serves over HTTP on 127.0.0.1.
   *
   * @param {number} [port] A free one by default.
   * @returns {Promise<Address>}
   * @throws {ConfigurationError} If it listens already, or was closed, or there is no such port.
   */
  async listen(port = 0) {
    /** @type {import('./options.js').Issue[]} */
    const issues = [];
    expectThat(issues, Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', 'a whole number from 0 to 65535');
    refuseAny(issues);
    if (this.#closed) throw new ConfigurationError('closed', 'The sandbox is closed: make another one.');
    if (this.#server) {
      throw new ConfigurationError('listening', 'The sandbox listens already, at the origin of account.environment.');
    }
    const server = serve(this.#router);
    this.#server = server;
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve(undefined);
        });
      });
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    this.#origin = `http://127.0.0.1:${address.port}`;
    return { url: this.#origin };
  }

  /** The ledger, in order of arrival. Amounts are minor units as strings of digits. */
  payments() {
    return this.#gateway.payments(this.#now());
  }

  /** Requests with their replies, and attempts to notify, oldest first. */
  log() {
    return this.#log.read();
  }

  /**
   * Moves the clock forward. What became due runs now, in order, each at its own time.
   *
   * @param {Span | null} [span]
   * @throws {ConfigurationError} If it is not a span forward.
   */
  advance(span) {
    const options = readChecked(span, ['days', 'hours', 'minutes', 'seconds', 'ms'], (given, issues) => {
      for (const [name, value] of Object.entries(given)) expectThat(issues, Number.isFinite(value), name, 'a number');
    });
    const { days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 } = options;
    const by = days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms;
    if (by < 0)
      throw new ConfigurationError('invalid_options', 'The clock only goes forward: give a span of 0 or more.');
    this.#offset += by;
    this.#schedule.runDue();
  }

  /**
   * Changes the faults; omitted ones are unchanged.
   *
   * @param {FaultRates | null} [rates]
   * @returns {FaultRates} The faults in effect.
   * @throws {ConfigurationError} For unknown faults and commands, and for invalid rates: all that is wrong.
   */
  faults(rates) {
    this.#faults.set(rates);
    return this.#faults.get();
  }

  /** Resolves once every notification was accepted by the webhook (2xx or 302) or given up after its retries. */
  delivered() {
    return this.#notifier.delivered();
  }

  /**
   * Acts as the customer: on the hosted page of a built form, behind a payment link, or after `redirectTo`.
   *
   * @param {Destination} destination
   * @param {CustomerChoice | null} [choice]
   * @returns {Promise<Record<string, string> | null>} The parameters that arrive at `return_url`, including its own query;
   *   `null` when nothing arrives: the customer left, there is no `return_url`, or a fault cut the connection.
   * @throws {ConfigurationError} If there is nowhere to go, or the gateway refuses the card.
   */
  complete(destination, choice) {
    const customer = new Customer({ router: this.#router, gateway: this.#gateway, checkout: this.#checkout });
    return customer.complete(destination, choice);
  }

  /** Restores the initial state: no payments, tokens, log or pending tasks; the clock and the faults as at first. */
  reset() {
    this.#notifier.stop();
    this.#schedule.clear();
    this.#gateway.reset();
    this.#checkout.reset();
    this.#log.clear();
    this.#offset = 0;
    this.#faults.reset();
  }

  /** Cancels everything in progress. The sandbox cannot be used again. */
  async close() {
    this.#closed = true;
    this.#notifier.webhook = undefined;
    this.#notifier.stop();
    this.#schedule.clear();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const done = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await done;
  }

  #now() {
    return this.#clock() + this.#offset;
  }
}

/**
 * @param {SandboxOptions<any> | null} [options]
 * @throws {ConfigurationError} Everything that is wrong.
 */
function readSettings(options) {
  /** @type {import('./options.js').Issue[]} */
  const issues = [];
  const given = readOptions(options, OPTIONS, issues);
  const { windowDays = 7, returnMethod = 'GET', logLimit = 10_000, redirectionUrl, allow = [], payments = [] } = given;
  const { replies = 'captured', reports = 'csv', clock = Date.now } = given;
  const expect = (/** @type {boolean} */ isGood, /** @type {string} */ name, /** @type {string} */ expected) =>
    expectThat(issues, isGood, name, expected);
  const choose = (
    /** @type {string} */ name,
    /** @type {unknown} */ value,
    /** @type {readonly unknown[]} */ choices,
  ) => expect(choices.includes(value), name, choices.map((choice) => `'${choice}'`).join(' or '));
  const account = completeAccount(given.account, issues);
  const faults = readFaults(given.faults, issues);
  const webhook = readWebhook(given.webhook, issues);
  expect(typeof clock === 'function', 'clock', 'a function that returns milliseconds since 1970');
  expect(Number.isSafeInteger(logLimit) && logLimit >= 0, 'logLimit', 'a whole number, 0 or more');
  expect(typeof windowDays === 'number' && windowDays > 0, 'windowDays', 'a number of days above 0');
  choose('returnMethod', returnMethod, ['GET', 'POST']);
  choose('replies', replies, ['captured', 'documented']);
  choose('reports', reports, ['csv', 'json']);
  expect(redirectionUrl === undefined || isPage(redirectionUrl), 'redirectionUrl', 'an http or https URL');
  const isNames = Array.isArray(allow) && allow.every((name) => typeof name === 'string');
  expect(isNames, 'allow', "a list of the names of parameters, such as ['new_parameter']");
  const isLedger = Array.isArray(payments) && payments.every((one) => Array.isArray(one?.operations));
  expect(isLedger, 'payments', 'what payments() of an earlier sandbox returned');
  refuseAny(issues);
  return {
    account,
    faults,
    webhook,
    windowDays,
    returnMethod,
    logLimit,
    redirectionUrl,
    allow,
    payments,
    replies,
    reports,
    clock,
  };
}

/**
 * Makes a sandbox, with an account of its own unless one is given.
 *
 * @overload
 * @param {SandboxOptions<string> | null} [options]
 * @returns {Sandbox}
 * @throws {ConfigurationError} `invalid_options`, for unknown options and for values that an option cannot have: all that is
 *   wrong.
 */
/**
 * Makes a sandbox, with an account of its own unless one is given.
 *
 * @overload
 * @param {SandboxOptions | null} [options] If phrases are given as a list, the account has the list.
 * @returns {Sandbox<Phrases>}
 * @throws {ConfigurationError} `invalid_options`, for unknown options and for values that an option cannot have: all that is
 *   wrong.
 */
/**
 * @param {SandboxOptions<any> | null} [options]
 * @returns {Sandbox<any>}
 */
export function createSandbox(options) {
  return new Sandbox(options);
}
