/**
 * APS's signature, on `node:crypto`, implemented independently of the Rust so that each can check the other.
 * Source: DOC incommon.md; HMAC as in five official plugins.
 */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { printNested } from './message.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./message.js').Value} Value */
/** @typedef {'SHA-256' | 'SHA-512' | 'HMAC-256' | 'HMAC-512'} Digest As the back office of APS names it. */

/** @type {Record<Digest, { algorithm: string, keyed: boolean }>} */
export const DIGESTS = {
  'SHA-256': { algorithm: 'sha256', keyed: false },
  'SHA-512': { algorithm: 'sha512', keyed: false },
  'HMAC-256': { algorithm: 'sha256', keyed: true },
  'HMAC-512': { algorithm: 'sha512', keyed: true },
};

/**
 * The text between the phrases: every parameter but `signature`, by name.
 *
 * @param {Message} message
 */
function writeCanonical(message) {
  let text = '';
  for (const name of [...message.keys()].sort()) {
    if (name !== 'signature') text += `${name}=${printNested(message.get(name) ?? '')}`;
  }
  return text;
}

/**
 * @param {Message} message
 * @param {string} phrase
 * @param {Digest} digest
 * @returns {Buffer}
 */
function computeDigest(message, phrase, digest) {
  const { algorithm, keyed } = DIGESTS[digest];
  const hash = keyed ? createHmac(algorithm, phrase) : createHash(algorithm);
  return hash.update(phrase + writeCanonical(message) + phrase, 'utf8').digest();
}

/**
 * @param {Message} message
 * @param {string} phrase
 * @param {Digest} digest
 * @returns {string} Lower-case hex.
 */
export function sign(message, phrase, digest) {
  return computeDigest(message, phrase, digest).toString('hex');
}

/**
 * Whether the message carries a signature made with one of the phrases.
 *
 * @param {Message} message
 * @param {readonly string[]} phrases
 * @param {Digest} digest
 */
export function isSigned(message, phrases, digest) {
  const signature = message.get('signature');
  if (typeof signature !== 'string' || !/^(?:[0-9a-f]{2})+$/i.test(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  let matches = false;
  for (const phrase of phrases) {
    const expected = computeDigest(message, phrase, digest);
    if (given.length === expected.length && timingSafeEqual(given, expected)) matches = true;
  }
  return matches;
}
