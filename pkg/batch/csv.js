// Comma-separated values as RFC 4180 has them, read piece by piece. APS names the format of batch files, not its dialect
// (docs.payfort.com, batch service): its example of results has a bare header and every value in quotes.

import { isBytes } from '../core/realms.js';
import { readOptions } from '../message/options.js';
import { FileFormatError } from './format-error.js';
import { readPieces } from './source.js';

/**
 * How much of a file was read or written.
 * @typedef {object} Progress
 * @property {number} rows without the header
 * @property {number} bytes so far
 */

/**
 * How a file is read.
 * @typedef {object} ReadOptions
 * @property {AbortSignal} [signal] gives up
 * @property {(progress: Progress) => void} [onProgress] called for every chunk that arrives, and once at the end
 * @property {number} [maxLineLength] the most characters that a row may have; 65,536 if left out
 */

const LONGEST_LINE = 65_536;
/** The names of these options, beside those of every call. */
export const READING = ['onProgress', 'maxLineLength'];

/**
 * The rows of a file. Lines end with LF or CRLF, which the last one may lack; empty lines are skipped.
 * @param {import('./source.js').ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {AsyncGenerator<{ line: number, cells: string[] }, void, undefined>} the header among them
 * @throws {FileFormatError}
 */
export async function* readRows(source, options) {
  const { signal, onProgress, maxLineLength = LONGEST_LINE } = readOptions(options, READING);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const encoder = new TextEncoder();
  const lines = new Lines(maxLineLength);
  let bytes = 0;
  let rows = -1;
  let isFirst = true;
  const report = () => onProgress?.({ rows: Math.max(rows, 0), bytes });
  for await (const piece of readPieces(source, signal)) {
    if (typeof piece === 'string') {
      bytes += encoder.encode(piece).length;
      lines.add(isFirst && piece.startsWith('\ufeff') ? piece.slice(1) : piece);
    } else if (isBytes(piece)) {
      bytes += piece.length;
      lines.add(decode(decoder, piece, lines.line));
    } else {
      throw new FileFormatError('bad_encoding', lines.line, 'a chunk of the source is neither text nor bytes.');
    }
    isFirst = isFirst && piece.length === 0;
    for (let row = lines.next(); row !== null; row = lines.next()) {
      rows += 1;
      yield row;
    }
    report();
  }
  lines.add(decode(decoder, undefined, lines.line));
  const last = lines.last();
  if (last !== null) {
    rows += 1;
    yield last;
  }
  report();
}

/**
 * @param {TextDecoder} decoder
 * @param {Uint8Array | undefined} bytes nothing at the end
 * @param {number} line
 */
function decode(decoder, bytes, line) {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new FileFormatError('bad_encoding', line, 'the file is not UTF-8 at or shortly after this line.');
  }
}

/** Finds rows in text that comes in pieces, which may end anywhere. Nothing is scanned twice. */
class Lines {
  /** Where the next row begins. */
  line = 1;
  /** The part of it that has arrived. */
  held = '';
  #longest;
  /** The beginning of the next row, and how far it has been scanned. */
  #at = 0;
  #seen = 0;
  #isQuoted = false;
  /** Line ends within quotes. */
  #inner = 0;
  /** The next quote and line end, infinitely far if the text has no more. */
  #quote = Number.POSITIVE_INFINITY;
  #end = Number.POSITIVE_INFINITY;

  /** @param {number} longest */
  constructor(longest) {
    this.#longest = longest;
  }

