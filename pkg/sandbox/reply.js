/** How every reply ends. */

import { messageOf } from './codes.js';
import { echo } from './mask.js';
import { sign } from './signature.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */

/**
 * @typedef {object} Answer
 * @property {Message} reply Signed, unless its status is 00.
 * @property {string} [hint] For the log: why it was refused.
 * @property {string} [file] A CSV file that is answered instead, which nobody signs.
 * @property {Message} [notification] What the webhook is told; the final result, even where the reply is uncertain.
 * @property {Message[]} [notifications] Those of the rows of a batch.
 */

/**
 * The acquirer's and the processor's word for a result.
 *
 * @param {string} code
 * @returns {[string, string]}
 */
export function thirdParty(code) {
  if (code.endsWith('000')) return ['00', 'APPROVED'];
  if (code.endsWith('029')) return ['51', 'DECLINED'];
  if (code.endsWith('666')) return ['05', 'DECLINED'];
  return ['96', 'ERROR'];
}

/**
 * @param {Message} reply
 * @param {Complaint} result
 */
function conclude(reply, { code, detail }) {
  reply.set('response_message', messageOf(code, detail));
  reply.set('response_code', code);
  reply.set('status', code.slice(0, 2));
}

/**
 * Ends a reply with its code and signature.
 *
 * @param {Message} reply
 * @param {string | Complaint} result The code; with a detail, if there is one.
 * @param {import('./authenticate.js').Credentials} credentials
 * @param {readonly string[]} [unsigned] Parameters that the signature leaves out.
 * @returns {Message} The same.
 */
export function signedReply(reply, result, { responsePhrase, digest }, unsigned = []) {
  conclude(reply, typeof result === 'string' ? { code: result } : result);
  const signed = new Map([...reply].filter(([name]) => !unsigned.includes(name)));
  reply.set('signature', sign(signed, responsePhrase, digest));
  return reply;
}

/**
 * An answer of status 00, which APS does not sign.
 *
 * @param {Message} message
 * @param {Complaint} complaint
 */
export function rejection(message, complaint) {
  const reply = echo(message);
  conclude(reply, complaint);
  return reply;
}
