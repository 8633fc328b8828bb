// Optional packages: PostgreSQL's client and PGlite. CommonJS builds use `peers-commonjs.js` instead.

import { builtin } from './folder.js';

/**
 * @param {string} name of a package
 * @returns {any} its exports, resolved from this file
 */
export const requireHere = (name) => builtin('module').createRequire(import.meta.url)(name);
