// Files: batches of operations, their results, and reports. Streams and iterables of the web platform, nothing of Node's.
//
// Reading is loaded on first use, so it costs neither start-up time nor bytes in the main chunk of a bundle.

import { bindToSource } from './source.js';

export { FileFormatError } from './format-error.js';
export { buildUpload } from './upload.js';
export { waitForBatch } from './wait.js';
export { writeBatch } from './write.js';

const reading = () => import('./results.js');

/**
 * Opens the answer to GET_BATCH_RESULTS: a verified reply, or the results of the operations.
 * @type {typeof import('./results.js').openBatchResults}
 */
export const openBatchResults = async (...given) => (await reading()).openBatchResults(...given);

/**
 * Opens the answer to GET_REPORT or DOWNLOAD_REPORT: a verified reply, or the rows of the report.
 * @type {typeof import('./results.js').openReport}
 */
export const openReport = async (...given) => (await reading()).openReport(...given);

/**
 * Reads the results of a batch, row by row. Nothing in the file is signed: take it from nowhere but APS's own answer.
 * @type {typeof import('./results.js').readBatchResults}
 */
export const readBatchResults = (source, options) =>
  bindToSource(
    source,
    later((file) => file.readBatchResults(source, options)),
  );

/**
 * Reads a report row by row: objects by the columns that were requested.
 * @type {typeof import('./results.js').reportRows}
 */
export const reportRows = (source, options) =>
  bindToSource(
    source,
    later((file) => file.reportRows(source, options)),
  );

/**
 * @template T
 * @param {(file: typeof import('./results.js')) => AsyncGenerator<T, void, undefined>} read
 * @returns {AsyncGenerator<T, void, undefined>}
 */
async function* later(read) {
  yield* read(await reading());
}

/** @typedef {import('./csv.js').Progress} Progress */
/** @typedef {import('./csv.js').ReadOptions} ReadOptions */
/** @typedef {import('./results.js').BatchResult} BatchResult */
/** @typedef {import('./source.js').ByteSource} ByteSource */
/** @typedef {import('./upload.js').ApsUpload} ApsUpload */
/** @typedef {import('./upload.js').BatchFile} BatchFile */
/** @typedef {import('./upload.js').UploadOptions} UploadOptions */
/** @typedef {import('./write.js').BatchOptions} BatchOptions */
