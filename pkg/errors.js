// Every error of the package. Messages, `toJSON` and `util.inspect` show names and sentences, never a value that was
// given: no phrase, no card number, no security code. Of an error of `fetch` only the code is kept, because some
// implementations attach the request, body included, to their errors.

import { LIFE_CYCLE } from './generated/fields.js';

/**
 * @typedef {object} IssueParts
 * @property {string} parameter its name, or its path, such as `products[0].name`
 * @property {string} code stable, for programs
 * @property {'error' | 'warning'} severity warnings do not stop a request
 * @property {string} message a sentence for developers; the only values it repeats are
 *   short amounts, names of currencies, and numbers that are not secret
 * @property {string} source where the rule comes from
 */
/**
 * One thing that is wrong with a request. Some codes come with more facts, such as the longest length.
 * @typedef {IssueParts & { [fact: string]: string | number }} Issue
 */

/** Where Node's `util.inspect` looks for a class's own text. */
export const INSPECT = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom');
const LONGEST_SENTENCE = 300;
/** In the message of an error, which may be printed; `issues` has all of them. */
const MOST_SENTENCES = 100;

/**
 * @param {readonly { parameter: string, code: string, message: string }[]} issues
 */
function joinSentences(issues) {
  const sentences = issues
    .slice(0, MOST_SENTENCES)
    .map(({ parameter, code, message }) => `${message} [${parameter}: ${code}]`);
  const more = issues.length - sentences.length;
  if (more > 0) sentences.push(`${more} more in issues.`);
  return sentences.join(' ');
}

/**
 * Issues that are safe to show. The name of an unknown parameter is what the caller wrote: it may be megabytes long, or a
 * card number.
 * @template {{ parameter: string, code: string, message: string }} T
 * @param {readonly T[]} issues
 * @returns {T[]}
 */
export function redactIssues(issues) {
  const short = (/** @type {string} */ text, /** @type {unknown} */ known = undefined) =>
    (text.length > LONGEST_SENTENCE ? `${text.slice(0, LONGEST_SENTENCE)}…` : text).replace(
      /\d(?:[ -]?\d){11,}/g,
      (digits) => (digits === known ? digits : '************'),
    );
  return issues.map((one) => {
    // A number that JavaScript cannot hold: Rust repeats it only for parameters that hold neither a card nor a secret.
    const { number } = /** @type {{ number?: unknown }} */ (one);
    return { ...one, parameter: short(one.parameter), message: short(one.message, number) };
  });
}

/**
 * Something wrong with an option or a member of the account.
 * @typedef {object} Problem
 * @property {string} parameter its name
 * @property {string} code stable, for programs
 * @property {string} message a sentence for developers
 */

/**
 * @typedef {object} Caused
 * @property {unknown} [cause] the original error
 */

/**
 * @typedef {object} Answered
 * @property {unknown} [cause] the original error
 * @property {number} [status] the HTTP status of the answer
 */

/** The base of every error of this package. */
export class ApsError extends Error {
  // A field, so that minifiers keep it and bundlers can drop the class.
  name = 'ApsError';

  /** Stable, for programs. @type {string} */
  code;

  /**
   * @param {string} code
   * @param {string} message
   * @param {Caused} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }

  /**
   * The parts for a log.
   * @returns {Record<string, unknown>}
   */
  toJSON() {
    return { .../** @type {object} */ (this), message: this.message };
  }
}

/** Parameters, amounts or options were rejected; nothing was sent. `issues` lists everything that is wrong. */
export class ValidationError extends ApsError {
  name = 'ValidationError';

  /** All that is wrong. @type {readonly Issue[]} */
  issues;

  /** @param {readonly Issue[]} issues */
  constructor(issues) {
    const redacted = Object.freeze(redactIssues(issues));
    super('validation', joinSentences(redacted));
    this.issues = redacted;
  }
}

/** The life cycle of the payment forbids the operation; nothing was sent. */
export class LifecycleError extends ApsError {
  name = 'LifecycleError';

