/** What services keep: passwords that were sent, checked cards, batches, reports, agreements. */

/** @typedef {{ password: string, used: boolean, sentFor: string, at: number }} Otp `at`: when it was sent, in milliseconds */

/**
 * @typedef {object} Batch
 * @property {string} access_code It is known to no other.
 * @property {string} batch_id
 * @property {import('../message.js').Message[]} rows
 * @property {string | undefined} fault What is wrong with a row, so that none is carried out.
 * @property {import('../message.js').Message[]} [results] By row, once they were carried out.
 */

export class Shelf {
  /** One-time passwords, by the reference of the order. @type {Map<string, Otp>} */
  otps = new Map();
  /** How VERIFY_CARD ended, by reference: a response code. @type {Map<string, string>} */
  verified = new Map();
  /** @type {Map<string, Batch>} */
  batches = new Map();
  /**
   * Reports by reference: files, unless there was nothing to report.
   *
   * @type {Map<string, { access_code: string, file: string | undefined }>}
   */
  reports = new Map();
  /** Agreements on recurring payments. @type {Set<string>} */
  agreements = new Set();
  /** 3-D Secure checks that were begun, by reference. @type {Map<string, string>} */
  enrolled = new Map();

  clear() {
    const { otps, verified, batches, reports, agreements, enrolled } = this;
    for (const kept of [otps, verified, batches, reports, agreements, enrolled]) kept.clear();
  }
}
