// Replaces the server entries in a page, and all entries in React Native: every name exists, and calls throw an error with
// the reason. The lists of names are generated from the entries (scripts/lib/refusals.js).

import { ConfigurationError, WasmBlockedError } from './errors.js';

/**
 * @param {string} entry
 * @param {string} name
 * @returns {never}
 */
export function refuseInPages(entry, name) {
  const why = 'phrases must not be in a browser, where anyone can read them';
  const instead = "call your own server, and import what pages may use from 'aps-payops'";
  const cure = "If this is a server, its bundler resolved the entry for pages: give it the condition 'node'";
  const rollup = "in Rollup nodeResolve({ exportConditions: ['node'] }), beside commonjs()";
  throw new ConfigurationError(
    'not_in_browsers',
    `${entry}: ${name} does not run in browsers: ${why}; ${instead}. ${cure} (${rollup}).`,
  );
}

/**
 * @param {string} entry
 * @param {string} name
 * @returns {never}
 */
export function refuseInNative(entry, name) {
  const why = 'Hermes, the engine of React Native, has no WebAssembly';
  const message = `${entry}: ${name} does not run here: ${why}. Call your own server, or show a page in a WebView.`;
  throw Object.assign(new WasmBlockedError('unsupported'), { message });
}

/**
 * A class whose constructor and static methods throw.
 * @param {(entry: string, name: string) => never} refuse
 * @param {string} entry
 * @param {string} name
 * @param {readonly string[]} statics
 */
export function refusing(refuse, entry, name, statics) {
  const Refusing = class {
    constructor() {
      refuse(entry, name);
    }
  };
  return Object.assign(
    Refusing,
    Object.fromEntries(statics.map((method) => [method, () => refuse(entry, `${name}.${method}`)])),
  );
}