  /** The rules that forbid it. @type {readonly Issue[]} */
  issues;

  /** @param {readonly Issue[]} issues */
  constructor(issues) {
    const redacted = Object.freeze(redactIssues(issues));
    super('lifecycle', joinSentences(redacted));
    this.issues = redacted;
  }
}

/** @typedef {'signature_mismatch' | 'unsigned' | 'ambiguous' | 'unreadable'} SignatureErrorCode */

/** @type {Record<SignatureErrorCode, string>} */
const SIGNATURE_TEXTS = {
  signature_mismatch:
    'The signature of the message does not match: it is not from APS, or a phrase or digest differs: see explainSignature.',
  unsigned: 'The message has no signature, so it may be from anyone.',
  ambiguous: 'The signed text of the message can be read in two ways, so its values cannot be trusted.',
  unreadable: 'The message cannot be read.',
};

/**
 * A message is not proven to be from APS. As the answer to a command that moves money it says nothing about whether
 * the money moved: treat it as `uncertain`.
 */
export class SignatureError extends ApsError {
  name = 'SignatureError';

  /**
   * @param {SignatureErrorCode} code
   * @param {string} [hint] a sentence about how the message arrived, without anything from the message itself
   */
  constructor(code, hint) {
    super(code, hint ? `${SIGNATURE_TEXTS[code]} ${hint}` : SIGNATURE_TEXTS[code]);
  }
}

/**
 * A genuine message is about something other than the request or the expected order. As the answer to a command that moves
 * money: treat it as `uncertain`.
 */
export class ReplyMismatchError extends ApsError {
  name = 'ReplyMismatchError';

  /** The names that differ. @type {readonly string[]} */
  parameters;

  /** @param {readonly string[]} parameters */
  constructor(parameters) {
    super('reply_mismatch', `The message differs from the request or the expected order in: ${parameters.join(', ')}.`);
    this.parameters = Object.freeze([...parameters]);
  }
}

/**
 * A genuine notification names an order that `expect` did not find. The order may be stored a moment later: answer 503,
 * so that APS sends the notification again.
 */
export class OrderNotFoundError extends ApsError {
  name = 'OrderNotFoundError';

  constructor() {
    super('order_not_found', 'The message is genuine, but there is no such order.');
  }
}

/**
 * @typedef {'timeout' | 'aborted' | 'network' | 'redirect' | 'http_status' | 'unreadable' | 'no_baseline'} TransportErrorCode
 */

/**
 * No usable answer. `sent` is `'no'` only when the request cannot have reached APS; with `'unknown'` a command that
 * moves money may have been carried out, or may still be.
 */
export class TransportError extends ApsError {
  name = 'TransportError';

  /** Whether the request reached APS: `no`, or `unknown` if it may have. @type {'no' | 'unknown'} */
  sent;

  /**
   * @param {TransportErrorCode} code
   * @param {'no' | 'unknown'} sent
   * @param {string} message
   * @param {Answered} [options] the cause is reduced to its name and code
   */
  constructor(code, sent, message, options) {
    super(code, message, options?.cause === undefined ? undefined : { cause: stripError(options.cause) });
    this.sent = sent;
    if (options?.status !== undefined) {
      /** The HTTP status, if the code is `http_status`. @type {number | undefined} */
      this.status = options.status;
    }
  }
}

/** @typedef {'busy' | 'other_contents' | 'deadline' | 'not_prepared' | 'unknown_operation' | 'paid_already'} OperationErrorCode */

/** @type {Record<OperationErrorCode, string>} */
const OPERATION_TEXTS = {
  busy: 'Another operation on the payment, or another attempt at the order, is open: wait for it, or recover it.',
  other_contents: 'The key was used for an operation with other contents: give every operation a key of its own.',
  deadline: 'There is too little time left to send the operation and record its answer: try again with the same key.',
  not_prepared: 'No operation was prepared under the key, or its transaction is not committed: call prepare first.',
  unknown_operation: 'There is no operation under the key: history(merchant_reference) lists those of a payment.',
  paid_already: 'Another attempt at the order holds money: name it in despite if both are intended.',
};

