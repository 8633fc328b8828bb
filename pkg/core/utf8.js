// UTF-8, as every browser and server runtime has it. The classes are looked up at first use: nothing may fail on import.
// CommonJS builds use `utf8-anywhere.js` instead.

/** @type {TextEncoder | undefined} */
let encoder;
/** @type {TextDecoder | undefined} */
let decoder;

/**
 * @param {string} text well-formed
 * @param {Uint8Array} bytes at least three for each character
 * @returns {number} how many were written
 */
export function encodeInto(text, bytes) {
  encoder ??= new TextEncoder();
  return encoder.encodeInto(text, bytes).written;
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decode(bytes) {
  decoder ??= new TextDecoder();
  return decoder.decode(bytes);
}
