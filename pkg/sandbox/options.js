/** Reads options: null counts as omitted, unknown names are rejected, and everything that is wrong is reported at once. */

import { ConfigurationError, issue } from '../errors.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @param {Issue[]} issues Takes what is wrong.
 * @param {string} [path] Of the object that holds them, such as `webhook`; empty for the options themselves.
 * @returns {T} Those that are known, and neither undefined nor null.
 */
export function readOptions(given, names, issues, path = '') {
  const where = path === '' ? 'options' : path;
  const options = given ?? {};
  if (typeof options !== 'object' || Array.isArray(options)) {
    issues.push(issue(where, 'bad_format', `${where} must be an object with some of ${names.join(', ')}.`));
    return /** @type {T} */ ({});
  }
  for (const name of Object.keys(options).filter((one) => !names.includes(one))) {
    const own = memberOf(path, name);
    issues.push(issue(own, 'unknown', `There is no option ${own} here. The options are ${names.join(', ')}.`));
  }
  const set = Object.entries(options).filter(
    ([name, value]) => names.includes(name) && value !== undefined && value !== null,
  );
  return /** @type {T} */ (Object.fromEntries(set));
}

/** @param {string} path @param {string} name */
export const memberOf = (path, name) => (path === '' ? name : `${path}.${name}`);

/**
 * @param {Issue[]} issues
 * @param {boolean} isGood
 * @param {string} parameter
 * @param {string} expected What it must be.
 */
export function expectThat(issues, isGood, parameter, expected) {
  if (!isGood) issues.push(issue(parameter, 'bad_format', `${parameter} must be ${expected}.`));
}

/** @param {readonly Issue[]} issues @throws {ConfigurationError} If there are any. */
export function refuseAny(issues) {
  if (issues.length > 0) throw new ConfigurationError('invalid_options', issues);
}

/**
 * The options of a call.
 *
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @param {(options: T, issues: Issue[]) => void} check Adds what is wrong with their values.
 * @returns {T}
 * @throws {ConfigurationError}
 */
export function readChecked(given, names, check) {
  /** @type {Issue[]} */
  const issues = [];
  const options = readOptions(given, names, issues);
  check(options, issues);
  refuseAny(issues);
  return options;
}

/** @param {unknown} value */
export const isTime = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
