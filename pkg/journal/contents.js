// Identifies a call: the caller's key, its contents, which distinguish it from other operations, and the texts that
// identify it to APS. These are derived from the key, so that a prepared operation is sent with the same texts.

import { issue, ValidationError } from '../errors.js';
import { SELECTORS } from '../generated/parameters.js';
import { cardBrand } from '../message/validate.js';
import { withoutSecrets } from './texts.js';

const LONGEST_KEY = 200;
const LONGEST_DESCRIPTION = 150;
/**
 * Whether a value can name something in the journal: control characters separate the parts of its records.
 * @param {unknown} value
 * @returns {value is string}
 */
export const isText = (value) =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= LONGEST_KEY &&
  value.isWellFormed() &&
  !/\p{Cc}/u.test(value);

/**
 * @param {unknown} key
 * @returns {import('../errors.js').Issue[]} one if it cannot be the key of an operation
 */
export function findBadKey(key) {
  if (isText(key)) return [];
  const message = `operation must be your own key of this operation: text of 1 to ${LONGEST_KEY} characters, without control characters.`;
  return [issue('operation', key === undefined ? 'missing' : 'bad_format', message)];
}

/** Supplied by the account, so not part of the contents. */
const SUPPLIED = new Set(['access_code', 'merchant_identifier', 'signature', 'language']);

/**
 * @param {any} given
 * @returns {{ key: string, order: string | undefined, rest: any }} `rest`: the parameters for APS
 * @throws {ValidationError}
 */
export function splitKey(given) {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ValidationError([issue('params', 'bad_format', 'params must be an object.')]);
  }
  const { operation, order, ...descriptors } = Object.getOwnPropertyDescriptors(given);
  const key = operation?.value;
  const issues = findBadKey(key);
  const name = order?.value ?? undefined;
  if (name !== undefined && (!isText(name) || /\s/u.test(name))) {
    issues.push(
      issue(
        'order',
        'bad_format',
        `order must be text of 1 to ${LONGEST_KEY} characters, without spaces or control characters.`,
      ),
    );
  }
  if (issues.length > 0) throw new ValidationError(issues);
  // A copy with the same accessors and prototype, which validation has to see.
  return { key, order: name, rest: Object.create(Object.getPrototypeOf(given), descriptors) };
}

/**
 * A tag that a notification echoes, after the caller's description if there is room. It is derived from the key, so that a
 * prepared operation is sent with the same tag.
 * @param {any} params
 * @param {string} digest of the key
 * @returns {{ text: string, description: string } | undefined}
 */
export function tagFor(params, digest) {
  const text = BigInt(`0x${digest.slice(0, 18)}`)
    .toString(36)
    .padStart(14, '0')
    .slice(-14);
  const given = Object.getOwnPropertyDescriptor(params, 'order_description')?.value ?? '';
  if (typeof given !== 'string') return undefined;
  const description = given === '' ? `#${text}` : `${given} #${text}`;
  return [...description].length > LONGEST_DESCRIPTION ? undefined : { text, description };
}

/** The tag in a description. @param {unknown} description @returns {string | undefined} */
export function tagIn(description) {
  return typeof description === 'string' ? /(?:^| )#([0-9a-z]{14})$/.exec(description)?.[1] : undefined;
}

/** @param {string} digest */
export function uuidOf(digest) {
  const at = (/** @type {number} */ from, /** @type {number} */ to) => digest.slice(from, to);
  return `${at(18, 26)}-${at(26, 30)}-8${at(31, 34)}-a${at(35, 38)}-${at(38, 50)}`;
}

/** @param {Record<string, any>} params */
export function recordable(params) {
  const others = new Set([...SUPPLIED, ...SELECTORS]);
  return Object.fromEntries(Object.entries(params).filter(([name]) => !others.has(name)));
}

/**
 * The contents of an operation, which a repeated call must match: the caller's parameters, without those never stored. A
 * card is compared by brand and last four digits.
 * @param {string} command
 * @param {Record<string, any>} params of the request
 * @param {Record<string, any>} given
 * @param {string} reference
 * @param {string | undefined} order
 */
export function contentsOf(command, params, given, reference, order) {
  /** @type {Record<string, any>} */
  const own = {};
  for (const name of Object.keys(given)) if (name in params && !SUPPLIED.has(name)) own[name] = params[name];
  const { amount, currency, card_number } = params;
  const description = Object.getOwnPropertyDescriptor(given, 'order_description')?.value;
  const card = typeof card_number === 'string' ? `${cardBrand(card_number)} ${card_number.slice(-4)}` : undefined;
  const contents = { ...own, amount, currency, order_description: description || undefined };
  /** @type {Record<string, any>} */
  const { merchant_reference: _, fort_id: __, ...rest } = withoutSecrets(contents);
  return JSON.stringify([command, reference, order ?? null, card ?? null, sortMembers(rest)]);
}

/** @param {any} value @returns {any} with the members of objects in one order */
function sortMembers(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortMembers);
  const names = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort();
  return names.map((name) => [name, sortMembers(value[name])]);
}
