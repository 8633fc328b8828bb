/** The answers of services. */

import { findParameter, statusOf } from '../dictionary.js';
import { repeat, signReply, writeRejection } from '../reply.js';

/** @typedef {import('../message.js').Value} Value */
/** @typedef {import('../reply.js').Answer} Answer */
/** @typedef {import('../authenticate.js').Admitted} Admitted */

/** @typedef {import('../check.js').Complaint} Complaint */

/**
 * Success: the reply echoes the request and adds fields.
 *
 * @param {Admitted} admitted
 * @param {Record<string, Value | undefined>} [fields] Added to the reply.
 * @param {string | Complaint} [code] By default the command's first success status, with message 000.
 * @returns {Answer}
 */
export function succeed({ message, found, credentials }, fields = {}, code = `${statusOf(found.name).done}000`) {
  const reply = repeat(message, credentials);
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) reply.set(name, value);
  return { reply: signReply(reply, code, credentials, found.command.unsignedReply) };
}

/**
 * It was attempted and failed.
 *
 * @param {Admitted} admitted
 * @param {string} message The last three digits of the code.
 * @param {string} [detail] What it is about.
 * @returns {Answer}
 */
export function fail(admitted, message, detail) {
  return succeed(admitted, {}, { code: statusOf(admitted.found.name).failed + message, detail });
}

/**
 * It was not attempted.
 *
 * @param {Admitted} admitted
 * @param {Complaint} complaint
 * @returns {Answer}
 */
export const refuse = ({ message }, complaint) => ({ reply: writeRejection(message, complaint) });

/**
 * A command of which only the dictionary entry is known: succeeds, with the examples of its reply.
 *
 * @param {Admitted} admitted
 * @returns {Answer}
 */
export function answerPlainly(admitted) {
  const { message, found } = admitted;
  const names = found.command.reply.filter((name) => !message.has(name) && findParameter(name));
  return succeed(admitted, Object.fromEntries(names.map((name) => [name, toValue(findParameter(name)?.example)])));
}

/**
 * @param {unknown} json
 * @returns {Value}
 */
function toValue(json) {
  if (Array.isArray(json)) return json.map(toValue);
  if (typeof json !== 'object' || json === null) return String(json);
  return new Map(Object.entries(json).map(([name, member]) => [name, toValue(member)]));
}
