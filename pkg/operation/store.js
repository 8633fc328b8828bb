// The interface of a store of operations. It keeps texts under names; it neither reads them nor knows any rules.

/** @typedef {import('../message/reply.js').Reply} Reply */

/**
 * @typedef {{ state: string | null, version: number, now?: number }} Loaded
 * `state`: the text as it was stored, null at version 0 for a payment that was never recorded; `now`: the store's clock, in
 * milliseconds since 1970, if it has one of its own
 */
/**
 * @typedef {{ state: string, version: number, open: boolean, attention: boolean, reviewDue: boolean, order?: string,
 *   reports?: Record<string, unknown>[] }} NextState
 * `state`: the text to keep. The rest is also in the text, for stores with columns: whether an operation is open, whether a
 * person should look at it, whether its order is to be reviewed, the order of the payment. Only `reports`, for the history,
 * are not in the text
 */
/**
 * One operation: `operation` is the text to keep; `reply`, if given, the reply that its status comes from (`keepsMessage`: it
 * is that of this event). The rest is also in the text, for stores with columns (`amount` in minor units). An `insert` whose key is taken must undo the whole swap;
 * a `remove` frees the key.
 * @typedef {{ change: 'insert' | 'update', key: string, operation: string, reply?: Reply, command: string, amount: number,
 *   currency: string, status: string, evidence?: string, open?: true, tag?: string, reference?: string, notified?: true,
 *   lapsed?: true, contradiction?: true, keepsMessage?: true } | { change: 'remove', key: string }} Change
 */
/** @typedef {{ payment: string, operation: string, reply?: Reply }} Found an operation as it was kept */
/**
 * @typedef {{ payment: string, key?: string, tag?: string, reference?: string,
 *   alike?: { command: string, amount: number, status: string } }} Filter
 * `key`: of any payment; the others, of `payment` alone; `alike`: settled, without a notification, the oldest first
 */
/** @template T @typedef {T | Promise<T>} Soon a synchronous store is not awaited */
/**
 * `swap` stores everything and returns true if the version is still the one that was loaded and no new key is taken;
 * otherwise it stores nothing and returns false. It throws if that is unknown, for example after a cut connection.
 * `loadWith`: the state and the operation of a key, as of one instant, and whether another operation of the payment has the
 * `maintenance_reference`; `now`: the store's clock, if it is known without
 * asking, rather late than early; `nameOf`: the main name of a payment that has several; `isPrivate`: no other process
 * sees the records, so none waits for them, and what is recorded is sent at once.
 * @typedef {{
 *   load: (payment: string) => Soon<Loaded>,
 *   swap: (payment: string, version: number, next: NextState, operations: Change[]) => Soon<boolean>,
 *   list: (filter: Filter) => Soon<Found[]>,
 *   loadWith?: (payment: string, key: string, reference?: string) =>
 *     Promise<{ loaded: Loaded, found: Found | undefined, isReused: boolean }>,
 *   now?: () => number | undefined,
 *   nameOf?: (payment: string) => string,
 *   isPrivate?: boolean
 * }} Store
 */

export {};
