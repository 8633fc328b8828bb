/** The forms that shops send their customers with, and what customers do on the pages behind them. */

import { randomUUID } from 'node:crypto';
import { check } from './check.js';
import { text, writeJson } from './message.js';
import { isCardless } from './payment-method.js';
import { rejection } from './reply.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./faults.js').Problem} Problem */
/** @typedef {Answer & { returnUrl?: string | undefined }} Ending With a `returnUrl` only if the merchant signed it. */

/**
 * A page that waits for its customer, or has its answer.
 *
 * @typedef {import('./authenticate.js').Admitted
 *   & { returnUrl: string | undefined, answer?: Answer, cancelled?: boolean }} Page
 */

/** A form with one of these comes from a page of the shop with card fields of its own (Merchant Page 2.0). */
const OF_CARD = ['card_number', 'expiry_date', 'card_security_code'];

export class Checkout {
  #gateway;
  /** @type {Map<string, Page>} */
  #pages = new Map();
  /** @type {Map<string, string>} */
  #byForm = new Map();

  /** @param {import('./gateway.js').Gateway} gateway */
  constructor(gateway) {
    this.#gateway = gateway;
  }

  reset() {
    this.#pages.clear();
    this.#byForm.clear();
  }

  /**
   * Takes the form that a browser posts to paymentPage. The same form again leads to the same page, and to its answer
   * once there is one, so that a reload or a second click is not another payment.
   *
   * @param {Message | undefined} message `undefined` when it could not be read.
   * @param {number} at
   * @param {Problem} [draw]
   * @returns {{ id: string } | Ending} A page, or an answer at once.
   */
  open(message, at, draw) {
    if (!message) return { reply: rejection(new Map(), { code: '00073' }) };
    const gateway = this.#gateway;
    const admitted = gateway.admit(message, 'page');
    if ('code' in admitted) return { reply: rejection(message, admitted), hint: admitted.hint };
    const returnUrl = text(message, 'return_url');
    if (returnUrl === undefined) return gateway.reject(admitted, { code: '00037' });
    if (!isPage(returnUrl)) return gateway.reject(admitted, { code: '00002', detail: 'return_url' });

    const stores = admitted.found.command.effect === 'service';
    // A card of the shop's own form; or a command that knows no card, so that there is nothing to ask the customer.
    if (stores && (ofCard(admitted).length === 0 || OF_CARD.some((name) => message.has(name)))) {
      const missing = ofCard(admitted).find((name) => text(message, name) === undefined);
      const complaint =
        check(admitted.found, message, 'api', at) ?? (missing ? { code: '00001', detail: missing } : undefined);
      const answer = complaint ? gateway.reject(admitted, complaint) : gateway.carryOut(admitted, at, draw);
      return { ...answer, returnUrl };
    }
    const form = writeJson(message);
    const known = this.#byForm.get(form);
    const page = known === undefined ? undefined : this.#pages.get(known);
    // Another card of the same order is another wish, and so is a second go after a cancelled one.
    if (known !== undefined && page && !page.cancelled && !(stores && page.answer)) return { id: known };
    const complaint =
      check(admitted.found, message, stores ? 'api' : 'page', at) ?? (stores ? undefined : gateway.duplicate(message));
    if (complaint) return { ...gateway.reject(admitted, complaint), returnUrl };
    const id = randomUUID();
    this.#pages.set(id, { ...admitted, returnUrl });
    this.#byForm.set(form, id);
    return { id };
  }

  /**
   * The page behind a payment link: the same one, however often it is followed.
   *
   * @param {string} id The link's.
   * @returns {string} The page's.
   */
  follow(id) {
    const link = this.#gateway.link(id);
    if (link && !this.#pages.has(id)) {
      const returnUrl = text(link.admitted.message, 'return_url');
      this.#pages.set(id, { ...link.admitted, returnUrl: returnUrl && isPage(returnUrl) ? returnUrl : undefined });
    }
    return id;
  }

  /**
   * @param {string} id
   * @returns {Readonly<Page> | undefined}
   */
  page(id) {
    return this.#pages.get(id);
  }

  /**
   * The customer gives a card on the page, or leaves it; or ends what needs no card, as `result` has it. A second time
   * tells the same result.
   *
   * @param {string} id
   * @param {Message | 'cancel'} fields Card parameters, or the result.
   * @param {number} at
   * @param {Problem} [draw]
   * @returns {Ending | Complaint | undefined} A complaint about the card lets them try again.
   */
  submit(id, fields, at, draw) {
    const page = this.#pages.get(id);
    if (!page) return undefined;
    const { returnUrl } = page;
    if (page.answer) return { reply: page.answer.reply, returnUrl };
    if (fields === 'cancel') {
      page.answer = this.#gateway.reject(page, { code: '00072' });
      page.cancelled = true;
      return { ...page.answer, returnUrl };
    }
    const isDecided = isCardless(page.message);
    const result = fields.get('result');
    if (isDecided && result !== 'pass' && result !== 'fail') return { code: '00001', detail: 'result' };
    const admitted = isDecided
      ? { ...page, confirmed: result === 'pass' }
      : { ...page, message: new Map([...page.message, ...fields]) };
    const complaint = isDecided ? this.#gateway.duplicate(page.message) : this.#complaint(admitted, at);
    if (complaint) return complaint;
    const answer = this.#gateway.carryOut(admitted, at, draw);
    const code = text(answer.reply, 'response_code') ?? '';
    if (code.startsWith('00')) return { code };
    page.answer = answer;
    return { ...answer, returnUrl };
  }

  /**
   * @param {import('./authenticate.js').Admitted} admitted
   * @param {number} at
   * @returns {Complaint | undefined}
   */
  #complaint(admitted, at) {
    const { message, found } = admitted;
    const stores = found.command.effect === 'service';
    const given = OF_CARD.filter((name) => text(message, name) !== undefined);
    // A stored card needs none of them; any other needs all.
    const stored = !stores && given.length === 0 && text(message, 'token_name') !== undefined;
    const missing = stored ? undefined : ofCard(admitted).find((name) => !given.includes(name));
    if (missing !== undefined) return { code: '00001', detail: missing };
    const complaint = check(found, message, 'api', at);
    return complaint ?? (stores ? undefined : this.#gateway.duplicate(message));
  }
}

/**
 * What a card is told by: all of it to pay, as much as the command knows to store it.
 *
 * @param {import('./authenticate.js').Admitted} admitted
 */
const ofCard = ({ found: { command } }) =>
  OF_CARD.filter((name) => command.effect !== 'service' || command.notOnPage.includes(name));

/**
 * Whether a browser can be sent there.
 *
 * @param {string} url
 */
export function isPage(url) {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
