/**
 * What the gateway answers. A response code is a status (two digits) and a message (three).
 *
 * | situation | response_code |
 * |---|---|
 * | not a JSON object, a repeated name, nested over 16 | 00073 |
 * | no or unknown command | 00001, 00004 |
 * | no, other access_code or merchant_identifier | 00001, 00010, 00009 |
 * | a payment by Apple Pay with the ordinary access_code, any other with Apple Pay's (inferred) | 00010 |
 * | no, wrong signature | 00001, 00008 |
 * | unknown or refused parameter, unknown member of a closed structure | 00027 |
 * | missing parameter, missing member of a structure | 00001 |
 * | too long, too short | 00032 |
 * | another form or character than the parameter takes | 00002 |
 * | value not allowed; a purchase-only payment_option with AUTHORIZATION | 00033; 00049 |
 * | amount zero or no amount; currency unknown | 00005; 00013 |
 * | card number wrong; card expired; no such month | 00016; 00012; 00100 |
 * | parameters that exclude each other | 00110 |
 * | VERIFY_CARD of another card than VISA, MASTERCARD and AMEX (inferred) | 00111 |
 * | merchant_reference used before | 00066 |
 * | unknown token_name | 00044; GET_TOKENS 55044 |
 * | from a server, KNET, OMANNET, TABBY or TAMARA, which are for pages alone (inferred) | 00046 |
 * | valU, STC Pay: no otp; another than was sent for the order, its amount and the phone, or none sent | 00001; 00748 |
 * | valU does not know the telephone 00000000160 | 00160 |
 * | a second one-time password within a minute | 88983, 89983 |
 * | unknown issuer_code, plan_code; card of another issuer; amount beyond the plan | 00092, 00094; 00087; 00084 |
 * | RECURRING with an agreement_id that no payment began (inferred) | 00033 |
 * | no plan for an amount; plans of an unknown issuer_code | 63104; 63092 |
 * | batch_reference used before; no CSV file; unknown column | 51146; 51144; 51142 |
 * | batch unknown, or of another access_code (inferred); with a row that cannot be | 71141, 73141; 71136, 73136 |
 * | report unknown, or of another access_code (inferred); that ends before it starts | 57036; 57122 |
 * | hosted page without return_url, of an account without a redirection URL; cancelled there | 00037; 00072 |
 * | order not found | 05036, 09036, 07036, 12036 |
 * | order still waits for 3-D Secure | 05662, 09662, 07662 |
 * | capture or void of a purchase, of a lapsed or failed authorization; refund with nothing captured | 05034, 09034, 07034 |
 * | capture after void; void after void or capture | 05047; 09047 |
 * | refund whose maintenance_reference already succeeded | 07047 |
 * | currency of another kind than the order's | 05013, 07013 |
 * | capture, refund of more than is left (nothing left included) | 05042, 07048 |
 * | 3-D Secure challenge: asked for, failed | 20064; 03030, 13030 |
 * | declined, insufficient funds, technical problem | xx666, xx029, xx006 |
 * | uncertain | 15777 |
 * | done | 02000, 14000, 04000, 08000, 06000, 12000, 18000 |
 *
 * Status 00 is not signed, as at APS, but for 00072: a customer who cancels on a page of the gateway. Texts are English
 * whatever the `language`; only what captured replies have in Arabic is Arabic.
 */

/** @type {Record<string, string>} */
const MESSAGES = {
  '000': 'Success',
  '001': 'Missing parameter',
  '002': 'Invalid parameter format',
  '004': 'Invalid command',
  '005': 'Invalid amount',
  '006': 'Technical problem',
  '008': 'Signature mismatch',
  '009': 'Invalid merchant identifier',
  '010': 'Invalid access code',
  '012': 'Card expired',
  '013': 'Invalid currency',
  '016': 'Invalid card number',
  '027': 'Invalid extra parameters',
  '029': 'Insufficient funds',
  '030': 'Authentication failed',
  '032': 'Invalid parameter length',
  '033': 'Parameter value not allowed',
  '034': 'Operation not allowed',
  '036': 'Order not found',
  '037': 'Missing return URL',
  '042': 'Operation amount exceeds the authorized amount',
  '044': 'Token name does not exist',
  '046': 'Channel is not configured for the selected payment option',
  '047': 'Order already processed',
  '048': 'Operation amount exceeds captured amount',
  '049': 'Operation not valid for this payment option',
  '062': 'Token has been created',
  '064': '3-D Secure check requested',
  '066': 'Merchant reference already exists',
  '072': 'Transaction has been cancelled by the consumer',
  '073': 'Invalid request format',
  '084': 'Transaction amount is either bigger than maximum or less than minimum amount accepted for the selected plan',
  '087': 'Card BIN does not match accepted issuer bank',
  '092': 'Invalid issuer code',
  '094': 'Invalid Plan Code',
  100: 'Invalid expiry date',
  104: 'No plans valid for request',
  110: 'Contradicting parameters',
  111: 'Service not applicable for payment option',
  114: 'Token already exist',
  115: 'Expired invoice payment link',
  122: 'Invalid date interval',
  136: 'The Batch file validation is failed',
  141: 'The Batch reference does not exist',
  142: 'The Batch file header is invalid',
  144: 'Invalid Batch file',
  146: 'The Batch reference is already exist',
  147: 'The Batch process request has been received',
  160: 'Customer does not exist',
  182: 'Success',
  662: 'Operation not allowed. The specified order is not confirmed yet',
  666: 'Transaction declined',
  748: 'PARAMETER_MISMATCH',
  777: 'The transaction has been processed, but failed to receive confirmation',
  983: 'One minute has to pass between two one-time passwords',
};

/** Texts that captured replies have in Arabic. @type {Record<string, string>} */
const ARABIC = { '000': 'عملية ناجحة' };

/**
 * @param {string} responseCode
 * @param {string} [detail] What it is about: a parameter's name.
 * @param {string} [language]
 */
export function messageOf(responseCode, detail, language = 'en') {
  const number = responseCode.slice(2);
  const message = (language === 'ar' ? ARABIC[number] : undefined) ?? MESSAGES[number] ?? 'Unknown';
  // 150 is what APS allows the parameter; names come from outside.
  return detail === undefined ? message : `${message}: ${detail}`.slice(0, 150);
}
