// Builds requests: validates the parameters, adds those that the account supplies, and signs. The JSON text that is sent is
// written from the strings that are signed, so the two cannot differ.

import { ask, issuesFrom } from '../core/call.js';
import { INSPECT, isLifecycleCode, issue, LifecycleError, ValidationError } from '../errors.js';
import { CARD_DATA, SELECTORS } from '../generated/parameters.js';
import { checkAccount, chooseCredentials, endpointOf, inLanguageOf } from './account.js';
import { conceal, maskSecrets } from './mask.js';
import { readOptions } from './options.js';
import { Copied } from './params.js';
import { checkList, judge, nameOf, questionHead, questionTail, settle } from './validate.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./account.js').CheckedAccount} CheckedAccount */
/** @typedef {import('./account.js').CheckedCredentials} CheckedCredentials */

/** @typedef {import('../generated/commands.js').CommandName} CommandName */
/** @typedef {import('../generated/commands.js').CommandParams} CommandParams */
/** @typedef {'command' | 'query_command' | 'service_command'} Selector the parameter that names the command */

/**
 * @typedef {object} SigningOptions
 * @property {import('./account.js').CredentialsName} [credentials] the set of the account to sign with; if left out,
 *   that of the payment's wallet
 * @property {Selector} [selector] the parameter that names the command, for one that is newer than this package or
 *   whose form is only inferred: it is sent to `paymentApi`, and nothing else of it is checked
 */
/**
 * How a request is checked and signed.
 * @typedef {import('./validate.js').ValidateOptions & SigningOptions} RequestOptions
 */

/** @typedef {RequestOptions & ({ allow: readonly string[] } | { selector: Selector })} NewerOptions for what is newer than us */

/**
 * @typedef {object} FormOptions
 * @property {string} [button] the text of the button; Continue if left out
 */
/**
 * @typedef {{
 *   selector: string,
 *   channels: string[],
 *   effect: 'money' | 'query' | 'service',
 *   members: string[]
 * }} CommandInfo `members`: its parameters in the order in which they are signed
 */

const HEADERS = Object.freeze({ 'content-type': 'application/json' });
const OTHER_SELECTOR = 'selector differs from the parameter that names this command.';
const MASKED = new Set([...CARD_DATA, 'signature']);

/**
 * A signed request to `paymentApi`, which is a `fetch` init: `await fetch(request.url, request)`, or
 * `fetch(request.url, { ...request, signal })`. Printing it shows no card data.
 */
export class ApsRequest {
  /** Its parameters as a record, for the check of the reply. */
  #record;

  /**
   * @param {string} url
   * @param {string} body
   * @param {string} record
   */
  constructor(url, body, record) {
    this.#record = record;
    /** Where it goes. */
    this.url = url;
    /** How it is sent. */
    this.method = /** @type {const} */ ('POST');
    /** What its body is: JSON. @type {Readonly<Record<string, string>>} */
    this.headers = HEADERS;
    /** The JSON text that was signed, with its signature. */
    this.body = body;
    /** Redirects are not followed: APS sends none, and one would carry the request elsewhere. */
    this.redirect = /** @type {const} */ ('manual');
  }

  /**
   * The record of a request that this package built; undefined for any other.
   * @param {object} request
   * @returns {string | undefined}
   */
  static recordOf(request) {
    return #record in request ? request.#record : undefined;
  }

  /** Every parameter sent, `signature` among them. @returns {Record<string, any>} */
  get params() {
    return conceal(JSON.parse(this.body));
  }

  /**
   * The request for a log: card data and signature are masked.
   * @returns {Record<string, any>}
   */
  toJSON() {
    return { url: this.url, method: this.method, params: maskParams(this.params) };
  }

  /** The same, for `util.inspect`. */
  [INSPECT]() {
    return this.toJSON();
  }
}

/**
 * A signed form for `paymentPage`, to be posted by the customer's browser.
 */
export class ApsForm {
  /**
   * @param {string} action
   * @param {Record<string, string>} fields
   */
  constructor(action, fields) {
    /** Where it goes: the payment page. */
    this.action = action;
    /** How it is sent. */
    this.method = /** @type {const} */ ('POST');
    /** Every field, `signature` among them. */
    this.fields = Object.freeze(fields);
  }

