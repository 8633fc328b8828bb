/** The gateway itself: carries out requests, keeps the ledger, answers. No network, no clock. */

import { Authenticator } from './authenticate.js';
import { check } from './check.js';
import { Ledger } from './ledger.js';
import { text } from './message.js';
import { Payments } from './payments.js';
import { writeCancellation, writeRejection } from './reply.js';
import { answerPlainly, fail, refuse } from './services/answer.js';
import { SERVICES } from './services/index.js';
import { State } from './services/state.js';
import { StoredCards } from './stored-cards.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./faults.js').Problem} Problem */
/** @typedef {import('./authenticate.js').Admitted} Admitted */
/** @typedef {import('./reply.js').Answer} Answer */
/**
 * An operation in the ledger of the sandbox.
 * @typedef {object} SandboxOperation
 * @property {string} command APS's name
 * @property {string | undefined} amount Minor units.
 * @property {string | undefined} maintenance_reference Of a refund.
 * @property {string} response_code What was answered.
 * @property {boolean} carriedOut Whether it was carried out, whatever the answer says.
 * @property {number} at Milliseconds since 1970 by the sandbox's clock.
 */
/**
 * A payment in the ledger of the sandbox.
 * @typedef {object} SandboxPayment
 * @property {string} merchant_reference Of the order.
 * @property {string} fort_id The sandbox's id of the payment.
 * @property {'AUTHORIZATION' | 'PURCHASE'} command The command that began it.
 * @property {string} currency ISO 4217.
 * @property {string | undefined} payment_option The card's brand, or the payment method.
 * @property {string} authorized Minor units.
 * @property {string} captured Minor units.
 * @property {string} refunded Minor units.
 * @property {boolean} voided Whether it was voided.
 * @property {string} state As `PaymentView` has it.
 * @property {SandboxOperation[]} operations In the order of their arrival.
 */

/** @typedef {Admitted & { rows?: Message[] | undefined }} Uploaded With the rows of a file. */

export class Gateway {
  #authenticator;
  #ledger;
  #cards = new StoredCards();
  #state;
  #payments;
  /** The account's page to return to where a request has no `return_url`. @type {string | undefined} */
  redirectionUrl;

