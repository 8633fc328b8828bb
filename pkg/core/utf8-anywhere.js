// UTF-8 where `TextEncoder` may be missing: jsdom, which tests of pages run in, has none.

import { decode as decodeNatively, encodeInto as encodeNatively } from './utf8.js';

/**
 * @param {string} text well-formed
 * @param {Uint8Array} bytes at least three for each character
 * @returns {number} how many were written
 */
export function encodeInto(text, bytes) {
  if (typeof TextEncoder === 'function') return encodeNatively(text, bytes);
  let size = 0;
  // Percent-encoding writes the bytes of UTF-8.
  for (const [character, hex] of encodeURIComponent(text).matchAll(/%(..)|./g)) {
    bytes[size] = hex ? Number.parseInt(hex, 16) : character.charCodeAt(0);
    size += 1;
  }
  return size;
}

/**
 * @param {Uint8Array} bytes well-formed
 * @returns {string}
 */
export function decode(bytes) {
  if (typeof TextDecoder === 'function') return decodeNatively(bytes);
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}
