// Optional packages: PostgreSQL's client and PGlite. What is built as CommonJS has `peers-commonjs.js` in place of this.

import { builtin } from './folder.js';

/**
 * @param {string} name of a package
 * @returns {any} what it exports, seen from this file
 */
export const requireHere = (name) => builtin('module').createRequire(import.meta.url)(name);
