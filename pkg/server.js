// `aps-payops/server`: all of `aps-payops`, and what needs the account's phrases. Not for browsers.

import {
  openReport as openReportAnswer,
  openBatchResults as openResults,
  readBatchResults as readResults,
} from './batch/results.js';
import { buildUpload as uploadOf } from './batch/upload.js';
import { writeBatch as writeBatchFile } from './batch/write.js';
import { PaymentServices as PaymentServicesClass } from './client/index.js';
import { using } from './core/instance.js';
import { load } from './loaders/inline.js';
import { accountFromEnv as accountOfEnv } from './message/account-from-env.js';
import { allowPart as allowPartOf } from './message/expected.js';
import { openReply as openAnswer, openNotification as openMessage } from './message/reply.js';
import { buildForm as formOf, buildRequest as requestOf } from './message/request.js';
import { explainSignature as explain, sign as signParams, verify as verifyMessage } from './message/signature.js';
import {
  createNotificationHandler as notificationHandler,
  testNotification as notificationOf,
} from './notification.js';

export const PaymentServices = /* @__PURE__ */ using(load, PaymentServicesClass);
export const accountFromEnv = /* @__PURE__ */ using(load, accountOfEnv);
export const allowPart = /* @__PURE__ */ using(load, allowPartOf);
export const buildForm = /* @__PURE__ */ using(load, formOf);
export const buildRequest = /* @__PURE__ */ using(load, requestOf);
export const buildUpload = /* @__PURE__ */ using(load, uploadOf);
export const createNotificationHandler = /* @__PURE__ */ using(load, notificationHandler);
export const explainSignature = /* @__PURE__ */ using(load, explain);
export const openBatchResults = /* @__PURE__ */ using(load, openResults);
export const openNotification = /* @__PURE__ */ using(load, openMessage);
export const openReply = /* @__PURE__ */ using(load, openAnswer);
export const openReport = /* @__PURE__ */ using(load, openReportAnswer);
export const readBatchResults = /* @__PURE__ */ using(load, readResults);
export const sign = /* @__PURE__ */ using(load, signParams);
export const testNotification = /* @__PURE__ */ using(load, notificationOf);
export const verify = /* @__PURE__ */ using(load, verifyMessage);
export const writeBatch = /* @__PURE__ */ using(load, writeBatchFile);

export { FileFormatError } from './batch/format-error.js';
export { reportRows } from './batch/results.js';
export { waitForBatch } from './batch/wait.js';
export * from './index.js';
export { applePayParams } from './message/apple-pay.js';

/** @typedef {import('./message/account.js').Account} Account */
/** @typedef {import('./message/account.js').CredentialSet} CredentialSet */
/** @typedef {import('./message/account.js').DigestName} DigestName */
/** @typedef {import('./message/account.js').Endpoints} Endpoints */
/** @typedef {import('./batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('./batch/upload.js').BatchFile} BatchFile */
/** @typedef {import('./batch/write.js').BatchOptions} BatchOptions */
/** @typedef {import('./batch/results.js').BatchResult} BatchResult */
/** @typedef {import('./batch/upload.js').UploadOptions} UploadOptions */
/** @typedef {import('./client/index.js').ClientOptions} ClientOptions */
/** @typedef {import('./client/index.js').PaymentServices} PaymentServices */
/** @typedef {import('./client/index.js').SendOptions} SendOptions */
/** @typedef {import('./client/index.js').StatusOptions} StatusOptions */
/** @typedef {import('./message/read.js').Message} Message */
/** @typedef {import('./message/reply.js').ExpectedOrder} ExpectedOrder */
/** @typedef {import('./message/reply.js').Notification} Notification */
/** @typedef {import('./message/reply.js').NotificationParams} NotificationParams */
/** @typedef {import('./message/reply.js').Reply} Reply */
/** @typedef {import('./message/reply.js').ReplyParams} ReplyParams */
/** @typedef {import('./message/request.js').ApsForm} ApsForm */
/** @typedef {import('./message/request.js').ApsRequest} ApsRequest */
/** @typedef {import('./message/request.js').RequestOptions} RequestOptions */
/** @typedef {import('./message/signature.js').Explanation} Explanation */
/** @typedef {import('./message/signature.js').VerifyOptions} VerifyOptions */
