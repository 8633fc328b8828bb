/** Delivers notifications as APS does: by POST, as JSON or as a form, retried until 2xx or 302. */

import { tamperWith } from './faults.js';
import { text, writeForm, writeJson } from './message.js';
import { expectThat, isTime, readOptions } from './options.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./faults.js').WebhookStrike} WebhookStrike */

/**
 * Where notifications go, and how.
 * @typedef {object} Webhook
 * @property {string | URL} url Takes them by POST.
 * @property {'json' | 'form'} [encoding] `json` by default. At APS this is a setting of the account.
 * @property {number} [delay] Milliseconds before the first attempt; 0 by default. With a delay, the browser returns first.
 * @property {number} [retries] After the first attempt; 10 by default.
 * @property {number} [interval] Milliseconds between attempts; 10,000 by default.
 * @property {typeof fetch} [fetch] The global one by default.
 * @property {(refusal: Refusal) => void} [refused] Called with each attempt that is not accepted; what it throws is ignored.
 */

/**
 * An attempt to deliver a notification that was not accepted.
 * @typedef {object} Refusal
 * @property {string} url Without its query.
 * @property {number} attempt From 1.
 * @property {string | undefined} command Of the notification.
 * @property {string | undefined} merchant_reference Of the notification.
 * @property {number | undefined} status The answer, if there was one.
 * @property {string | undefined} error Why there was none.
 * @property {number} left How many attempts follow at most.
 * @property {number} interval Milliseconds until the next.
 */

/** How long an attempt waits for its answer, in milliseconds. */
const TIMEOUT = 30_000;
/** How many attempts may be in progress at once: a batch has as many notifications as rows. */
const AT_ONCE = 100;

/** @type {Record<'json' | 'form', { type: string, write: (message: Message) => string }>} */
const ENCODINGS = {
  json: { type: 'application/json;charset=UTF-8', write: writeJson },
  form: { type: 'application/x-www-form-urlencoded;charset=UTF-8', write: writeForm },
};

/**
 * @typedef {object} Delivery A copy of a notification to be delivered.
 * @property {Webhook} webhook
 * @property {Message} message
 * @property {Message} first What the first attempt sends, which may differ from the message.
 * @property {string[]} faults
 * @property {number} attempt From 1.
 */

export class Notifier {
  /** @type {Webhook | undefined} */
  webhook;
  #schedule;
  #log;
  #abort = new AbortController();
  /** @type {Delivery[]} */
  #waiting = [];
  /** Index of the first delivery that still waits. */
  #head = 0;
  #underWay = 0;
  /** How many copies were neither accepted nor given up yet. */
  #undelivered = 0;
  /** @type {(() => void)[]} */
  #watchers = [];

  /**
   * @param {object} options
   * @param {import('./schedule.js').Schedule} options.schedule
   * @param {(entry: { url: string, attempt: number, message: Message, faults: string[], status?: number, error?: string }) => void} options.log
   */
  constructor({ schedule, log }) {
    this.#schedule = schedule;
    this.#log = log;
  }

  /**
   * @param {Message} message
   * @param {WebhookStrike} strike
   */
  send(message, { duplicate, heldBack, tamper }) {
    const { webhook } = this;
    if (!webhook) return;
    const isTampered = tamper !== undefined && message.has('signature');
    const first = isTampered ? tamperWith(message, tamper) : message;
    const faults = [
      ...(duplicate ? ['duplicateWebhook'] : []),
      ...(heldBack > 0 ? ['reorderWebhook'] : []),
      ...(isTampered ? ['tamper'] : []),
    ];
    const wait = (webhook.delay ?? 0) + heldBack;
    for (let copy = 0; copy < (duplicate ? 2 : 1); copy += 1) {
      this.#undelivered += 1;
      this.#deliverIn(wait, { webhook, message, first, faults, attempt: 1 });
    }
  }

