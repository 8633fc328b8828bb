/** CSV files: uploads and answers. */

import { readTable } from '../../batch/csv.js';
import { FileFormatError } from '../../batch/format-error.js';

/** @typedef {import('../message.js').Message} Message */

/** A cell may be as long as the file. */
const OPTIONS = { maxLineLength: Number.MAX_SAFE_INTEGER };

/**
 * @param {string} source A header of names, then a row for each operation. Empty lines are ignored.
 * @returns {Promise<Message[] | undefined>} `undefined` if it is not such a file.
 */
export async function readRows(source) {
  /** @type {Message[]} */
  const rows = [];
  try {
    for await (const { values } of readTable(source, OPTIONS)) rows.push(new Map(Object.entries(values)));
  } catch (error) {
    if (error instanceof FileFormatError) return undefined;
    throw error;
  }
  return rows;
}

/**
 * A file as in APS's example (DOC batch service): a bare header, every value in quotes.
 *
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
export function writeCsv(header, rows) {
  const quote = (/** @type {string} */ value) => `"${value.replaceAll('"', '""')}"`;
  return [header, ...rows.map((row) => row.map(quote))].map((row) => `${row.join(',')}\n`).join('');
}
