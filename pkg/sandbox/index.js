/**
 * `aps-payops/sandbox`: an offline gateway that answers as Amazon Payment Services does, over HTTP and in-process.
 * For Node. The codes that it answers with are listed in `codes.js`, its test cards in {@link testCards}.
 */

import { randomBytes } from 'node:crypto';
import { Checkout } from './checkout.js';
import { Faults } from './faults.js';
import { Gateway } from './gateway.js';
import { serve } from './http.js';
import { loggable } from './mask.js';
import { Notifier, webhookOf } from './notifier.js';
import { optionsOf } from './options.js';
import { ConnectionCut, Front } from './router.js';
import { Schedule } from './schedule.js';
import { DIGESTS } from './signature.js';

export { testCards } from './cards.js';

/** @typedef {import('./signature.js').Digest} Digest */
/** @typedef {import('./faults.js').FaultRates} FaultRates */
/** @typedef {import('./notifier.js').Webhook} Webhook */
/** @typedef {import('./cards.js').TestCard} TestCard */
/** @typedef {ReturnType<Gateway['payments']>[number]} SandboxPayment */

/** @typedef {string | readonly string[]} Phrases One, or several, newest first. */

/**
 * @template {Phrases} [P=string]
 * @typedef {object} SandboxCredentials
 * @property {string} access_code
 * @property {P} sha_request_phrase Requests signed with any of them are taken.
 * @property {P} sha_response_phrase Replies are signed with the newest.
 * @property {Digest} digest
 */

/**
 * What `PaymentServices` takes.
 *
 * @template {Phrases} [P=string]
 * @typedef {SandboxCredentials<P> & {
 *   environment: { paymentApi: string, paymentPage: string, upload: string, batchApi: string },
 *   merchant_identifier: string,
 *   language: 'en' | 'ar',
 *   applePay: SandboxCredentials<P>,
 * }} SandboxAccount
 */

/**
 * @template {Phrases} [P=Phrases]
 * @typedef {object} SandboxOptions
 * @property {Partial<Omit<SandboxAccount<P>, 'environment' | 'applePay'>> & { environment?: unknown, applePay?: Partial<SandboxCredentials<P>> }} [account]
 *   What is left out is made up. `environment` is always the sandbox's own.
 * @property {() => number} [clock] Milliseconds since 1970; `Date.now` unless told.
 * @property {FaultRates} [faults]
 * @property {string | URL | Webhook} [webhook] Where notifications go.
 * @property {number} [windowDays] Days until an authorization lapses; 7 unless told.
 * @property {'GET' | 'POST'} [returnMethod] How the browser comes back to `return_url`; GET unless told.
 * @property {readonly string[]} [allow] Parameters that every command takes, besides its own: what APS has added since.
 * @property {number} [logLimit] How many log entries are kept; 10,000 unless told. 0 makes none, which is faster.
 */

/**
 * An entry of the log. Card numbers are masked; security codes, phrases and unreadable bodies are left out.
 *
 * @typedef {object} LogEntry
 * @property {'exchange' | 'notification'} kind
 * @property {number} at Milliseconds since 1970 by the sandbox's clock.
 * @property {string} to The path of an exchange, the address of a notification.
 * @property {number} status Of HTTP; 0 when there was none.
 * @property {Record<string, unknown>} [request] Absent when it could not be read.
 * @property {Record<string, unknown>} [reply] Absent when there was none, or a file.
 * @property {string[]} [faults]
 * @property {string} [hint] Which common mistake made a signature that does not match.
 * @property {number} [attempt] Of a notification, from 1.
 * @property {Record<string, unknown>} [params] Of a notification, as sent.
 * @property {string} [error] Why a notification was not delivered.
 */

/** Nothing answers there but `sandbox.fetch`; port 1 is one that no browser and no fetch connects to. */
const OFFLINE = 'http://127.0.0.1:1';
const DAY = 86_400_000;
const OPTIONS = ['account', 'clock', 'faults', 'webhook', 'windowDays', 'returnMethod', 'logLimit', 'allow'];