  /** Resolves once every notification was accepted or given up. */
  async delivered() {
    if (this.#undelivered === 0) return;
    // Waiting deliveries do not keep the process alive, but code that awaits them does.
    const alive = setInterval(() => {}, TIMEOUT);
    await new Promise((resolve) => this.#watchers.push(() => resolve(undefined)));
    clearInterval(alive);
  }

  /** Gives up everything in progress. */
  stop() {
    this.#waiting = [];
    this.#head = 0;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#undelivered = 0;
    this.#resolveWatchers();
  }

  /**
   * @param {number} ms
   * @param {Delivery} delivery
   */
  #deliverIn(ms, delivery) {
    const deliver = () => {
      this.#waiting.push(delivery);
      this.#deliverNext();
    };
    if (ms > 0) this.#schedule.add(ms, deliver, { background: true });
    else deliver();
  }

  #deliverNext() {
    while (this.#underWay < AT_ONCE) {
      const next = this.#waiting[this.#head];
      if (!next) return;
      this.#head += 1;
      // Trimmed now and then: removing the first one each time would shift all others.
      if (this.#head > 1000 && this.#head * 2 > this.#waiting.length) {
        this.#waiting = this.#waiting.slice(this.#head);
        this.#head = 0;
      }
      this.#underWay += 1;
      void this.#attempt(next).finally(() => {
        this.#underWay -= 1;
        this.#deliverNext();
      });
    }
  }

  /** @param {Delivery} delivery */
  async #attempt(delivery) {
    const { webhook, message, first, faults, attempt } = delivery;
    const { signal } = this.#abort;
    const url = String(webhook.url);
    const sent = attempt === 1 ? first : message;
    const { type, write } = ENCODINGS[webhook.encoding ?? 'json'];
    const deliver = webhook.fetch ?? fetch;
    /** @type {{ status?: number, error?: string }} */
    let result = {};
    try {
      const response = await deliver(url, {
        method: 'POST',
        headers: { 'content-type': type },
        body: write(sent),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      });
      result = { status: response.status };
      await response.body?.cancel();
    } catch (error) {
      result = { ...result, error: reasonOf(error) };
    }
    if (signal.aborted) return;
    const { origin, pathname } = new URL(url);
    const shown = origin + pathname;
    this.#log({ url: shown, attempt, message: sent, faults, ...result });
    const { status, error } = { status: undefined, error: undefined, ...result };
    const isTaken = status !== undefined && ((status >= 200 && status < 300) || status === 302);
    const { retries = 10, interval = 10_000 } = webhook;
    const left = Math.max(retries + 1 - attempt, 0);
    if (!isTaken) {
      const names = { command: text(message, 'command'), merchant_reference: text(message, 'merchant_reference') };
      try {
        webhook.refused?.({ url: shown, attempt, ...names, status, error, left, interval });
      } catch {
        // What it throws changes nothing.
      }
    }
    if (!isTaken && left > 0) {
      this.#deliverIn(Math.max(interval, 1), { ...delivery, attempt: attempt + 1 });
      return;
    }
    this.#undelivered -= 1;
    if (this.#undelivered === 0) this.#resolveWatchers();
  }

  #resolveWatchers() {
    for (const resolve of this.#watchers.splice(0)) resolve();
  }
}

const OPTIONS = ['url', 'encoding', 'delay', 'retries', 'interval', 'fetch', 'refused'];

/**
 * @param {string | URL | Webhook | null | undefined} given
 * @param {import('./options.js').Issue[]} issues Takes what is wrong.
 * @returns {Webhook | undefined}
 */
export function readWebhook(given, issues) {
  if (given === undefined || given === null) return undefined;
  const options = typeof given === 'string' || given instanceof URL ? { url: given } : given;
  const count = issues.length;
  const webhook = readOptions(options, OPTIONS, issues, 'webhook');
  if (issues.length > count && Object.keys(webhook).length === 0) return undefined;
  const url = URL.canParse(String(webhook.url)) ? new URL(webhook.url) : undefined;
  const expect = (/** @type {boolean} */ isGood, /** @type {string} */ name, /** @type {string} */ expected) =>
    expectThat(issues, isGood, `webhook.${name}`, expected);
  expect(
    url !== undefined && /^https?:$/.test(url.protocol),
    'url',
    'an http or https URL, such as http://127.0.0.1:3000/notify',
  );
  // fetch rejects URLs with credentials.
  expect(!url?.username && !url?.password, 'url', 'without a user name or password');
  const { encoding = 'json', delay = 0, retries = 0, interval = 0, fetch, refused } = webhook;
  expect(Object.hasOwn(ENCODINGS, encoding), 'encoding', "'json' or 'form'");
  expect(isTime(delay), 'delay', 'a time in milliseconds, 0 or more');
  expect(Number.isSafeInteger(retries) && retries >= 0, 'retries', 'a whole number, 0 or more');
  expect(isTime(interval), 'interval', 'a time in milliseconds, 0 or more');
  expect(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function such as the global fetch');
  expect(refused === undefined || typeof refused === 'function', 'refused', 'a function');
  return webhook;
}

/**
 * By its code or name, since a message may contain the whole URL.
 *
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  const { code, name, cause } = /** @type {{ code?: unknown, name?: unknown, cause?: { code?: unknown } }} */ (
    error ?? {}
  );
  const [reason = 'failed'] = [cause?.code, code, name].filter((one) => typeof one === 'string');
  return String(reason);
}
