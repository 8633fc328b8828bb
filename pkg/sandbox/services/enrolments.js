/**
 * 3-D Secure that the merchant runs (DOC bypass page, NEW standalone guide): 3DS_ENROLLMENT returns an address, the customer
 * goes there and returns to `merchant_3ds_url`, and 3DS_AUTHENTICATION takes what arrived.
 */

import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { text } from '../message.js';
import { cardOf } from '../stored-cards.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('../stored-cards.js').Card} Card */

/**
 * @typedef {object} Enrolment
 * @property {Message} message Of 3DS_ENROLLMENT.
 * @property {Card} card
 * @property {string} threeds_id
 * @property {string | undefined} returnUrl
 * @property {{ reply: Message, returnBy: 'POST' }} [answer] What the browser takes to `merchant_3ds_url`.
 * @property {boolean} [passed]
 */

export class Enrolments {
  /** @type {Map<string, Enrolment>} */
  #byId = new Map();
  /** The last one of each `merchant_reference`. @type {Map<string, Enrolment>} */
  #byReference = new Map();
  #urlOf;

  /** @param {(id: string) => string} urlOf */
  constructor(urlOf) {
    this.#urlOf = urlOf;
  }

  clear() {
    this.#byId.clear();
    this.#byReference.clear();
  }

  /**
   * @param {Message} message Of 3DS_ENROLLMENT.
   * @param {Card | undefined} stored The card of its token.
   * @param {number} at
   * @returns {{ threeds_id: string, url: string }}
   */
  begin(message, stored, at) {
    const id = randomUUID();
    const threeds_id = `${Math.floor(at / 1000)}${String(randomInt(100_000_000)).padStart(8, '0')}`;
    const card = stored ?? cardOf(message, at);
    const enrolment = { message, card, threeds_id, returnUrl: text(message, 'merchant_3ds_url') };
    this.#byId.set(id, enrolment);
    this.#byReference.set(text(message, 'merchant_reference') ?? '', enrolment);
    return { threeds_id, url: this.#urlOf(id) };
  }

  /**
   * @param {string} id
   * @returns {Readonly<Enrolment> | undefined}
   */
  challenge(id) {
    return this.#byId.get(id);
  }

  /**
   * @param {string} id
   * @param {boolean} passed
   * @returns {Enrolment['answer']} Repeating it gives the same answer.
   */
  decide(id, passed) {
    const enrolment = this.#byId.get(id);
    if (!enrolment) return undefined;
    if (!enrolment.answer) {
      const reply = new Map([
        ['MD', enrolment.threeds_id],
        ['PaRes', randomBytes(48).toString('base64')],
      ]);
      enrolment.answer = { reply, returnBy: 'POST' };
      enrolment.passed = passed;
    }
    return enrolment.answer;
  }

  /**
   * Interprets what 3DS_AUTHENTICATION received. An answer that did not come from this sandbox is treated as that of an
   * unknown bank, and as passed.
   *
   * @param {string} merchant_reference
   * @param {string} body As a form.
   * @returns {{ threeds_id: string, passed: boolean } | undefined} `undefined` when there is no enrolment.
   */
  conclude(merchant_reference, body) {
    const enrolment = this.#byReference.get(merchant_reference);
    if (!enrolment) return undefined;
    const own = enrolment.answer?.reply.get('PaRes');
    const isOwn = own !== undefined && new URLSearchParams(body).get('PaRes')?.replaceAll(' ', '+') === own;
    return { threeds_id: enrolment.threeds_id, passed: isOwn ? enrolment.passed === true : true };
  }
}
