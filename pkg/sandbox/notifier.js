/** Delivers notifications as APS does: by POST, as JSON or as a form, retried until 2xx or 302. */

import { tampered } from './faults.js';
import { writeForm, writeJson } from './message.js';
import { optionsOf } from './options.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./faults.js').WebhookStrike} WebhookStrike */

/**
 * Where notifications go, and how.
 * @typedef {object} Webhook
 * @property {string | URL} url Takes them by POST.
 * @property {'json' | 'form'} [encoding] `json` by default. APS sets it by account.
 * @property {number} [delay] Milliseconds before the first attempt; 0 by default. With some, the browser is back first.
 * @property {number} [retries] After the first attempt; 10 by default.
 * @property {number} [interval] Milliseconds between attempts; 10,000 by default.
 * @property {typeof fetch} [fetch] Instead of the global one.
 */

/** How long an attempt waits for its answer, in milliseconds. */
const TIMEOUT = 30_000;
/** How many attempts are under way at a time: a batch has as many notifications as it has rows. */
const AT_ONCE = 100;

/** @type {Record<'json' | 'form', { type: string, write: (message: Message) => string }>} */
const ENCODINGS = {
  json: { type: 'application/json;charset=UTF-8', write: writeJson },
  form: { type: 'application/x-www-form-urlencoded;charset=UTF-8', write: writeForm },
};

/**
 * @typedef {object} Delivery A copy of a notification that is to arrive.
 * @property {Webhook} webhook
 * @property {Message} message
 * @property {Message} first What goes out at the first attempt, when that is not the message.
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
  /** Where the deliveries that still wait begin: what is before has left. */
  #head = 0;
  #underWay = 0;
  /** How many copies have neither been taken nor given up. */
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
    const first = isTampered ? tampered(message, tamper) : message;
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

  /** Settles once every notification was taken or given up. */
  async delivered() {
    if (this.#undelivered === 0) return;
    // Waiting deliveries do not keep the process alive, but code that awaits them does.
    const alive = setInterval(() => {}, TIMEOUT);
    await new Promise((resolve) => this.#watchers.push(() => resolve(undefined)));
    clearInterval(alive);
  }

  /** Gives up whatever is under way. */
  stop() {
    this.#waiting = [];
    this.#head = 0;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#undelivered = 0;
    this.#tellWatchers();
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
      // Cut now and then, since cutting the first one off each time would move all the others.
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
    this.#log({ url: origin + pathname, attempt, message: sent, faults, ...result });
    const { status = 0 } = result;
    const isTaken = (status >= 200 && status < 300) || status === 302;
    const { retries = 10, interval = 10_000 } = webhook;
    if (!isTaken && attempt <= retries) {
      this.#deliverIn(Math.max(interval, 1), { ...delivery, attempt: attempt + 1 });
      return;
    }
    this.#undelivered -= 1;
    if (this.#undelivered === 0) this.#tellWatchers();
  }

  #tellWatchers() {
    for (const tell of this.#watchers.splice(0)) tell();
  }
}

/**
 * @param {string | URL | Webhook | null | undefined} given
 * @returns {Webhook | undefined}
 * @throws {TypeError}
 */
export function readWebhook(given) {
  if (given === undefined || given === null) return undefined;
  const told = typeof given === 'string' || given instanceof URL ? { url: given } : given;
  const webhook = optionsOf('webhook', told, ['url', 'encoding', 'delay', 'retries', 'interval', 'fetch']);
  if (!URL.canParse(String(webhook.url)) || !/^https?:$/.test(new URL(webhook.url).protocol)) {
    throw new TypeError('webhook: url must be an http or https URL');
  }
  // No fetch takes them in an address.
  const { username, password } = new URL(webhook.url);
  if (username || password) throw new TypeError('webhook: url must not hold a user name or password');
  if (webhook.encoding !== undefined && !Object.hasOwn(ENCODINGS, webhook.encoding)) {
    throw new TypeError("webhook: encoding must be 'json' or 'form'");
  }
  return webhook;
}

/**
 * By its code or its name, since a message may hold the whole address.
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
