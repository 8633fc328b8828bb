// Files: batches of operations, their results, and reports. Streams and iterables of the web platform, nothing of Node's.

export { FileFormatError } from './batch/csv.js';
export {
  openBatchResults,
  openReport,
  readBatchResults,
  reportRows,
  waitForBatch,
} from './batch/results.js';
export { buildUpload } from './batch/upload.js';
export { writeBatch } from './batch/write.js';

/** @typedef {import('./batch/csv.js').Progress} Progress */
/** @typedef {import('./batch/csv.js').ReadOptions} ReadOptions */
/** @typedef {import('./batch/results.js').BatchResult} BatchResult */
/** @typedef {import('./batch/source.js').ByteSource} ByteSource */
/** @typedef {import('./batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('./batch/upload.js').BatchFile} BatchFile */
/** @typedef {import('./batch/upload.js').UploadOptions} UploadOptions */
/** @typedef {import('./batch/write.js').BatchOptions} BatchOptions */
