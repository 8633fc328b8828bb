// Options: a misspelt one is not passed over, since it may be what was to guard money; and what is null is none.

import { issue, presentable, ValidationError } from '../errors.js';

/** @typedef {import('../errors.js').Issue} Issue */

/** What every call takes, also where it is of no use: callers hand the same options to several. */
const COMMON = ['payment', 'at', 'language', 'allow', 'accept', 'credentials', 'signal', 'timeout', 'baseline'];

/**
 * The options of a call that are given.
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} own the names of those that are not common to all calls
 * @param {(options: T) => readonly Issue[]} [problems] what else is wrong with them
 * @returns {T} without those that are null
 * @throws {ValidationError} everything that is wrong; `unknown` for a name that is none
 */
export function known(given, own, problems = () => []) {
  const names = [...COMMON, ...own];
  const options = picked(given, names);
  const issues = [...unknown(given, names), ...problems(options)];
  if (issues.length > 0) throw new ValidationError(issues);
  return options;
}

/**
 * @param {unknown} given
 * @param {readonly string[]} names
 * @returns {Issue[]} one for each name that is none
 */
export function unknown(given, names) {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object') return [issue('options', 'bad_format', 'options must be an object.')];
  const strange = Object.keys(given).filter((name) => !names.includes(name));
  return presentable(strange.map((name) => issue(name, 'unknown', `There is no option ${name} here.`)));
}

/**
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @returns {T} those options alone that are neither undefined nor null
 */
export function picked(given, names) {
  /** @type {Record<string, unknown>} */
  const options = {};
  for (const name of names) {
    const value = /** @type {Record<string, unknown> | null | undefined} */ (given)?.[name] ?? undefined;
    if (value !== undefined) options[name] = value;
  }
  return /** @type {T} */ (options);
}
