// Interprets errors of the database. Drivers throw different errors; SQLSTATE is the same in all of them.

/**
 * @param {unknown} error
 * @returns {string | undefined} five characters, wherever the driver or its wrapper puts them
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

/** Another transaction interfered: the statement may be tried again. @param {unknown} error */
export const isConflict = (error) => ['40001', '40P01'].includes(sqlState(error) ?? '');

/** Whether a key is taken. @param {unknown} error */
export const isTaken = (error) => sqlState(error) === '23505';

/**
 * The connection broke or could not be made: it is unknown whether the statement was carried out. An error
 * without a SQLSTATE is not from the database.
 * @param {unknown} error
 */
export function isCut(error) {
  const state = sqlState(error);
  if (state === undefined) return !(error instanceof TypeError || error instanceof RangeError);
  // Connection exceptions, shutdown and start-up of the server, too many connections.
  return /^(08...|57P0[1-3]|53300)$/.test(state);
}

/** Whether a named statement is unknown to the connection, is another one there, or has an outdated plan. @param {unknown} error */
export const isUnprepared = (error) => ['26000', '42P05', '0A000'].includes(sqlState(error) ?? '');
