/** The state of services: passwords sent, verified cards, batches, reports, agreements, links. */

import { Enrolments } from './enrolments.js';
import { Links } from './links.js';

/**
 * @typedef {object} Otp
 * @property {string} password
 * @property {boolean} used
 * @property {string} sentFor
 * @property {number} at When it was sent, in milliseconds since 1970.
 * @property {string | undefined} amount
 * @property {string | undefined} currency
 */

/**
 * @typedef {object} Batch
 * @property {string} access_code The only one that can see it.
 * @property {string} batch_id
 * @property {import('../message.js').Message[]} rows
 * @property {string | undefined} fault What is wrong with a row; then none is carried out.
 * @property {import('../message.js').Message[]} [results] By row, once they were carried out.
 */

/** @typedef {{ access_code: string, columns: readonly string[], rows: readonly (readonly string[])[] }} Report */

export class State {
  /** One-time passwords, by the reference of the order. @type {Map<string, Otp>} */
  otps = new Map();
  /** How VERIFY_CARD ended, by reference: a response code. @type {Map<string, string>} */
  verified = new Map();
  /** @type {Map<string, Batch>} */
  batches = new Map();
  /** Reports, by reference. @type {Map<string, Report>} */
  reports = new Map();
  /** Agreements on recurring payments. @type {Set<string>} */
  agreements = new Set();
  links;
  enrolments;
  /** What DOWNLOAD_REPORT returns. */
  reportFormat;

  /**
   * @param {object} options
   * @param {(id: string) => string} options.linkUrl
   * @param {(id: string) => string} options.threeDSecureUrl
   * @param {'csv' | 'json'} options.reports
   */
  constructor({ linkUrl, threeDSecureUrl, reports }) {
    this.links = new Links(linkUrl);
    this.enrolments = new Enrolments(threeDSecureUrl);
    this.reportFormat = reports;
  }

  clear() {
    const { otps, verified, batches, reports, agreements, links, enrolments } = this;
    for (const kept of [otps, verified, batches, reports, agreements, links, enrolments]) kept.clear();
  }
}
