// Observers of the client: the caller's `observe`, and subscribers of Node's diagnostics channel. They cannot change
// anything, and events are created only if there is a listener.

/**
 * What a client does. It holds no card data, phrase or signature.
 * @typedef {object} ClientEvent
 * @property {'request' | 'reply' | 'lookup' | 'outcome' | 'report'} type `request`: about to be sent; `reply`:
 *   answered, or not (`error`); `lookup`: the answer to the client's own CHECK_STATUS, before or after an operation;
 *   `outcome`: how the call ended; `report`: something the journal found that a person should see
 * @property {string} command APS's name
 * @property {string} [merchant_reference] of the order
 * @property {string} [fort_id] APS's name of the payment
 * @property {string} [maintenance_reference] of the refund
 * @property {'baseline' | 'outcome'} [purpose] of a lookup: to read the totals before an operation, or to find out its
 *   outcome
 * @property {number} [attempt] of a request or reply, from 1
 * @property {number} [milliseconds] since it was sent, or since the call began
 * @property {import('../money/codes.js').Outcome} [outcome] of a reply, a lookup or the call
 * @property {string} [code] `response_code`, five digits
 * @property {unknown} [error] why there is no reply
 * @property {Record<string, unknown>} [report] of the journal
 * @property {Readonly<Record<string, unknown>>} [params] what was sent or received; card data and signature are
 *   masked
 */

/** The name of the channel of `node:diagnostics_channel`. */
const CHANNEL = 'aps-payops';

/** @type {{ hasSubscribers: boolean, publish: (event: ClientEvent) => void } | undefined} */
let channel;
try {
  channel = /** @type {any} */ (globalThis).process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(CHANNEL);
} catch {
  // Not Node, or a Node that hides its built-in modules.
}

/**
 * @param {((event: ClientEvent) => unknown) | undefined} observe
 * @returns {(event: () => ClientEvent) => void} reports an event, which is created only if there is a listener
 */
export function observer(observe) {
  return (event) => {
    const isHeard = channel?.hasSubscribers === true;
    if (observe === undefined && !isHeard) return;
    try {
      const reported = Object.freeze(event());
      if (isHeard) channel?.publish(reported);
      const later = /** @type {{ then?: unknown } | undefined} */ (observe?.(reported));
      if (typeof later?.then === 'function') Promise.resolve(later).catch(() => {});
    } catch {
      // What an observer throws never affects a payment.
    }
  };
}
