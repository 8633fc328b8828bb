/** Routes requests to the API and to the pages. The same over HTTP and in-process. */

import { MAX_BYTES } from '../generated/parameters.js';
import { failure, HostedPages, tamper } from './hosted-pages.js';
import { readForm, readJson, UnreadableMessage, writeJson } from './message.js';
import { asset } from './pages/assets.js';
import { readRows } from './services/csv.js';
import { FaultyLine } from './with-faults.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./reply.js').Answer} Answer */

/**
 * @typedef {object} Incoming
 * @property {string} method
 * @property {string} path
 * @property {string} contentType
 * @property {Uint8Array} body
 */

/**
 * @typedef {object} Outgoing
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {[string, string][]} [returned] What the browser takes back to the shop with this answer.
 */

/**
 * @typedef {object} Exchange What goes into the log.
 * @property {string} path
 * @property {Message | undefined} request
 * @property {Message | undefined} reply
 * @property {number} status
 * @property {string[]} faults
 * @property {string | undefined} [hint]
 */

/** A batch file may have 50 MiB (NEW batch API); the form around it is small. */
const MAX_UPLOAD = 51 << 20;

/**
 * How long a body may be, in bytes.
 *
 * @param {string} path
 */
export const longestBody = (path) => (/^\/FortAPI\/upload\/?$/.test(path) ? MAX_UPLOAD : MAX_BYTES);

const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' };
const CSV_TYPE = { 'content-type': 'text/csv;charset=UTF-8', 'cache-control': 'no-store' };

/** @type {Record<string, import('./authenticate.js').Channel>} */
const APIS = { paymentApi: 'api', reportingApi: 'reporting', batchApi: 'batch' };
const ROUTES = new Set([...Object.keys(APIS), 'paymentPage', 'upload', 'link', '3ds', 'left']);

export class Router {
  #gateway;
  #faults;
  #line;
  #notifier;
  #log;
  /** The pages, for code that acts as a customer. */
  pages;

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
    this.#faults = faults;
    this.#notifier = notifier;
    this.#log = log;
    this.#line = new FaultyLine({ schedule, now });
    const notify = this.#notify.bind(this);
    this.pages = new HostedPages({ gateway, checkout, faults, line: this.#line, now, log, notify, returnMethod });
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
    const channel = Object.hasOwn(APIS, route) && id === '' && method === 'POST' ? APIS[route] : undefined;
    if (channel) {
      // APS's server answers anything but JSON with 500.
      if (!/^application\/json\s*(?:;|$)/i.test(contentType)) return failure(500, 'Internal Server Error');
      return this.#answer(path, tryRead(readJson, body), { channel }, gone);
    }
    const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
    const form = () => (isForm ? tryRead(readForm, body) : undefined);
    switch (`${method} ${route}${id === '' ? '' : '/'}`) {
      case 'POST upload':
        return this.#upload(path, contentType, body, gone);
      case 'GET link/':
        return this.pages.follow(id);
      case 'POST paymentPage':
        return this.pages.open(path, form());
      case 'GET paymentPage/':
        return this.pages.show(path, id);
      case 'POST paymentPage/':
        return this.pages.submit(path, id, form(), gone);
      case 'GET 3ds/':
      case 'GET left/':
        return this.pages.challenge(path, id, route === 'left');
      case 'POST 3ds/':
        return this.pages.decide(path, id, form(), gone);
      default:
        return ROUTES.has(route) ? failure(405, 'Method Not Allowed') : failure(404, 'Not Found');
    }
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
    // Repeated names are refused, as in other forms.
    if (request.size < form.length) return this.#answer(path, undefined, { channel: 'upload' }, gone);
    const file = form.map(([, value]) => value).find((value) => typeof value !== 'string');
    const rows = file && (await readRows(await file.text()));
    return this.#answer(path, request, { channel: 'upload', rows }, gone);
  }

  /**
   * @param {string} path
   * @param {Message | undefined} request
   * @param {NonNullable<Parameters<import('./gateway.js').Gateway['handle']>[3]>} how
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  #answer(path, request, how, gone) {
    const strike = this.#faults.strike(request);
    const { struck } = strike;
    /** @param {number} at @returns {Outgoing} */
    const carryOut = (at) => {
      const answer = this.#gateway.handle(request, at, strike, how);
      const { file, hint } = answer;
      const reply = file === undefined ? tamper(answer.reply, strike.tamper, struck) : undefined;
      this.#log({ path, request, reply, status: 200, faults: struck, hint });
      this.#notify(answer, strike);
      if (reply) return { status: 200, headers: JSON_TYPE, body: writeJson(reply) };
      return { status: 200, headers: file?.type === 'json' ? JSON_TYPE : CSV_TYPE, body: file?.body ?? '' };
    };
    const logLoss = () => this.#log({ path, request, reply: undefined, status: 0, faults: struck });
    return this.#line.withFaults(strike, gone, carryOut, logLoss);
  }

  /**
   * @param {Answer} answer
   * @param {import('./faults.js').Strike} [strike]
   */
  #notify({ notification, notifications = [] }, strike) {
    if (notification) this.#notifier.send(notification, strike?.webhook ?? this.#faults.strikeWebhook(notification));
    for (const message of notifications) this.#notifier.send(message, this.#faults.strikeWebhook(message));
  }
}

/**
 * @param {(source: string) => Message} read
 * @param {Uint8Array} body
 * @returns {Message | undefined}
 */
function tryRead(read, body) {
  try {
    return read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch (error) {
    if (error instanceof UnreadableMessage || error instanceof TypeError) return undefined;
    throw error;
  }
}
