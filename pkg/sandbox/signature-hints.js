/** Why a signature does not match, where one of the common mistakes explains it. For the log: APS itself never says. */

import { DIGESTS, isSigned } from './signature.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./authenticate.js').Credentials} Credentials */
/** @typedef {import('./signature.js').Digest} Digest */

/**
 * @param {Message} message
 * @param {readonly Message[]} parts What of it may be signed; none of them is.
 * @param {readonly string[]} added What a browser has added to it, which is in none of the parts.
 * @param {Credentials} own Those that it names.
 * @param {readonly Credentials[]} all
 * @returns {string | undefined} None of the mistakes that are looked for.
 */
export function mistakeIn(message, parts, added, own, all) {
  for (const part of parts) {
    const mistake = mistakeOf(part, own, all);
    if (mistake !== undefined) return mistake;
  }
  for (const names of choices(added)) {
    for (const part of parts) {
      const more = new Map([...part, ...[...message].filter(([name]) => names.includes(name))]);
      const mistake = isSigned(more, own.requestPhrases, own.digest) ? '' : mistakeOf(more, own, all);
      if (mistake === undefined) continue;
      return `The signature is made of ${names.join(', ')}, too, which the browser adds and nobody signs. ${mistake}`.trim();
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
function mistakeOf(part, own, all) {
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
  const full = new Map([...part].filter(([, value]) => value !== ''));
  if (isSigned(full, requestPhrases, digest)) return 'The signature leaves out parameters that are sent empty.';
  const trimmed = new Map([...part].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]));
  if (isSigned(trimmed, requestPhrases, digest))
    return 'The signature is made of values without the spaces around them.';
  return undefined;
}

/**
 * Every choice of one name or more, the largest first.
 *
 * @param {readonly string[]} names Few.
 */
function choices(names) {
  return Array.from({ length: (1 << names.length) - 1 }, (_, count) =>
    names.filter((_name, place) => ((count + 1) >> place) % 2 === 1),
  ).sort((one, other) => other.length - one.length);
}
