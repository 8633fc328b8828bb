/** Checks the parameters of a request against the dictionary, in the order in which the gateway reports problems. */

import { brandOf, isCardNumber, isExpired, takesSecurityCode } from './cards.js';
import { CURRENCIES } from './currencies.js';
import { describes, findParameter } from './dictionary.js';
import { text } from './message.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./message.js').Value} Value */
/** @typedef {{ code: string, detail?: string, hint?: string }} Complaint A hint is only for the log. */

/**
 * Letters and marks of any script, ASCII digits.
 *
 * @type {Record<string, string>}
 */
const CHARACTERS = { alpha: '\\p{L}\\p{M}', alnum: '\\p{L}\\p{M}0-9', numeric: '0-9' };

/** Where APS is known to enforce characters; elsewhere they are only documented. */
const STRICT = new Set(['identifier', 'ip', 'number']);

/** @type {Map<string, RegExp>} */
const patterns = new Map();

/**
 * @param {{ name: string, command: import('./dictionary.js').Command }} found
 * @param {Message} message
 * @param {'api' | 'page'} channel `page`: a form with the merchant's fields only, without what customers fill in.
 * @param {number} at
 * @returns {Complaint | undefined}
 */
export function check({ name: command, command: rules }, message, channel, at) {
  const extra = [...message.keys()].filter((name) => {
    if (channel === 'page' && rules.notOnPage.includes(name)) return true;
    const presence = Object.hasOwn(rules.parameters, name) ? rules.parameters[name] : undefined;
    return name !== rules.selector && (presence === undefined || presence === 'refused');
  });
  if (extra.length > 0) return { code: '00027', detail: extra.join(', ') };

  const missing = findMissing(rules, message);
  if (missing !== undefined) return { code: '00001', detail: missing };

  for (const [name, value] of message) {
    const complaint = checkValue(rules.variants[name] ?? name, name, value, { message, command, at });
    if (complaint) return complaint;
  }

  return findContradiction(rules, message);
}

/**
 * @param {import('./dictionary.js').Command} rules
 * @param {Message} message
 * @returns {Complaint | undefined}
 */
export function findContradiction(rules, message) {
  for (const rule of rules.rules) {
    const { refuses = [], only } = rule;
    if (!applies(rule, message)) continue;
    const refused = refuses.find((name) => has(message, name));
    if (refused !== undefined) return { code: '00110', detail: refused };
    const value = only && text(message, only.parameter);
    if (only && value !== undefined && !only.values.includes(value)) return { code: '00110', detail: only.parameter };
  }
  return undefined;
}

/**
 * @param {Message} message
 * @param {string} name
 */
