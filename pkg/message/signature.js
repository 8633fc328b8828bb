// Signing, verifying and explaining, all done in Rust. Secrets are passed for one call and wiped afterwards.

import { ask, isText, listOf, write } from '../core/call.js';
import { call } from '../core/instance.js';
import { ApsError, ConfigurationError, issue, ValidationError } from '../errors.js';
import { MAX_BYTES } from '../generated/parameters.js';
import { DIGESTS } from './account.js';
import { copyExactly, messageFields, reasonOf } from './read.js';
import { cardBrand } from './validate.js';

/** @typedef {import('./account.js').DigestName} DigestName */

/**
 * What parameters are signed with.
 * @typedef {object} SignOptions
 * @property {string} phrase the SHA request phrase
 * @property {DigestName} digest of the account
 */
/**
 * What a message is verified with.
 * @typedef {object} VerifyOptions
 * @property {string | readonly string[]} phrase the SHA response phrase, or several, newest first
 * @property {DigestName} digest of the account
 * @property {readonly string[]} [ignore] your own query parameters on `return_url`
 */

/**
 * The signature over parameters, exactly as they are given; `signature` itself is left out (DOC, in common).
 * @param {unknown} params plain object: text, whole numbers, objects and lists of them
 * @param {SignOptions} options
 * @returns {string} lower-case hex
 * @throws {import('../errors.js').ValidationError} for parameters that cannot be signed
 * @throws {ConfigurationError} `bad_phrase`, `bad_digest`
 */
export function sign(params, options) {
  const { phrase, digest } = checkKey(options);
  return ask('sign', `${digest}\0${phrase[0]}\0${copyExactly(params).record}`);
}

/**
 * Whether a message carries a valid signature. It is compared in constant time, in either case of hex; a message that
 * cannot be read, or has no signature, is not valid.
 * @param {import('./read.js').Message} message
 * @param {VerifyOptions} options
 * @returns {boolean}
 * @throws {ConfigurationError} `bad_phrase`, `bad_digest`, `bad_ignore`
 */
export function verify(message, options) {
  const head = headerOf(options);
  let fields;
  try {
    fields = messageFields(message);
  } catch (error) {
    // A failure of ours says nothing about the message: at the edge of the stack a call is a RangeError, and a regular
    // expression that is compiled there a SyntaxError.
    const isOurs =
      error instanceof ApsError
        ? error.code !== 'validation'
        : error instanceof RangeError || error instanceof SyntaxError;
    if (isOurs) throw error;
    return false;
  }
  return call('verify', write(head + fields)) === 1;
}

/**
 * A common mistake that would make the signature match.
 * @typedef {object} Hint
 * @property {string} mistake its code, such as `other_phrase`
 * @property {string} message a sentence for developers
 * @property {string} [parameter] the parameter that it concerns
 * @property {string} [digest] the digest that was used instead
 */
/**
 * @typedef {object} OtherPhrase
 * @property {string | readonly string[]} [otherPhrase] the phrase of the other direction, or several
 */
/**
 * Why a signature matches or does not.
 * @typedef {object} Explanation
 * @property {boolean} matches whether it does
 * @property {string} canonical the text that is signed, phrase and card data masked
 * @property {string[]} parameters the names that are signed, in the order of the text
 * @property {Hint[]} hints the mistakes that would make it match; empty when it does
 */

/**
 * Why a signature matches or does not: the signed text with phrase and card data masked, and the common mistakes that
 * would make it match. The expected signature is never revealed. The work is limited by the length of the message: if the
 * limit is reached, the last hint is `gave_up`, and the end of `canonical` and `parameters` may be missing.
 * @param {import('./read.js').Message} message
 * @param {VerifyOptions & OtherPhrase} options
 * @returns {Explanation}
 * @throws {import('../errors.js').ValidationError} for a message that cannot be read
 * @throws {ConfigurationError} `bad_phrase`, `bad_digest`, `bad_ignore`
 */