  /**
   * The form as escaped HTML without script; a button submits it.
   * @param {FormOptions} [options]
   * @returns {string}
   */
  html(options) {
    const { button = 'Continue' } = readOptions(options, ['button'], ({ button: text = '' }) =>
      typeof text === 'string' ? [] : [issue('button', 'bad_format', 'button must be text.')],
    );
    const inputs = Object.entries(this.fields).map(
      ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    );
    const attributes = `method="post" accept-charset="UTF-8" action="${escapeHtml(this.action)}"`;
    return `<form ${attributes}>${inputs.join('')}<button type="submit">${escapeHtml(button)}</button></form>`;
  }

  /**
   * What may be logged.
   * @returns {Record<string, any>}
   */
  toJSON() {
    return { action: this.action, method: this.method, fields: maskParams(this.fields) };
  }

  /** The same, for `util.inspect`. */
  [INSPECT]() {
    return this.toJSON();
  }
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @param {Readonly<Record<string, any>>} params
 * @returns {Record<string, any>}
 */
function maskParams(params) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, MASKED.has(name) ? '***' : maskSecrets(value)]),
  );
}

/**
 * Builds a request to `paymentApi`, or to `batchApi` for the commands of batches: checks the parameters, adds what the
 * account supplies, and signs. A command that this package does not know needs `options.selector`; of its parameters it is
 * only checked that they can be signed.
 * @template {CommandName} C
 * @overload
 * @param {C} command APS's name, such as `'CAPTURE'`
 * @param {CommandParams[C]} params amounts in minor units as digits or bigint, or an `Amount`
 * @param {Account} account
 * @param {RequestOptions} [options]
 * @returns {ApsRequest}
 */
/**
 * Builds a request that is newer than this package: `options.selector` names the parameter that holds a new command,
 * `options.allow` new parameters.
 * @overload
 * @param {string} command newer than this package, or with parameters that are
 * @param {import('./read.js').Params} params
 * @param {Account} account
 * @param {NewerOptions} options
 * @returns {ApsRequest}
 */
/**
 * @param {string} command APS's name, such as `'CAPTURE'`
 * @param {unknown} params plain object of APS parameters; amounts in minor units as digits or bigint, or an `Amount`
 * @param {Account} account
 * @param {RequestOptions} [given]
 * @returns {ApsRequest}
 * @throws {ValidationError} everything that is wrong; warnings alone do not throw
 * @throws {LifecycleError} when the given payment forbids it and nothing else is wrong
 * @throws {import('../errors.js').ConfigurationError} for the account
 */
export function buildRequest(command, params, account, given) {
  const checked = inLanguageOf(checkAccount(account), params);
  const options = readGiven(given);
  const set = chooseCredentials(checked, params, options);
  const { selector } = options ?? {};
  const info = selector === undefined ? null : commandInfo(command);
  if (selector !== undefined && selector !== info?.selector) {
    // Commands that move money are always checked. For others the form may be inferred, and the caller may know better.
    if (info?.effect === 'money') throw new ValidationError([issue('selector', 'conflict', OTHER_SELECTOR)]);
    return buildNewer(command, selector, params, checked, set);
  }
  const parts = partsFor(command, checked, set, false);
  const copied = new Copied(params, COPY);
  const signature = signParts(parts, copied, options);
  const record = parts.record + copied.record;
  return new ApsRequest(parts.url, `${parts.prefix}${copied.json},"signature":"${signature}"}`, record);
}

/**
 * Builds a form for `paymentPage`. It takes no card data, which the browser gives only to APS.
 * @template {CommandName} C
 * @overload
 * @param {C} command a command of the payment page, such as `'PURCHASE'`
 * @param {CommandParams[C]} params as for `buildRequest`
 * @param {Account} account
 * @param {RequestOptions} [options]
 * @returns {ApsForm}
 */
/**
 * Builds a form with parameters that are newer than this package: `options.allow` names them.
 * @overload
 * @param {string} command with parameters that are newer than this package
 * @param {import('./read.js').Params} params
 * @param {Account} account
 * @param {NewerOptions} options
 * @returns {ApsForm}
 */
