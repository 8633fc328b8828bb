// Options. Unknown ones are rejected, since a misspelled option may be one that protects money; null means not set.

import { ConfigurationError, issue, ValidationError } from '../errors.js';

/** @typedef {import('../errors.js').Issue} Issue */

/** Options that every call accepts, even where they have no effect: callers pass the same options to several calls. */
const COMMON = ['payment', 'at', 'language', 'allow', 'accept', 'credentials', 'signal', 'timeout', 'baseline'];

/**
 * The options of a call that are set.
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} own the names of those that are not common to all calls
 * @param {(options: T) => readonly Issue[]} [problems] checks their values
 * @returns {T} without those that are null
 * @throws {ValidationError} everything that is wrong; `unknown` for an unknown name
 */
export function readOptions(given, own, problems) {
  const issues = findUnknown(given, own, COMMON);
  const options = /** @type {T} */ ({});
  if (typeof given === 'object' && given !== null) {
    // An object written as `{…}` has only members of its own; any other object may inherit some.
    const isPlain = Object.getPrototypeOf(given) === Object.prototype;
    for (const name of isPlain ? Object.keys(given) : [...COMMON, ...own]) pick(given, name, options);
  }
  issues.push(...findBadLanguage(options));
  if (problems !== undefined) issues.push(...problems(options));
  if (issues.length > 0) throw new ValidationError(issues);
  return options;
}

/**
 * The options of something that is set up once, such as a client, which have no others in common.
 * @template {object} T
 * @param {string} code of the error
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @param {(options: T) => readonly Issue[]} problems checks their values
 * @returns {T} without those that are null
 * @throws {ConfigurationError} everything that is wrong; `unknown` for an unknown name
 */
export function readSettings(code, given, names, problems) {
  const options = pickOptions(given, names);
  const issues = [...findUnknown(given, names), ...problems(options)];
  if (issues.length > 0) throw new ConfigurationError(code, issues);
  return options;
}

/**
 * @param {unknown} given
 * @param {readonly string[]} names
 * @param {readonly string[]} [more] names
 * @returns {Issue[]} one for each unknown name
 */
export function findUnknown(given, names, more = []) {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object' || Array.isArray(given))
    return [issue('options', 'bad_format', 'options must be an object.')];
  const known = () => [...names, ...more].join(', ');
  return Object.keys(given)
    .filter((name) => !names.includes(name) && !more.includes(name))
    .map((name) => issue(name, 'unknown', `There is no option ${name} here. The options are ${known()}.`));
}

/**
 * Options whose values are checked elsewhere.
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} [names] besides those that every call accepts
 * @returns {Partial<T>} the same
 * @throws {ValidationError} `unknown` for each unknown name; `not_allowed` for a language that no sentence is in
 */
export function rejectUnknown(given, names = []) {
  const issues = [...findUnknown(given, names, COMMON), ...findBadLanguage(given)];
  if (issues.length > 0) throw new ValidationError(issues);
  return given ?? {};
}

/**
 * Checks the language of sentences.
 * @param {unknown} options
 * @returns {Issue[]} one if it is set to anything but the languages that there are
 */
export function findBadLanguage(options) {
  const language = /** @type {{ language?: unknown } | null | undefined} */ (options)?.language ?? 'en';
  if (language === 'en' || language === 'ar') return [];
  return [issue('language', 'not_allowed', 'language must be en or ar.')];
}

/**
 * Checks options that are whole numbers.
 * @param {object} options
 * @param {readonly string[]} names
 * @param {0 | 1} [least]
 * @returns {Issue[]} one for each that is set to anything else
 */
export function findBadNumbers(options, names, least = 1) {
  return names.flatMap((name) => {
    const value = /** @type {Record<string, unknown>} */ (options)[name] ?? least;
    if (Number.isSafeInteger(value) && Number(value) >= least) return [];
    const range = least === 0 ? 'not below 0' : 'above 0';
    return [issue(name, 'bad_format', `${name} must be a whole number, ${range}.`)];
  });
}

/**
 * @template {object} T
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @returns {T} only those that are neither undefined nor null
 */
export function pickOptions(given, names) {
  /** @type {Record<string, unknown>} */
  const options = {};
  for (const name of names) pick(given, name, options);
  return /** @type {T} */ (options);
}

/**
 * @param {unknown} given
 * @param {string} name
 * @param {object} options takes it, unless it is undefined or null
 */
function pick(given, name, options) {
  const value = /** @type {Record<string, unknown> | null | undefined} */ (given)?.[name] ?? undefined;
  if (value !== undefined) /** @type {Record<string, unknown>} */ (options)[name] = value;
}
