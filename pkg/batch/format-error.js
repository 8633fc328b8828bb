// What is wrong with a file that was read. By itself, since `catch` needs it before any file is read.

import { ApsError } from '../errors.js';

/** @typedef {'bad_header' | 'bad_row' | 'bad_quote' | 'bad_character' | 'bad_encoding' | 'bad_code' | 'too_long' | 'cut_off'} FileFormatCode */

/** A file is not what it should be. Says where, and never repeats what stands there. */
export class FileFormatError extends ApsError {
  name = 'FileFormatError';

  /** The line at fault, counted from 1; of a row over several lines, the first. @type {number} */
  line;

  /**
   * @param {FileFormatCode} code
   * @param {number} line
   * @param {string} what
   */
  constructor(code, line, what) {
    super(code, `Line ${line}: ${what}`);
    this.line = line;
  }
}
