/** Files of rows, in the shape that RFC 4180 gives them: those that are uploaded, and those that are answered. */

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} source A header of names, then a row for each operation. Empty lines are passed over.
 * @returns {Message[] | undefined} `undefined` for what is no such file.
 */
export function rowsOf(source) {
  const [header, ...rows] = (lines(source) ?? []).filter((row) => row.length > 1 || row[0] !== '');
  if (!header || new Set(header).size < header.length) return undefined;
  if (rows.some((row) => row.length !== header.length)) return undefined;
  return rows.map((row) => new Map(header.map((name, place) => [name, row[place] ?? ''])));
}

/**
 * A file as APS's example has one (DOC batch service): a bare header, every value in quotes.
 *
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
export function fileOf(header, rows) {
  const cell = (/** @type {string} */ value) => `"${value.replaceAll('"', '""')}"`;
  return [header, ...rows.map((row) => row.map(cell))].map((row) => `${row.join(',')}\n`).join('');
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
