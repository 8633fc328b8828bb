/** Commands other than payments, by name. To add one, write its function and add a line below; otherwise `answerPlainly` answers. */

import { getResults, processBatch, upload } from './batches.js';
import { authenticate, checkVerification, enroll, verifyCard } from './checks.js';
import { checkLink, createLink, updateLink } from './links.js';
import { generateOtp, verifyCustomer, verifyOtp } from './otp.js';
import { listPlans } from './plans.js';
import { bill, convert, sdkToken } from './rates-and-bills.js';
import { downloadReport, generateReport } from './reports.js';
import { tokenize } from './tokenization.js';
import { createToken, getTokens, updateToken } from './tokens.js';

/** @typedef {import('../check.js').Complaint} Complaint */

/**
 * @typedef {object} Context
 * @property {number} at Milliseconds since 1970.
 * @property {import('../ledger.js').Ledger} ledger
 * @property {import('../stored-cards.js').StoredCards} cards
 * @property {import('./state.js').State} state
 * @property {import('../authenticate.js').Authenticator} authenticator
 * @property {(row: import('../message.js').Message) => Complaint | undefined} checkRow Why a row is not a valid request.
 * @property {(row: import('../message.js').Message) => import('../reply.js').Answer} carryOut Carries out a row of a batch file
 *   as a request.
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
  CHECK_PAYMENT_LINK_STATUS: checkLink,
  CHECK_VERIFY_CARD_STATUS: checkVerification,
  CREATE_TOKEN: createToken,
  CURRENCY_CONVERSION: convert,
  CUSTOMER_VERIFY: verifyCustomer,
  DOWNLOAD_REPORT: downloadReport,
  GENERATE_OTP: generateOtp,
  GENERATE_REPORT: generateReport,
  GET_BATCH_RESULTS: getResults,
  GET_INSTALLMENTS_PLANS: listPlans,
  GET_REPORT: downloadReport,
  GET_TOKENS: getTokens,
  OTP_GENERATE: generateOtp,
  OTP_VERIFY: verifyOtp,
  PAYMENT_LINK: createLink,
  PROCESS_BATCH: processBatch,
  SDK_TOKEN: sdkToken,
  TOKENIZATION: tokenize,
  UPDATE_PAYMENT_LINK: updateLink,
  UPDATE_TOKEN: updateToken,
  UPLOAD_BATCH_FILE: upload,
  VERIFY_CARD: verifyCard,
});
