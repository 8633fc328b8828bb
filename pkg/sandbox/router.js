/** The gateway's front: routes a request, lets faults befall it, answers. The same for HTTP and in-process. */

import { isPage } from './checkout.js';
import { tampered } from './faults.js';
import { readForm, readJson, text, UnreadableMessage, writeJson } from './message.js';
import { asset, pageHeaders } from './pages/assets.js';
import { typedCard } from './pages/card-input.js';
import { challengePage, leftPage } from './pages/challenge.js';
import { wayPage } from './pages/other-methods.js';
import { paymentPage } from './pages/payment.js';
import { errorPage, resultPage, returnLocation, returnPage } from './pages/return.js';
import { isCardless } from './payment-method.js';
import { rowsOf } from './services/csv.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./reply.js').Answer} Answer */

/**
 * @typedef {object} Incoming
 * @property {string} method
 * @property {string} path
 * @property {string} contentType
 * @property {Uint8Array} body
 */

/** @typedef {{ status: number, headers: Record<string, string>, body: string }} Outgoing */

/**
 * @typedef {object} Exchange What goes into the log.
 * @property {string} path
 * @property {Message | undefined} request
 * @property {Message | undefined} reply
 * @property {number} status
 * @property {string[]} faults
 * @property {string | undefined} [hint]
 */

/** @typedef {{ path: string, request: Message | undefined, faults?: string[] }} Asked `faults`: what befell it. */

/** The connection breaks off without an answer. */
export class ConnectionCut extends Error {}

/** The same, because the sandbox is reset or closed: nothing is to follow. */
class Cancelled extends ConnectionCut {}

/** A batch file may have 50 MiB (NEW batch API); the form around it is small. */
const MAX_UPLOAD = 51 << 20;
const MAX_BODY = 1 << 20;

/**
 * How long a body may be.
 *
 * @param {string} path
 */
export const longestBody = (path) => (/^\/FortAPI\/upload\/?$/.test(path) ? MAX_UPLOAD : MAX_BODY);

/** As long as undici waits for headers. */
const SILENCE = 300_000;
/** How long after the client gave up a delayed request is carried out, unless told. */
const AFTERWARDS = 20;

const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' };
const CSV_TYPE = { 'content-type': 'text/csv;charset=UTF-8', 'cache-control': 'no-store' };

export class Front {
  #gateway;
  #checkout;
  #schedule;
  #faults;
  #notifier;
  #now;
  #log;
  #returnMethod;

  /**
   * @param {object} options
   * @param {import('./gateway.js').Gateway} options.gateway
   * @param {import('./checkout.js').Checkout} options.checkout
   * @param {import('./schedule.js').Schedule} options.schedule
   * @param {import('./faults.js').Faults} options.faults
   * @param {import('./notifier.js').Notifier} options.notifier
   * @param {() => number} options.now
   * @param {(exchange: Exchange) => void} options.log
   * @param {'GET' | 'POST'} options.returnMethod
   */
  constructor({ gateway, checkout, schedule, faults, notifier, now, log, returnMethod }) {
    this.#gateway = gateway;
    this.#checkout = checkout;
    this.#schedule = schedule;
    this.#faults = faults;
    this.#notifier = notifier;
    this.#now = now;
    this.#log = log;
    this.#returnMethod = returnMethod;
  }

