// Formats card data while it is typed, and keeps the caret, undo and autofill working.

import {
  addSlash,
  extractDigits,
  formatExpiry,
  groupDigits,
  removeInvisible,
  toAsciiDecimal,
  toAsciiDigits,
  trim,
} from './format.js';

/** @typedef {import('./fields.js').Field} Field */

/**
 * Formats the text of a field. Each function changes the beginning of a text as it changes the whole, so the caret stays
 * after the same character.
 * @type {Record<string, (text: string) => string>}
 */
const SHAPES = {
  amount: toAsciiDecimal,
  card_number: extractDigits,
  card_security_code: extractDigits,
  customer_email: removeInvisible,
  expiry_date: toAsciiDigits,
  phone_number: toAsciiDigits,
};

/** A field's text as it is checked and posted. @param {string} parameter @param {string} text */
export const normalize = (parameter, text) => trim((SHAPES[parameter] ?? String)(text));

/** A field's text as it is shown while it is typed. @param {string} parameter @param {string} text @param {string | null} brand */
function applyShape(parameter, text, brand) {
  const shape = (SHAPES[parameter] ?? String)(text);
  return parameter === 'card_number' ? groupDigits(shape, brand) : shape;
}

/** How many steps can be undone. */
const REMEMBERED = 200;

/** Whether this module is writing a text: its input event is not typing. */
let isWriting = false;

/** @returns {boolean} */
export const isOurs = () => isWriting;

/** The state of one field since it came into the form. */
export class Typed {
  /** Typed into. */
  isDirty = false;
  /** Left after typing, or found wrong at submit: its message may be shown. */
  isTouched = false;
  /** Whether something was selected before the last change: deleting a selection deletes nothing else. */
  isSelected = false;
  /** The message that is shown beside it. */
  shown = '';
  /** Earlier texts, with the position of the caret. @type {{ text: string, caret: number }[]} */
  #past;
  #place = 0;

  /** @param {Field} field */
  constructor(field) {
    this.#past = [{ text: field.value, caret: field.value.length }];
  }

  /** The last text of the field. */
  get text() {
    return this.#past[this.#place]?.text ?? '';
  }

  /** Before a change. @param {Field} field */
  remember(field) {
    const { selectionStart: from, selectionEnd: to } = field;
    this.isSelected = from !== to;
    const now = this.#past[this.#place];
    if (now && typeof from === 'number') now.caret = this.isSelected ? Number(to) : from;
  }

  /** After a change. @param {Field} field */
  record({ value, selectionStart }) {
    if (value === this.text) return;
    this.#past.splice(this.#place + 1, Number.POSITIVE_INFINITY, {
      text: value,
      caret: selectionStart ?? value.length,
    });
    if (this.#past.length > REMEMBERED) this.#past.shift();
    this.#place = this.#past.length - 1;
  }

  /**
   * Undoes or redoes typing: the browser's own undo only knows the digits without their groups.
   * @param {Field} field
   * @param {1 | -1} step
   */
  travel(field, step) {
    const to = this.#past[this.#place + step];
    if (!to) return;
    this.#place += step;
    overwrite(field, to.text);
    field.setSelectionRange(to.caret, to.caret);
  }

  /** Forgets the history, so that cleared text cannot come back. */
  forget() {
    this.#past = [{ text: '', caret: 0 }];
    this.#place = 0;
  }
}

/**
 * The step that a key or an edit command asks for.
 * @param {InputEvent & KeyboardEvent} event
 * @param {string} parameter
 * @returns {1 | -1 | 0} 0 for none, and for fields whose text is left as typed
 */
export function historyStep({ inputType, key, ctrlKey, metaKey, shiftKey, altKey }, parameter) {
  if (!SHAPES[parameter]) return 0;
  if (inputType === 'historyUndo') return -1;
  if (inputType === 'historyRedo') return 1;
  const letter = (ctrlKey || metaKey) && !altKey ? key?.toLowerCase() : '';
  if (letter === 'z') return shiftKey ? 1 : -1;
  return letter === 'y' ? 1 : 0;
}

/**
 * A field's text with what was typed into it, before it gets its shape: deleting a space also deletes the next digit in
 * that direction, since the space would only come back, and digits beyond the length are rejected.
 * @param {Field} field
 * @param {string} typed the event's `inputType`
 * @param {string} before the digits of a number or code before; empty for any other field
 * @param {number} most the number of digits that are accepted
 * @returns {readonly [text: string, caret: number] | null} null for an input that has no caret, such as one of type
 *   month, and for an undo by the browser itself
 */
export function readTyped(field, typed, before, most) {
  const { value, selectionStart: caret } = field;
  if (typeof caret !== 'number' || typed.startsWith('history')) return null;
  if (before === '') return [value, caret];
  const digits = extractDigits(value);
  if (typed.startsWith('insert') && digits.length === before.length + 1 && digits.length > most) {
    const head = value.slice(0, caret).replace(/[^\s-][\s-]*$/, '');
    return [head + value.slice(caret), head.length];
  }
  if (digits !== before) return [value, caret];
  const back = typed === 'deleteContentBackward' && caret > 0 ? 1 : 0;
  const forward = typed === 'deleteContentForward' ? 1 : 0;
  return [value.slice(0, caret - back) + value.slice(caret + forward), caret - back];
}

/**
 * Formats a field's text.
 * @param {string} parameter
 * @param {Field} field
 * @param {readonly [text: string, caret: number] | null} written as `readTyped` found it
 * @param {string} typed the event's `inputType`; empty if it is not typing
 * @param {string | null} brand
 */
export function reshape(parameter, field, written, typed, brand) {
  if (typed === '') {
    const text = field.matches(':focus')
      ? applyShape(parameter, field.value, brand)
      : formatText(parameter, field, brand);
    if (field.value !== text) field.value = text;
    return;
  }
  if (!written) return;
  const [text, caret] = written;
  // The slash is added only while the date is being typed, so that it can be deleted.
  const isTyped = parameter === 'expiry_date' && typed.startsWith('insert') && caret === text.length;
  const shape = (/** @type {string} */ part) => (isTyped ? addSlash : String)(applyShape(parameter, part, brand));
  const wanted = shape(text);
  if (field.value === wanted) return;
  overwrite(field, wanted);
  const place = shape(text.slice(0, caret)).length;
  field.setSelectionRange(place, place);
}

/** The text of a field without focus, formatted for reading. @param {string} parameter @param {Field} field @param {string | null} brand */
function formatText(parameter, { type, value }, brand) {
  if (type === 'month') return value;
  const yymm = parameter === 'expiry_date' && formatExpiry(value);
  if (yymm) return `${yymm.slice(2)}/${yymm.slice(0, 2)}`;
  return trim(applyShape(parameter, value, brand));
}

/** Writes as if a person typed, so that the page's own listeners and the change event work as usual. @param {Field} field @param {string} text */
function overwrite(field, text) {
  if (field.matches(':focus')) {
    isWriting = true;
    field.select();
    // Deprecated without a replacement: the only way to write that preserves the field's change event.
    document.execCommand(text ? 'insertText' : 'delete', false, text);
    isWriting = false;
  }
  if (field.value !== text) field.value = text;
}
