// UPLOAD_BATCH_FILE: a multipart form with a file in it (docs.payfort.com, batch service).

import { checkAccount, chooseCredentials, endpointOf } from '../account.js';
import { INSPECT, issue, ValidationError } from '../errors.js';
import { sign } from '../signature.js';
import { walk } from '../walk.js';
import { piecesOf, streamOf } from './source.js';

/** @typedef {import('../account.js').Account} Account */
/** @typedef {import('../errors.js').Issue} Issue */

/**
 * The file: `content` as text, bytes, a Blob, or a stream such as `writeBatch` makes; `name` as APS is to know it.
 * @typedef {{ name: string, content: string | Uint8Array | Blob | ReadableStream<Uint8Array> }} BatchFile
 */

/**
 * @typedef {{ credentials?: 'main' | 'applePay', signed?: readonly string[] }} UploadOptions
 * `signed`: the names of the fields that go into the signature, `file` standing for its name
 */

const COMMAND = 'UPLOAD_BATCH_FILE';
const SUPPLIED = ['merchant_identifier', 'access_code', 'service_command', 'language'];
const SOURCE = 'DOC batch service parameters';

/**
 * A signed upload, which is a `fetch` init: `await fetch(upload.url, upload)`.
 */
export class ApsUpload {
  /**
   * @param {string} url
   * @param {string} boundary
   * @param {Blob | ReadableStream<Uint8Array>} body
   * @param {Record<string, string>} params
   */
  constructor(url, boundary, body, params) {
    this.url = url;
    this.method = /** @type {const} */ ('POST');
    /** @type {Readonly<Record<string, string>>} */
    this.headers = Object.freeze({ 'content-type': `multipart/form-data; boundary=${boundary}` });
    /** A Blob can be sent again; a stream is read once. */
    this.body = body;
    /** What `fetch` asks for when the body is a stream. */
    this.duplex = /** @type {const} */ ('half');
    /**
     * A redirect fails: APS has none, and one would carry the file elsewhere. With any other mode `fetch` keeps a copy of
     * what it sends (Fetch standard, HTTP-network-or-cache fetch), so that memory grows with the file.
     */
    this.redirect = /** @type {const} */ ('error');
    /** Every field, `signature` among them; `file` is the name of the file. */
    this.params = Object.freeze(params);
  }

  /** What may be logged: the signature is masked. */
  toJSON() {
    return { url: this.url, method: this.method, params: { ...this.params, signature: '***' } };
  }

  /** The same, for `util.inspect`. */
  [INSPECT]() {
    return this.toJSON();
  }
}

/**
 * Builds the upload of a batch file. Memory does not grow with the file, whichever way it is given. Text, bytes and a Blob
 * (Node's `fs.openAsBlob` for a file on disk) have a length that is sent; a stream is sent in chunks of unknown number,
 * which APS does not say it takes.
 *
 * Whether `file` is signed is not documented, and the signature of APS's example cannot be checked: that it is not, as in
 * other forms with a file, is inferred; `options.signed` overrides it. Open the answer by `openReply`, with the
 * upload as its request.
 * @param {unknown} params `batch_reference`, which must be another one for each batch, and what should differ from the
 *   account
 * @param {BatchFile} file
 * @param {Account} account
 * @param {UploadOptions} [options]
 * @returns {ApsUpload}
 * @throws {ValidationError} everything that is wrong with params, file and options
 * @throws {import('../errors.js').ConfigurationError} for the account; `no_endpoint` if it has no `upload`
 */
export function buildUpload(params, file, account, options) {
  const checked = checkAccount(account);
  const set = chooseCredentials(checked, params, options);
  const url = endpointOf(checked, 'upload');
  const { merchant_identifier, language } = checked;
  const supplied = { merchant_identifier, access_code: set.access_code, service_command: COMMAND, language };
  const walked = walk(params);
  const { batch_reference } = walked.params;
  const issues = [...paramIssues(walked, supplied), ...fileIssues(file)];
  const signed = options?.signed ?? [...SUPPLIED, 'batch_reference'];
  const signable = [...SUPPLIED, 'batch_reference', 'file'];
  if (!Array.isArray(signed) || signed.length === 0 || !signed.every((name) => signable.includes(name))) {
    issues.push(issue('signed', 'not_allowed', `signed must be a list of: ${signable.join(', ')}.`));
  }
  if (issues.length > 0) throw new ValidationError(issues);
  const fields = /** @type {Record<string, string>} */ ({ ...supplied, batch_reference, file: file.name });
  const covered = Object.fromEntries(Object.entries(fields).filter(([name]) => signed.includes(name)));
  const signature = sign(covered, { phrase: set.request_phrase, digest: set.digest });
  const boundary = `aps-payops-${randomHex()}`;
  const body = multipart({ ...fields, signature }, file, boundary);
  return new ApsUpload(url, boundary, body, { ...fields, signature });
}

