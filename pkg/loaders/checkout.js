// Browsers: the artefact without hash or signer, compiled at first use, since import must never throw there.

import text from '../wasm/checkout/bytes.js';
import { instantiate } from './instantiate.js';
import { bytesFromText } from './text.js';

/** @type {WebAssembly.Module | undefined} */
let compiled;

/** A new instance; compiles once. Throws what WebAssembly throws, at every call. */
export function load() {
  compiled ??= new WebAssembly.Module(bytesFromText(text));
  return instantiate(compiled);
}