  /** @param {string} text */
  add(text) {
    this.held = this.held.slice(this.#at) + text;
    this.#seen -= this.#at;
    this.#at = 0;
    this.#quote = this.#find('"');
    this.#end = this.#find('\n');
  }

  /** @param {string} what */
  #find(what) {
    const index = this.held.indexOf(what, this.#seen);
    return index < 0 ? Number.POSITIVE_INFINITY : index;
  }

  /** The next whole row, or null when more text is needed. */
  next() {
    for (;;) {
      const isEnd = this.#end < this.#quote;
      const index = isEnd ? this.#end : this.#quote;
      if (index === Number.POSITIVE_INFINITY) {
        this.#seen = this.held.length;
        this.#checkLength(this.#seen);
        return null;
      }
      this.#seen = index + 1;
      if (!isEnd) {
        this.#isQuoted = !this.#isQuoted;
        this.#quote = this.#find('"');
        continue;
      }
      this.#end = this.#find('\n');
      if (this.#isQuoted) {
        this.#inner += 1;
        continue;
      }
      const row = this.#row(index);
      if (row !== null) return row;
    }
  }

  /** The last row, which may lack its line end. */
  last() {
    const row = this.next();
    if (row !== null) return row;
    if (this.#isQuoted) throw new FileFormatError('cut_off', this.line, 'the file ends within quotes.');
    return this.#row(this.held.length);
  }

  /** @param {number} end */
  #checkLength(end) {
    if (end - this.#at > this.#longest) {
      throw new FileFormatError('too_long', this.line, `the row is longer than ${this.#longest} characters.`);
    }
  }

  /**
   * @param {number} end
   * @returns {{ line: number, cells: string[] } | null} null for an empty line
   */
  #row(end) {
    this.#checkLength(end);
    const isCrlf = end > this.#at && this.held[end - 1] === '\r';
    // A copy: in most engines a substring keeps the whole text alive, so one row would keep a whole chunk of the file.
    const text = ` ${this.held.slice(this.#at, isCrlf ? end - 1 : end)}`.slice(1);
    const { line } = this;
    this.line += this.#inner + 1;
    this.#inner = 0;
    this.#at = end + 1;
    return text === '' ? null : { line, cells: splitCells(text, line) };
  }
}

/**
 * @param {string} text of one row
 * @param {number} line
 * @returns {string[]}
 */
function splitCells(text, line) {
  if (!text.includes('"')) return checkBare(text, line).split(',');
  const cells = [];
  for (let at = 0; ; ) {
    let end;
    if (text[at] === '"') {
      end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      // Quotes are even in number, but one may still stand where it has no sense.
      if (end < 0 || (end + 1 < text.length && text[end + 1] !== ',')) throw quoteError(line);
      end += 1;
    } else {
      const comma = text.indexOf(',', at);
      end = comma < 0 ? text.length : comma;
      const cell = checkBare(text.slice(at, end), line);
      if (cell.includes('"')) throw quoteError(line);
      cells.push(cell);
    }
    if (end === text.length) return cells;
    at = end + 1;
  }
}

/** @param {number} line */
const quoteError = (line) => new FileFormatError('bad_quote', line, 'a quotation mark is not allowed there.');

/**
 * Text without quotes, in which a lone CR would be a line end to some readers.
 * @param {string} text
 * @param {number} line
 */
function checkBare(text, line) {
  if (text.includes('\r')) throw new FileFormatError('bad_character', line, 'a carriage return without a line feed.');
  return text;
}

/**
 * The rows under a header, as objects by its names.
 * @param {import('./source.js').ByteSource} source
 * @param {ReadOptions} [options]
 * @param {(names: readonly string[], line: number) => void} [checkHeader] throws if it will not do
 * @returns {AsyncGenerator<{ line: number, values: Record<string, string> }, void, undefined>}
 * @throws {FileFormatError}
 */
export async function* readTable(source, options, checkHeader) {
  /** @type {string[] | undefined} */
  let names;
  for await (const { line, cells } of readRows(source, options)) {
    if (names === undefined) {
      if (cells.some((name) => name === '' || name === '__proto__') || new Set(cells).size < cells.length) {
        throw new FileFormatError('bad_header', line, 'a column has no name, or the name of another column.');
      }
      checkHeader?.(cells, line);
      names = cells;
      continue;
    }
    if (cells.length !== names.length) {
      throw new FileFormatError('bad_row', line, `${cells.length} values under ${names.length} columns.`);
    }
    /** @type {Record<string, string>} */
    const values = {};
    for (let column = 0; column < names.length; column += 1) {
      values[/** @type {string} */ (names[column])] = /** @type {string} */ (cells[column]);
    }
    yield { line, values };
  }
  if (names === undefined) throw new FileFormatError('bad_header', 1, 'the file is empty.');
}
