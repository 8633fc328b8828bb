// UPLOAD_BATCH_FILE: a multipart form with a file in it (docs.payfort.com, batch service).

import { isBytes } from '../core/realms.js';
import { INSPECT, issue, ValidationError } from '../errors.js';
import { checkAccount, chooseCredentials, endpointOf, inLanguageOf } from '../message/account.js';
import { readOptions } from '../message/options.js';
import { Copied } from '../message/params.js';
import { commandInfo, signRecord } from '../message/request.js';
import { judge } from '../message/validate.js';
import { bindToSource, concatenate, createStream, readPieces } from './source.js';

/** @typedef {import('../message/account.js').Account} Account */
/** @typedef {import('../errors.js').Issue} Issue */

/**
 * The file.
 * @typedef {object} BatchFile
 * @property {string} name the name for APS
 * @property {string | Uint8Array | Blob | ReadableStream<Uint8Array>} content text, bytes, a Blob, or a stream such
 *   as `writeBatch` makes
 */

/**
 * How a file is signed.
 * @typedef {object} UploadOptions
 * @property {import('../message/account.js').CredentialsName} [credentials] the set of the account to sign with
 * @property {'en' | 'ar'} [language] of the sentences; English if left out
 * @property {readonly string[]} [signed] the names of the fields that go into the signature, `file` standing for its
 *   name
 */

const COMMAND = 'UPLOAD_BATCH_FILE';

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
    /** Where it goes. */
    this.url = url;
    /** How it is sent. */
    this.method = /** @type {const} */ ('POST');
    /** What its body is: a multipart form. @type {Readonly<Record<string, string>>} */
    this.headers = Object.freeze({ 'content-type': `multipart/form-data; boundary=${boundary}` });
    /** A Blob can be sent again; a stream is read once. */
    this.body = body;
    /** `fetch` requires it when the body is a stream. */
    this.duplex = /** @type {const} */ ('half');
    /**
     * A redirect fails: APS sends none, and one would carry the file elsewhere. With any other mode `fetch` keeps a copy of
     * the body (Fetch standard, HTTP-network-or-cache fetch), so that memory grows with the file.
     */
    this.redirect = /** @type {const} */ ('error');
    /** Every field, `signature` among them; `file` is the name of the file. */
    this.params = Object.freeze(params);
  }

  /**
   * The upload for a log: the signature is masked.
   * @returns {Record<string, any>}
   */
  toJSON() {
    return { url: this.url, method: this.method, params: { ...this.params, signature: '***' } };
  }

  /** The same, for `util.inspect`. */
  [INSPECT]() {
    return this.toJSON();
  }
}

/**
 * Builds the upload of a batch file. Memory does not grow with the file, in whichever form it is given. Text, bytes and a
 * Blob (Node's `fs.openAsBlob` for a file on disk) have a length that is sent; a stream is sent in chunks of unknown
 * number, and APS does not say whether it accepts that.
 *
 * Whether `file` is signed is not documented, and the signature of APS's example cannot be checked: that it is not, as in
 * other forms with a file, is inferred; `options.signed` overrides it. Open the answer by `openReply`, with the
 * upload as its request.
 * @param {unknown} params `batch_reference`, which must be unique for each batch, and values that override those of the
 *   account
 * @param {BatchFile} file
 * @param {Account} account
 * @param {UploadOptions} [given]
 * @returns {ApsUpload}
 * @throws {ValidationError} everything that is wrong with params, file and options
 * @throws {import('../errors.js').ConfigurationError} for the account; `no_endpoint` if it has no `upload`
 */
