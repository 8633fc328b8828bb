// Accounts: where to send, the merchant, the phrases. An account is the caller's own plain object; it is checked
// when it is used, and the result is kept until one of its fields changes.

import { isText } from '../core/call.js';
import { ConfigurationError } from '../errors.js';
import { WALLETS } from '../generated/parameters.js';
import { INVISIBLE } from './invisible.js';

/** @typedef {'SHA-256' | 'SHA-512' | 'HMAC-256' | 'HMAC-512'} DigestName as the APS back office writes it */

/**
 * One access code and its phrases. An array of phrases is for rotation, newest first: requests are signed with the
 * newest, replies may be signed with any.
 * @typedef {object} CredentialSet
 * @property {string} access_code from the back office
 * @property {string | readonly string[]} sha_request_phrase signs requests
 * @property {string | readonly string[]} sha_response_phrase signs replies and notifications
 * @property {DigestName} [digest] `'SHA-256'` if left out
 */

/**
 * Addresses other than APS's own, such as those of the sandbox: https, or on this machine.
 * @typedef {object} Endpoints
 * @property {string} paymentApi takes operations as JSON
 * @property {string} [paymentPage] takes the forms of hosted pages
 * @property {string} [upload] takes batch files
 * @property {string} [batchApi] takes the commands of batches
 * @property {string} [reportingApi] takes the commands of reports
 */

/** @typedef {(typeof WALLETS)[number]['name']} WalletName a wallet that may have credentials of its own */
/** @typedef {'main' | WalletName} CredentialsName */

/**
 * @typedef {object} MerchantAccount
 * @property {'sandbox' | 'production' | Endpoints} environment where requests go; endpoints of your own must be https
 *   or loopback
 * @property {string} merchant_identifier from the back office
 * @property {'en' | 'ar'} [language] of APS's sentences and pages; `'en'` if left out
 */
/**
 * An account of APS: its credentials, those of wallets that have their own, and where it is.
 * @typedef {CredentialSet & { [W in WalletName]?: CredentialSet } & MerchantAccount} Account
 */

/**
 * @typedef {Readonly<{
 *   name: CredentialsName,
 *   access_code: string,
 *   request_phrase: string,
 *   response_phrases: readonly string[],
 *   digest: DigestName
 * }>} CheckedCredentials
 */

/**
 * @typedef {Readonly<{
 *   environment: 'sandbox' | 'production' | 'custom',
 *   endpoints: Readonly<Partial<Endpoints>>,
 *   merchant_identifier: string,
 *   language: 'en' | 'ar',
 *   credentials: readonly [main: CheckedCredentials, ...wallets: CheckedCredentials[]]
 * }>} CheckedAccount
 */

/** @typedef {{ parameter: string, code: string, message: string }} Problem */

/**
 * APS's endpoints (docs.payfort.com and the official SDKs). Those of its sandbox have a prefix.
 * @param {string} prefix
 */
const endpointsOf = (prefix) => {
  const services = `https://${prefix}paymentservices.payfort.com/FortAPI/`;
  return Object.freeze({
    paymentApi: `${services}paymentApi`,
    paymentPage: `https://${prefix}checkout.payfort.com/FortAPI/paymentPage`,
    upload: `${services}upload/`,
    batchApi: `${services}batchApi/`,
    reportingApi: `${services}reportingApi`,
  });
};
const ENDPOINTS = { sandbox: /* @__PURE__ */ endpointsOf('sb'), production: /* @__PURE__ */ endpointsOf('') };

/** @type {readonly DigestName[]} */
export const DIGESTS = ['SHA-256', 'SHA-512', 'HMAC-256', 'HMAC-512'];
/** @type {readonly (keyof Endpoints)[]} */
const ENDPOINT_NAMES = ['paymentApi', 'paymentPage', 'upload', 'batchApi', 'reportingApi'];
export const CREDENTIAL_FIELDS = /** @type {const} */ ([
  'access_code',
  'sha_request_phrase',
  'sha_response_phrase',
  'digest',
]);
const WALLET_NAMES = WALLETS.map(({ name }) => name);
const ACCOUNT_FIELDS = ['environment', 'merchant_identifier', 'language', ...WALLET_NAMES, ...CREDENTIAL_FIELDS];

