/** The log: requests with their replies, and attempts to notify. */

/**
 * An entry of the log. Card numbers are masked; security codes, phrases and unreadable bodies are left out.
 *
 * @typedef {object} LogEntry
 * @property {'exchange' | 'notification'} kind A request with its reply, or an attempt to notify.
 * @property {number} at Milliseconds since 1970 by the sandbox's clock.
 * @property {string} to The path of an exchange, the address of a notification.
 * @property {number} status Of HTTP; 0 without an answer.
 * @property {Record<string, unknown>} [request] Absent when it could not be read.
 * @property {Record<string, unknown>} [reply] Absent without an answer, or when it is a file.
 * @property {string[]} [faults] Those that occurred.
 * @property {string} [hint] The common mistake behind a signature mismatch, or how an ambiguous signature was read.
 * @property {number} [attempt] Of a notification, from 1.
 * @property {Record<string, unknown>} [params] Of a notification, as sent.
 * @property {string} [error] Why a notification was not delivered.
 */

export class Log {
  #limit;
  /** @type {LogEntry[]} */
  #entries = [];

  /** @param {number} limit How many entries are kept. */
  constructor(limit) {
    this.#limit = limit;
  }

  clear() {
    this.#entries = [];
  }

  /** A copy, oldest first. */
  read() {
    return structuredClone(this.#limit === 0 ? [] : this.#entries.slice(-this.#limit));
  }

  /** @param {() => LogEntry} entry Not called when nothing is kept. */
  write(entry) {
    if (this.#limit === 0) return;
    this.#entries.push(entry());
    // At twice the limit, so that the array is not shifted for each entry.
    if (this.#entries.length > 2 * this.#limit) this.#entries = this.#entries.slice(-this.#limit);
  }
}
