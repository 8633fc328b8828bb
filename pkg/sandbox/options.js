/** Reads options: null counts as omitted, unknown names are rejected. */

/**
 * @template {object} T
 * @param {string} where Whose options they are.
 * @param {T | null | undefined} given
 * @param {readonly string[]} names
 * @returns {T} Those that are neither undefined nor null.
 * @throws {TypeError}
 */
export function optionsOf(where, given, names) {
  const options = given ?? {};
  if (typeof options !== 'object') throw new TypeError(`${where}: options must be an object`);
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`${where}: there is no option ${unknown.join(', ')}; the options are ${names.join(', ')}`);
  }
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return /** @type {T} */ (Object.fromEntries(set));
}