/**
 * Accounts that were checked, with the values that they had then.
 * @type {WeakMap<object, { fields: unknown[], plain: Account | null, checked: CheckedAccount }>}
 */
const kept = new WeakMap();
/** What `checkAccount` returned: nothing of it can change. @type {WeakSet<object>} */
const results = new WeakSet();

/**
 * @param {Account | CheckedAccount} account
 * @returns {CheckedAccount} a copy, unless it is one already
 * @throws {ConfigurationError} `invalid_account`: everything that is wrong with it, without its values
 */
export function checkAccount(account) {
  if (typeof account !== 'object' || account === null) {
    throw new ConfigurationError('invalid_account', 'The account must be an object.');
  }
  if (results.has(account)) return /** @type {CheckedAccount} */ (account);
  const given = /** @type {Account} */ (account);
  const before = kept.get(given);
  if (before !== undefined && isUnchanged(given, before.plain)) return before.checked;
  const fields = fieldsOf(given);
  if (before !== undefined && areSame(before.fields, fields)) return before.checked;
  const checked = validateAccount(given);
  results.add(checked);
  kept.set(given, { fields, plain: isPlain(given) ? { ...given } : null, checked });
  return checked;
}

/**
 * Whether an account holds only text, so that its fields can be compared one by one. Nearly every account does, and the
 * fields are compared for every request: 4 % of it.
 * @param {Account} account
 */
function isPlain(account) {
  return Object.values(account).every((value) => typeof value === 'string' || value === undefined);
}

/**
 * @param {Account} now
 * @param {Account | null} then
 */
function isUnchanged(now, then) {
  return (
    then !== null &&
    now.access_code === then.access_code &&
    now.sha_request_phrase === then.sha_request_phrase &&
    now.sha_response_phrase === then.sha_response_phrase &&
    now.merchant_identifier === then.merchant_identifier &&
    now.environment === then.environment &&
    now.digest === then.digest &&
    now.language === then.language &&
    WALLET_NAMES.every((name) => now[name] === then[name])
  );
}

/**
 * Every value that an account consists of, in a fixed order and without structure.
 * @param {Account} account
 * @returns {unknown[]}
 */
function fieldsOf(account) {
  /** @type {unknown[]} */
  const fields = [account.merchant_identifier, account.language];
  addFields(fields, account, CREDENTIAL_FIELDS);
  for (const name of WALLET_NAMES) addFields(fields, account[name], CREDENTIAL_FIELDS);
  addFields(fields, account.environment, ENDPOINT_NAMES);
  return fields;
}

/**
 * @param {unknown[]} fields
 * @param {unknown} object or a plain value, which is added itself
 * @param {readonly string[]} names
 */
function addFields(fields, object, names) {
  if (typeof object !== 'object' || object === null) {
    fields.push(object);
    return;
  }
  for (const name of names) {
    const value = /** @type {Record<string, unknown>} */ (object)[name];
    if (Array.isArray(value)) fields.push(value.length, ...value);
    else fields.push(value);
  }
}

/**
 * @param {unknown[]} before
 * @param {unknown[]} now
 */
function areSame(before, now) {
  return before.length === now.length && now.every((value, index) => value === before[index]);
}

/** @typedef {(parameter: string, code: string, what: string) => void} Refuse notes that a parameter “must” */

/**
 * @param {Account} account
 * @returns {CheckedAccount}
 */