export function buildUpload(params, file, account, given) {
  const checked = inLanguageOf(checkAccount(account), params);
  const options = readOptions(given, ['signed']);
  const set = chooseCredentials(checked, params, options);
  const url = endpointOf(checked, 'upload');
  const { merchant_identifier, language } = checked;
  const supplied = { merchant_identifier, access_code: set.access_code, service_command: COMMAND, language };
  const copied = new Copied(params);
  const issues = findFileIssues(file, copied.params);
  // The dictionary describes the name of the file as any other parameter.
  if (typeof file?.name === 'string' && file.name !== '' && copied.params.file === undefined) {
    copied.add('file', file.name);
  }
  issues.unshift(...judge(COMMAND, copied, { language: options.language }, supplied));
  const signable = commandInfo(COMMAND)?.members.filter((name) => name !== 'signature') ?? [];
  const signed = options.signed ?? signable.filter((name) => name !== 'file');
  if (!Array.isArray(signed) || signed.length === 0 || !signed.every((name) => signable.includes(name))) {
    issues.push(issue('signed', 'not_allowed', `signed must list at least one of ${signable.join(', ')}.`));
  }
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ValidationError(errors);
  const { signature: asGiven, ...sent } = copied.params;
  const fields = /** @type {Record<string, string>} */ ({ ...supplied, ...sent });
  const covered = Object.entries(fields).filter(([name]) => signed.includes(name));
  const signature = signRecord(covered.map(([name, value]) => `${name}\0${value}\0`).join(''), set, asGiven);
  // Random, so that the file does not contain it.
  const boundary = `aps-payops-${crypto.randomUUID()}`;
  const body = writeMultipart({ ...fields, signature }, file, boundary);
  return new ApsUpload(url, boundary, body, { ...fields, signature });
}

/**
 * The checks of a file that the dictionary does not have.
 * @param {BatchFile} file
 * @param {{ [name: string]: unknown }} params
 * @returns {Issue[]}
 */
function findFileIssues(file, params) {
  const { name, content } = /** @type {Partial<BatchFile>} */ (file ?? {});
  /** @type {Issue[]} */
  const issues = [];
  const refuse = (/** @type {string} */ code, /** @type {string} */ message) => {
    issues.push(issue('file', code, message));
  };
  if (params.file !== undefined && params.file !== name) refuse('conflict', 'file differs from the name of the file.');
  if (typeof name === 'string' && !/^$|\.csv$/i.test(name)) {
    const message = 'The name of the file must end with .csv.';
    issues.push({ ...issue('file', 'bad_format', message), source: 'DOC batch service tables' });
  }
  if (isStream(content)) {
    if (content.locked) refuse('bad_format', 'The content of the file is already being read.');
  } else if (!(typeof content === 'string' || isBytes(content) || content instanceof Blob)) {
    refuse(
      'bad_format',
      'The content of the file must be text, bytes, a Blob or a stream: writeBatch(rows) makes one of rows.',
    );
  }
  return issues;
}

/**
 * @param {unknown} value
 * @returns {value is ReadableStream<Uint8Array>}
 */
const isStream = (value) =>
  typeof value === 'object' && value !== null && typeof (/** @type {any} */ (value).getReader) === 'function';

/**
 * A form as RFC 7578 has it. Written by hand, since FormData takes no stream. Field names and values are known to have
 * neither quotes nor line ends, except for the account's values, whose names are ours.
 * @param {Record<string, string>} fields `file` among them, which comes last as in APS's example
 * @param {BatchFile} file
 * @param {string} boundary
 * @returns {Blob | ReadableStream<Uint8Array>}
 */
function writeMultipart({ file: name, ...fields }, { content }, boundary) {
  const part = (/** @type {string} */ rest) => `--${boundary}\r\nContent-Disposition: form-data; ${rest}`;
  const head = Object.entries(fields).map(([field, value]) => part(`name="${field}"\r\n\r\n${value}\r\n`));
  head.push(part(`name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`));
  const tail = `\r\n--${boundary}--\r\n`;
  if (!isStream(content)) return new Blob([head.join(''), /** @type {BlobPart} */ (content), tail]);
  const encoder = new TextEncoder();
  return createStream((stop) => {
    const pieces = bindToSource(content, readPieces(content, stop));
    return concatenate([encoder.encode(head.join(''))], pieces, [encoder.encode(tail)]);
  });
}
