// The groups of methods of the client: which name stands for which command. What a command takes is in the dictionary.

/** @typedef {import('../generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('../generated/commands.js').CommandName} CommandName */

/**
 * @template {CommandName} C
 * @typedef {(params: CommandParams[C], options?: import('./index.js').SendOptions) => Promise<import('../message/reply.js').Reply>
 * } Method sends the command as `send` does, and throws what it throws
 */

/**
 * @template {CommandName} C
 * @typedef {(params: CommandParams[C], options?: import('../message/request.js').RequestOptions) => import('../message/request.js').ApsForm
 * } FormMethod builds a form as `buildForm` does, and throws what it throws; nothing is sent
 */

/**
 * @template {Readonly<Record<string, CommandName>>} T
 * @typedef {{ readonly [M in keyof T]: Method<T[M]> }} Methods
 */

/**
 * @template {Readonly<Record<string, CommandName>>} T
 * @typedef {{ readonly [M in keyof T]: FormMethod<T[M]> }} FormMethods
 */

/** Forms of APS's page, for the customer's browser to post. */
export const PAYMENT_PAGE = /** @type {const} */ ({
  /** AUTHORIZATION on APS's page (Redirection): holds money, to be captured later. */
  authorize: 'AUTHORIZATION',
  /** PURCHASE on APS's page (Redirection): authorizes and captures at once. */
  purchase: 'PURCHASE',
  /** TOKENIZATION (Merchant Page): the browser gives the card to APS, which gives a token to `return_url`. */
  tokenize: 'TOKENIZATION',
});

/** Forms of stored cards. */
export const TOKEN_FORMS = /** @type {const} */ ({
  /** CREATE_TOKEN: stores a card without a payment; the browser gives the card to APS. */
  create: 'CREATE_TOKEN',
});

/** Stored cards. */
export const TOKENS = /** @type {const} */ ({
  /** UPDATE_TOKEN: a new expiry date, holder, name or status of a token. */
  update: 'UPDATE_TOKEN',
  /** GET_TOKENS: lists stored cards. Only its name is documented; the rest is inferred. */
  list: 'GET_TOKENS',
});

/** Cards without a payment. */
export const CARDS = /** @type {const} */ ({
  /** VERIFY_CARD: whether the issuer knows the card. */
  verify: 'VERIFY_CARD',
  /** CHECK_VERIFY_CARD_STATUS: how a VERIFY_CARD ended. */
  verifyStatus: 'CHECK_VERIFY_CARD_STATUS',
});

/** Payment in installments. */
export const INSTALLMENTS = /** @type {const} */ ({
  /** GET_INSTALLMENTS_PLANS: issuers and plans, in the unsigned `installment_detail`. */
  plans: 'GET_INSTALLMENTS_PLANS',
});

/** valU (Egypt): verify the customer, send the code, verify it, then PURCHASE. */
export const VALU = /** @type {const} */ ({
  /** CUSTOMER_VERIFY: whether valU knows the customer. */
  verifyCustomer: 'CUSTOMER_VERIFY',
  /** OTP_GENERATE: valU sends the customer a code, and answers with the tenures. */
  generateOtp: 'OTP_GENERATE',
  /** OTP_VERIFY: the code that the customer got. */
  verifyOtp: 'OTP_VERIFY',
});

/** STC Pay (Saudi Arabia): send the code, then PURCHASE with it. */
export const STC_PAY = /** @type {const} */ ({
  /** GENERATE_OTP: STC Pay sends the customer a code. */
  generateOtp: 'GENERATE_OTP',
});

/** Payment links (invoicing). */
export const LINKS = /** @type {const} */ ({
  /** PAYMENT_LINK: a link under which a customer pays, sent by SMS or e-mail if wanted. */
  create: 'PAYMENT_LINK',
});

/** Currency exchange. */
export const CURRENCY = /** @type {const} */ ({
  /** CURRENCY_CONVERSION: what an amount is in the customer's currency. */
  convert: 'CURRENCY_CONVERSION',
});

/** Bills that are paid elsewhere. */
export const BILLS = /** @type {const} */ ({
  /** BILL_PRESENTMENT: a bill that the customer pays at the partner. */
  present: 'BILL_PRESENTMENT',
});

/** 3-D Secure that the merchant runs. */
export const THREE_DS = /** @type {const} */ ({
  /** 3DS_ENROLLMENT: is the card enrolled, and where must the browser go? */
  enrollment: '3DS_ENROLLMENT',
  /** 3DS_AUTHENTICATION: ends the check with what the bank answered. */
  authentication: '3DS_AUTHENTICATION',
});

/** APS's mobile SDK. */
export const SDK = /** @type {const} */ ({
  /** SDK_TOKEN: a token for the SDK of one device. */
  token: 'SDK_TOKEN',
});

/** Batches of operations in a file. */
export const BATCHES = /** @type {const} */ ({
  /**
   * PROCESS_BATCH: starts the operations of a batch that was uploaded and is valid. They move money, so it is sent once; a
   * lost answer is `uncertain`, and GET_BATCH_RESULTS tells later.
   */
  process: 'PROCESS_BATCH',
});

/** Reports on transactions. */
export const REPORTS = /** @type {const} */ ({
  /** GENERATE_REPORT: orders a report. */
  generate: 'GENERATE_REPORT',
});

/**
 * The methods that a table names.
 * @template {Readonly<Record<string, CommandName>>} T
 * @template R
 * @param {(command: any, params: any, options?: any) => R} carryOut
 * @param {T} table
 * @returns {any}
 */
export function methods(carryOut, table) {
  /** @param {CommandName} command */
  const method = (command) => (/** @type {any} */ params, /** @type {any} */ options) =>
    carryOut(command, params, options);
  return Object.fromEntries(Object.entries(table).map(([name, command]) => [name, method(command)]));
}
