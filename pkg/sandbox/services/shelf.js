/** What services keep: passwords that were sent, checked cards, batches, reports. */

/** @typedef {{ password: string, used: boolean, amount: string | undefined }} Otp */
/** @typedef {{ batch_id: string, rows: import('../message.js').Message[], processed: boolean }} Batch */

export class Shelf {
  /** One-time passwords, by the reference of the order. @type {Map<string, Otp>} */
  otps = new Map();
  /** How VERIFY_CARD ended, by reference: a response code. @type {Map<string, string>} */
  verified = new Map();
  /** @type {Map<string, Batch>} */
  batches = new Map();
  /** References of reports. @type {Set<string>} */
  reports = new Set();
  /** 3-D Secure checks that were begun, by reference. @type {Map<string, string>} */
  enrolled = new Map();

  clear() {
    for (const kept of [this.otps, this.verified, this.batches, this.reports, this.enrolled]) kept.clear();
  }
}
