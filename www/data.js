// Persistence of `npm start`: orders, payments and the journal in a folder (PGlite) or in PostgreSQL, and the books of the
// offline gateway in a file.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Ignored by git. */
export const FOLDER = fileURLToPath(new URL('../.cache/shop/', import.meta.url));
/** Milliseconds until the gateway's books are saved. */
const SOON = 100;

/** @typedef {{ merchant_identifier?: string, access_code?: string, ahead?: number, payments?: any[] }} Books */

/**
 * The books of the offline gateway in a file.
 *
 * @param {string} folder
 */
export async function openBooks(folder) {
  const file = `${folder}/gateway.json`;
  await mkdir(folder, { recursive: true });
  /** @type {Books} */
  let kept = {};
  try {
    kept = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw new Error(`${file} cannot be read (${error.message}). Delete it to start anew.`);
  }
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let writing = Promise.resolve();
  const write = async (/** @type {() => Books} */ tell) => {
    await writeFile(`${file}.new`, JSON.stringify(tell()));
    await rename(`${file}.new`, file);
  };
  return {
    kept,
    /** Writes them soon. @param {() => Books} tell */
    save(tell) {
      timer ??= setTimeout(() => {
        timer = undefined;
        writing = writing.then(() => write(tell));
      }, SOON);
    },
    /** Writes them now. @param {() => Books} tell */
    async close(tell) {
      clearTimeout(timer);
      await writing;
      await write(tell);
    },
  };
}
