// What a bundle for browsers gets in place of `aps-payops/server`: no signer, no wasm, and calls that say why.

import { ConfigurationError } from './errors.js';

/**
 * @param {string} name
 * @returns {never}
 */
function refuse(name) {
  const why = 'phrases, and what they sign, must not be in a browser, where anyone can read them';
  const instead = "call your own server, and import what pages may use from 'aps-payops'";
  throw new ConfigurationError(
    'not_in_browsers',
    `aps-payops/server: ${name} does not run in browsers: ${why}; ${instead}.`,
  );
}

/**
 * A class that throws, whatever of it is called.
 * @param {string} name
 * @param {readonly string[]} statics
 */
function refusing(name, statics) {
  const Refusing = class {
    constructor() {
      refuse(name);
    }
  };
  return Object.assign(
    Refusing,
    Object.fromEntries(statics.map((method) => [method, () => refuse(`${name}.${method}`)])),
  );
}

export const Amount = /* @__PURE__ */ refusing('Amount', ['parse', 'fromMinor', 'from', 'isAmount']);
export const Payment = /* @__PURE__ */ refusing('Payment', [
  'authorized',
  'purchased',
  'fromStatus',
  'fromJSON',
  'from',
  'isPayment',
]);
export const PaymentServices = /* @__PURE__ */ refusing('PaymentServices', ['fromEnv']);
export const applePayParams = () => refuse('applePayParams');
export const accountFromEnv = () => refuse('accountFromEnv');
export const attachCheckout = () => refuse('attachCheckout');
export const buildForm = () => refuse('buildForm');
export const buildRequest = () => refuse('buildRequest');
export const buildUpload = () => refuse('buildUpload');
export const cardBrand = () => refuse('cardBrand');
export const createNotificationHandler = () => refuse('createNotificationHandler');
export const schema = () => refuse('schema');
export const testNotification = () => refuse('testNotification');
export const currencies = () => refuse('currencies');
export const describe = () => refuse('describe');
export const describeAcquirer = () => refuse('describeAcquirer');
export const explainSignature = () => refuse('explainSignature');
export const isAvailable = () => refuse('isAvailable');
export const openBatchResults = () => refuse('openBatchResults');
export const openNotification = () => refuse('openNotification');
export const openReply = () => refuse('openReply');
export const openReport = () => refuse('openReport');
export const readBatchResults = () => refuse('readBatchResults');
export const reportRows = () => refuse('reportRows');
export const sign = () => refuse('sign');
export const validate = () => refuse('validate');
export const verify = () => refuse('verify');
export const waitForBatch = () => refuse('waitForBatch');
export const writeBatch = () => refuse('writeBatch');

export { FileFormatError } from './batch/format-error.js';
export {
  ApsError,
  ConfigurationError,
  LifecycleError,
  OrderNotFoundError,
  ReplyMismatchError,
  SignatureError,
  TransportError,
  ValidationError,
  WasmBlockedError,
} from './errors.js';
