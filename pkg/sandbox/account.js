/** The merchant account of the sandbox: given, or generated. */

import { randomBytes } from 'node:crypto';
import { expectThat, readOptions } from './options.js';
import { DIGESTS } from './signature.js';

/** @typedef {import('./signature.js').Digest} Digest */

/** @typedef {string | readonly string[]} Phrases One, or several, newest first. */

/**
 * @template {Phrases} [P=string]
 * @typedef {object} SandboxCredentials
 * @property {string} access_code Names the credentials.
 * @property {P} sha_request_phrase Requests signed with any of them are accepted.
 * @property {P} sha_response_phrase Replies are signed with the newest.
 * @property {Digest} digest Of its signatures.
 */

/**
 * @template {Phrases} [P=string]
 * @typedef {object} Merchant
 * @property {string} merchant_identifier Names the merchant.
 * @property {'en' | 'ar'} language Of APS's sentences and pages.
 * @property {SandboxCredentials<P>} applePay The credentials of Apple Pay.
 */

/**
 * @template {Phrases} [P=string]
 * @typedef {SandboxCredentials<P> & Merchant<P>} MerchantAccount
 */

/**
 * @template {Phrases} [P=string]
 * @typedef {object} GivenParts
 * @property {unknown} [environment] Ignored: it is always the sandbox's own.
 * @property {Partial<SandboxCredentials<P>>} [applePay] The credentials of Apple Pay; omitted parts are generated.
 */

/**
 * Any part of an account; the rest is generated. `environment` is ignored: it is always the sandbox's own.
 *
 * @template {Phrases} [P=string]
 * @typedef {Partial<Omit<MerchantAccount<P>, 'applePay'>> & GivenParts<P>} GivenAccount
 */

/**
 * @param {Phrases} phrase
 * @returns {readonly string[]}
 */
export const listPhrases = (phrase) => (typeof phrase === 'string' ? [phrase] : phrase);

/**
 * @param {number} length
 * @returns {string} Letters and digits.
 */
const makeUp = (length) => randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length);

const CREDENTIALS = ['access_code', 'sha_request_phrase', 'sha_response_phrase', 'digest'];
const ACCOUNT = [...CREDENTIALS, 'merchant_identifier', 'language', 'applePay', 'environment'];

/**
 * @param {GivenAccount<Phrases> | null | undefined} given
 * @param {import('./options.js').Issue[]} issues Takes what is wrong.
 * @returns {MerchantAccount<Phrases>}
 */
export function completeAccount(given, issues) {
  const { environment, applePay, ...known } = readOptions(given, ACCOUNT, issues, 'account');
  const { language = 'en', merchant_identifier = makeUp(8), ...rest } = known;
  expectThat(issues, language === 'en' || language === 'ar', 'account.language', 'en or ar');
  expectThat(issues, isName(merchant_identifier), 'account.merchant_identifier', 'a text that is not empty');
  const account = { ...rest, language, merchant_identifier, ...completeCredentials('account', rest, issues) };
  const own = readOptions(applePay, CREDENTIALS, issues, 'account.applePay');
  const { digest } = account;
  return { ...account, applePay: completeCredentials('account.applePay', { digest, ...own }, issues) };
}

/** @param {unknown} value */
const isName = (value) => typeof value === 'string' && value !== '';

/**
 * @param {string} where
 * @param {Partial<SandboxCredentials<Phrases>>} given
 * @param {import('./options.js').Issue[]} issues
 * @returns {SandboxCredentials<Phrases>}
 */
function completeCredentials(where, given, issues) {
  const { access_code = makeUp(20), digest = 'SHA-256' } = given;
  const { sha_request_phrase = makeUp(20), sha_response_phrase = makeUp(20) } = given;
  const phrases = { sha_request_phrase, sha_response_phrase };
  expectThat(issues, isName(access_code), `${where}.access_code`, 'a text that is not empty');
  // The default of the second is that of the first, where it was reported.
  const isKnown = Object.hasOwn(DIGESTS, digest) || issues.some(({ parameter }) => parameter === 'account.digest');
  expectThat(issues, isKnown, `${where}.digest`, `one of ${Object.keys(DIGESTS).join(', ')}`);
  for (const [name, phrase] of Object.entries(phrases)) {
    const list = listPhrases(phrase);
    // With an empty phrase anyone could compute the signature.
    const isGood = Array.isArray(list) && list.length > 0 && list.every(isName);
    expectThat(issues, isGood, `${where}.${name}`, 'a text that is not empty, or a list of such texts');
  }
  return { access_code, ...phrases, digest };
}

/**
 * Matches any phrase of the account. The longest come first, so that no part of a longer one is left.
 *
 * @param {MerchantAccount<Phrases>} account
 */
export function matchPhrases(account) {
  const phrases = [account, account.applePay].flatMap((set) => [
    ...listPhrases(set.sha_request_phrase),
    ...listPhrases(set.sha_response_phrase),
  ]);
  const sources = phrases
    .sort((a, b) => b.length - a.length)
    .map((phrase) => phrase.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(sources.join('|'), 'g');
}
