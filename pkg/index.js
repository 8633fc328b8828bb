// `aps-payops`: everything without a secret in it.

import { load } from '#inline';
import { Amount as AmountClass } from './amount.js';
import { isAvailable as isAvailableHere, using } from './binding.js';
import { attachCheckout as attach } from './checkout.js';
import { describeAcquirer as describeAcquirerCode, describe as describeCode } from './codes.js';
import { currencies as allCurrencies } from './currencies.js';
import { Payment as PaymentClass } from './payment.js';
import { cardBrand as brandOfCard, validate as validateParams } from './validate.js';

// Each export brings the wasm along, so that a bundle without any of them has none of it.
export const Amount = /* @__PURE__ */ using(load, AmountClass);
export const Payment = /* @__PURE__ */ using(load, PaymentClass);
export const validate = /* @__PURE__ */ using(load, validateParams);
export const cardBrand = /* @__PURE__ */ using(load, brandOfCard);
export const isAvailable = /* @__PURE__ */ using(load, isAvailableHere);
export const attachCheckout = /* @__PURE__ */ using(load, attach);
export const describe = /* @__PURE__ */ using(load, describeCode);
export const describeAcquirer = /* @__PURE__ */ using(load, describeAcquirerCode);
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

/** @typedef {import('./amount.js').Amount} Amount */
/** @typedef {import('./amount.js').AmountFormatOptions} AmountFormatOptions */
/** @typedef {import('./checkout.js').AttachedCheckout} AttachedCheckout */
/** @typedef {import('./checkout.js').CheckoutForm} CheckoutForm */
/** @typedef {import('./checkout.js').CheckoutOptions} CheckoutOptions */
/** @typedef {import('./codes.js').Description} Description */
/** @typedef {import('./codes.js').Outcome} Outcome */
/** @typedef {import('./errors.js').Issue} Issue */
/** @typedef {import('./params.js').Params} Params */
/** @typedef {import('./payment.js').Payment} Payment */
/** @typedef {import('./payment.js').PaymentJSON} PaymentJSON */
/** @typedef {import('./payment.js').PaymentView} PaymentView */
/** @typedef {import('./payment.js').StatusContext} StatusContext */
/** @typedef {import('./validate.js').ValidateOptions} ValidateOptions */
/** @typedef {import('./generated/commands.js').CommandName} CommandName */
/** @typedef {import('./generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('./generated/commands.js').OperationParams} OperationParams */
