// What passes between the engine and a store besides states: the operation found under a key, and the reply kept with one.

/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('./store.js').Found} Found */

/**
 * @param {Found | undefined} found
 * @param {string} payment
 */
export const recordedOf = (found, payment) => found && (found.payment === payment ? found.operation : 'elsewhere');

/**
 * Adds the reply behind an event to an operation that it changes. A message that only agrees with the outcome that stands, or
 * contradicts it, does not replace the reply that the outcome comes from.
 * @param {Change} change
 * @param {unknown} event its name
 * @param {Reply | undefined} reply
 * @returns {Change} with the reply, if its status comes from it
 */
export function withReply(change, event, reply) {
  if (reply === undefined || change.change !== 'update') return change;
  const isSame = change.status === reply.outcome;
  // A lookup settles what it proves, or what is assumed: its own outcome is that of the lookup.
  const isBasis = change.open ? isSame : event === 'status' || (isSame && change.evidence === event);
  return isBasis ? { ...change, reply } : change;
}
