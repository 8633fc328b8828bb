// One row of comma-separated values (RFC 4180), written.

const NEEDS_QUOTES = /^\s|[",]|\s$/;

/**
 * One row as text, with its line end. Values are quoted only where they must be, which every reader understands; line
 * ends and other control characters must have been refused.
 * @param {readonly string[]} cells
 */
export function rowText(cells) {
  let text = '';
  for (const cell of cells) {
    text += `,${NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell}`;
  }
  return `${text.slice(1)}\n`;
}