/**
 * @param {string} command a command of the payment page, such as `'PURCHASE'`
 * @param {unknown} params as for `buildRequest`
 * @param {Account} account
 * @param {RequestOptions} [given]
 * @returns {ApsForm}
 * @throws {ValidationError} as `buildRequest`
 * @throws {LifecycleError} as `buildRequest`
 * @throws {import('../errors.js').ConfigurationError} for the account
 */
export function buildForm(command, params, account, given) {
  const checked = inLanguageOf(checkAccount(account), params);
  const options = readGiven(given);
  const set = chooseCredentials(checked, params, options);
  const parts = partsFor(command, checked, set, true);
  const copied = new Copied(params, COPY_FORM);
  const signature = signParts(parts, copied, options);
  const fields = JSON.parse(`${parts.prefix}${copied.json},"signature":"${signature}"}`);
  const nested = Object.keys(fields).filter((name) => typeof fields[name] !== 'string');
  if (nested.length > 0) {
    throw new ValidationError(nested.map((name) => issue(name, 'bad_format', `${name} must be text in a form.`)));
  }
  return new ApsForm(parts.url, fields);
}

/** @param {RequestOptions | null | undefined} given */
const readGiven = (given) => (given === undefined || given === null ? undefined : readOptions(given, ['selector']));

/** The parameters that the account and the call supply. @type {ReadonlySet<string>} */
const SUPPLIED = new Set(['access_code', 'merchant_identifier', 'language', 'signature', ...SELECTORS]);

const COPY = { supplied: SUPPLIED };
const COPY_FORM = { supplied: SUPPLIED, isForm: true };

/**
 * @typedef {{ url: string, prefix: string, record: string, head: string }} Parts
 * the parts that all requests of a command share: `prefix` is the beginning of the JSON text, with what the account
 * supplies; `record` is the same as fields; `head` the first fields of the call that builds it
 */

/** Where the commands of each channel go, and the function that builds them. */
const CHANNELS = /** @type {const} */ ({
  api: { endpoint: 'paymentApi', builder: 'buildRequest', goal: 'the payment API' },
  batch: { endpoint: 'batchApi', builder: 'buildRequest', goal: 'the batch API' },
  reporting: { endpoint: 'reportingApi', builder: 'buildRequest', goal: 'the reporting API' },
  page: { endpoint: 'paymentPage', builder: 'buildForm', goal: 'the payment page' },
  upload: { endpoint: 'upload', builder: 'buildUpload', goal: 'files' },
});

/** @typedef {WeakMap<CheckedCredentials, Map<string, Parts>>} KeptParts by credentials, then by command */

/** By language: of requests, of forms. @type {Readonly<Record<'en' | 'ar', readonly [KeptParts, KeptParts]>>} */
const PARTS = { en: [new WeakMap(), new WeakMap()], ar: [new WeakMap(), new WeakMap()] };

/**
 * @param {string} command
 * @param {CheckedAccount} account
 * @param {CheckedCredentials} set
 * @param {boolean} isForm
 * @returns {Parts}
 */
function partsFor(command, account, set, isForm) {
  const parts = PARTS[account.language][isForm ? 1 : 0];
  const kept = parts.get(set) ?? new Map();
  const known = kept.get(command);
  if (known !== undefined) return known;
  const info = commandInfo(command);
  if (info === null) {
    throw new ValidationError(judge(command, new Copied({})));
  }
  const own = Object.entries(CHANNELS).flatMap(([name, one]) => (info.channels.includes(name) ? [one] : []));
  const channel = own.find(({ builder }) => builder === (isForm ? 'buildForm' : 'buildRequest'));
  if (channel === undefined) {
    const how = `${own[0]?.builder}, for ${own[0]?.goal}`;
    throw new ValidationError([issue('command', 'not_allowed', `${command} is built with ${how}.`)]);
  }
  const supplied = listSupplied(info.selector, command, account, set);
  const key = `${set.digest}\0${set.request_phrase}\0`;
  const built = {
    url: endpointOf(account, channel.endpoint),
    prefix: JSON.stringify(supplied).slice(0, -1),
    record: recordOf(supplied),
    head: key + questionHead(command, isForm, supplied),
  };
  kept.set(command, built);
  parts.set(set, kept);
  return built;
}

