/** Files of rows, in the shape that RFC 4180 gives them: those that are uploaded, and those that are answered. */

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} source A header of names, then a row for each operation. Empty lines are passed over.
 * @returns {Message[] | undefined} `undefined` for what is no such file.
 */
export function readRows(source) {
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
export function writeCsv(header, rows) {
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
  // A cell without quotes, or what follows on one with; what ends it.
  const bare = /([^",\r\n]*)(,|\r?\n|$)/y;
  while (bare.lastIndex < source.length || row.length > 0) {
    const start = bare.lastIndex;
    const isQuoted = source[start] === '"';
    const close = isQuoted ? closingQuote(source, start) : start;
    if (close < 0) return undefined;
    bare.lastIndex = isQuoted ? close + 1 : start;
    const [, text = '', end] = bare.exec(source) ?? [];
    if (end === undefined || (isQuoted && text !== '')) return undefined;
    row.push(isQuoted ? source.slice(start + 1, close).replaceAll('""', '"') : text);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/**
 * Where a cell in quotes ends. Searched for, since a pattern that repeats keeps a place for each character that it has
 * passed, and a file may have one cell of many megabytes.
 *
 * @param {string} source
 * @param {number} start
 * @returns {number} -1 if it does not.
 */
function closingQuote(source, start) {
  let at = source.indexOf('"', start + 1);
  while (at >= 0 && source[at + 1] === '"') at = source.indexOf('"', at + 2);
  return at;
}
