// UTF-8, as every browser and server runtime has it. The classes are asked for at first use: nothing may fail on import.
// What is built as CommonJS has `utf8-anywhere.js` in place of this.

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