  /**
   * @param {object} options
   * @param {readonly import('./authenticate.js').Credentials[]} options.credentials
   * @param {string} options.merchantIdentifier
   * @param {number} options.window In milliseconds.
   * @param {string | undefined} options.redirectionUrl
   * @param {(id: string) => string} options.threeDSecureUrl
   * @param {(id: string) => string} options.linkUrl
   * @param {'csv' | 'json'} options.reports What DOWNLOAD_REPORT answers.
   * @param {readonly string[]} options.allow Parameters that every command takes, besides its own.
   * @param {readonly import('./ledger.js').Snapshot[]} options.payments The books of an earlier sandbox.
   */
  constructor(options) {
    const { credentials, merchantIdentifier, window, redirectionUrl, threeDSecureUrl } = options;
    const { linkUrl, reports, allow, payments } = options;
    this.redirectionUrl = redirectionUrl;
    this.#authenticator = new Authenticator({ credentials, merchantIdentifier, allow });
    this.#ledger = new Ledger(window);
    this.#ledger.restore(payments, credentials[0]?.access_code ?? '');
    this.#state = new State({ linkUrl, threeDSecureUrl, reports });
    this.#payments = new Payments({
      ledger: this.#ledger,
      cards: this.#cards,
      state: this.#state,
      redirectionUrl,
      threeDSecureUrl,
    });
  }

  reset() {
    this.#ledger.clear();
    this.#cards.clear();
    this.#payments.clear();
    this.#state.clear();
  }

  /**
   * @param {number} at
   * @returns {SandboxPayment[]}
   */
  payments(at) {
    return this.#ledger.snapshot(at);
  }

  /**
   * Answers a request to one of the APIs.
   *
   * @param {Message | undefined} message `undefined` when it could not be read.
   * @param {number} at
   * @param {Problem} strike
   * @param {{ channel?: import('./authenticate.js').Channel, rows?: Message[] | undefined }} [how] `rows` of an uploaded file
   * @returns {Answer}
   */
  handle(message, at, strike, { channel = 'api', rows } = {}) {
    if (!message) return { reply: writeRejection(new Map(), { code: '00073' }) };
    const admitted = this.admit(message, channel);
    if ('code' in admitted) return { reply: writeRejection(message, admitted), hint: admitted.hint };
    const complaint = check(admitted.found, message, 'api', at);
    const answer = complaint ? refuse(admitted, complaint) : this.carryOut({ ...admitted, rows }, at, strike);
    return admitted.hint === undefined ? answer : { hint: admitted.hint, ...answer };
  }

  /**
   * The request behind a payment link, which its customer completes.
   *
   * @param {string} id
   */
  link(id) {
    return this.#state.links.get(id);
  }

  /**
   * A row of a batch file: a request that was signed with the file.
   *
   * @param {Message} row
   * @param {Admitted} batch
   * @returns {Admitted | undefined}
   */
  #admitRow(row, { message, credentials }) {
    const request = new Map([...row].filter(([, value]) => value !== ''));
    for (const name of ['access_code', 'merchant_identifier', 'language', 'signature']) {
      request.set(name, message.get(name) ?? '');
    }
    const found = this.#authenticator.commandOf(request);
    return found?.command.channel.includes('api') ? { message: request, found, credentials } : undefined;
  }

  /**
   * @param {Message} message
   * @param {import('./authenticate.js').Channel} channel
   */
  admit(message, channel) {
    return this.#authenticator.admit(message, channel);
  }

  /**
   * Dispatches a request that was admitted and checked, from an API or a page, by its command.
   *
   * @param {Uploaded} admitted
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  carryOut(admitted, at, strike) {
    switch (admitted.found.name) {
      case 'AUTHORIZATION':
      case 'PURCHASE':
        return this.#payments.pay(admitted, at, strike);
      case 'CAPTURE':
      case 'REFUND':
      case 'VOID_AUTHORIZATION':
        return this.#payments.maintain(admitted, at, strike);
      case 'CHECK_STATUS':
        return this.#payments.checkStatus(admitted, at, strike);
      default:
        return this.#serve(admitted, at, strike);
    }
  }

  /**
   * @param {Uploaded} admitted
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  #serve(admitted, at, strike) {
    const { name } = admitted.found;
    if (strike?.technicalProblem) {
      strike.struck.push('technicalProblem');
      const rest = { ...strike, technicalProblem: false };
      const done = strike.carriedOut ? this.#serve(admitted, at, rest) : undefined;
      return { ...fail(admitted, '006'), notifications: done?.notifications ?? [] };
    }
    const service = (Object.hasOwn(SERVICES, name) && SERVICES[name]) || answerPlainly;
    return service(admitted, {
      at,
      ledger: this.#ledger,
      cards: this.#cards,
      state: this.#state,
      authenticator: this.#authenticator,
      checkRow: (row) => {
        const request = this.#admitRow(row, admitted);
        return request ? check(request.found, request.message, 'api', at) : { code: '00004' };
      },
      carryOut: (row) => {
        const request = this.#admitRow(row, admitted);
        if (!request) return { reply: writeRejection(row, { code: '00004' }) };
        const complaint = check(request.found, request.message, 'api', at);
        return complaint ? refuse(request, complaint) : this.carryOut(request, at, strike?.row(request.message));
      },
    });
  }

  /**
   * The customer cancelled on the page.
   *
   * @param {Admitted} admitted
   * @returns {Answer}
   */
  cancel(admitted) {
    const reply = writeCancellation(admitted);
    // A card that was not stored is not a transaction.
    return admitted.found.command.effect === 'money' ? { reply, notification: reply } : { reply };
  }

  /**
   * @param {Message} message
   * @returns {Complaint | undefined}
   */
  findDuplicate(message) {
    return this.#ledger.has(text(message, 'merchant_reference') ?? '') ? { code: '00066' } : undefined;
  }

  /**
   * The card behind a token.
   *
   * @param {string | undefined} token_name
   */
  storedCard(token_name) {
    return this.#cards.get(token_name);
  }

  /**
   * A 3-D Secure challenge: of a payment, or of an authentication that the merchant runs.
   *
   * @param {string} id
   */
  challenge(id) {
    return this.#payments.challenge(id) ?? this.#state.enrolments.challenge(id);
  }

  /**
   * The customer passes or fails the 3-D Secure challenge. Repeating it gives the same result.
   *
   * @param {string} id
   * @param {boolean} passed
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer | undefined}
   */
  decide(id, passed, at, strike) {
    return this.#payments.decide(id, passed, at, strike) ?? this.#state.enrolments.decide(id, passed);
  }
}
