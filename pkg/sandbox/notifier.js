/** Delivers notifications as APS does: POST of JSON, retried until 2xx or 302. */

import { tampered } from './faults.js';
import { writeJson } from './message.js';
import { optionsOf } from './options.js';

/** @typedef {import('./message.js').Message} Message */

/**
 * @typedef {object} Webhook
 * @property {string | URL} url
 * @property {number} [delay] Milliseconds before the first attempt; none unless told. With some, the browser is back first.
 * @property {number} [retries] After the first attempt; 10 unless told.
 * @property {number} [interval] Milliseconds between attempts; 10,000 unless told.
 * @property {typeof fetch} [fetch] Instead of the global one.
 */

/** APS waits so long for an answer, as far as this sandbox is concerned. */
const TIMEOUT = 30_000;
/** So many are under way at a time: a batch has as many to tell as it has rows. */
const AT_ONCE = 100;

export class Notifier {
  /** @type {Webhook | undefined} */
  webhook;
  #schedule;
  #faults;
  #log;
  #abort = new AbortController();
  /** @type {(() => Promise<void>)[]} */
  #waiting = [];
  #underWay = 0;

  /**
   * @param {object} options
   * @param {import('./schedule.js').Schedule} options.schedule
   * @param {import('./faults.js').Faults} options.faults
   * @param {(entry: { url: string, attempt: number, message: Message, status?: number, error?: string }) => void} options.log
   */
  constructor({ schedule, faults, log }) {
    this.#schedule = schedule;
    this.#faults = faults;
    this.#log = log;
  }

  /** @param {Message} message */
  send(message) {
    const { webhook } = this;
    if (!webhook) return;
    const { twice, tamper } = this.#faults.drawNotification();
    const spoilt = tamper !== undefined && message.has('signature') ? tampered(message, tamper) : message;
    const { delay = 0 } = webhook;
    for (let copy = 0; copy < (twice ? 2 : 1); copy += 1) {
      const deliver = () => this.#inTurn(() => this.#attempt(webhook, message, 1, spoilt));
      if (delay > 0) this.#schedule.add(delay, deliver, { background: true });
      else deliver();
    }
  }

  /** Gives up whatever is under way. */
  stop() {
    this.#waiting = [];
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** @param {() => Promise<void>} [attempt] Never rejects. */
  #inTurn(attempt) {
    if (attempt) this.#waiting.push(attempt);
    while (this.#underWay < AT_ONCE) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#underWay += 1;
      void next().finally(() => {
        this.#underWay -= 1;
        this.#inTurn();
      });
    }
  }

  /**
   * @param {Webhook} webhook
   * @param {Message} message
   * @param {number} attempt
   * @param {Message} [sent] What goes out this time, when that is not the message.
   */
  async #attempt(webhook, message, attempt, sent = message) {
    const { signal } = this.#abort;
    const url = String(webhook.url);
    const deliver = webhook.fetch ?? fetch;
    /** @type {{ status?: number, error?: string }} */
    let result = {};
    try {
      const response = await deliver(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        body: writeJson(sent),
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
    this.#log({ url: origin + pathname, attempt, message: sent, ...result });
    const { status = 0 } = result;
    if ((status >= 200 && status < 300) || status === 302) return;
    const { retries = 10, interval = 10_000 } = webhook;
    if (attempt > retries) return;
    const again = () => this.#inTurn(() => this.#attempt(webhook, message, attempt + 1));
    this.#schedule.add(interval, again, { background: true });
  }
}

/**
 * @param {string | URL | Webhook | null | undefined} given
 * @returns {Webhook | undefined}
 */
export function webhookOf(given) {
  if (given === undefined || given === null) return undefined;
  const told = typeof given === 'string' || given instanceof URL ? { url: given } : given;
  const webhook = optionsOf('webhook', told, ['url', 'delay', 'retries', 'interval', 'fetch']);
  if (!URL.canParse(String(webhook.url)) || !/^https?:$/.test(new URL(webhook.url).protocol)) {
    throw new TypeError('webhook: an http or https URL is needed');
  }
  // No fetch takes them in an address.
  const { username, password } = new URL(webhook.url);
  if (username || password) throw new TypeError('webhook: a URL without user name and password is needed');
  return webhook;
}

/**
 * By its code or its name, since a message may hold the whole address.
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
