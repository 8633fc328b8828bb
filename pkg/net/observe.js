// Observers of the client: the caller's `observe`, and subscribers of Node's diagnostics channel. They cannot change
// anything, and events are created only if someone listens.

/**
 * @typedef {{
 *   type: 'request' | 'reply' | 'lookup' | 'outcome' | 'report',
 *   command: string,
 *   merchant_reference?: string,
 *   fort_id?: string,
 *   maintenance_reference?: string,
 *   purpose?: 'baseline' | 'outcome',
 *   attempt?: number,
 *   milliseconds?: number,
 *   outcome?: import('../money/codes.js').Outcome,
 *   code?: string,
 *   error?: unknown,
 *   report?: Record<string, unknown>,
 *   params?: Readonly<Record<string, unknown>>
 * }} ClientEvent
 * `request`: about to be sent, `attempt` counts from 1; `reply`: answered, or not (`error`), after so many `milliseconds`;
 * `lookup`: what the client's own CHECK_STATUS told, before an operation or after; `outcome`: what the caller is told in the
 * end; `report`: what the journal found that somebody should know. `params` without card data or signature
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
 * @returns {(event: () => ClientEvent) => void} reports an event, which is created only if someone listens
 */
export function observer(observe) {
  return (event) => {
    const isHeard = channel?.hasSubscribers === true;
    if (observe === undefined && !isHeard) return;
    try {
      const told = Object.freeze(event());
      if (isHeard) channel?.publish(told);
      const later = /** @type {{ then?: unknown } | undefined} */ (observe?.(told));
      if (typeof later?.then === 'function') Promise.resolve(later).catch(() => {});
    } catch {
      // What an observer throws never affects a payment.
    }
  };
}
