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
  const put = (/** @type {number} */ byte) => {
    bytes[size] = byte;
    size += 1;
  };
  const putRest = (/** @type {number} */ code, /** @type {number} */ count) => {
    for (let place = count - 1; place >= 0; place--) put(0x80 | ((code >> (6 * place)) & 0x3f));
  };
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) put(code);
    else if (code < 0x800) {
      put(0xc0 | (code >> 6));
      putRest(code, 1);
    } else if (code < 0x10000) {
      put(0xe0 | (code >> 12));
      putRest(code, 2);
    } else {
      put(0xf0 | (code >> 18));
      putRest(code, 3);
    }
  }
  return size;
}

/**
 * @param {Uint8Array} bytes well-formed
 * @returns {string}
 */
export function decode(bytes) {
  if (typeof TextDecoder === 'function') return decodeNatively(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    at += 1;
    const rest = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let code = rest === 0 ? lead : lead & (0x3f >> rest);
    for (let place = 0; place < rest; place++, at++) code = (code << 6) | ((bytes[at] ?? 0) & 0x3f);
    text += String.fromCodePoint(code);
  }
  return text;
}
