/** The gateway's front: routes a request, lets faults befall it, answers. The same for HTTP and in-process. */

import { tampered } from './faults.js';
import { readForm, readJson, UnreadableMessage, writeJson } from './message.js';
import { ASSETS, challengePage, errorPage, paymentPage, resultPage, returnLocation, returnPage } from './pages.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./gateway.js').Answer} Answer */

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
 */

/** The connection breaks off without an answer. */
export class ConnectionCut extends Error {}

/** The same, because the sandbox is reset or closed: nothing is to follow. */
class Cancelled extends ConnectionCut {}

export const MAX_BODY = 1 << 20;

/** As long as undici waits for headers. */
const SILENCE = 300_000;
/** How long after the client gave up a delayed request is carried out, unless told. */
const AFTERWARDS = 20;

const HTML = {
  'content-type': 'text/html;charset=UTF-8',
  'content-security-policy': "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};
const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' };

export class Front {
  #gateway;
  #schedule;
  #faults;
  #notifier;
  #now;
  #log;
  #returnMethod;

  /**
   * @param {object} options
   * @param {import('./gateway.js').Gateway} options.gateway
   * @param {import('./schedule.js').Schedule} options.schedule
   * @param {import('./faults.js').Faults} options.faults
   * @param {import('./notifier.js').Notifier} options.notifier
   * @param {() => number} options.now
   * @param {(exchange: Exchange) => void} options.log
   * @param {'GET' | 'POST'} options.returnMethod
   */
  constructor({ gateway, schedule, faults, notifier, now, log, returnMethod }) {
    this.#gateway = gateway;
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
    if (body.length > MAX_BODY) return html(413, errorPage(413, 'Request Entity Too Large'));
    const [, fort, route = '', id = '', ...rest] = path.split('/');
    if (fort !== 'FortAPI' || rest.length > 0) return html(404, errorPage(404, 'Not Found'));
    const asset = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
    if (asset && method === 'GET') {
      return {
        status: 200,
        headers: { 'content-type': asset.type, 'x-content-type-options': 'nosniff' },
        body: asset.body,
      };
    }
    const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
    switch (`${method} ${route}${id === '' ? '' : '/'}`) {
      case 'POST paymentApi':
        // What APS's server makes of anything but JSON.
        if (!/^application\/json\s*(?:;|$)/i.test(contentType))
          return html(500, errorPage(500, 'Internal Server Error'));
        return this.#api(path, body, gone);
      case 'POST paymentPage':
        return this.#open(path, isForm ? readable(readForm, body) : undefined);
      case 'POST paymentPage/':
        return this.#payOnPage(path, id, isForm ? readable(readForm, body) : undefined);
      case 'GET 3ds/': {
        const message = this.#gateway.challenge(id);
        return message ? html(200, challengePage(id, message)) : html(404, errorPage(404, 'Not Found'));
      }
      case 'POST 3ds/':
        return this.#decide(path, id, isForm ? readable(readForm, body) : undefined);
      default:
    }
    const known = ['paymentApi', 'paymentPage', '3ds'].includes(route);
    return known ? html(405, errorPage(405, 'Method Not Allowed')) : html(404, errorPage(404, 'Not Found'));
  }

  /**
   * @param {string} path
   * @param {Uint8Array} body
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  async #api(path, body, gone) {
    const request = readable(readJson, body);
    const draw = this.#faults.draw();
    /** @type {string[]} */
    const faults = [];
    if (draw.dropRequest) {
      this.#log({ path, request, reply: undefined, status: 0, faults: ['dropRequest'] });
      return this.#lost(draw.silently, gone);
    }
    /** @param {number} at */
    const carryOut = (at) => {
      const answer = this.#gateway.handle(request, at, draw);
      if (draw.dropReply) faults.push('dropReply');
      if (draw.tamper !== undefined && answer.reply.has('signature')) faults.push('tamper');
      const reply = faults.includes('tamper') ? tampered(answer.reply, draw.tamper ?? 0) : answer.reply;
      this.#log({ path, request, reply, status: 200, faults });
      this.#notify(answer);
      return { status: 200, headers: JSON_TYPE, body: writeJson(reply) };
    };
    if (draw.delay) {
      faults.push('delay');
      const outgoing = await this.#delayed(draw.delay.ms, carryOut, gone);
      return draw.dropReply ? this.#lost(draw.silently, gone) : outgoing;
    }
    const outgoing = carryOut(this.#now());
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
    const opened = this.#gateway.openPage(request, this.#now());
    if ('id' in opened) {
      this.#log({ path, request, reply: undefined, status: 200, faults: [] });
      return html(200, paymentPage(opened.id, request ?? new Map()));
    }
    return this.#return(path, request, opened, opened.returnUrl);
  }

  /**
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   */
  #payOnPage(path, id, form) {
    const page = this.#gateway.page(id);
    if (!page || !form) return html(404, errorPage(404, 'Not Found'));
    const names = ['card_number', 'expiry_date', 'card_security_code', 'card_holder_name'];
    const fields = new Map([...form].filter(([name, value]) => names.includes(name) && value !== ''));
    const answer = this.#gateway.payOnPage(id, form.has('cancel') ? 'cancel' : fields, this.#now());
    if (!answer) return html(404, errorPage(404, 'Not Found'));
    if ('code' in answer) return html(200, paymentPage(id, page, answer));
    const request = new Map([...page, ...fields]);
    const challenge = answer.reply.get('3ds_url');
    if (typeof challenge !== 'string') return this.#return(path, request, answer, answer.returnUrl);
    this.#log({ path, request, reply: answer.reply, status: 303, faults: [] });
    return redirect(new URL(challenge).pathname);
  }

  /**
   * @param {string} path
   * @param {string} id
   * @param {Message | undefined} form
   */
  #decide(path, id, form) {
    const result = form?.get('result');
    if (result !== 'pass' && result !== 'fail') return html(400, errorPage(400, 'Bad Request'));
    const answer = this.#gateway.decide(id, result === 'pass', this.#now());
    return answer ? this.#return(path, form, answer, answer.returnUrl) : html(404, errorPage(404, 'Not Found'));
  }

  /**
   * Sends the browser back to the merchant with the result.
   *
   * @param {string} path
   * @param {Message | undefined} request
   * @param {Answer} answer
   * @param {string | undefined} returnUrl
   * @returns {Outgoing}
   */
  #return(path, request, answer, returnUrl) {
    this.#log({ path, request, reply: answer.reply, status: returnUrl === undefined ? 200 : 303, faults: [] });
    this.#notify(answer);
    if (returnUrl === undefined) return html(200, resultPage('Result', answer.reply));
    if (this.#returnMethod === 'POST') return html(200, returnPage(returnUrl, answer.reply));
    return redirect(returnLocation(returnUrl, answer.reply));
  }

  /** @param {Answer} answer */
  #notify({ notification }) {
    if (notification) this.#notifier.send(notification);
  }
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
 * @param {number} status
 * @param {string} body
 * @returns {Outgoing}
 */
const html = (status, body) => ({ status, headers: HTML, body });

/**
 * @param {string} location
 * @returns {Outgoing}
 */
const redirect = (location) => ({ status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' });