/** The journal refused an operation; nothing was sent for this call. */
export class OperationError extends ApsError {
  name = 'OperationError';

  /** The caller's key. @type {string} */
  operation;

  /**
   * @param {OperationErrorCode} code
   * @param {string} operation
   */
  constructor(code, operation) {
    super(code, OPERATION_TEXTS[code]);
    this.operation = operation;
  }
}

/** The account, the options or the runtime do not allow the call. */
export class ConfigurationError extends ApsError {
  name = 'ConfigurationError';

  /** What is wrong with the account or the options; empty if something else is wrong. @type {readonly Problem[]} */
  issues;

  /**
   * @param {string} code
   * @param {string | readonly Problem[]} what a sentence, or every issue
   */
  constructor(code, what) {
    const issues = typeof what === 'string' ? [] : redactIssues(what);
    super(code, typeof what === 'string' ? what : joinSentences(issues));
    this.issues = Object.freeze(issues);
  }
}

/** @typedef {'csp' | 'unsupported' | 'size_limit'} WasmBlockedReason */

/** @type {Record<WasmBlockedReason, string>} */
const BLOCKED_TEXTS = {
  csp: "WebAssembly is blocked by the Content-Security-Policy: add 'wasm-unsafe-eval' to script-src.",
  unsupported: 'This engine cannot run WebAssembly.',
  size_limit: 'This engine limits the size of WebAssembly: use aps-payops/slim.',
};

/** WebAssembly cannot run here; `isAvailable()` tells beforehand. */
export class WasmBlockedError extends ApsError {
  name = 'WasmBlockedError';

  /** Why it cannot run. @type {WasmBlockedReason} */
  reason;

  /** @param {WasmBlockedReason} reason */
  constructor(reason) {
    super('wasm_blocked', BLOCKED_TEXTS[reason]);
    this.reason = reason;
  }
}

/**
 * Another library's error, reduced to its name and code, which cannot hold our data.
 * @param {unknown} failure
 * @returns {Error}
 */
function stripError(failure) {
  if (failure instanceof ApsError) return failure;
  const code = errorCode(failure);
  const name = failure instanceof Error && isSymbolic(failure.name) ? failure.name : 'Error';
  const error = new Error(code ?? name);
  // The stack would point here instead of at the failure.
  error.stack = `${name}: ${error.message}`;
  return Object.assign(error, code === undefined ? { name } : { name, code });
}

/**
 * The system's code of an error, such as `ECONNREFUSED`, wherever `fetch` hides it.
 * @param {unknown} failure
 * @returns {string | undefined}
 */
export function errorCode(failure) {
  for (let error = failure, depth = 0; error !== null && typeof error === 'object' && depth < 5; depth += 1) {
    const { code, cause } = /** @type {{ code?: unknown, cause?: unknown }} */ (error);
    if (isSymbolic(code) && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    error = cause;
  }
  return undefined;
}

/**
 * Whether a value is a short name in which no card number can be.
 * @param {unknown} value
 * @returns {value is string}
 */
const isSymbolic = (value) => typeof value === 'string' && /^\w{1,40}$/.test(value) && !/\d{6}/.test(value);

/**
 * Whether a code belongs to the life cycle, and not to the parameters alone.
 * @param {string} code
 */
export function isLifecycleCode(code) {
  return LIFE_CYCLE.includes(code);
}

/**
 * An issue that only JavaScript can see: a value of the wrong type, before Rust is called.
 * @param {string} parameter
 * @param {string} code
 * @param {string} message
 * @returns {Issue}
 */
export function issue(parameter, code, message) {
  return { parameter, code, severity: 'error', message, source: 'aps-payops' };
}
