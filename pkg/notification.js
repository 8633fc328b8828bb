// Notifications (webhooks) for every runtime that has `Request` and `Response`, and a signed one for unit tests.

import {
  ConfigurationError,
  issue,
  OrderNotFoundError,
  ReplyMismatchError,
  SignatureError,
  TransportError,
  ValidationError,
} from './errors.js';
import { MAX_BYTES } from './generated/parameters.js';
import { checkAccount } from './message/account.js';
import { allowPart } from './message/expected.js';
import { readSettings } from './message/options.js';
import { commandIn } from './message/params.js';
import { copyExactly } from './message/read.js';
import { openNotification } from './message/reply.js';
import { commandInfo } from './message/request.js';
import { sign } from './message/signature.js';
import { readWhole } from './net/http.js';

/** @typedef {import('./message/account.js').Account} Account */
/** @typedef {import('./message/reply.js').FoundOrder} FoundOrder */
/** @typedef {import('./message/reply.js').Notification} Notification */
/** @typedef {import('./message/reply.js').NotificationParams} NotificationParams */

/** @typedef {(reply: Notification) => unknown} NotificationListener awaited; what it throws is answered with 500 */

/**
 * @typedef {object} JournalHandling
 * @property {(params: NotificationParams) => FoundOrder | Promise<FoundOrder>} expect looks up the order
 * @property {NotificationListener} handle called once for each notification
 */
/**
 * @typedef {object} JournalHandled
 * @property {'now' | 'before' | 'elsewhere'} handled whether `handle` was called now, was called before, or is being called
 *   elsewhere
 */
/**
 * Remembers notifications, so that each is handled once: the result of `journaled` from `aps-payops/journal`.
 * @typedef {object} NotificationJournal
 * @property {(message: string, options: JournalHandling) => Promise<JournalHandled>} notification verifies the
 *   message, stores it, and calls `handle` unless that was done before, or is under way elsewhere
 */

/**
 * Options of `createNotificationHandler`.
 * @typedef {object} NotificationOptions
 * @property {Account} account its phrases verify the messages
 * @property {(params: NotificationParams) => FoundOrder | Promise<FoundOrder>} order looks up the order that a genuine message
 *   names: what the message must match, as in `expect` of `openNotification`, or null if there is no such order (yet).
 *   Captures, refunds and voids may be of a part of its `amount`, as `allowPart` says
 * @property {NotificationListener | Partial<Record<string, NotificationListener>>} on one function for every message, or
 *   functions by outcome (`succeeded`, `failed`, `pending`, …) of whatever command, also of a refund or a void, or by APS's
 *   command (`PURCHASE`); if both match, the one for the command is called first
 * @property {NotificationJournal} [journal] handles each notification once
 * @property {(error: unknown) => void} [onError] called when a message is not answered with 200; by default, errors thrown
 *   by `order`, `on` and `journal` are printed by `console.error`
 */

const OUTCOMES = ['succeeded', 'failed', 'action_required', 'pending', 'uncertain', 'rejected'];
/** @param {string} name */
const isCommand = (name) => commandInfo(name) !== null;
const MEMBERS = ['account', 'order', 'on', 'journal', 'onError'];

/**
 * Makes a handler for APS's notifications: `export const POST = createNotificationHandler({ … })`.
 *
 * It reads the raw body, verifies it, looks up the order and compares it, and calls `on`. It answers 200 only after that
 * is done; 400 to a message that is not genuine or is about something else; 405 to anything but POST; 413 to more than
 * 1 MiB; 503 if there is no such order yet, or if another process is handling the same message, so that APS sends it
 * again; and 500 if `order`, `on` or `journal` fails, whatever they throw. The answers hold nothing of the message.
 * @param {NotificationOptions} options
 * @returns {(request: Request) => Promise<Response>} never rejects
 * @throws {ConfigurationError} for options that cannot be used
 */
export function createNotificationHandler(options) {
  const { account, order, on, journal, onError } = checkOptions(options);

  /** @param {Request} request */
  return async (request) => {
    let isOwnFailure = false;
    /**
     * @template A, T
     * @param {(argument: A) => T | Promise<T>} call the shop's own code: what it throws says nothing about the message
     * @returns {(argument: A) => Promise<T>}
     */
    const watch = (call) => async (argument) => {
      try {
        return await call(argument);
      } catch (error) {
        isOwnFailure = true;
        throw error;
      }
    };
    const handle = watch((/** @type {Notification} */ reply) => callListeners(on, reply));
    const lookUp = watch(order);
    /** @param {NotificationParams} params */
    const expect = async (params) => {
      try {
        return allowPart(await lookUp(params), params);
      } catch (error) {
        if (error instanceof OrderNotFoundError) isOwnFailure = false;
        throw error;
      }
    };
    try {
      const body = await readBody(request);
      if (typeof body !== 'string') return body;
      if (journal) {
        const { handled } = await journal.notification(body, { expect, handle });
        return handled === 'elsewhere' ? answer(503, 'under way') : answer(200, 'ok');
      }
      await handle(await openNotification(body, account, { expect }));
      return answer(200, 'ok');
    } catch (error) {
      return answerTo(error, isOwnFailure, onError);
    }
  };
}

/**
 * @param {unknown} error
 * @param {boolean} isOwnFailure whether the shop's own code threw it
 * @param {NotificationOptions['onError']} onError
 */
