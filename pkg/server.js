// `aps-payops/server`: all of `aps-payops`, and what needs the account's phrases. Not for browsers.

import { load } from '#inline';
import { accountFromEnv as accountOfEnv } from './account.js';
import {
  openReport as openReportAnswer,
  openBatchResults as openResults,
  readBatchResults as readResults,
  buildUpload as uploadOf,
  writeBatch as writeBatchFile,
} from './batch.js';
import { using } from './binding.js';
import { PaymentServices as PaymentServicesClass } from './client.js';
import { openReply as openAnswer, openNotification as openMessage } from './reply.js';
import { buildForm as formOf, buildRequest as requestOf } from './request.js';
import { explainSignature as explain, sign as signParams, verify as verifyMessage } from './signature.js';

export const PaymentServices = /* @__PURE__ */ using(load, PaymentServicesClass);
export const accountFromEnv = /* @__PURE__ */ using(load, accountOfEnv);
export const buildForm = /* @__PURE__ */ using(load, formOf);
export const buildRequest = /* @__PURE__ */ using(load, requestOf);
export const buildUpload = /* @__PURE__ */ using(load, uploadOf);
export const explainSignature = /* @__PURE__ */ using(load, explain);
export const openBatchResults = /* @__PURE__ */ using(load, openResults);
export const openNotification = /* @__PURE__ */ using(load, openMessage);
export const openReply = /* @__PURE__ */ using(load, openAnswer);
export const openReport = /* @__PURE__ */ using(load, openReportAnswer);
export const readBatchResults = /* @__PURE__ */ using(load, readResults);
export const sign = /* @__PURE__ */ using(load, signParams);
export const verify = /* @__PURE__ */ using(load, verifyMessage);
export const writeBatch = /* @__PURE__ */ using(load, writeBatchFile);

export { FileFormatError, reportRows, waitForBatch } from './batch.js';
export * from './index.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./account.js').CredentialSet} CredentialSet */
/** @typedef {import('./account.js').DigestName} DigestName */
/** @typedef {import('./account.js').Endpoints} Endpoints */
/** @typedef {import('./batch.js').ApsUpload} ApsUpload */
/** @typedef {import('./batch.js').BatchFile} BatchFile */
/** @typedef {import('./batch.js').BatchOptions} BatchOptions */
/** @typedef {import('./batch.js').BatchResult} BatchResult */
/** @typedef {import('./batch.js').UploadOptions} UploadOptions */
/** @typedef {import('./client.js').ClientOptions} ClientOptions */
/** @typedef {import('./client.js').PaymentServices} PaymentServices */
/** @typedef {import('./client.js').SendOptions} SendOptions */
/** @typedef {import('./client.js').StatusOptions} StatusOptions */
/** @typedef {import('./params.js').Message} Message */
/** @typedef {import('./reply.js').ExpectedOrder} ExpectedOrder */
/** @typedef {import('./reply.js').Reply} Reply */
/** @typedef {import('./reply.js').ReplyParams} ReplyParams */
/** @typedef {import('./request.js').ApsForm} ApsForm */
/** @typedef {import('./request.js').ApsRequest} ApsRequest */
/** @typedef {import('./request.js').RequestOptions} RequestOptions */
/** @typedef {import('./signature.js').Explanation} Explanation */
/** @typedef {import('./signature.js').VerifyOptions} VerifyOptions */
