// The types of a call of the engine: what the caller wants, the answers on the way, and the end.

/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('../message/reply.js').SentUnder} SentUnder */
/** @typedef {import('./decide.js').Reading} Reading */

/** @typedef {{ authorized: number, captured: number, refunded: number, voided: boolean }} Totals minor units */
/** @typedef {string[]} Names `merchant_reference`, `fort_id`, `maintenance_reference`; empty if unknown */

/**
 * The result of a lookup: only `error` if no trustworthy answer came. `refund`: that of a lookup by a
 * `maintenance_reference`, with the names that it told, those that the refund was sent with, and those of its payment.
 * @typedef {Record<string, unknown> & { told: Names, sent: Names, known: Names }} SeenRefund
 * @typedef {{ reading?: Reading, refund?: SeenRefund, reply?: Reply, error?: unknown }} Seen
 */

/**
 * The result of sending: a reply; `lost`: no answer, and the request may have arrived; `unsent`: it did not arrive;
 * `doubted`: an error to report to the caller at once, without a lookup (an answer that cannot be trusted, a caller who
 * gave up).
 * @typedef {{ reply: Reply } | { lost: unknown } | { unsent: unknown } | { doubted: unknown }} Heard
 */

/**
 * An operation that a caller wants, and how to send it (`Sender.planSending`).
 * `payment`: its name in the store; `key`: the caller's, or a new one (`isNew`) that was never used;
 * `intent`: `{ fingerprint, command, amount, currency, tag, reference: { text, once }, order, window }`; without it, the
 * operation that was prepared under the key is carried out; `basis`: the source of the totals that growth is measured from;
 * `given`: totals that the caller knows, to learn whether they are out of date; `despite`: keys of earlier attempts at the
 * same order; `attempt`: random text, new for every call, which also finds what is stored beside the operation; `fingerprint`: of what was prepared, as it
 * would be sent; `merchant_reference`: that of this attempt; `names`: the references it is sent with; `timeout`: milliseconds
 * for one answer; `wait`: milliseconds to wait for others; `left`: milliseconds that the process has left; `again`: waits
 * until the signal stops it, and decides whether to send again what was provably not sent.
 * @typedef {{
 *   payment: string,
 *   key: string,
 *   isNew?: boolean,
 *   attempt?: string,
 *   fingerprint?: string,
 *   intent?: Record<string, unknown> & { reference?: { text: string, once: boolean } },
 *   mode?: 'send' | 'send_regardless' | 'prepare' | 'expect',
 *   basis?: 'read' | 'new' | 'unknown' | Totals,
 *   given?: Totals,
 *   despite?: readonly string[],
 *   merchant_reference?: string,
 *   names?: SentUnder,
 *   timeout: number,
 *   wait?: number,
 *   left?: () => number,
 *   signal?: AbortSignal,
 *   send: (timeout: number, attempt: number) => Promise<Heard>,
 *   again: (error: unknown, attempt: number, signal: AbortSignal) => Promise<boolean>,
 *   lookUp: (asked: { purpose: 'baseline' | 'outcome', reference?: string, timeout: number, isRepeated: boolean,
 *     signal?: AbortSignal }) => Promise<Seen>
 * }} Wish
 */

/**
 * How a call ended. `code`: that of the OperationError, if the call was refused; `reply`: the caller's answer, if there is
 * one; `error`: why it was not sent; `baseline`: its lookup; `isBehind`: whether `given` was out of date.
 * @typedef {{
 *   answer: 'settled' | 'recorded' | 'open' | 'nothing' | 'not_sent' | 'no_baseline' | 'unattributed' | 'refused',
 *   status?: string,
 *   code?: string,
 *   reply?: Reply,
 *   error?: unknown,
 *   baseline?: Seen,
 *   isBehind?: boolean
 * }} End
 */

export {};
