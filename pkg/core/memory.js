// Text straight into the memory of the wasm, and back: a third of what wasm-bindgen's strings take.

import { issue, ValidationError } from '../errors.js';
import { call, core } from './instance.js';

const MOST = 1 << 22;

/** The instance whose memory `view` shows: another one has its arguments elsewhere. @type {unknown} */
let owner;
let view = new Uint8Array(0);
/** The first bytes of `view`, for the answers that are read most: 64 digits of SHA-256. */
let first = view;
const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

/**
 * Writes text where the hot calls read it.
 * @param {string} text well-formed
 * @returns {number} its length in bytes
 */
export function write(text) {
  // Nothing that may be signed or verified is as long: 1 MiB, and phrases.
  if (text.length > MOST)
    throw new ValidationError([issue('message', 'too_long', 'The message is longer than 1 MiB.')]);
  const most = text.length * 3;
  // Memory that grew has a new buffer, and leaves the old view without length.
  if (core() !== owner || view.length < most) show(Math.max(most, 16_384));
  return encoder.encodeInto(text, view).written;
}

/**
 * Reads the ASCII text that a hot call left there.
 * @param {number} length in bytes
 * @returns {string}
 */
export function read(length) {
  if (length === first.length) return decoder.decode(first);
  // A call may have made the memory grow.
  if (view.length < length) show(length);
  return decoder.decode(view.subarray(0, length));
}

/**
 * Makes `view` show so many bytes.
 * @param {number} bytes
 */
function show(bytes) {
  // Reserving may make the memory grow, so its buffer is asked for afterwards.
  const start = call('reserve', bytes);
  const wasm = core();
  view = new Uint8Array(wasm.memory.buffer, start, bytes);
  first = view.subarray(0, 64);
  owner = wasm;
}
