// One row of comma-separated values (RFC 4180), written.

const NEEDS_QUOTES = /^\s|[",\r\n]|\s$/;

/** @param {string} cell */
export const quoteCell = (cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/**
 * One row as text, with its line end. Values are quoted only where necessary, which every reader understands; line
 * ends and other control characters must have been rejected.
 * @param {readonly string[]} cells
 */
export function writeRow(cells) {
  return `${cells.map(quoteCell).join(',')}\n`;
}
