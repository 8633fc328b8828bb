import { ACQUIRER, MESSAGE, STATUS } from '../generated/codes.js';

const TABLES = { ACQUIRER, MESSAGE, STATUS };

/**
 * What a code says; undefined if it is not listed.
 * @param {keyof typeof TABLES} name of the table: lines of code, English and Arabic
 * @param {string} code
 * @param {'en' | 'ar'} language
 * @returns {string | undefined}
 */
export function findText(name, code, language) {
  const table = TABLES[name];
  const start = /[\t\n]/.test(code) ? -1 : table.indexOf(`\n${code}\t`);
  if (start < 0) return undefined;
  const [line] = table.slice(start + 1).split('\n', 1);
  return line?.split('\t')[language === 'ar' ? 2 : 1];
}