function answerTo(error, isOwnFailure, onError) {
  const isTheirs = !isOwnFailure && (error instanceof SignatureError || error instanceof ReplyMismatchError);
  const isEarly = !isOwnFailure && error instanceof OrderNotFoundError;
  try {
    // A promise that it returns must not be left to reject.
    if (onError) Promise.resolve(onError(error)).catch(() => {});
    else if (!isTheirs && !isEarly) console.error('aps-payops: a notification was not handled:', error);
  } catch {
    // APS gets its answer even if the listener throws.
  }
  if (isTheirs) return answer(400, 'not genuine');
  return isEarly ? answer(503, 'no such order yet') : answer(500, 'failed');
}

/**
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
const answer = (status, text, headers) =>
  new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });

const OTHERS =
  'Elsewhere, as in Express, make one of the raw body (express.text({ type: () => true })), or give that to openNotification.';

/**
 * @param {Request} request
 * @returns {Promise<string | Response>} the body; or the answer to another method, or to more than 1 MiB
 * @throws {SignatureError} `unreadable`: no UTF-8, or no body
 * @throws {ConfigurationError} `not_a_request`, `body_used`
 */
async function readBody(request) {
  if (typeof request?.headers?.get !== 'function') {
    throw new ConfigurationError('not_a_request', `The handler takes a web Request. ${OTHERS}`);
  }
  if (request.method !== 'POST') return answer(405, 'POST only', { allow: 'POST' });
  if (request.bodyUsed || request.body?.locked) {
    throw new ConfigurationError(
      'body_used',
      'The body of the request was already read: pass the request as it arrived.',
    );
  }
  if (Number(request.headers.get('content-length')) > MAX_BYTES) return answer(413, 'too long');
  const reader = request.body?.getReader();
  if (!reader) throw new SignatureError('unreadable');
  let bytes;
  try {
    bytes = await readWhole(() => reader.read());
  } catch (error) {
    // Thrown only for what is longer than any message.
    if (!(error instanceof TransportError)) throw error;
    await reader.cancel().catch(() => {});
    return answer(413, 'too long');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SignatureError('unreadable');
  }
}

/**
 * @param {NotificationOptions['on']} on
 * @param {Notification} reply
 */
async function callListeners(on, reply) {
  if (typeof on === 'function') return void (await on(reply));
  for (const name of [commandIn(reply.params), reply.outcome]) {
    if (typeof name === 'string' && Object.hasOwn(on, name)) await on[name]?.(reply);
  }
}

/** @param {NotificationOptions} given */
function checkOptions(given) {
  const options = readSettings('invalid_options', given, MEMBERS, findProblems);
  checkAccount(options.account);
  return options;
}

/** @param {Record<string, any>} options */
function findProblems({ order, on, journal, onError }) {
  const problems = [];
  if (typeof order !== 'function') {
    problems.push(issue('order', 'missing', 'order must be a function that looks up the order of a message.'));
  }
  const isTable = typeof on === 'object' && !Array.isArray(on);
  if (isTable && Object.values(on).some((listener) => listener !== undefined)) {
    for (const [name, listener] of Object.entries(on)) {
      if (!OUTCOMES.includes(name) && !isCommand(name)) {
        const message = `on.${name} is neither an outcome (${OUTCOMES.join(', ')}) nor a command of APS.`;
        problems.push(issue(`on.${name}`, 'unknown', message));
      } else if (listener !== undefined && typeof listener !== 'function') {
        problems.push(issue(`on.${name}`, 'bad_format', `on.${name} must be a function.`));
      }
    }
  } else if (typeof on !== 'function') {
    const message = 'on must be a function, or an object of at least one function, by outcome or command.';
    problems.push(issue('on', 'missing', message));
  }
  if (journal !== undefined && typeof journal.notification !== 'function') {
    problems.push(issue('journal', 'bad_format', 'journal must be the result of journaled() from aps-payops/journal.'));
  }
  if (onError !== undefined && typeof onError !== 'function') {
    problems.push(issue('onError', 'bad_format', 'onError must be a function.'));
  }
  return problems;
}

/**
 * A notification as APS would sign it, for unit tests of a handler. If left out, `access_code`, `merchant_identifier`,
 * `language` and `status` are filled in; everything else is signed as it is given.
 * @param {Record<string, unknown>} params as APS sends them: `command`, `merchant_reference`, `amount` (an Amount, or minor
 *   units as digits), `currency`, `fort_id`, `response_code` (five digits), …
 * @param {Account} account a test account: its newest response phrase signs, or that of the wallet whose `access_code`
 *   is given
 * @returns {string} JSON text, the body of a POST
 * @throws {ValidationError} for parameters that cannot be signed, or without a `response_code`
 * @throws {ConfigurationError} for the account
 */
export function testNotification(params, account) {
  const { credentials, language, merchant_identifier } = checkAccount(account);
  const given = /** @type {Record<string, any>} */ (copyExactly(params).params);
  const code = given.response_code;
  if (typeof code !== 'string' || !/^\d{5}$/.test(code)) {
    throw new ValidationError([
      issue('response_code', code ? 'bad_format' : 'missing', 'response_code must be five digits, such as 14000.'),
    ]);
  }
  const set = credentials.find(({ access_code }) => access_code === given.access_code) ?? credentials[0];
  const { signature, ...message } = /** @type {Record<string, any>} */ ({
    access_code: set.access_code,
    merchant_identifier,
    language,
    status: code.slice(0, 2),
    ...given,
  });
  const [phrase = ''] = set.response_phrases;
  return JSON.stringify({ ...message, signature: sign(message, { phrase, digest: set.digest }) });
}
