/** The pages on which customers pay, from the merchant's form to the return to the shop. */

import { tamperWith } from './faults.js';
import { text } from './message.js';
import { pageHeaders } from './pages/assets.js';
import { readCard } from './pages/card-input.js';
import { challengePage, leftPage } from './pages/challenge.js';
import { methodPage } from './pages/other-methods.js';
import { paymentPage } from './pages/payment.js';
import { errorPage, parametersOf, resultPage, returnLocation, returnPage } from './pages/return.js';
import { isCardless } from './payment-method.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./router.js').Outgoing} Outgoing */
/** @typedef {import('./router.js').Exchange} Exchange */
/** @typedef {import('./faults.js').Strike} Strike */

/** @typedef {{ path: string, request: Message | undefined, faults?: string[] }} Visit `faults`: those that occurred. */

export class HostedPages {
  #gateway;
  #checkout;
  #faults;
  #line;
  #now;
  #log;
  #notify;
  #returnMethod;
  /** Where a reply is tampered with on its way through the browser. @type {WeakMap<Message, number>} */
  #tampered = new WeakMap();

  /**
   * @param {object} options
   * @param {import('./gateway.js').Gateway} options.gateway
   * @param {import('./checkout.js').Checkout} options.checkout
   * @param {import('./faults.js').Faults} options.faults
   * @param {import('./with-faults.js').FaultyLine} options.line
   * @param {() => number} options.now
   * @param {(exchange: Exchange) => void} options.log
   * @param {(answer: Answer, strike?: Strike) => void} options.notify
   * @param {'GET' | 'POST'} options.returnMethod
   */
  constructor({ gateway, checkout, faults, line, now, log, notify, returnMethod }) {
    this.#gateway = gateway;
    this.#checkout = checkout;
    this.#faults = faults;
    this.#line = line;
    this.#now = now;
    this.#log = log;
    this.#notify = notify;
    this.#returnMethod = returnMethod;
  }

