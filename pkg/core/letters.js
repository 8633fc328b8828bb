// What the checkout artefact asks the engine (`src/unicode.rs`).

const LETTER = /[\p{L}\p{M}]/u;

/**
 * Whether a character is a letter or a mark, in any script.
 * @param {number} character its code point
 * @returns {0 | 1}
 */
export function is_letter_or_mark(character) {
  return LETTER.test(String.fromCodePoint(character)) ? 1 : 0;
}
