/** The forms with which shops send their customers, and what customers do on the pages behind them. */

import { randomUUID } from 'node:crypto';
import { check } from './check.js';
import { isPage, text, writeJson } from './message.js';
import { isCardless } from './payment-method.js';
import { writeRejection } from './reply.js';
import { refuse } from './services/answer.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./faults.js').Problem} Problem */
/** @typedef {import('./services/links.js').Link} Link */
/** @typedef {Answer & { returnUrl?: string | undefined }} Ending With a `returnUrl` only if the merchant signed it. */

/**
 * A page that waits for its customer, or has been answered.
 *
 * @typedef {import('./authenticate.js').Admitted
 *   & { returnUrl: string | undefined, answer?: Answer, cancelled?: boolean }} Page
 */

/** A form with one of these comes from a page of the shop with card fields of its own (Merchant Page 2.0). */
const CARD_FIELDS = ['card_number', 'expiry_date', 'card_security_code'];

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
   * Handles the form that a browser posts to paymentPage. Posting it again leads to the same page, or to its answer
   * once there is one, so a reload or a second click is not another payment.
   *
   * @param {Message | undefined} message `undefined` when it could not be read.
   * @param {number} at
   * @param {() => Problem} strike Called when it is carried out at once.
   * @returns {{ id: string, hint?: string | undefined } | Ending} A page, or an answer at once.
   */
  open(message, at, strike) {
    if (!message) return { reply: writeRejection(new Map(), { code: '00073' }) };
    const gateway = this.#gateway;
    const admitted = gateway.admit(message, 'page');
    if ('code' in admitted) return { reply: writeRejection(message, admitted), hint: admitted.hint };
    const given = text(message, 'return_url');
    if (given !== undefined && !isPage(given)) return refuse(admitted, { code: '00002', detail: 'return_url' });
    const returnUrl = given ?? gateway.redirectionUrl;
    if (returnUrl === undefined) return refuse(admitted, { code: '00037' });

    const stores = admitted.found.command.effect === 'service';
    // A card from the shop's own form, or a command without a card: there is nothing to ask the customer.
    if (stores && (cardFieldsOf(admitted).length === 0 || CARD_FIELDS.some((name) => message.has(name)))) {
      const missing = cardFieldsOf(admitted).find((name) => text(message, name) === undefined);
      const complaint =
        check(admitted.found, message, 'api', at) ?? (missing ? { code: '00001', detail: missing } : undefined);
      const answer = complaint ? refuse(admitted, complaint) : gateway.carryOut(admitted, at, strike());
      return { hint: admitted.hint, ...answer, returnUrl };
    }
    const form = writeJson(message);
    const known = this.#byForm.get(form);
    const page = known === undefined ? undefined : this.#pages.get(known);
    // Another card for the same order is a new attempt, and so is another try after cancelling.
    if (known !== undefined && page && !page.cancelled && !(stores && page.answer)) return { id: known };
    const complaint =
      check(admitted.found, message, stores ? 'api' : 'page', at) ??
      (stores ? undefined : gateway.findDuplicate(message));
    if (complaint) return { ...refuse(admitted, complaint), returnUrl };
    const id = randomUUID();
    this.#pages.set(id, { ...admitted, returnUrl });
    this.#byForm.set(form, id);
    return { id, hint: admitted.hint };
  }

  /**
   * Whether a payment link still works. Until it expires it leads to its page while it is open, then to its result.
   *
   * @param {Link} link
   * @param {number} at
   */
  isOpen(link, at) {
    if (at >= link.until) return false;
    return this.#pages.get(link.id)?.answer !== undefined || link.statusAt(at) === 'Open';
  }

  /**
   * The page behind a payment link: the same one, however often it is followed.
   *
   * @param {Link} link
   * @returns {string} The page's id.
   */
  follow(link) {
    link.opened += 1;
    const page = this.#pages.get(link.id);
    // Changes by UPDATE_PAYMENT_LINK apply until it is paid.
    if (!page?.answer || page.cancelled) {
      const returnUrl = text(link.admitted.message, 'return_url');
      const isGood = returnUrl !== undefined && isPage(returnUrl);
      this.#pages.set(link.id, { ...link.admitted, returnUrl: isGood ? returnUrl : this.#gateway.redirectionUrl });
    }
    return link.id;
  }

  /**
   * @param {string} id
   * @returns {Readonly<Page> | undefined}
   */
  page(id) {
    return this.#pages.get(id);
  }

  /**
   * The customer enters a card on the page, cancels, or ends a payment without a card by `result`. Doing so again gives the
   * same result.
   *
   * @param {string} id
   * @param {Message | 'cancel'} fields Card parameters, or the result.
   * @param {number} at
   * @param {{ strike?: Problem, challenged?: boolean }} [how] Whether 3-D Secure is required for any card.
   * @returns {Ending | Complaint | undefined} A complaint about the card lets them try again.
   */
  submit(id, fields, at, { strike, challenged = false } = {}) {
    const page = this.#pages.get(id);
    if (!page) return undefined;
    const { returnUrl } = page;
    if (page.answer) return { reply: page.answer.reply, returnUrl };
    if (fields === 'cancel') {
      page.answer = this.#gateway.cancel(page);
      page.cancelled = true;
      return { ...page.answer, returnUrl };
    }
    const isDecided = isCardless(page.message);
    const result = fields.get('result');
    if (isDecided && result !== 'pass' && result !== 'fail') return { code: '00001', detail: 'result' };
    const admitted = isDecided
      ? { ...page, confirmed: result === 'pass' }
      : { ...page, message: new Map([...page.message, ...fields]), challenged };
    const complaint = isDecided ? this.#gateway.findDuplicate(page.message) : this.#checkCard(admitted, at);
    if (complaint) return complaint;
    const answer = this.#gateway.carryOut(admitted, at, strike);
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
  #checkCard(admitted, at) {
    const { message, found } = admitted;
    const stores = found.command.effect === 'service';
    const given = CARD_FIELDS.filter((name) => text(message, name) !== undefined);
    // A stored card needs only its security code; any other card needs every field.
    const isStored = given.every((name) => name === 'card_security_code') && text(message, 'token_name') !== undefined;
    const stored = !stores && isStored;
    const missing = stored ? undefined : cardFieldsOf(admitted).find((name) => !given.includes(name));
    if (missing !== undefined) return { code: '00001', detail: missing };
    const complaint = check(found, message, 'api', at);
    return complaint ?? (stores ? undefined : this.#gateway.findDuplicate(message));
  }
}

/**
 * The fields of a card: all of them to pay; to store it, those that the command knows.
 *
 * @param {import('./authenticate.js').Admitted} admitted
 */
const cardFieldsOf = ({ found: { command } }) =>
  CARD_FIELDS.filter((name) => command.effect !== 'service' || command.notOnPage.includes(name));
