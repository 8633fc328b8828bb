/** Commands that are no payment, by name. Another one is a file beside this and a line below. */

import { tokenization } from './tokenization.js';

/**
 * @typedef {object} Context
 * @property {number} at Milliseconds since 1970.
 * @property {import('../ledger.js').Ledger} ledger
 * @property {import('../vault.js').Vault} vault
 * @property {import('../faults.js').Draw | undefined} draw What befalls the request; nothing on pages.
 */

/**
 * Carries out a request that was admitted and whose parameters were checked.
 *
 * @typedef {(admitted: import('../admission.js').Admitted, context: Context) => import('../reply.js').Answer} Service
 */

/** @type {Readonly<Record<string, Service>>} */
export const SERVICES = Object.freeze({ TOKENIZATION: tokenization });