function validateAccount(account) {
  /** @type {Problem[]} */
  const problems = [];
  /** @type {Refuse} */
  const refuse = (parameter, code, what) => {
    problems.push({ parameter, code, message: `${parameter} must ${what}.` });
  };
  const { environment, merchant_identifier, language = 'en' } = account;
  const endpoints = checkEnvironment(environment, refuse);
  checkNames(account, ACCOUNT_FIELDS, '', refuse);
  checkText(merchant_identifier, 'merchant_identifier', refuse);
  if (language !== 'en' && language !== 'ar') refuse('language', 'not_allowed', 'be en or ar');
  /** @type {[CheckedCredentials, ...CheckedCredentials[]]} */
  const credentials = [checkCredentials(account, 'main', refuse)];
  for (const name of WALLET_NAMES) {
    const set = account[name];
    if (set === undefined) continue;
    if (typeof set !== 'object' || set === null) {
      refuse(name, 'bad_format', 'be a set of credentials');
      continue;
    }
    checkNames(set, CREDENTIAL_FIELDS, `${name}.`, refuse);
    if (set.access_code && credentials.some(({ access_code }) => access_code === set.access_code)) {
      refuse(`${name}.access_code`, 'conflict', 'differ from every other access_code: replies are matched by it');
    }
    credentials.push(checkCredentials(set, name, refuse));
  }
  if (problems.length > 0) throw new ConfigurationError('invalid_account', problems);
  return Object.freeze({
    environment: typeof environment === 'string' ? environment : 'custom',
    endpoints,
    merchant_identifier,
    language,
    credentials: Object.freeze(credentials),
  });
}

/**
 * An account may have members of the caller's own, but none with a name that is almost one of ours.
 * @param {object} object
 * @param {readonly string[]} names
 * @param {string} prefix
 * @param {Refuse} refuse
 */
function checkNames(object, names, prefix, refuse) {
  const letters = (/** @type {string} */ name) => name.replace(/[^a-z]/gi, '').toLowerCase();
  for (const name of Object.keys(object)) {
    const similar = names.find((one) => letters(one) === letters(name));
    if (similar !== undefined && similar !== name) refuse(`${prefix}${name}`, 'unknown', `be written ${similar}`);
  }
}

/**
 * @param {unknown} value
 * @returns {value is string} whether text can be signed with
 */
const isSignable = (value) => isText(value) && value !== '';

/**
 * @param {unknown} value
 * @param {string} parameter
 * @param {Refuse} refuse
 */
function checkText(value, parameter, refuse) {
  if (!isSignable(value)) refuse(parameter, 'missing', 'be a non-empty string');
  // A copied space would become part of the phrase, and the gateway would only say that the signature does not match.
  else if (value.trim() !== value) refuse(parameter, 'bad_character', 'have no space before or after it');
  else if (new RegExp(`[${INVISIBLE}]`).test(value))
    refuse(parameter, 'bad_character', 'have no invisible character in it');
}

/**
 * Whether a phrase stands in quotation marks, as in the file that it was copied from.
 * @param {string} phrase
 */
