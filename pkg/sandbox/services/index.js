/** Commands that are no payment, by name. Another one is a file beside this and a line below; without one it is `plain`. */

import { processBatch, results, upload } from './batches.js';
import { authenticate, enroll, verifyCard, verifyStatus } from './checks.js';
import { generateOtp, verifyCustomer, verifyOtp } from './otp.js';
import { installments } from './plans.js';
import { bill, convert, link, sdkToken } from './rates-and-bills.js';
import { generateReport, report } from './reports.js';
import { tokenization } from './tokenization.js';
import { createToken, getTokens, updateToken } from './tokens.js';

/** @typedef {import('../check.js').Complaint} Complaint */

/**
 * @typedef {object} Context
 * @property {number} at Milliseconds since 1970.
 * @property {import('../ledger.js').Ledger} ledger
 * @property {import('../stored-cards.js').Vault} vault
 * @property {import('./state.js').Shelf} shelf
 * @property {(row: import('../message.js').Message) => Complaint | undefined} complaint Why a row cannot be a request.
 * @property {(row: import('../message.js').Message) => import('../reply.js').Answer} carryOut A row of a batch file, as a
 *   request.
 * @property {(admitted: import('../authenticate.js').Admitted, until: number) => string} linkTo A page where it is paid.
 */

/**
 * Carries out a request that was admitted and whose parameters were checked.
 *
 * @typedef {(admitted: import('../authenticate.js').Admitted & { rows?: import('../message.js').Message[] },
 *   context: Context) => import('../reply.js').Answer} Service
 */

/** @type {Readonly<Record<string, Service>>} */
export const SERVICES = Object.freeze({
  '3DS_AUTHENTICATION': authenticate,
  '3DS_ENROLLMENT': enroll,
  BILL_PRESENTMENT: bill,
  CHECK_VERIFY_CARD_STATUS: verifyStatus,
  CREATE_TOKEN: createToken,
  CURRENCY_CONVERSION: convert,
  CUSTOMER_VERIFY: verifyCustomer,
  DOWNLOAD_REPORT: report,
  GENERATE_OTP: generateOtp,
  GENERATE_REPORT: generateReport,
  GET_BATCH_RESULTS: results,
  GET_INSTALLMENTS_PLANS: installments,
  GET_REPORT: report,
  GET_TOKENS: getTokens,
  OTP_GENERATE: generateOtp,
  OTP_VERIFY: verifyOtp,
  PAYMENT_LINK: link,
  PROCESS_BATCH: processBatch,
  SDK_TOKEN: sdkToken,
  TOKENIZATION: tokenization,
  UPDATE_TOKEN: updateToken,
  UPLOAD_BATCH_FILE: upload,
  VERIFY_CARD: verifyCard,
});
