// Takes code out of the artefacts that can do nothing there: what makes and formats the text of a panic, which nobody
// sees (a panic is a trap, and the logic has none: see the lints in Cargo.toml), and, where nothing is ever freed, what
// works out how much to free.

import { readFileSync, writeFileSync } from 'node:fs';
import { Problem } from './run.js';

const PANICS = /panicking::|raw_vec::(?:handle_error|capacity_overflow)|alloc_error|rust_begin_unwind|slice_index_fail/;
const FREES = /RawVecInner<.*>::deallocate|__rust_dealloc$|::Drop>::drop::|ptr::drop_in_place/;

/** Texts of such messages: places in the standard library, digits in pairs, sentences. */
const TEXTS =
  /\/rustc\/[0-9a-f]{40}\/library\/[\w/-]+\.rs|00010203\d{184}96979899|capacity overflow|memory allocation of |bytes failed/g;

/**
 * @param {string} file a wasm file with names, overwritten
 * @param {{ frees: boolean }} options whether memory is freed at all
 */
export async function snip(file, { frees }) {
  const { default: binaryen } = await import('binaryen');
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(readFileSync(file));
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
  const own = functions.filter(({ module: imported }) => imported === '');
  /** @type {[RegExp, () => number][]} */
  const cuts = [[PANICS, () => module.unreachable()]];
  if (!frees) cuts.push([FREES, () => module.nop()]);
  for (const [pattern, body] of cuts) {
    const found = own.filter(({ name }) => pattern.test(name));
    // What another compiler calls them must not go unnoticed.
    if (found.length === 0) throw new Problem(`${file} has no function like ${pattern}`);
    for (const { name, params, results } of found) {
      module.removeFunction(name);
      module.addFunction(name, params, results, [], body());
    }
  }
  const bytes = Buffer.from(module.emitBinary());
  module.dispose();
  const text = bytes.toString('latin1').replace(TEXTS, (found) => '\0'.repeat(found.length));
  writeFileSync(file, Buffer.from(text, 'latin1'));
}
