// Files: batches of operations, their results, and reports. Streams and iterables of the web platform, nothing of Node's.
//
// Reading is loaded when it is first asked for: neither a start nor the main chunk of a bundle pays for it.

import { telling } from './batch/source.js';

export { FileFormatError } from './batch/format-error.js';
export { buildUpload } from './batch/upload.js';
export { waitForBatch } from './batch/wait.js';
export { writeBatch } from './batch/write.js';

const reading = () => import('./batch/results.js');

/**
 * Opens the answer to GET_BATCH_RESULTS: a verified reply, or the results of the operations.
 * @type {typeof import('./batch/results.js').openBatchResults}
 */
export const openBatchResults = async (...given) => (await reading()).openBatchResults(...given);

/**
 * Opens the answer to GET_REPORT or DOWNLOAD_REPORT: a verified reply, or the rows of the report.
 * @type {typeof import('./batch/results.js').openReport}
 */
export const openReport = async (...given) => (await reading()).openReport(...given);

/**
 * Reads the results of a batch, row by row. Nothing in the file is signed: take it from nowhere but APS's own answer.
 * @type {typeof import('./batch/results.js').readBatchResults}
 */
export const readBatchResults = (source, options) =>
  telling(
    source,
    later((file) => file.readBatchResults(source, options)),
  );

/**
 * Reads a report row by row: objects by the columns that were asked for.
 * @type {typeof import('./batch/results.js').reportRows}
 */
export const reportRows = (source, options) =>
  telling(
    source,
    later((file) => file.reportRows(source, options)),
  );

/**
 * @template T
 * @param {(file: typeof import('./batch/results.js')) => AsyncGenerator<T, void, undefined>} read
 * @returns {AsyncGenerator<T, void, undefined>}
 */
async function* later(read) {
  yield* read(await reading());
}

/** @typedef {import('./batch/csv.js').Progress} Progress */
/** @typedef {import('./batch/csv.js').ReadOptions} ReadOptions */
/** @typedef {import('./batch/results.js').BatchResult} BatchResult */
/** @typedef {import('./batch/source.js').ByteSource} ByteSource */
/** @typedef {import('./batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('./batch/upload.js').BatchFile} BatchFile */
/** @typedef {import('./batch/upload.js').UploadOptions} UploadOptions */
/** @typedef {import('./batch/write.js').BatchOptions} BatchOptions */