  /**
   * @param {Incoming} incoming
   * @param {AbortSignal} [gone] Aborts when the client gives up; without one it cannot.
   * @returns {Promise<Outgoing>} Rejects with the signal's reason, or with ConnectionCut.
   */
  async respond(incoming, gone) {
    const { method, path, contentType, body } = incoming;
    if (body.length > longestBody(path)) return failure(413, 'Request Entity Too Large');
    const [, fort, route = '', id = '', ...rest] = path.split('/');
    if (fort !== 'FortAPI' || rest.length > 0) return failure(404, 'Not Found');
    const file = method === 'GET' && id === '' ? asset(route) : undefined;
    if (file) return { status: 200, ...file };
    const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
    switch (`${method} ${route}${id === '' ? '' : '/'}`) {
      case 'POST paymentApi':
      case 'POST batchApi':
        // What APS's server makes of anything but JSON.
        if (!/^application\/json\s*(?:;|$)/i.test(contentType)) return failure(500, 'Internal Server Error');
        return this.#api(path, readable(readJson, body), { channel: route === 'batchApi' ? 'batch' : 'api' }, gone);
      case 'POST upload':
        return this.#upload(path, contentType, body, gone);
      case 'GET link/':
        return this.#link(id);
      case 'POST paymentPage':
        return this.#open(path, isForm ? readable(readForm, body) : undefined);
      case 'GET paymentPage/':
        return this.#show(path, id);
      case 'POST paymentPage/':
        return this.#submit(path, id, isForm ? readable(readForm, body) : undefined, gone);
      case 'GET 3ds/':
      case 'GET left/':
        return this.#challenge(path, id, route === 'left');
      case 'POST 3ds/':
        return this.#decide(path, id, isForm ? readable(readForm, body) : undefined, gone);
      default:
    }
    const known = ['paymentApi', 'paymentPage', 'batchApi', 'upload', 'link', '3ds', 'left'].includes(route);
    return known ? failure(405, 'Method Not Allowed') : failure(404, 'Not Found');
  }