/**
 * @param {import('../walk.js').Walked} walked
 * @param {Record<string, string>} supplied
 * @returns {Issue[]}
 */
function paramIssues({ params, refused }, supplied) {
  /** @type {Issue[]} */
  const issues = refused.map(([path, code, expected]) => issue(path, code, `${path} must be ${expected}.`));
  for (const [name, value] of Object.entries(params)) {
    if (name === 'batch_reference') continue;
    const due = supplied[name];
    if (due === undefined) issues.push(issue(name, 'unknown', `${COMMAND} has no such parameter.`));
    else if (due !== value) issues.push(issue(name, 'conflict', `${name} differs from the account's.`));
  }
  const { batch_reference: reference } = params;
  const rule = (/** @type {string} */ code, /** @type {string} */ message) =>
    issues.push({ ...issue('batch_reference', code, `batch_reference ${message}.`), source: SOURCE });
  if (reference === undefined) rule('missing', 'is required');
  else if (typeof reference !== 'string') rule('bad_format', 'must be text');
  else {
    if (reference.length > 20) rule('too_long', 'must have at most 20 characters');
    if (!/^[A-Za-z0-9\-_./]+$/.test(reference)) rule('bad_character', 'may have letters, digits and - _ . / alone');
  }
  return issues;
}

/**
 * @param {BatchFile} file
 * @returns {Issue[]}
 */
function fileIssues(file) {
  const { name, content } = /** @type {Partial<BatchFile>} */ (file ?? {});
  /** @type {Issue[]} */
  const issues = [];
  const rule = (/** @type {string} */ code, /** @type {string} */ message) =>
    issues.push({ ...issue('file', code, message), source: SOURCE });
  if (typeof name !== 'string' || name === '') rule('missing', 'The name of the file is required.');
  else {
    if (name.length > 50) rule('too_long', 'The name of the file must have at most 50 characters.');
    // It also goes into a header, where a quote or line end would end it.
    if (!/^[A-Za-z0-9.\-!@#$%^&()_+, ]+$/.test(name)) {
      rule('bad_character', 'The name of the file has a character which APS does not allow.');
    }
    if (!/\.csv$/i.test(name)) rule('bad_format', 'The file must be CSV, and its name end with .csv.');
  }
  const isContent =
    typeof content === 'string' || content instanceof Uint8Array || content instanceof Blob || isStream(content);
  if (!isContent) rule('bad_format', 'The content of the file must be text, bytes, a Blob or a stream.');
  else if (isStream(content) && content.locked) rule('bad_format', 'The content of the file is being read already.');
  return issues;
}

/**
 * @param {unknown} value
 * @returns {value is ReadableStream<Uint8Array>}
 */
const isStream = (value) =>
  typeof value === 'object' && value !== null && typeof (/** @type {any} */ (value).getReader) === 'function';

/** 128 bits, so that no file has them. */
function randomHex() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A form as RFC 7578 has it. By hand, since FormData takes no stream. Field names and values are known to have neither
 * quotes nor line ends, but for those of the account, of which `name` is ours.
 * @param {Record<string, string>} fields `file` among them, which comes last as in APS's example
 * @param {BatchFile} file
 * @param {string} boundary
 * @returns {Blob | ReadableStream<Uint8Array>}
 */
function multipart({ file: name, ...fields }, { content }, boundary) {
  const part = (/** @type {string} */ rest) => `--${boundary}\r\nContent-Disposition: form-data; ${rest}`;
  const head = Object.entries(fields).map(([field, value]) => part(`name="${field}"\r\n\r\n${value}\r\n`));
  head.push(part(`name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`));
  const tail = `\r\n--${boundary}--\r\n`;
  if (!isStream(content)) return new Blob([head.join(''), /** @type {BlobPart} */ (content), tail]);
  return streamOf(around(head.join(''), content, tail));
}

/**
 * @param {string} head
 * @param {ReadableStream<Uint8Array>} content
 * @param {string} tail
 * @returns {AsyncGenerator<Uint8Array, void, undefined>}
 */
async function* around(head, content, tail) {
  const encoder = new TextEncoder();
  yield encoder.encode(head);
  yield* piecesOf(content);
  yield encoder.encode(tail);
}
