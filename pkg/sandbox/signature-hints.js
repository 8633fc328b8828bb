/** Why a signature does not match, where a common mistake explains it. For the log: APS itself never says. */

import { DIGESTS, isSigned } from './signature.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./authenticate.js').Credentials} Credentials */
/** @typedef {import('./signature.js').Digest} Digest */

/**
 * @param {Message} message
 * @param {readonly Message[]} parts The parts of it that may be signed; none matches the signature.
 * @param {readonly string[]} added What a browser added to it, which is in none of the parts.
 * @param {Credentials} own Those that the message names.
 * @param {readonly Credentials[]} all
 * @returns {string | undefined} `undefined` for any other mistake.
 */
export function findMistake(message, parts, added, own, all) {
  for (const part of parts) {
    const mistake = mistakeOfPart(part, own, all);
    if (mistake !== undefined) return mistake;
  }
  for (const names of listChoices(added)) {
    for (const part of parts) {
      const more = new Map([...part, ...[...message].filter(([name]) => names.includes(name))]);
      const mistake = isSigned(more, own.requestPhrases, own.digest) ? '' : mistakeOfPart(more, own, all);
      if (mistake === undefined) continue;
      return `The signature is made of ${names.join(', ')}, too, which the browser adds and the signature leaves out. ${mistake}`.trim();
    }
  }
  return undefined;
}

/**
 * @param {Message} part
 * @param {Credentials} own
 * @param {readonly Credentials[]} all
 * @returns {string | undefined}
 */
function mistakeOfPart(part, own, all) {
  const { requestPhrases, responsePhrase, digest } = own;
  const other = /** @type {Digest[]} */ (Object.keys(DIGESTS)).find(
    (one) => one !== digest && isSigned(part, requestPhrases, one),
  );
  if (other !== undefined) return `The signature is made with ${other}, not ${digest}.`;
  if (isSigned(part, [responsePhrase], digest)) {
    return 'The signature is made with sha_response_phrase, not sha_request_phrase.';
  }
  if (all.some((set) => set !== own && isSigned(part, set.requestPhrases, set.digest))) {
    return 'The signature is made with the phrase that belongs to another access_code.';
  }
  const trimmed = new Map([...part].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]));
  const isTrimmed = isSigned(trimmed, requestPhrases, digest);
  return isTrimmed ? 'The signature is made of values without the spaces around them.' : undefined;
}

/**
 * Every non-empty subset of the names, largest first.
 *
 * @param {readonly string[]} names Few.
 */
function listChoices(names) {
  return Array.from({ length: (1 << names.length) - 1 }, (_, count) =>
    names.filter((_name, place) => ((count + 1) >> place) % 2 === 1),
  ).sort((one, other) => other.length - one.length);
}
