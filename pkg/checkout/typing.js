// Typing a card: what was typed is written as people read it, and the caret, undo and autofill go on working.

import { asciiDecimal, asciiDigits, digitsOf, grouped, slashed } from './format.js';

/**
 * What the text of a field is turned into. Each does to the beginning of a text what it does to the whole, so the caret
 * stays behind the same character.
 * @type {Record<string, (text: string, brand: string | null) => string>}
 */
const SHAPES = {
  amount: asciiDecimal,
  card_number: (text, brand) => grouped(digitsOf(text), brand),
  card_security_code: digitsOf,
  expiry_date: asciiDigits,
  phone_number: asciiDigits,
};

/** Whether a text is being written by `reshape`: the input event of that is nobody's typing. */
let isWriting = false;

/** @returns {boolean} */
export const isOurs = () => isWriting;

/**
 * A field's text with what was typed into it, before it gets its shape: a deleted space takes the digit behind it
 * along, or a person could not get past it.
 * @param {HTMLInputElement} field
 * @param {string} typed the event's `inputType`
 * @param {string} digits of the card number before; empty for any other field
 * @returns {readonly [text: string, caret: number] | null} null for an input that has no caret, such as one of type
 *   month, and after undo, which would be undone by writing
 */
export function textOf(field, typed, digits) {
  const { value, selectionStart: caret } = field;
  if (caret === null || typed.startsWith('history')) return null;
  if (digits === '' || digitsOf(value) !== digits) return [value, caret];
  const back = typed === 'deleteContentBackward' && caret > 0 ? 1 : 0;
  const forward = typed === 'deleteContentForward' ? 1 : 0;
  return [value.slice(0, caret - back) + value.slice(caret + forward), caret - back];
}

/**
 * Gives a field's text its shape.
 * @param {string} parameter
 * @param {HTMLInputElement} field
 * @param {readonly [text: string, caret: number]} written as `textOf` found it
 * @param {string} typed the event's `inputType`; empty when nobody is typing
 * @param {string | null} brand
 */
export function reshape(parameter, field, [text, caret], typed, brand) {
  const plain = SHAPES[parameter] ?? String;
  // The slash comes by itself only while the date is being typed: whoever deletes it must be rid of it.
  const isTyped = parameter === 'expiry_date' && typed.startsWith('insert') && caret === text.length;
  const shape = (/** @type {string} */ part) => (isTyped ? slashed(plain(part, brand)) : plain(part, brand));
  const wanted = shape(text);
  if (field.value === wanted) return;
  const isFocused = typed !== '' && field.matches(':focus');
  if (isFocused) {
    isWriting = true;
    field.select();
    // Deprecated without a successor: the only way to write that undo and the field's change event survive.
    document.execCommand(wanted ? 'insertText' : 'delete', false, wanted);
    isWriting = false;
  }
  if (field.value !== wanted) field.value = wanted;
  // Safari would move the focus here.
  if (!isFocused) return;
  const place = shape(text.slice(0, caret)).length;
  field.setSelectionRange(place, place);
}
