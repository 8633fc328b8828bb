// The interface of a store of operations. It keeps texts under names; it never reads them and knows no rules.

/** @typedef {import('../message/reply.js').Reply} Reply */

/**
 * @typedef {{ state: string | null, version: number, now?: number }} Loaded
 * `state`: as it was swapped in, null at version 0 for a payment that was never recorded; `now`: the store's clock, in
 * milliseconds since 1970, if it has one of its own
 */
/**
 * @typedef {{ state: string, version: number, open: boolean, attention: boolean, order?: string,
 *   reports?: Record<string, unknown>[] }} NextState
 * `state`: the text to keep; the rest is in it, and may be columns: whether an operation is open, whether somebody should
 * look at it, the order that the payment is an attempt at; except `reports`: what is reported to the merchant, for the history
 */
/**
 * One operation: `operation` is the text to keep, `reply` what its status rests on, to be kept where it is given. The rest
 * is in the text, and may be columns (`amount` in minor units). An `insert` whose key is taken must undo the whole swap; a
 * `remove` frees the key.
 * @typedef {{ change: 'insert' | 'update', key: string, operation: string, reply?: Reply, command: string, amount: number,
 *   currency: string, status: string, evidence?: string, open?: true, tag?: string, reference?: string, notified?: true,
 *   lapsed?: true, contradiction?: true } | { change: 'remove', key: string }} Change
 */
/** @typedef {{ payment: string, operation: string, reply?: Reply }} Found an operation as it was kept */
/**
 * @typedef {{ payment: string, key?: string, tag?: string, reference?: string,
 *   alike?: { command: string, amount: number, status: string } }} Filter
 * `key`: of any payment; the others, of `payment` alone; `alike`: settled, without a notification, the oldest first
 */
/** @template T @typedef {T | Promise<T>} Soon a store that answers at once is not waited for */
/**
 * `swap` does all of it and answers true, if the version is
 * still the one that was loaded and no new key is taken; else nothing, and answers false. It throws if nobody knows, such as
 * after a cut connection. `loadWith`: with the operation of a key, both as of one instant; `nameOf`: the name that another name of the payment stands for; `isPrivate`: nobody else sees what
 * is recorded, so nobody is kept waiting by it.
 * @typedef {{
 *   load: (payment: string) => Soon<Loaded>,
 *   swap: (payment: string, version: number, next: NextState, operations: Change[]) => Soon<boolean>,
 *   list: (filter: Filter) => Soon<Found[]>,
 *   loadWith?: (payment: string, key: string) => Promise<{ loaded: Loaded, found: Found | undefined }>,
 *   nameOf?: (payment: string) => string,
 *   isPrivate?: boolean
 * }} Store
 */

export {};
