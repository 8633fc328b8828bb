// `aps-payops`: everything that needs no secret.

import { attachCheckout as attach } from './checkout/index.js';
import { isAvailable as isAvailableHere, using } from './core/instance.js';
import { load } from './loaders/inline.js';
import { cardBrand as brandOfCard, validate as validateParams } from './message/validate.js';
import { Amount as AmountClass } from './money/amount.js';
import { describeAcquirer as describeAcquirerCode, describe as describeCode } from './money/codes.js';
import { currencies as allCurrencies } from './money/currencies.js';
import { Payment as PaymentClass } from './money/payment.js';
import { schema as schemaOf } from './schema.js';

// Each export refers to the wasm, so that a bundle that uses none of them does not contain it.
export const Amount = /* @__PURE__ */ using(load, AmountClass);
export const Payment = /* @__PURE__ */ using(load, PaymentClass);
export const validate = /* @__PURE__ */ using(load, validateParams);
export const cardBrand = /* @__PURE__ */ using(load, brandOfCard);
export const isAvailable = /* @__PURE__ */ using(load, isAvailableHere);
export const attachCheckout = /* @__PURE__ */ using(load, attach);
export const describe = /* @__PURE__ */ using(load, describeCode);
export const describeAcquirer = /* @__PURE__ */ using(load, describeAcquirerCode);
export const schema = /* @__PURE__ */ using(load, schemaOf);
export const currencies = /* @__PURE__ */ using(load, allCurrencies);

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

/** @typedef {import('./money/amount.js').Amount} Amount */
/** @typedef {import('./money/amount.js').AmountFormatOptions} AmountFormatOptions */
/** @typedef {import('./checkout/index.js').AttachedCheckout} AttachedCheckout */
/** @typedef {import('./checkout/index.js').CheckoutForm} CheckoutForm */
/** @typedef {import('./checkout/index.js').CheckoutOptions} CheckoutOptions */
/** @typedef {import('./money/codes.js').Description} Description */
/** @typedef {import('./money/codes.js').Outcome} Outcome */
/** @typedef {import('./errors.js').Issue} Issue */
/** @typedef {import('./message/read.js').Params} Params */
/** @typedef {import('./money/payment.js').Payment} Payment */
/** @typedef {import('./money/payment.js').PaymentJSON} PaymentJSON */
/** @typedef {import('./money/payment.js').PaymentView} PaymentView */
/** @typedef {import('./money/payment.js').StatusContext} StatusContext */
/** @typedef {import('./message/validate.js').ValidateOptions} ValidateOptions */
/** @typedef {import('./generated/commands.js').CommandName} CommandName */
/** @typedef {import('./generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('./generated/commands.js').OperationParams} OperationParams */
