// How people write card data, and how it is shown to them. Which data is right is for the rules of the package to say.

/**
 * Text with the digits of Arabic and Persian keyboards as ASCII digits. Every character keeps its place.
 * @param {string} text
 * @returns {string}
 */
export function asciiDigits(text) {
  // Both blocks of ten start at a multiple of 16. Escaped: a page may decode its scripts as anything but UTF-8.
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * The digits alone, as ASCII.
 * @param {string} text
 * @returns {string}
 */
export function digitsOf(text) {
  return asciiDigits(text).replace(/\D/g, '');
}

/**
 * A decimal as typed on an Arabic keyboard, in the characters that `Amount.parse` reads. A comma stays, and is refused:
 * it may be a decimal comma or one between thousands.
 * @param {string} text
 * @returns {string}
 */
export function asciiDecimal(text) {
  return asciiDigits(text).replace('\u066b', '.');
}

/**
 * A card number as it stands on the card: AMEX 4-6-5, every other brand in fours.
 * @param {string} digits
 * @param {string | null} brand
 * @returns {string}
 */
export function grouped(digits, brand) {
  return brand === 'AMEX'
    ? digits.replace(/^(.{4})(.{1,6})(.*)$/, '$1 $2 $3').trimEnd()
    : digits.replace(/.{4}(?=.)/g, '$& ');
}

/**
 * Puts the slash behind the month, once a digit of the year is there: a keyboard of digits has none.
 * @param {string} text
 * @returns {string}
 */
export function slashed(text) {
  return text.replace(/^(0[1-9]|1[0-2]|[2-9])(\d{1,4})$/, '$1/$2');
}

/**
 * An expiry date in APS's form, YYMM, however it is written: `08/27`, `8/2027`, `08 - 27`, `0827`, or `2027-08` as an
 * input of type month has it.
 * @param {string} text
 * @returns {string} four digits, whose month may be none; empty when it is no such date
 */
export function expiryOf(text) {
  const plain = asciiDigits(text).trim();
  const [, month = '', year = ''] = /^(\d{1,2})\s*[/.\s-]?\s*(?:20)?(\d\d)$/.exec(plain) ?? [];
  const [, isoYear = year, isoMonth = month] = /^20(\d\d)-(\d\d)$/.exec(plain) ?? [];
  return isoYear && isoYear + isoMonth.padStart(2, '0');
}