function has(message, name) {
  const value = message.get(name);
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/**
 * @param {import('./dictionary.js').Rule} rule
 * @param {Message} message
 */
function applies({ when, unless = when?.unless }, message) {
  if (unless?.is.includes(text(message, unless.parameter) ?? '')) return false;
  if (when?.and?.is.includes(text(message, when.and.parameter) ?? '') === false) return false;
  if (!when) return true;
  const value = text(message, when.parameter);
  return when.is ? value !== undefined && when.is.includes(value) : has(message, when.parameter);
}

/**
 * @param {import('./dictionary.js').Command} rules
 * @param {Message} message
 * @returns {string | undefined}
 */
function findMissing(rules, message) {
  for (const [name, presence] of Object.entries(rules.parameters)) {
    const isNeeded = presence === 'required' || (presence === 'supplied' && !isWaived(rules, name, message));
    if (isNeeded && !has(message, name)) return name;
  }
  for (const rule of rules.rules) {
    const { needs = [], oneOf } = rule;
    if (!applies(rule, message)) continue;
    const needed = needs.find((name) => !has(message, name));
    if (needed !== undefined) return needed;
    if (oneOf && !oneOf.some((name) => has(message, name))) return oneOf[0];
  }
  return undefined;
}

/**
 * Whether APS does not require what clients take from the account.
 *
 * @param {import('./dictionary.js').Command} rules
 * @param {string} name
 * @param {Message} message
 */
export const isWaived = ({ waived, waivedWith }, name, message) =>
  waived.includes(name) ||
  Object.entries(waivedWith).some(([beside, names]) => has(message, beside) && names.includes(name));

/** @typedef {{ message: Message, command: string, at: number }} Context Of a value: the message, its command and the time. */

/**
 * @param {string} entry Its name in the dictionary.
 * @param {string} name
 * @param {Value} value
 * @param {Context} context
 * @returns {Complaint | undefined}
 */
function checkValue(entry, name, value, context) {
  const rule = findParameter(entry);
  // The selector has been read already, and an empty value counts as absent.
  if (!rule || value === '') return undefined;
  const badFormat = { code: '00002', detail: name };
  if (rule.kind === 'object') return checkStructure(entry, name, value, context);
  if (typeof value !== 'string') return badFormat;
  const { message, command, at } = context;

  if (rule.kind === 'currency') return CURRENCIES.has(value) ? undefined : { code: '00013' };
  if (rule.kind === 'card_number') {
    if (!isCardNumber(value)) return { code: '00016' };
    return rule.brands?.includes(brandOf(value) ?? '') === false ? { code: '00111' } : undefined;
  }
  const length = /[\ud800-\udfff]/.test(value) ? [...value].length : value.length;
  if (length > (rule.max || Number.POSITIVE_INFINITY) || length < (rule.min ?? 0))
    return { code: '00032', detail: name };
  switch (rule.kind) {
    case 'amount':
      if (rule.zero && value === '0') return undefined;
      return /^[1-9][0-9]*$/.test(value) ? undefined : { code: '00005' };
    case 'expiry': {
      if (!/^[0-9]{4}$/.test(value)) return badFormat;
      const expired = isExpired(value, at);
      return expired === undefined ? { code: '00100' } : expired ? { code: '00012' } : undefined;
    }
    case 'security_code': {
      const card = text(message, 'card_number');
      // Without a number the card is a stored one, which is checked when it is looked up.
      if (card === undefined) return /^[0-9]{3,4}$/.test(value) ? undefined : badFormat;
      return takesSecurityCode(brandOf(card), value) ? undefined : badFormat;
    }
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(value) ? undefined : badFormat;
    case 'date':
      return isDate(value) ? undefined : badFormat;
    case 'date_time':
      return isDateTime(value) ? undefined : badFormat;
    default:
  }
  if (rule.values && rule.values.length > 0) {
    const allowed = rule.values.map((choice) => (typeof choice === 'string' ? { value: choice } : choice));
    const choice = allowed.find((choice) => choice.value === value);
    if (!choice) return { code: '00033', detail: name };
    return choice.purchase_only && command === 'AUTHORIZATION' ? { code: '00049' } : undefined;
  }
  if (!STRICT.has(rule.kind)) return undefined;
  const letters = CHARACTERS[rule.characters ?? ''];
  if (letters === undefined) return undefined;
  const source = `^[${letters}${(rule.special ?? '').replace(/[\\\]^-]/g, '\\$&')}]*$`;
  const pattern = patterns.get(source) ?? new RegExp(source, 'u');
  patterns.set(source, pattern);
  return pattern.test(value) ? undefined : badFormat;
}

/**
 * @param {string} entry
 * @param {string} name
 * @param {Value} value
 * @param {Context} context
 * @returns {Complaint | undefined}
 */
function checkStructure(entry, name, value, context) {
  const isList = Array.isArray(value);
  const badFormat = { code: '00002', detail: name };
  if (typeof value === 'string' || describes(entry, isList ? '.' : '[]')) return badFormat;
  if (!isList) return checkMembers(entry, name, value, context);
  if (value.length > (findParameter(entry)?.max ?? Number.POSITIVE_INFINITY)) return { code: '00032', detail: name };
  const element = `${entry}[]`;
  for (const [place, item] of value.entries()) {
    const own = `${name}[${place}]`;
    const complaint = findParameter(element)
      ? checkValue(element, own, item, context)
      : describes(entry, '[]') && checkStructure(element, own, item, context);
    if (complaint) return complaint;
  }
  return undefined;
}

/**
 * @param {string} entry
 * @param {string} name
 * @param {Message} members
 * @param {Context} context
 * @returns {Complaint | undefined}
 */
function checkMembers(entry, name, members, context) {
  if (!describes(entry, '.')) return undefined;
  const { closed = false, required = [] } = findParameter(entry.replace(/\[\]$/, '')) ?? {};
  const extra = closed ? [...members.keys()].filter((member) => !findParameter(`${entry}.${member}`)) : [];
  if (extra.length > 0) return { code: '00027', detail: extra.map((member) => `${name}.${member}`).join(', ') };
  const missing = required.find((member) => findParameter(`${entry}.${member}`) && !has(members, member));
  if (missing !== undefined) return { code: '00001', detail: `${name}.${missing}` };
  for (const [member, value] of members) {
    const complaint = checkValue(`${entry}.${member}`, `${name}.${member}`, value, context);
    if (complaint) return complaint;
  }
  return undefined;
}

/** @param {string} value */
function isDate(value) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** With its offset to UTC, `Z` for none. @param {string} value */
function isDateTime(value) {
  const [day = '', time = ''] = value.split('T');
  return isDate(day) && /^([01][0-9]|2[0-3])(:[0-5][0-9]){2}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/.test(time);
}
