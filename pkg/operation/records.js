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
 * Adds the reply behind an event to the operation whose status comes from it, as the engine says.
 * @param {Change} change
 * @param {Reply | undefined} reply
 * @returns {Change}
 */
export function withReply(change, reply) {
  return reply && change.change === 'update' && change.keepsMessage ? { ...change, reply } : change;
}
