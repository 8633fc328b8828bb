// As `peers.js`. `require('pg')` is spelled out, inside a `try` of the caller's, so that bundlers take the package along
// where it is there. PGlite reads files that lie beside it: it stays where it is.

import { builtin } from './folder.js';

/**
 * @param {string} name of a package
 * @returns {any} what it exports
 */
export function requireHere(name) {
  if (name === 'pg') {
    try {
      // @ts-expect-error no types of it are needed
      return require('pg');
    } catch (error) {
      // A bundle of ES modules has no `require`.
      if (!/^Dynamic require/.test(/** @type {Error} */ (error).message)) throw error;
    }
  }
  return builtin('module').createRequire(__filename)(name);
}
