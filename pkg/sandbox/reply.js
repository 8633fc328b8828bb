/** Writes replies: what they echo from the request, the result, the signature. */

import { messageOf } from './codes.js';
import { findParameter } from './dictionary.js';
import { echo } from './mask.js';
import { text } from './message.js';
import { sign } from './signature.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./authenticate.js').Admitted} Admitted */
/** @typedef {import('./authenticate.js').Credentials} Credentials */

/**
 * @typedef {object} Answer
 * @property {Message} reply Signed, unless it rejects the request.
 * @property {string} [hint] For the log: why it was refused, or how its signature was read.
 * @property {{ type: 'csv' | 'json', body: string }} [file] Sent instead of the reply, unsigned.
 * @property {Message} [notification] The notification; the final result, even where the reply is uncertain.
 * @property {Message[]} [notifications] Those of the rows of a batch.
 * @property {'POST'} [returnBy] How the browser returns with it; overrides the account's setting.
 */

/**
 * The acquirer's and the processor's word for a result.
 *
 * @param {string} code
 * @returns {[string, string]}
 */
export function thirdPartyOf(code) {
  if (code.endsWith('000')) return ['00', 'APPROVED'];
  if (code.endsWith('029')) return ['51', 'DECLINED'];
  if (code.endsWith('666')) return ['05', 'DECLINED'];
  return ['96', 'ERROR'];
}

/**
 * @param {Message} reply
 * @param {Complaint} result
 * @param {string} [language]
 */
function conclude(reply, { code, detail }, language) {
  reply.set('response_message', messageOf(code, detail, language));
  reply.set('response_code', code);
  reply.set('status', code.slice(0, 2));
}

/**
 * What a reply echoes from a request.
 *
 * @param {Message} message
 * @param {Credentials} credentials
 * @returns {Message}
 */
export function repeat(message, { replies }) {
  const repeated = echo(message);
  if (replies === 'documented') return repeated;
  for (const [name, value] of repeated) {
    // URLs are echoed as sent: captured ones contain a bare &.
    if (typeof value === 'string' && !RAW.has(findParameter(name)?.kind ?? '')) repeated.set(name, escapeHtml(value));
  }
  return repeated;
}

/** Kinds of parameters that are echoed as sent. */
const RAW = new Set(['url', 'opaque']);

/** As in captured replies: an apostrophe is `&#39;`. @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @param {string} value */
const escapeHtml = (value) => value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * The signed reply to a command that moves money or looks it up. Captured replies to payments echo neither
 * `return_url` nor `app_…`, and no `token_name` when 3-D Secure is required. A payment through a link names the link (DOC
 * invoicing).
 *
 * @param {Admitted} admitted
 * @param {string} code
 * @param {readonly [string, string][]} added
 * @returns {Message}
 */
export function writePaymentReply({ message, found, credentials, payment_link_id }, code, added) {
  const reply = repeat(message, credentials);
  const pays = found.name === 'AUTHORIZATION' || found.name === 'PURCHASE';
  if (pays && credentials.replies === 'captured') {
    for (const name of reply.keys()) {
      const isLeftOut = name === 'return_url' || name.startsWith('app_') || (name === 'token_name' && code === '20064');
      if (isLeftOut) reply.delete(name);
    }
  }
  for (const [name, value] of added) reply.set(name, value);
  if (payment_link_id !== undefined) reply.set('payment_link_id', payment_link_id);
  return signReply(reply, code, credentials);
}

/**
 * Completes a reply with its code and signature.
 *
 * @param {Message} reply
 * @param {string | Complaint} result The code, with an optional detail.
 * @param {Credentials} credentials
 * @param {readonly string[]} [unsigned] Parameters that the signature omits.
 * @returns {Message} The same.
 */
export function signReply(reply, result, { responsePhrase, digest, replies }, unsigned = []) {
  const language = replies === 'captured' ? text(reply, 'language') : undefined;
  conclude(reply, typeof result === 'string' ? { code: result } : result, language);
  const signed = new Map([...reply].filter(([name]) => !unsigned.includes(name)));
  reply.set('signature', sign(signed, responsePhrase, digest));
  return reply;
}

/**
 * An answer of status 00: nothing was attempted. APS does not sign it.
 *
 * @param {Message} message
 * @param {Complaint} complaint
 */
export function writeRejection(message, complaint) {
  const reply = echo(message);
  conclude(reply, complaint);
  return reply;
}

/**
 * The customer cancelled on the gateway's page: status 00, but signed and with `return_url`.
 *
 * @param {Admitted} admitted
 */
export const writeCancellation = ({ message, credentials }) =>
  signReply(repeat(message, credentials), '00072', credentials);