export function explainSignature(message, options) {
  const head = headerOf(options);
  const { otherPhrase } = options;
  const others = (otherPhrase ?? null) === null ? [] : readPhrases(otherPhrase, 'otherPhrase');
  const decoded = fromBase64(message);
  if (decoded !== undefined) {
    const { matches, hints, ...rest } = explainSignature(decoded, options);
    return { ...rest, matches: false, hints: [NOT_DECODED, ...hints] };
  }
  const length = write(head + listOf(others) + messageFields(message));
  const { error, matches, canonical, parameters, hints } = call('explain', length);
  if (error !== undefined) {
    throw new ValidationError([issue('message', 'bad_format', `The message cannot be read. ${reasonOf(error)}`)]);
  }
  return {
    matches,
    canonical: withoutCardNumbers(canonical),
    parameters: parameters.map(withoutCardNumbers),
    hints: hints.map((/** @type {Hint} */ hint) =>
      hint.parameter === undefined ? hint : { ...hint, parameter: withoutCardNumbers(hint.parameter) },
    ),
  };
}

const NOT_DECODED = /* @__PURE__ */ Object.freeze({
  mistake: 'base64_body',
  message:
    'The body is base64 and was not decoded: API gateways mark such a body, for example by event.isBase64Encoded.',
});

/**
 * Decodes a body that a gateway encoded as base64.
 * @param {unknown} message
 * @returns {string | undefined} the message in it; undefined if it is anything else
 */
function fromBase64(message) {
  const text = ArrayBuffer.isView(message) || message instanceof ArrayBuffer ? latin1Of(message) : message;
  if (typeof text !== 'string' || text.length > MAX_BYTES || !/^[\w+/-]{20,}={0,2}\s*$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.trim().replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
    const inner = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^\s*\{|(?:^|&)signature=/.test(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

/** @param {ArrayBuffer | ArrayBufferView} bytes */
const latin1Of = (bytes) => (bytes.byteLength > MAX_BYTES ? undefined : new TextDecoder('latin1').decode(bytes));

/**
 * Masks numbers that may be card numbers outside their own parameter: in a description, or as a name.
 * @param {string} text
 */
function withoutCardNumbers(text) {
  return text.replace(/(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)/g, (number) =>
    cardBrand(number) === null ? number : number.replace(/\d/g, '*'),
  );
}

/**
 * Checks the key of a call.
 * @param {VerifyOptions} options
 * @returns {{ phrase: readonly string[], digest: string, ignore: readonly string[] }}
 * @throws {ConfigurationError} `bad_phrase`, `bad_digest`, `bad_ignore`
 */
function checkKey(options) {
  const { phrase, digest } = options ?? {};
  const ignore = options?.ignore ?? NONE;
  const all = readPhrases(phrase, 'phrase');
  if (!DIGESTS.includes(digest)) {
    throw new ConfigurationError('bad_digest', `digest must be one of ${DIGESTS.join(', ')}.`);
  }
  if (!(Array.isArray(ignore) && ignore.every(isText))) {
    throw new ConfigurationError('bad_ignore', 'ignore must be a list of names.');
  }
  return { phrase: all, digest, ignore };
}

/** @type {readonly string[]} */
const NONE = [];

/**
 * Digest, phrases and names to leave out, as Rust reads them.
 * @param {VerifyOptions} options
 */
function headerOf(options) {
  const { phrase, digest, ignore } = checkKey(options);
  if (ignore === NONE && phrase.length === 1) return `${digest}\x001\0${phrase[0]}\x000\0`;
  return `${digest}\0${listOf(phrase)}${listOf(ignore)}`;
}

/**
 * @param {unknown} phrase
 * @param {string} name
 * @returns {readonly string[]}
 */
function readPhrases(phrase, name) {
  const all = Array.isArray(phrase) ? phrase : [phrase];
  if (all.length > 0 && all.every((entry) => isText(entry) && entry !== '')) return all;
  // With an empty phrase anyone could make the signature.
  throw new ConfigurationError('bad_phrase', `${name} must be a non-empty string.`);
}
