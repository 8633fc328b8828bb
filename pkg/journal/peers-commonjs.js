// Like `peers.js`. `require('pg')` is written as a literal, inside the caller's `try`, so that bundlers include the package
// if it is installed. PGlite reads files next to its own, so it is not bundled.

import { builtin } from './folder.js';

/**
 * @param {string} name of a package
 * @returns {any} its exports
 */
export function requireHere(name) {
  if (name === 'pg') {
    try {
      // @ts-expect-error its types are not needed
      return require('pg');
    } catch (error) {
      // A bundle of ES modules has no `require`.
      if (!/^Dynamic require/.test(/** @type {Error} */ (error).message)) throw error;
    }
  }
  return builtin('module').createRequire(__filename)(name);
}