  /**
   * The merchant's form.
   *
   * @param {string} path
   * @param {Message | undefined} request `undefined` when it could not be read.
   * @returns {Outgoing}
   */
  open(path, request) {
    /** @type {Strike | undefined} */
    let strike;
    const answer = this.#checkout.open(request, this.#now(), () => {
      strike = this.#faults.strike(request);
      return strike;
    });
    if (!('id' in answer)) {
      if (strike?.tamper !== undefined) this.#tampered.set(answer.reply, strike.tamper);
      return this.#return({ path, request, faults: strike?.struck }, answer, answer.returnUrl, strike);
    }
    // To an address of its own, so that it can be reloaded and navigated back to.
    this.#log({ path, request, reply: undefined, status: 303, faults: [], hint: answer.hint });
    return redirect(`/FortAPI/paymentPage/${answer.id}`);
  }

  /**
   * The page behind a payment link.
   *
   * @param {string} id
   * @returns {Outgoing}
   */
  follow(id) {
    const link = this.#gateway.link(id);
    if (!link) return failure(404, 'Not Found');
    if (!this.#checkout.isOpen(link, this.#now())) return failure(410, 'Gone');
    return redirect(`/FortAPI/paymentPage/${this.#checkout.follow(link)}`);
  }

  /**
   * @param {string} path
   * @param {string} id
   * @returns {Outgoing}
   */
  show(path, id) {
    const page = this.#checkout.page(id);
    if (!page) return failure(404, 'Not Found');
    const { message, answer, returnUrl } = page;
    return answer
      ? this.#goOn({ path, request: message }, { reply: answer.reply }, returnUrl)
      : this.#cardForm(id, page);
  }

  /**
   * Handles what the customer submits from the page.
   *
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   * @param {AbortSignal} [gone]
   * @param {boolean} [challenged] Whether 3-D Secure is required for any card.
   * @returns {Outgoing | Promise<Outgoing>}
   */
  submit(path, id, form, gone, challenged = false) {
    const page = this.#checkout.page(id);
    if (!page || !form) return failure(404, 'Not Found');
    const given = isCardless(page.message) ? new Map([...form].filter(([name]) => name === 'result')) : readCard(form);
    const card = form.has('cancel') ? 'cancel' : given;
    const request = new Map([...page.message, ...(card === 'cancel' ? [] : card)]);
    return this.#withFaults({ path, request }, request, gone, (at, strike) => {
      const ending = this.#checkout.submit(id, card, at, { strike, challenged });
      if (!ending) return failure(404, 'Not Found');
      if ('code' in ending) return this.#cardForm(id, page, ending, form);
      const exchange = { path, request, faults: strike.struck };
      if (ending.reply.has('3ds_url')) return this.#goOn(exchange, ending, page.returnUrl);
      return this.#settle(exchange, ending, page.returnUrl, strike);
    });
  }

  /**
   * The 3-D Secure challenge, or what is shown to a customer who left it.
   *
   * @param {string} path
   * @param {string} id
   * @param {boolean} left
   * @returns {Outgoing}
   */
  challenge(path, id, left) {
    const challenge = this.#gateway.challenge(id);
    if (!challenge) return failure(404, 'Not Found');
    const { message, card, answer } = challenge;
    // Once it is decided, all that is left is to return with the result.
    if (answer) return this.#return({ path, request: undefined }, { reply: answer.reply }, challenge.returnUrl);
    const body = left ? leftPage(id, message) : challengePage(id, message, card);
    return html(200, body, { returnUrl: challenge.returnUrl });
  }

  /**
   * The customer passes or fails the challenge.
   *
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   * @param {AbortSignal} [gone]
   * @returns {Outgoing | Promise<Outgoing>}
   */
  decide(path, id, form, gone) {
    const result = form?.get('result');
    if (result !== 'pass' && result !== 'fail') return failure(400, 'Bad Request');
    const challenge = this.#gateway.challenge(id);
    if (!challenge) return failure(404, 'Not Found');
    return this.#withFaults({ path, request: form }, challenge.message, gone, (at, strike) => {
      const answer = this.#gateway.decide(id, result === 'pass', at, strike);
      if (!answer) return failure(404, 'Not Found');
      return this.#settle({ path, request: form, faults: strike.struck }, answer, challenge.returnUrl, strike);
    });
  }

  /**
   * @param {Visit} visit
   * @param {Message} message Of the operation, which determines its faults.
   * @param {AbortSignal | undefined} gone
   * @param {(at: number, strike: Strike) => Outgoing} answer
   * @returns {Promise<Outgoing>}
   */
  #withFaults(visit, message, gone, answer) {
    const strike = this.#faults.strike(message);
    const logLoss = () => this.#log({ ...visit, reply: undefined, status: 0, faults: strike.struck });
    return this.#line.withFaults(strike, gone, (at) => answer(at, strike), logLoss);
  }

  /**
   * @param {string} id
   * @param {Readonly<import('./checkout.js').Page>} page
   * @param {import('./check.js').Complaint} [complaint]
   * @param {Message} [sent]
   * @returns {Outgoing}
   */
  #cardForm(id, { message, returnUrl }, complaint, sent) {
    if (isCardless(message)) return html(200, methodPage(id, message, complaint), { returnUrl });
    const stored = this.#gateway.storedCard(text(message, 'token_name'));
    // Shops may frame the Merchant Page, but not the payment page.
    const framed = message.has('service_command');
    return html(200, paymentPage(id, message, { stored, complaint, sent }), { returnUrl, framed });
  }

  /**
   * From the page to the challenge, or back to the shop.
   *
   * @param {Visit} visit
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   * @returns {Outgoing}
   */
  #goOn(visit, answer, returnUrl) {
    const challenge = answer.reply.get('3ds_url');
    if (typeof challenge !== 'string') return this.#return(visit, answer, returnUrl);
    this.#log({ faults: [], ...visit, reply: answer.reply, status: 303 });
    return redirect(new URL(challenge).pathname);
  }

  /**
   * Answers a submitted form. A page that is shown next has the address that the form was posted to, so
   * going back there does not ask whether to submit the form again.
   *
   * @param {Visit} visit
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   * @param {Strike} strike
   * @returns {Outgoing}
   */
  #settle(visit, answer, returnUrl, strike) {
    if (strike.tamper !== undefined && !this.#tampered.has(answer.reply)) {
      this.#tampered.set(answer.reply, strike.tamper);
    }
    const isByPost = this.#returnMethod === 'POST' || answer.returnBy === 'POST';
    if (returnUrl !== undefined && !isByPost) return this.#return(visit, answer, returnUrl, strike);
    this.#log({ faults: [], ...visit, reply: answer.reply, status: 303 });
    this.#notify(answer, strike);
    return redirect(visit.path);
  }

  /**
   * Sends the browser back to the merchant with the result.
   *
   * @param {Visit} visit
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   * @param {Strike} [strike]
   * @returns {Outgoing}
   */
  #return({ path, request, faults: before = [] }, answer, returnUrl, strike) {
    const faults = [...before];
    const isByPost = this.#returnMethod === 'POST' || answer.returnBy === 'POST';
    const shown = returnUrl === undefined || isByPost;
    const where = returnUrl === undefined ? undefined : this.#tampered.get(answer.reply);
    const reply = tamper(answer.reply, where, faults);
    this.#log({ path, request, reply, status: shown ? 200 : 303, faults, hint: answer.hint });
    this.#notify(answer, strike);
    if (returnUrl === undefined) return html(200, resultPage(reply));
    const back = returnLocation(returnUrl, reply);
    return isByPost
      ? { ...html(200, returnPage(returnUrl, reply), { returnUrl }), returned: parametersOf(reply) }
      : { ...redirect(back), returned: [...new URL(back).searchParams] };
  }
}

/**
 * Applies tampering to a signed message.
 *
 * @param {Message} reply
 * @param {number | undefined} where From 0 to 1; `undefined` for no tampering.
 * @param {string[]} faults The list that records it.
 * @returns {Message}
 */
export function tamper(reply, where, faults) {
  if (where === undefined || !reply.has('signature')) return reply;
  faults.push('tamper');
  return tamperWith(reply, where);
}

/**
 * @param {number} status
 * @param {string} body
 * @param {Parameters<typeof pageHeaders>[0]} [policy]
 * @returns {Outgoing}
 */
const html = (status, body, policy) => ({ status, headers: pageHeaders(policy), body });

/**
 * @param {number} status
 * @param {string} title
 * @returns {Outgoing}
 */
export const failure = (status, title) => html(status, errorPage(status, title));

/**
 * @param {string} location
 * @returns {Outgoing}
 */
const redirect = (location) => ({ status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' });