/** @template {Phrases} [P=string] */
export class Sandbox {
  #account;
  #origin = OFFLINE;
  #offset = 0;
  #clock;
  #initialFaults;
  #faults;
  #schedule;
  #notifier;
  #gateway;
  #checkout;
  #front;
  #secrets;
  #logLimit;
  /** @type {LogEntry[]} */
  #log = [];
  /** @type {import('node:http').Server | undefined} */
  #server;
  #closed = false;

  /** @param {SandboxOptions<P> | null} [options] */
  constructor(options) {
    const told = optionsOf('createSandbox', options, OPTIONS);
    const { account, clock = Date.now, faults, webhook } = told;
    const { windowDays = 7, returnMethod = 'GET', logLimit = 10_000, allow = [] } = told;
    if (!Number.isSafeInteger(logLimit) || logLimit < 0) throw new RangeError('logLimit must be 0 or more');
    if (!(windowDays > 0)) throw new RangeError('windowDays must be more than 0');
    if (returnMethod !== 'GET' && returnMethod !== 'POST') throw new TypeError("returnMethod must be 'GET' or 'POST'");
    if (!Array.isArray(allow) || allow.some((name) => typeof name !== 'string')) {
      throw new TypeError('allow must be a list of the names of parameters');
    }
    this.#account = /** @type {Omit<SandboxAccount<P>, 'environment'>} */ (accountOf(account));
    this.#secrets = anyOf(phrasesOf(this.#account));
    this.#clock = clock;
    this.#logLimit = logLimit;
    const now = () => this.#now();
    this.#schedule = new Schedule(now);
    this.#faults = new Faults(faults);
    this.#initialFaults = this.#faults.get();
    this.#notifier = new Notifier({
      schedule: this.#schedule,
      faults: this.#faults,
      log: ({ url, attempt, message, status = 0, error }) => {
        this.#write(() => {
          const params = this.#loggable(message);
          return { kind: 'notification', at: now(), to: url, status, attempt, params, ...(error && { error }) };
        });
      },
    });
    this.#notifier.webhook = webhookOf(webhook);
    const { merchant_identifier, applePay } = this.#account;
    this.#gateway = new Gateway({
      credentials: [this.#account, applePay].map((set) => ({
        access_code: set.access_code,
        requestPhrases: listOf(set.sha_request_phrase),
        responsePhrase: listOf(set.sha_response_phrase)[0] ?? '',
        digest: set.digest,
        applePay: set === applePay,
      })),
      merchantIdentifier: merchant_identifier,
      window: windowDays * DAY,
      allow,
      threeDSecureUrl: (id) => `${this.#origin}/FortAPI/3ds/${id}`,
      linkUrl: (id) => `${this.#origin}/FortAPI/link/${id}`,
    });
    this.#checkout = new Checkout(this.#gateway);
    this.#front = new Front({
      gateway: this.#gateway,
      checkout: this.#checkout,
      schedule: this.#schedule,
      faults: this.#faults,
      notifier: this.#notifier,
      now,
      returnMethod,
      log: ({ path, request, reply, status, faults, hint }) =>
        this.#write(() => ({
          kind: 'exchange',
          at: now(),
          to: path,
          status,
          ...(request && { request: this.#loggable(request) }),
          ...(reply && { reply: this.#loggable(reply) }),
          faults: [...faults],
          ...(hint !== undefined && { hint }),
        })),
    });
  }

  /**
   * Ready for `PaymentServices`. Its `environment` leads to {@link Sandbox.fetch}, and after {@link Sandbox.listen} over
   * the network, too.
   *
   * @returns {SandboxAccount<P>}
   */
  get account() {
    const api = `${this.#origin}/FortAPI`;
    const { applePay, ...account } = this.#account;
    return {
      ...account,
      applePay: { ...applePay },
      environment: {
        paymentApi: `${api}/paymentApi`,
        paymentPage: `${api}/paymentPage`,
        upload: `${api}/upload/`,
        batchApi: `${api}/batchApi/`,
      },
    };
  }

  /** Where notifications go; `undefined` for nowhere. */
  get webhook() {
    return this.#notifier.webhook;
  }

  /** @param {string | URL | Webhook | null | undefined} webhook */
  set webhook(webhook) {
    this.#notifier.webhook = webhookOf(webhook);
  }

  /**
   * A fetch that never leaves the process: the sandbox's addresses are served, any other one is refused as a closed
   * port would be. Redirects are handed back, not followed. `init.signal` is honoured.
   *
   * @param {string | URL | Request} input
   * @param {RequestInit} [init]
   * @returns {Promise<Response>}
   */
  fetch = async (input, init = {}) => {
    const request = input instanceof Request ? new Request(input, init) : undefined;
    const signal = request?.signal ?? init.signal ?? undefined;
    signal?.throwIfAborted();
    const url = new URL(request?.url ?? String(input));
    if (this.#closed || (url.origin !== OFFLINE && url.origin !== this.#origin)) throw failed('ECONNREFUSED');
    const headers = request?.headers ?? new Headers(init.headers);
    const method = request?.method ?? init.method?.toUpperCase() ?? 'GET';
    const { body, type } = await bodyOf(request ?? init.body);
    const contentType = headers.get('content-type') ?? type;
    const incoming = { method, path: url.pathname, contentType, body };
    signal?.throwIfAborted();
    try {
      const outgoing = await this.#front.respond(incoming, signal);
      signal?.throwIfAborted();
      return new Response(outgoing.body === '' ? null : outgoing.body, outgoing);
    } catch (error) {
      throw error instanceof ConnectionCut ? failed('ECONNRESET') : error;
    }
  };

  /**
   * Serves over HTTP on 127.0.0.1, as well as in-process.
   *
   * @param {number} [port] Any free one unless told.
   * @returns {Promise<{ url: string }>} The origin, without a slash at its end.
   */
  async listen(port = 0) {
    if (this.#closed) throw new Error('the sandbox is closed');
    if (this.#server) throw new Error('the sandbox listens already');
    const server = serve(this.#front);
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

  /** The books, in order of arrival. Amounts are minor units as strings of digits. */
  payments() {
    return this.#gateway.payments(this.#now());
  }

  /** Requests with their replies, and attempts to notify, oldest first. */
  log() {
    return structuredClone(this.#logLimit === 0 ? [] : this.#log.slice(-this.#logLimit));
  }

  /**
   * Puts the clock forward. What was due meanwhile happens now, in its order and as at its own time.
   *
   * @param {{ days?: number, hours?: number, minutes?: number, seconds?: number, ms?: number } | null} [span]
   */
  advance(span) {
    const told = optionsOf('advance', span, ['days', 'hours', 'minutes', 'seconds', 'ms']);
    const { days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 } = told;
    const by = days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms;
    if (!(by >= 0)) throw new RangeError('advance: only forward');
    this.#offset += by;
    this.#schedule.runDue();
  }

  /**
   * Changes the faults; those left out stay as they are.
   *
   * @param {FaultRates | null} [rates]
   * @returns {FaultRates} What holds now.
   */
  faults(rates) {
    this.#faults.set(rates);
    return this.#faults.get();
  }

  /** Back to the beginning: no payments, tokens, log, or things to come; the clock and the faults as at first. */
  reset() {
    this.#notifier.stop();
    this.#schedule.clear();
    this.#gateway.reset();
    this.#checkout.reset();
    this.#log = [];
    this.#offset = 0;
    this.#faults.set(this.#initialFaults);
  }

  /** Ends everything that is under way. The sandbox cannot be used again. */
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

  /** @param {import('./message.js').Message} message */
  #loggable(message) {
    return loggable(message, this.#secrets);
  }

  /** @param {() => LogEntry} entry */
  #write(entry) {
    if (this.#logLimit === 0) return;
    this.#log.push(entry());
    // Twice the limit, so that the array is not moved for each entry.
    if (this.#log.length > 2 * this.#logLimit) this.#log = this.#log.slice(-this.#logLimit);
  }
}

/**
 * @overload
 * @param {SandboxOptions<string> | null} [options]
 * @returns {Sandbox}
 * @throws {TypeError | RangeError} If an option cannot be; a TypeError for a name that is none.
 */
/**
 * @overload
 * @param {SandboxOptions | null} [options] With several phrases in a list, which the account then has, too.
 * @returns {Sandbox<Phrases>}
 * @throws {TypeError | RangeError} If an option cannot be; a TypeError for a name that is none.
 */
/**
 * @param {SandboxOptions<any> | null} [options]
 * @returns {Sandbox<any>}
 */
export function createSandbox(options) {
  return new Sandbox(options);
}

/**
 * @param {Request | RequestInit['body']} given
 * @returns {Promise<{ body: Uint8Array, type: string }>}
 */
async function bodyOf(given) {
  if (given === undefined || given === null) return { body: new Uint8Array(), type: '' };
  // By far the most frequent, and a Response costs more than all the rest of an exchange.
  if (typeof given === 'string') return { body: Buffer.from(given), type: 'text/plain;charset=UTF-8' };
  const content = given instanceof Request ? given : new Response(given);
  return { body: new Uint8Array(await content.arrayBuffer()), type: content.headers.get('content-type') ?? '' };
}

/** @param {string} code */
function failed(code) {
  const syscall = code === 'ECONNRESET' ? 'read' : 'connect';
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });
}

/**
 * @param {Phrases} phrase
 * @returns {readonly string[]}
 */
const listOf = (phrase) => (typeof phrase === 'string' ? [phrase] : phrase);

/** @param {number} length */
const madeUp = (length) => randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length);

/**
 * @param {NonNullable<SandboxOptions['account']>} [given]
 * @returns {Omit<SandboxAccount<Phrases>, 'environment'>}
 */
function accountOf({ environment, applePay, language = 'en', merchant_identifier = madeUp(8), ...given } = {}) {
  const account = { ...given, language, merchant_identifier, ...credentialsOf('account', given) };
  return { ...account, applePay: credentialsOf('account.applePay', { digest: account.digest, ...applePay }) };
}

/**
 * @param {string} where
 * @param {Partial<SandboxCredentials<Phrases>>} given
 * @returns {SandboxCredentials<Phrases>}
 */
function credentialsOf(
  where,
  { access_code = madeUp(20), sha_request_phrase, sha_response_phrase, digest = 'SHA-256' },
) {
  if (!Object.hasOwn(DIGESTS, digest))
    throw new TypeError(`${where}.digest must be one of ${Object.keys(DIGESTS).join(', ')}`);
  const phrases = {
    sha_request_phrase: sha_request_phrase ?? madeUp(20),
    sha_response_phrase: sha_response_phrase ?? madeUp(20),
  };
  for (const [name, phrase] of Object.entries(phrases)) {
    const list = listOf(phrase);
    // An empty phrase would make the signature one that anybody can compute.
    if (!Array.isArray(list) || list.length === 0 || list.some((one) => typeof one !== 'string' || one === '')) {
      throw new TypeError(`${where}.${name} must be a text that is not empty, or a list of such`);
    }
  }
  return { access_code, ...phrases, digest };
}

/**
 * Finds any of the texts, the longest first, lest the end of one be left over.
 *
 * @param {readonly string[]} texts
 */
function anyOf(texts) {
  const sources = [...texts]
    .sort((a, b) => b.length - a.length)
    .map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(sources.join('|'), 'g');
}

/** @param {Omit<SandboxAccount<Phrases>, 'environment'>} account */
function phrasesOf(account) {
  return [account, account.applePay].flatMap((set) => [
    ...listOf(set.sha_request_phrase),
    ...listOf(set.sha_response_phrase),
  ]);
}
