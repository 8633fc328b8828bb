// Values of another realm, which `instanceof` does not know: test runners, iframes and node:vm have classes of their own.
// And of another copy of this package, which has classes of its own too.

/** By this symbol every copy of this package recognizes an Amount. */
export const AMOUNT = /* @__PURE__ */ Symbol.for('aps-payops.Amount');

/**
 * @param {unknown} value
 * @returns {number | undefined} milliseconds since 1970 of a Date, NaN of an invalid one; nothing of anything else
 */
export function timeOf(value) {
  // Nearly every instant is a number, and an exception costs as much as a whole request.
  if (typeof value !== 'object') return undefined;
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Uint8Array} a Buffer, too
 */
export const isBytes = (value) => ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === 'Uint8Array';
