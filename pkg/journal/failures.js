// What a database's error means. Drivers differ in what they throw; SQLSTATE is the same in all of them.

/**
 * @param {unknown} error
 * @returns {string | undefined} five characters, wherever the driver or what wraps it puts them
 */
export function sqlState(error) {
  for (let own = error, depth = 0; typeof own === 'object' && own !== null && depth < 5; depth += 1) {
    const { code, meta, cause } = /** @type {{ code?: unknown, meta?: { code?: unknown }, cause?: unknown }} */ (own);
    for (const state of [code, meta?.code]) {
      if (typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state) && !/^(E|P\d{4}$)/.test(state)) return state;
    }
    own = cause;
  }
  return undefined;
}

/** Another transaction was in the way: the same again. @param {unknown} error */
export const isConflict = (error) => ['40001', '40P01'].includes(sqlState(error) ?? '');

/** A key is taken. @param {unknown} error */
export const isTaken = (error) => sqlState(error) === '23505';

/**
 * The connection broke or could not be made: it is unknown whether the statement was carried out. Without a SQLSTATE it
 * was not the database that refused it.
 * @param {unknown} error
 */
export function isCut(error) {
  const state = sqlState(error);
  if (state === undefined) return !(error instanceof TypeError || error instanceof RangeError);
  // Connection exceptions, shutdown and start-up of the server, too many connections.
  return /^(08...|57P0[1-3]|53300)$/.test(state);
}

/** A statement of that name is unknown here, there is another, or its plan is out of date. @param {unknown} error */
export const isUnprepared = (error) => ['26000', '42P05', '0A000'].includes(sqlState(error) ?? '');