  /**
   * A form with a file in it.
   *
   * @param {string} path
   * @param {string} contentType
   * @param {Uint8Array} body
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  async #upload(path, contentType, body, gone) {
    let form;
    try {
      const headers = { 'content-type': contentType };
      form = [...(await new Response(/** @type {BodyInit} */ (body), { headers }).formData())];
    } catch {
      return failure(500, 'Internal Server Error');
    }
    /** @type {Message} */
    const request = new Map(form.map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));
    // A name that stands twice, as in the other forms.
    if (request.size < form.length) return this.#api(path, undefined, { channel: 'upload' }, gone);
    const file = form.map(([, value]) => value).find((value) => typeof value !== 'string');
    return this.#api(path, request, { channel: 'upload', rows: file && rowsOf(await file.text()) }, gone);
  }

  /** @param {string} id */
  #link(id) {
    const link = this.#gateway.link(id);
    if (!link) return failure(404, 'Not Found');
    return this.#now() < link.until
      ? redirect(`/FortAPI/paymentPage/${this.#checkout.follow(id)}`)
      : failure(410, 'Gone');
  }

  /**
   * @param {string} path
   * @param {Message | undefined} request
   * @param {NonNullable<Parameters<import('./gateway.js').Gateway['handle']>[3]>} how
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  #api(path, request, how, gone) {
    return this.#befallen({ path, request }, gone, (at, draw, faults) => {
      const answer = this.#gateway.handle(request, at, draw, how);
      const { file, hint } = answer;
      const reply = file === undefined ? spoilt(answer.reply, draw, faults) : undefined;
      this.#log({ path, request, reply, status: 200, faults, hint });
      this.#notify(answer);
      return reply
        ? { status: 200, headers: JSON_TYPE, body: writeJson(reply) }
        : { status: 200, headers: CSV_TYPE, body: file ?? '' };
    });
  }

  /**
   * Lets a request, or its answer, be lost or late.
   *
   * @param {Asked} asked
   * @param {AbortSignal | undefined} gone
   * @param {(at: number, draw: import('./faults.js').Draw, faults: string[]) => Outgoing} answer `faults` are those that
   *   have befallen it so far.
   * @returns {Promise<Outgoing>}
   */
  async #befallen(asked, gone, answer) {
    const draw = this.#faults.draw();
    if (draw.dropRequest) {
      this.#log({ ...asked, reply: undefined, status: 0, faults: ['dropRequest'] });
      return this.#lost(draw.silently, gone);
    }
    const faults = [...(draw.delay ? ['delay'] : []), ...(draw.dropReply ? ['dropReply'] : [])];
    /** @param {number} at */
    const carryOut = (at) => answer(at, draw, faults);
    const outgoing = draw.delay ? await this.#delayed(draw.delay.ms, carryOut, gone) : carryOut(this.#now());
    return draw.dropReply ? this.#lost(draw.silently, gone) : outgoing;
  }

  /**
   * @param {number | undefined} ms
   * @param {(at: number) => Outgoing} carryOut
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  async #delayed(ms, carryOut, gone) {
    if (ms === undefined) {
      try {
        return await this.#lost(true, gone);
      } catch (reason) {
        if (!(reason instanceof Cancelled)) this.#schedule.add(AFTERWARDS, carryOut);
        throw reason;
      }
    }
    return new Promise((resolve, reject) => {
      const leave = () => reject(gone?.reason);
      gone?.addEventListener('abort', leave, { once: true });
      this.#schedule.add(
        ms,
        (at) => {
          gone?.removeEventListener('abort', leave);
          resolve(carryOut(at));
        },
        { cancelled: () => reject(new Cancelled()) },
      );
    });
  }

  /**
   * No answer: the connection breaks, or nothing is heard until the client gives up.
   *
   * @param {boolean} silently
   * @param {AbortSignal} [gone]
   * @returns {Promise<never>}
   */
  #lost(silently, gone) {
    if (!silently || !gone) return Promise.reject(new ConnectionCut());
    return new Promise((_, reject) => {
      const forget = this.#schedule.add(SILENCE, () => reject(new ConnectionCut()), {
        cancelled: () => reject(new Cancelled()),
      });
      const leave = () => {
        forget();
        reject(gone.reason);
      };
      if (gone.aborted) leave();
      else gone.addEventListener('abort', leave, { once: true });
    });
  }

  /**
   * @param {string} path
   * @param {Message | undefined} request
   */
  #open(path, request) {
    const opened = this.#checkout.open(request, this.#now(), this.#faults.draw());
    if (!('id' in opened)) return this.#return({ path, request }, opened, opened.returnUrl);
    // Onto an address of its own, so that it can be reloaded and gone back to.
    this.#log({ path, request, reply: undefined, status: 303, faults: [] });
    return redirect(`/FortAPI/paymentPage/${opened.id}`);
  }

  /**
   * @param {string} path
   * @param {string} id
   */
  #show(path, id) {
    const page = this.#checkout.page(id);
    if (!page) return failure(404, 'Not Found');
    const { message, answer, returnUrl } = page;
    return answer
      ? this.#goOn({ path, request: message }, { reply: answer.reply }, returnUrl)
      : this.#cardForm(id, page);
  }

  /**
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   * @param {AbortSignal} [gone]
   */
  #submit(path, id, form, gone) {
    const page = this.#checkout.page(id);
    if (!page || !form) return failure(404, 'Not Found');
    const given = isCardless(page.message) ? new Map([...form].filter(([name]) => name === 'result')) : typedCard(form);
    const card = form.has('cancel') ? 'cancel' : given;
    const request = new Map([...page.message, ...(card === 'cancel' ? [] : card)]);
    return this.#befallen({ path, request }, gone, (at, draw, faults) => {
      const ending = this.#checkout.submit(id, card, at, draw);
      if (!ending) return failure(404, 'Not Found');
      if ('code' in ending) return this.#cardForm(id, page, ending, form);
      const exchange = { path, request, faults };
      if (ending.reply.has('3ds_url')) return this.#goOn(exchange, ending, page.returnUrl);
      return this.#settle(exchange, ending, page.returnUrl);
    });
  }

  /**
   * @param {string} id
   * @param {Readonly<import('./checkout.js').Page>} page
   * @param {import('./check.js').Complaint} [complaint]
   * @param {Message} [sent]
   */
  #cardForm(id, { message, returnUrl }, complaint, sent) {
    if (isCardless(message)) return html(200, wayPage(id, message, complaint), { returnUrl });
    const stored = this.#gateway.storedCard(text(message, 'token_name'));
    // A shop shows the Merchant Page in a frame, but not the page where one pays.
    const framed = message.has('service_command');
    return html(200, paymentPage(id, message, { stored, complaint, sent }), { returnUrl, framed });
  }

  /**
   * From the page to the challenge, or back to the shop.
   *
   * @param {Asked} asked
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   */
  #goOn(asked, answer, returnUrl) {
    const challenge = answer.reply.get('3ds_url');
    if (typeof challenge !== 'string') return this.#return(asked, answer, returnUrl);
    this.#log({ faults: [], ...asked, reply: answer.reply, status: 303 });
    return redirect(new URL(challenge).pathname);
  }

  /**
   * @param {string} path
   * @param {string} id
   * @param {boolean} left
   */
  #challenge(path, id, left) {
    const challenge = this.#gateway.challenge(id);
    if (!challenge) return failure(404, 'Not Found');
    const { message, card, answer } = challenge;
    const returnUrl = returnUrlOf(message);
    // Once it is decided there is nothing to do here but to go back with the result.
    if (answer) return this.#return({ path, request: undefined }, { reply: answer.reply }, returnUrl);
    return html(200, left ? leftPage(id, message) : challengePage(id, message, card), { returnUrl });
  }

  /**
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   * @param {AbortSignal} [gone]
   */
  #decide(path, id, form, gone) {
    const result = form?.get('result');
    if (result !== 'pass' && result !== 'fail') return failure(400, 'Bad Request');
    const message = this.#gateway.challenge(id)?.message;
    if (!message) return failure(404, 'Not Found');
    return this.#befallen({ path, request: form }, gone, (at, draw, faults) => {
      const answer = this.#gateway.decide(id, result === 'pass', at, draw);
      return answer
        ? this.#settle({ path, request: form, faults }, answer, returnUrlOf(message))
        : failure(404, 'Not Found');
    });
  }

  /**
   * What a form of ours has settled. Where a page is shown next, it is at the address that the form was sent to, so
   * that who steps back there is not asked whether to send the form again.
   *
   * @param {Asked} asked
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   */
  #settle(asked, answer, returnUrl) {
    if (returnUrl !== undefined && this.#returnMethod === 'GET') return this.#return(asked, answer, returnUrl);
    this.#log({ faults: [], ...asked, reply: answer.reply, status: 303 });
    this.#notify(answer);
    return redirect(asked.path);
  }

  /**
   * Sends the browser back to the merchant with the result.
   *
   * @param {Asked} asked
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   * @returns {Outgoing}
   */
  #return({ path, request, faults: before = [] }, answer, returnUrl) {
    const faults = [...before];
    const shown = returnUrl === undefined || this.#returnMethod === 'POST';
    const reply = returnUrl === undefined ? answer.reply : spoilt(answer.reply, this.#faults.drawReturn(), faults);
    this.#log({ path, request, reply, status: shown ? 200 : 303, faults, hint: answer.hint });
    this.#notify(answer);
    if (returnUrl === undefined) return html(200, resultPage(reply));
    if (shown) return html(200, returnPage(returnUrl, reply), { returnUrl });
    return redirect(returnLocation(returnUrl, reply));
  }

  /** @param {Answer} answer */
  #notify({ notification, notifications = [] }) {
    for (const message of notification ? [notification, ...notifications] : notifications) this.#notifier.send(message);
  }
}

/**
 * A signed reply as it goes out, when it is tampered with.
 *
 * @param {Message} reply
 * @param {{ tamper: number | undefined }} draw
 * @param {string[]} faults Where it is written down.
 * @returns {Message}
 */
function spoilt(reply, { tamper }, faults) {
  if (tamper === undefined || !reply.has('signature')) return reply;
  faults.push('tamper');
  return tampered(reply, tamper);
}

/**
 * @param {(source: string) => Message} read
 * @param {Uint8Array} body
 * @returns {Message | undefined}
 */
function readable(read, body) {
  try {
    return read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch (error) {
    if (error instanceof UnreadableMessage || error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * The return_url of a request to paymentApi, where nothing has yet been led there.
 *
 * @param {Message} message
 */
function returnUrlOf(message) {
  const url = text(message, 'return_url');
  return url !== undefined && isPage(url) ? url : undefined;
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
 */
const failure = (status, title) => html(status, errorPage(status, title));

/**
 * @param {string} location
 * @returns {Outgoing}
 */
const redirect = (location) => ({ status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' });
