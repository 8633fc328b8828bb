// Accounts from environment variables.

import { ConfigurationError } from '../errors.js';
import { WALLETS } from '../generated/parameters.js';
import { CREDENTIAL_FIELDS, checkAccount } from './account.js';
import { printAs } from './mask.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./account.js').CredentialSet} CredentialSet */
/** @typedef {import('./account.js').DigestName} DigestName */

/** The fields that have a variable: their name in capitals, after `APS_` or the prefix of a wallet. */
const FIELDS = ['environment', 'merchant_identifier', ...CREDENTIAL_FIELDS];

/**
 * Reads an account from environment variables: `APS_ENVIRONMENT`, `APS_MERCHANT_IDENTIFIER`, `APS_ACCESS_CODE`,
 * `APS_SHA_REQUEST_PHRASE`, `APS_SHA_RESPONSE_PHRASE`, `APS_DIGEST`, and the last four with `APS_APPLE_PAY_`. A phrase
 * that is a JSON array of strings is several phrases, newest first, and any other text is the phrase itself, `[1234]` too;
 * an environment that is a JSON object is endpoints. Printing the account shows no phrase; printing a copy of it does.
 * @param {Record<string, string | undefined> | null} [given] the process's own if left out
 * @returns {Account}
 * @throws {ConfigurationError} `invalid_account`: every variable that is missing or wrong, by its name
 */
export function accountFromEnv(given) {
  const env = given ?? globalThis.process?.env ?? {};
  /** @param {string} prefix */
  const set = (prefix) => ({
    access_code: env[`${prefix}ACCESS_CODE`] ?? '',
    sha_request_phrase: parseIfMeant(env[`${prefix}SHA_REQUEST_PHRASE`], isList),
    sha_response_phrase: parseIfMeant(env[`${prefix}SHA_RESPONSE_PHRASE`], isList),
    digest: /** @type {DigestName | undefined} */ (env[`${prefix}DIGEST`] || undefined),
  });
  const isGiven = (/** @type {string} */ prefix) =>
    Object.keys(env).some((name) => name.startsWith(prefix) && env[name]);
  /** @type {Account} */
  const account = withoutPhrases({
    environment: parseIfMeant(env.APS_ENVIRONMENT, isEndpoints),
    merchant_identifier: env.APS_MERCHANT_IDENTIFIER ?? '',
    ...set('APS_'),
  });
  for (const { name, environment } of WALLETS) {
    if (isGiven(environment)) account[name] = withoutPhrases(set(environment));
  }
  try {
    checkAccount(account);
  } catch (error) {
    throw error instanceof ConfigurationError ? nameVariables(error, Object.keys(env)) : error;
  }
  return account;
}

/**
 * The same problems, in terms of environment variables.
 * @param {ConfigurationError} error
 * @param {readonly string[]} names of the variables that are set
 */
function nameVariables({ issues }, names) {
  const renamed = issues.map(({ parameter, code, message }) => {
    const variable = variableOf(parameter);
    return { parameter: variable, code, message: message.replace(parameter, () => variable) };
  });
  const [first] = renamed;
  // The usual reason: the file that has them was not read.
  if (first && !names.some((name) => name.startsWith('APS_'))) {
    first.message += ' No APS_ variable is set: load them first, for example with node --env-file=.env.';
  }
  return new ConfigurationError('invalid_account', renamed);
}

/** @param {string} parameter `access_code`, `applePay.access_code`, `environment.upload` */
function variableOf(parameter) {
  const [first = '', field = first] = parameter.split('.');
  const wallet = WALLETS.find(({ name }) => name === first);
  const name = wallet ? field : first;
  return FIELDS.includes(name) ? `${wallet?.environment ?? 'APS_'}${name.toUpperCase()}` : parameter;
}

/**
 * @template {CredentialSet} T
 * @param {T} set
 * @returns {T} the same, printed without its phrases
 */
function withoutPhrases(set) {
  const hide = (/** @type {string | readonly string[]} */ phrases) => (phrases.length > 0 ? '***' : phrases);
  const { sha_request_phrase, sha_response_phrase } = set;
  printAs(set, () => ({
    ...set,
    sha_request_phrase: hide(sha_request_phrase),
    sha_response_phrase: hide(sha_response_phrase),
  }));
  return set;
}

/** @param {unknown} value */
const isList = (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** @param {unknown} value */
const isEndpoints = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param {string | undefined} text
 * @param {(value: unknown) => boolean} isMeant whether the parsed JSON is of an accepted kind
 * @returns {any} the text itself if it is not such JSON
 */
function parseIfMeant(text = '', isMeant) {
  try {
    const value = JSON.parse(text);
    return isMeant(value) ? value : text;
  } catch {
    return text;
  }
}