const isQuoted = (phrase) => /^(["'`]).*\1$|^[\u2018\u201c\u00ab].*[\u2019\u201d\u00bb]$/s.test(phrase);

/** Whether a phrase begins or ends with an invisible character. @param {string} phrase */
const isHidden = (phrase) => new RegExp(`^[${INVISIBLE}]|[${INVISIBLE}]$`).test(phrase);

/**
 * @param {CredentialSet} set
 * @param {CredentialsName} name
 * @param {Refuse} refuse
 * @returns {CheckedCredentials}
 */
function checkCredentials(set, name, refuse) {
  const { access_code, digest = 'SHA-256' } = set;
  const prefix = name === 'main' ? '' : `${name}.`;
  checkText(access_code, `${prefix}access_code`, refuse);
  if (!DIGESTS.includes(digest)) refuse(`${prefix}digest`, 'not_allowed', `be one of ${DIGESTS.join(', ')}`);
  const [request, response] = /** @type {const} */ (['sha_request_phrase', 'sha_response_phrase']).map((field) => {
    const phrases = [set[field]].flat();
    if (phrases.length === 0 || !phrases.every(isSignable)) {
      refuse(prefix + field, 'missing', 'be a non-empty string, or an array of them, newest first');
      return [];
    }
    // A copied character would become part of the phrase, and the gateway would only say that the signature does not match.
    if (phrases.some((phrase) => phrase.trim() !== phrase)) {
      refuse(prefix + field, 'bad_character', 'have no white space before or after it');
    } else if (phrases.some(isHidden)) {
      refuse(prefix + field, 'bad_character', 'have no invisible character before or after it');
    } else if (phrases.some(isQuoted)) {
      refuse(prefix + field, 'bad_format', 'be given without the quotation marks around it');
    }
    return phrases;
  });
  const checked = { name, access_code, digest };
  // `util.inspect` and `JSON.stringify` do not show what is not enumerable.
  return Object.freeze(
    Object.defineProperties(/** @type {CheckedCredentials} */ (checked), {
      request_phrase: { value: request?.[0] },
      response_phrases: { value: Object.freeze(response) },
    }),
  );
}

/**
 * @param {unknown} environment
 * @param {Refuse} refuse
 * @returns {Readonly<Partial<Endpoints>>}
 */
function checkEnvironment(environment, refuse) {
  if (environment === 'sandbox' || environment === 'production') return ENDPOINTS[environment];
  if (typeof environment !== 'object' || environment === null) {
    refuse('environment', 'not_allowed', 'be sandbox, production or an object of endpoints');
    return {};
  }
  /** @type {Partial<Endpoints>} */
  const endpoints = {};
  checkNames(environment, ENDPOINT_NAMES, 'environment.', refuse);
  for (const name of ENDPOINT_NAMES) {
    const url = /** @type {Partial<Endpoints>} */ (environment)[name];
    if (url === undefined && name !== 'paymentApi') continue;
    if (isSafe(url)) endpoints[name] = url;
    else {
      const what = 'be an https URL, or http on this machine, without user or password';
      refuse(`environment.${name}`, 'not_allowed', what);
    }
  }
  return Object.freeze(endpoints);
}

/**
 * @param {unknown} text
 * @returns {text is string}
 */
function isSafe(text) {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

/**
 * Whether a URL's host can only be this machine.
 * @param {string} hostname as `URL` gives it
 */
export function isLoopbackHost(hostname) {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * Whether the gateway of an account runs on this machine: a sandbox, whose pages have no https either.
 * @param {CheckedAccount} account
 */
export function isLoopback(account) {
  const { paymentApi } = account.endpoints;
  return paymentApi !== undefined && isLoopbackHost(new URL(paymentApi).hostname);
}

/**
 * @param {CheckedAccount} account
 * @param {keyof Endpoints} name
 * @returns {string}
 * @throws {ConfigurationError} `no_endpoint` if custom endpoints lack this one
 */
export function endpointOf(account, name) {
  const url = account.endpoints[name];
  if (url === undefined) throw new ConfigurationError('no_endpoint', `The account's environment has no ${name}.`);
  return url;
}

/**
 * The credentials that sign a request: the named set, else the one whose `access_code` is given, else the
 * wallet's, for a payment from a wallet that has its own.
 * @param {CheckedAccount} account
 * @param {unknown} params
 * @param {{ payment?: { digital_wallet?: string }, credentials?: CredentialsName }} [options]
 * @returns {CheckedCredentials}
 * @throws {ConfigurationError} `no_credentials`
 */
export function chooseCredentials({ credentials: sets }, params, options) {
  const wanted = options?.credentials;
  if (wanted !== undefined) {
    const set = sets.find(({ name }) => name === wanted);
    if (set !== undefined) return set;
    const names = sets.map(({ name }) => name).join(', ');
    throw new ConfigurationError('no_credentials', `The account has no such set of credentials. It has ${names}.`);
  }
  // Most accounts have one set. `params` is not validated yet.
  if (sets.length === 1) return sets[0];
  const [main, ...wallets] = sets;
  const { access_code, digital_wallet } = /** @type {Record<string, unknown>} */ (params ?? {});
  const named = sets.find((set) => set.access_code === access_code);
  if (named !== undefined) return named;
  const wallet = options?.payment?.digital_wallet ?? digital_wallet;
  const own = WALLETS.find((one) => one.digital_wallet === wallet);
  return wallets.find(({ name }) => name === own?.name) ?? main;
}

/**
 * The account for one request: a language in the parameters overrides the account's.
 * @param {CheckedAccount} account
 * @param {unknown} params
 * @returns {CheckedAccount}
 */
export function inLanguageOf(account, params) {
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, 'language')) return account;
  // An accessor is rejected later, without being called.
  const language = Object.getOwnPropertyDescriptor(params, 'language')?.value;
  const isAnother = (language === 'en' || language === 'ar') && language !== account.language;
  return isAnother ? { ...account, language } : account;
}
