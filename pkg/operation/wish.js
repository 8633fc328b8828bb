// What a caller wants done with a payment, what it hears meanwhile, and how that ends.

/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('../message/reply.js').SentUnder} SentUnder */
/** @typedef {import('./decide.js').Reading} Reading */

/** @typedef {{ authorized: number, captured: number, refunded: number, voided: boolean }} Totals minor units */
/**
 * The result of a lookup: only `error` if no answer came that can be believed. `refunded`: there is a refund of the
 * `maintenance_reference` that was asked for.
 * @typedef {{ reading?: Reading, refunded?: true, reply?: Reply, error?: unknown }} Seen
 */

/**
 * What came of sending: an answer; none, and it may have arrived; none, and it did not; or what must be reported to the caller at
 * once, with nothing looked up (an answer that is not to be believed, a caller who gave up).
 * @typedef {{ reply: Reply } | { lost: unknown } | { unsent: unknown } | { doubted: unknown }} Heard
 */

/**
 * What a caller wants done, and how it is sent (`Sender.planSending`).
 * `payment`: its name in the store; `key`: the caller's, or a new one (`isNew`), which nobody else ever used;
 * `intent`: `{ fingerprint, command, amount, currency, tag, reference: { text, once }, order, window }`; without it, what was
 * prepared under the key is carried out; `basis`: where the totals come from that growth is measured over; `given`: totals
 * that the caller knows, to learn whether they are out of date; `despite`: keys of earlier attempts at the order, of which
 * `merchant_reference` is to be one; `names`: what it is sent under; `timeout`: milliseconds for one answer; `wait`: milliseconds for others to be done; `left`: how many
 * milliseconds the process lives; `again`: waits, and decides whether what was provably not sent is sent again.
 * @typedef {{
 *   payment: string,
 *   key: string,
 *   isNew?: boolean,
 *   intent?: Record<string, unknown>,
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
 *   again: (error: unknown, attempt: number) => Promise<boolean>,
 *   lookUp: (asked: { purpose: 'baseline' | 'outcome', reference?: string, timeout: number, isRepeated: boolean,
 *     signal?: AbortSignal }) => Promise<Seen>
 * }} Wish
 */

/**
 * How a call ended. `code` of a refusal: that of an OperationError; `reply`: what the caller is answered, where there was
 * anything to hear; `error`: why it was not sent; `baseline`: its lookup; `isBehind`: whether `given` was.
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
