/** The rows of an uploaded file, in the shape that RFC 4180 gives them. */

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} source A header of parameter names, then a row for each operation.
 * @returns {Message[] | undefined} `undefined` for what is no such file.
 */
export function rowsOf(source) {
  const [header, ...rows] = lines(source) ?? [];
  if (!header?.every((name) => /^[a-z][a-z0-9_]*$/.test(name))) return undefined;
  if (rows.some((row) => row.length !== header.length)) return undefined;
  return rows.map((row) => new Map(header.map((name, place) => [name, row[place] ?? ''])));
}

/**
 * @param {string} source
 * @returns {string[][] | undefined}
 */
function lines(source) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  // A cell in quotes, or without; what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < source.length || row.length > 0) {
    const found = cell.exec(source);
    if (!found) return undefined;
    row.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
