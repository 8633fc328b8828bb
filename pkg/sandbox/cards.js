/** Cards: those that the sandbox knows, and how it treats any other number. */

/**
 * @typedef {'success' | 'challenge' | 'declined' | 'insufficient_funds' | 'technical_problem' | 'uncertain'
 *   | 'uncertain_declined' | 'refund_declined'} CardOutcome
 */

/**
 * A card of the sandbox.
 * @typedef {object} TestCard
 * @property {string} number Only digits.
 * @property {'VISA' | 'MASTERCARD' | 'AMEX' | 'MADA' | 'MEEZA' | 'JAYWAN'} brand As `payment_option` names it.
 * @property {string} expiry `YYMM`, as `expiry_date` has it.
 * @property {string} securityCode Its security code.
 * @property {CardOutcome} outcome How its payments end.
 * @property {string} description The same in a sentence.
 */

/** @type {[string, TestCard['brand'], string, string, CardOutcome][]} */
const CARDS = [
  // APS's own (DOC testing page, expiry dates as on the current site).
  ['4005550000000001', 'VISA', '3005', '123', 'success'],
  ['5123456789012346', 'MASTERCARD', '3005', '123', 'success'],
  ['345678901234564', 'AMEX', '3005', '1234', 'success'],
  ['5297412542005689', 'MADA', '3005', '350', 'success'],
  ['9818950527886700002', 'MEEZA', '3010', '422', 'success'],
  ['5078036221028566', 'MEEZA', '3009', '143', 'success'],
  ['4557012345678902', 'VISA', '3005', '123', 'challenge'],
  ['5313581000123430', 'MASTERCARD', '3005', '123', 'challenge'],
  ['374200000000004', 'AMEX', '3005', '1234', 'challenge'],
  // Invented: APS has such cards, but does not publish their numbers.
  ['6690100000000000', 'JAYWAN', '3005', '123', 'success'],
  ['4000000000000119', 'VISA', '3005', '123', 'declined'],
  ['5200000000000114', 'MASTERCARD', '3005', '123', 'declined'],
  ['4000000000000226', 'VISA', '3005', '123', 'insufficient_funds'],
  ['4000000000000333', 'VISA', '3005', '123', 'technical_problem'],
  ['4000000000000440', 'VISA', '3005', '123', 'uncertain'],
  ['4000000000000556', 'VISA', '3005', '123', 'uncertain_declined'],
  ['4000000000000663', 'VISA', '3005', '123', 'refund_declined'],
];

/** @type {Record<CardOutcome, string>} */
const DESCRIPTIONS = {
  success: 'Approved at once: 02000 or 14000.',
  challenge: 'Asks for a 3-D Secure challenge first: 20064 with 3ds_url.',
  declined: 'Declined by the issuer: 03666 or 13666.',
  insufficient_funds: 'Declined for insufficient funds: 03029 or 13029.',
  technical_problem: 'Technical problem, not carried out: 03006 or 13006.',
  uncertain: 'Answered 15777 but carried out, as CHECK_STATUS and the notification show.',
  uncertain_declined: 'Answered 15777 and not carried out: CHECK_STATUS shows 03666 or 13666.',
  refund_declined: 'Approved; a refund is declined the first time (07666) and accepted when sent again.',
};

/**
 * Cards that the sandbox knows, each with how its payments end.
 * @type {readonly Readonly<TestCard>[]}
 */
export const testCards = Object.freeze(
  CARDS.map(([number, brand, expiry, securityCode, outcome]) =>
    Object.freeze({ number, brand, expiry, securityCode, outcome, description: DESCRIPTIONS[outcome] }),
  ),
);

const BY_NUMBER = new Map(testCards.map((card) => [card.number, card]));

/**
 * How a payment by a card ends. Cards that are not in the list are approved.
 *
 * @param {string} number
 * @returns {CardOutcome}
 */
export function outcomeOf(number) {
  return BY_NUMBER.get(number)?.outcome ?? 'success';
}

/** Local brands, whose ranges lie within those of others (MAG 2.6.17; those of mada that its test cards have). */
const LOCAL = /** @type {const} */ ([
  ['JAYWAN', ['669010', '669009', '978450', '47878000', '622454', '650053', '650483']],
  ['MADA', ['22331122', '529741']],
  ['MEEZA', ['9818', '5078']],
]);

/**
 * Whether a brand takes PURCHASE only, as official plugins have it for all local brands.
 *
 * @param {string} brand
 */
export const isLocalBrand = (brand) => LOCAL.some(([name]) => name === brand);

/**
 * @param {string} number
 * @returns {TestCard['brand'] | undefined}
 */
export function brandOf(number) {
  const known = BY_NUMBER.get(number);
  if (known) return known.brand;
  const local = LOCAL.find(([, ranges]) => ranges.some((range) => number.startsWith(range)));
  if (local) return local[0];
  if (/^3[47]/.test(number)) return 'AMEX';
  if (/^4/.test(number)) return 'VISA';
  if (/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(number)) return 'MASTERCARD';
  return undefined;
}

/** Lengths of card numbers. @type {Record<string, readonly number[]>} */
const LENGTHS = { AMEX: [15], MEEZA: [16, 19], VISA: [16], MASTERCARD: [16], MADA: [16], JAYWAN: [16] };

/**
 * Whether a `payment_option` is a brand of cards.
 *
 * @param {string} option
 */
export const isBrand = (option) => Object.hasOwn(LENGTHS, option);

/**
 * Whether this can be a card number: its brand's length (DOC: 16 digits, AMEX 15, MEEZA 16 or 19), of an unknown brand 13
 * to 19 digits, and the Luhn sum.
 *
 * @param {string} number
 */
export function isCardNumber(number) {
  if (!/^[0-9]{13,19}$/.test(number)) return false;
  if (LENGTHS[brandOf(number) ?? '']?.includes(number.length) === false) return false;
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number[number.length - 1 - place]);
    sum += place % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/**
 * Whether a card with this `YYMM` has expired; `undefined` if it is not a month.
 *
 * @param {string} expiry
 * @param {number} at
 * @returns {boolean | undefined}
 */
export function isExpired(expiry, at) {
  const year = 2000 + Number(expiry.slice(0, 2));
  const month = Number(expiry.slice(2));
  if (month < 1 || month > 12) return undefined;
  // Twelve hours of grace: in some time zone the month is not over yet.
  return at >= Date.UTC(year, month, 1, 12);
}

/**
 * Whether a security code has its brand's length: 4 digits for AMEX, 3 for all others (DOC).
 *
 * @param {string | undefined} brand
 * @param {string} code
 */
export function takesSecurityCode(brand, code) {
  return /^[0-9]+$/.test(code) && code.length === (brand === 'AMEX' ? 4 : 3);
}

/**
 * The leading digits that replies show beside the masked number: six digits, eight of MEEZA's long numbers (DOC tokenization table).
 *
 * @param {string} number
 */
export function cardBin(number) {
  return number.slice(0, number.length === 19 ? 8 : 6);
}

/**
 * First six and last four digits, as APS masks by default.
 *
 * @param {string} number
 */
export function maskCardNumber(number) {
  if (number.length < 13) return '*'.repeat(number.length);
  return number.slice(0, 6) + '*'.repeat(number.length - 10) + number.slice(-4);
}
