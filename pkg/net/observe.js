// Who is told what the client does: the caller's `observe`, and subscribers of Node's diagnostics channel. Neither can
// change anything, and nobody pays for what nobody hears.

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
  // No Node, or one that lets nobody look.
}

/**
 * @param {((event: ClientEvent) => unknown) | undefined} observe
 * @returns {(event: () => ClientEvent) => void} tells of an event, which is made only if somebody hears
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
      // Whatever an observer throws, the money has its own way.
    }
  };
}
