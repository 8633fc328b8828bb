/** Why a signature does not match, where one of the common mistakes explains it. For the log: APS itself never says. */

import { DIGESTS, isSigned } from './signature.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./admission.js').Credentials} Credentials */
/** @typedef {import('./signature.js').Digest} Digest */

/**
 * @param {Message} message
 * @param {Credentials} own Those that it names.
 * @param {readonly Credentials[]} all
 * @returns {string | undefined} None of the mistakes that are looked for.
 */
export function mistakeIn(message, own, all) {
  const { requestPhrases, responsePhrase, digest } = own;
  const other = /** @type {Digest[]} */ (Object.keys(DIGESTS)).find((one) => isSigned(message, requestPhrases, one));
  if (other !== undefined) return `The signature is made with ${other}, not ${digest}.`;
  if (isSigned(message, [responsePhrase], digest)) {
    return 'The signature is made with sha_response_phrase, not sha_request_phrase.';
  }
  if (all.some((set) => set !== own && isSigned(message, set.requestPhrases, set.digest))) {
    return 'The signature is made with the phrase that belongs to another access_code.';
  }
  const full = new Map([...message].filter(([, value]) => value !== ''));
  if (isSigned(full, requestPhrases, digest)) return 'The signature leaves out parameters that are sent empty.';
  const trimmed = new Map(
    [...message].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  );
  if (isSigned(trimmed, requestPhrases, digest))
    return 'The signature is made of values without the spaces around them.';
  return undefined;
}
