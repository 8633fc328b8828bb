// Servers: the full artefact, compiled on import.

import { loaderOf } from './compiled.js';
import { inlinedBytes } from './hex.js';

/** @returns {() => unknown} */
function compile() {
  try {
    return loaderOf(new WebAssembly.Module(inlinedBytes()));
  } catch (error) {
    // Thrown at the first call, where it can be caught: an engine may lack WebAssembly (node --jitless).
    return () => {
      throw error;
    };
  }
}

/** The functions and the memory of an instance that nobody else has. */
export const load = compile();
