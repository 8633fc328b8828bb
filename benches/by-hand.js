// What merchants write by hand: the canonical text, a digest of node:crypto, a schema of zod or valibot for the
// parameters that they use, with the names, lengths and patterns of the dictionary.

import * as crypto from 'node:crypto';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { z } from 'zod';

/** @typedef {string | { [name: string]: Value } | Value[]} Value */
/** @typedef {Record<string, Value>} Params */

/**
 * As APS signs a value: a structure as `{a=1, b=2}`, a list as `[…, …]`.
 * @param {Value} value
 * @returns {string}
 */
function textOf(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${textOf(member)}`)
    .join(', ')}}`;
}

/** @param {Params} params */
export function canonical(params) {
  let text = '';
  for (const name of Object.keys(params).sort()) if (name !== 'signature') text += `${name}=${textOf(params[name])}`;
  return text;
}

/** The fastest that Node has; `crypto.hash` came with 20.12. */
const digest =
  typeof crypto.hash === 'function'
    ? (/** @type {string} */ text) => crypto.hash('sha256', text)
    : (/** @type {string} */ text) => crypto.createHash('sha256').update(text).digest('hex');

/**
 * @param {Params} params
 * @param {string} phrase
 */
export const sign = (params, phrase) => digest(phrase + canonical(params) + phrase);

/**
 * @param {Params} params
 * @param {string} phrase
 */
export const signHmac = (params, phrase) =>
  crypto
    .createHmac('sha256', phrase)
    .update(phrase + canonical(params) + phrase)
    .digest('hex');

/**
 * @param {Params} params
 * @param {string} phrase
 */
export const signNoble = (params, phrase) => bytesToHex(sha256(utf8ToBytes(phrase + canonical(params) + phrase)));

/**
 * @param {Params} params
 * @param {string} phrase
 */
export const signNobleHmac = (params, phrase) =>
  bytesToHex(hmac(sha256, utf8ToBytes(phrase), utf8ToBytes(phrase + canonical(params) + phrase)));

/**
 * The body of a request.
 * @param {Params} params
 * @param {string} phrase
 */
export const body = (params, phrase) => JSON.stringify({ ...params, signature: sign(params, phrase) });

/**
 * @param {string} text
 * @param {(params: any) => string} signature
 */
export function verify(text, signature) {
  const params = JSON.parse(text);
  return crypto.timingSafeEqual(Buffer.from(signature(params), 'hex'), Buffer.from(params.signature, 'hex'));
}

const ALNUM = /^[A-Za-z0-9]+$/;
const REFERENCE = /^[A-Za-z0-9\-_.]+$/;
const DIGITS = /^[0-9]+$/;
const CURRENCY = /^[A-Z]{3}$/;
const EMAIL = /^[A-Za-z0-9_\-.+]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const DESCRIPTION = /^[\p{L}\p{M}0-9'/._\-#:$ ]+$/u;
const NAME = /^[\p{L}\p{M}_\\/\-.' ]+$/u;

/** Name, least and greatest length, pattern; a list of choices; or the parts of each element of a list. */
const RULES = {
  access_code: [1, 60, ALNUM],
  merchant_identifier: [1, 20, ALNUM],
  merchant_reference: [1, 40, REFERENCE],
  amount: [1, 10, DIGITS],
  currency: [3, 3, CURRENCY],
  customer_email: [3, 254, EMAIL],
  customer_name: [1, 40, NAME],
  order_description: [1, 150, DESCRIPTION],
  fort_id: [1, 20, DIGITS],
  phone_number: [1, 19, /^[0-9+\- ()]+$/],
  merchant_order_id: [1, 60, ALNUM],
};
const CHOICES = { language: ['en', 'ar'], payment_option: ['VALU'] };
const PRODUCTS = { product_name: [1, 50], product_price: [1, 50], product_category: [1, 50] };

/**
 * @param {Record<string, Value>} params whose names are checked: these and no others
 * @param {string} selector the parameter that names the command
 */
export function zodSchema(params, selector) {
  const text = (/** @type {any[]} */ [min, max, pattern]) => {
    const bounded = z.string().min(min).max(max);
    return pattern ? bounded.regex(pattern) : bounded;
  };
  const of = (/** @type {string} */ name) => {
    if (name === selector) return z.literal(String(params[name]));
    if (name === 'products') return z.array(z.strictObject(mapValues(PRODUCTS, text)));
    return name in CHOICES ? z.enum(CHOICES[name]) : text(RULES[name]);
  };
  const schema = z.strictObject(Object.fromEntries(Object.keys(params).map((name) => [name, of(name)])));
  return (/** @type {unknown} */ given) => schema.parse(given);
}

/**
 * @param {Record<string, Value>} params whose names are checked: these and no others
 * @param {string} selector the parameter that names the command
 */
export function valibotSchema(params, selector) {
  const text = (/** @type {any[]} */ [min, max, pattern]) =>
    pattern
      ? v.pipe(v.string(), v.minLength(min), v.maxLength(max), v.regex(pattern))
      : v.pipe(v.string(), v.minLength(min), v.maxLength(max));
  const of = (/** @type {string} */ name) => {
    if (name === selector) return v.literal(String(params[name]));
    if (name === 'products') return v.array(v.strictObject(mapValues(PRODUCTS, text)));
    return name in CHOICES ? v.picklist(CHOICES[name]) : text(RULES[name]);
  };
  const schema = v.strictObject(Object.fromEntries(Object.keys(params).map((name) => [name, of(name)])));
  return (/** @type {unknown} */ given) => v.parse(schema, given);
}

/**
 * @param {Record<string, any[]>} object
 * @param {(value: any[]) => any} map
 */
const mapValues = (object, map) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