/**
 * The parameters that the account and the call supply, except the signature.
 * @param {string} selector
 * @param {string} command
 * @param {CheckedAccount} account
 * @param {CheckedCredentials} set
 * @returns {Record<string, string>}
 */
function listSupplied(selector, command, { merchant_identifier, language }, { access_code }) {
  return { [selector]: command, access_code, merchant_identifier, language };
}

/** Text parameters as fields. @param {Record<string, string>} params */
const recordOf = (params) =>
  Object.entries(params)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join('');

/**
 * Validates a request and returns its signature.
 * @param {Parts} parts
 * @param {Copied} copied
 * @param {RequestOptions | undefined} options
 * @returns {string}
 * @throws {ValidationError} everything that is wrong
 * @throws {LifecycleError} where the payment forbids it and nothing else is wrong
 */
function signParts(parts, copied, options) {
  const accepted = options === undefined ? [] : checkList(options.accept, 'accept');
  const answer = ask('build', parts.head + questionTail(copied, options));
  if (answer[0] !== '\0') return checkGiven(answer, copied.claimed.signature);
  const errors = settle(issuesFrom(answer.slice(1)), copied, accepted).filter(({ severity }) => severity === 'error');
  const forbidden = errors.every(({ code }) => isLifecycleCode(code));
  throw forbidden ? new LifecycleError(errors) : new ValidationError(errors);
}

/**
 * @param {string} signature
 * @param {string | null | undefined} given the caller's own
 */
function checkGiven(signature, given) {
  if (given === undefined || given?.toLowerCase() === signature) return signature;
  throw new ValidationError([issue('signature', 'conflict', 'signature differs from the one that was computed.')]);
}

/** @type {Map<string, CommandInfo>} */
const infos = new Map();

/**
 * The dictionary's entry for a command; null if it has none.
 * @param {string} command
 * @returns {CommandInfo | null}
 */
export function commandInfo(command) {
  const known = infos.get(command);
  if (known !== undefined) return known;
  const [selector = '', effect, channels = '', ...members] = ask('command_info', nameOf(command)).split('\0');
  if (selector === '') return null;
  const info = /** @type {CommandInfo} */ ({ selector, effect, channels: channels.split(' '), members });
  infos.set(command, info);
  return info;
}

/** The form of the name of a command newer than this package: that of all of APS's commands. */
const COMMAND_NAME = /^[A-Z0-9_]{1,60}$/;

/**
 * A command that the dictionary does not know: only its form is checked.
 * @param {string} command
 * @param {Selector} selector
 * @param {unknown} params
 * @param {CheckedAccount} account
 * @param {CheckedCredentials} set
 * @returns {ApsRequest}
 */
function buildNewer(command, selector, params, account, set) {
  const copied = new Copied(params, COPY);
  const issues = copied.refused.map(([path, code, expected]) => issue(path, code, `${path} must be ${expected}.`));
  if (typeof command !== 'string' || !COMMAND_NAME.test(command)) {
    issues.push(
      issue('command', 'bad_format', 'The name of a command has only capital letters, digits and underscores.'),
    );
  }
  if (!SELECTORS.includes(selector)) {
    issues.push(issue('selector', 'not_allowed', `selector must be one of ${SELECTORS.join(', ')}.`));
  }
  const supplied = listSupplied(selector, command, account, set);
  const { signature: given, ...claimed } = copied.claimed;
  for (const [name, value] of Object.entries(claimed)) {
    if (value !== supplied[name]) issues.push(issue(name, 'conflict', `${name} differs from what the call supplies.`));
  }
  if (issues.length > 0) throw new ValidationError(issues);
  const record = recordOf(supplied) + copied.record;
  const open = JSON.stringify(supplied).slice(0, -1) + copied.json;
  const signature = signRecord(record, set, given);
  return new ApsRequest(endpointOf(account, 'paymentApi'), `${open},"signature":"${signature}"}`, record);
}

/**
 * Signs, and compares with a signature that the caller gave.
 * @param {string} record
 * @param {CheckedCredentials} set
 * @param {string | null | undefined} given a signature to compare with
 * @returns {string}
 */
export function signRecord(record, set, given) {
  return checkGiven(ask('sign', `${set.digest}\0${set.request_phrase}\0${record}`), given);
}
