// Writes parameters and replies for the journal, and reads them again. Card data, one-time passwords and the card data of a
// wallet are never written, at any depth.

import { SECRETS } from '../generated/parameters.js';
import { Reply } from '../message/reply.js';
import { builtin } from './folder.js';

/** Never written: what is never printed, and what else must not or need not be kept. */
const SECRET = new Set(/** @type {readonly string[]} */ (SECRETS));
const ALSO = /^(expiry_date|otp|network_token|apple_\w+|signature|sha_\w+_phrase)$/;
/** @param {string} name of a parameter: nothing is kept of it, nor of what is inside it */
const isSecret = (name) => SECRET.has(name) || ALSO.test(name);

/** Written, and masked in exports: what identifies the shopper or a recipient, or can be charged. */
const PERSONAL = new RegExp(
  [
    '^(customer|card_holder|rcpt|ship|shipping|billing|passenger|device)_',
    '(^|_)(token|token_name|email|phone|phone_number|mobile|name|ip|address|address1|address2|city|postal_code|zip_code)$',
    '^agreement_id$',
  ].join('|'),
);

/**
 * @template T
 * @param {T} value
 * @returns {T} a copy without what is never written
 */
export function withoutSecrets(value) {
  return copyMembers(value, (name, member) => (isSecret(name) ? undefined : member));
}

/**
 * @template T
 * @param {T} value
 * @returns {T} a copy in which tokens and personal data are masked
 */
export function maskPersonal(value) {
  return copyMembers(value, (name, member) => (PERSONAL.test(name) ? '***' : member));
}

/** The secret names among parameters, at any depth. @param {unknown} value @returns {string[]} */
export function secretNames(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (isSecret(name) ? [name] : secretNames(member)));
}

/**
 * @template T
 * @param {T} value
 * @param {(name: string, member: unknown) => unknown} choose returns undefined to leave a member out
 * @returns {T}
 */
function copyMembers(value, choose) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return /** @type {any} */ (value.map((one) => copyMembers(one, choose)));
  const members = Object.entries(value)
    .map(([name, member]) => [name, choose(name, member)])
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, copyMembers(member, choose)]);
  return Object.fromEntries(members);
}

/** @param {Reply} reply @returns {string} */
export function writeReply({ outcome, status, code, message, params, authentic, redirectTo, request }) {
  return JSON.stringify({
    outcome,
    status,
    code,
    message,
    params: withoutSecrets({ ...params }),
    authentic,
    redirectTo,
    request,
  });
}

/** @param {string | null | undefined} text @returns {Reply | undefined} */
export function readReply(text) {
  return text ? new Reply({ ...JSON.parse(text), recorded: true }) : undefined;
}

/**
 * SHA-256 in hex. `subtle` hands each text to a thread, which takes longer than a statement of the database does here.
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function digestOf(text) {
  const hash = builtin('crypto')?.createHash?.('sha256');
  if (hash) return hash.update(text).digest('hex');
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
