// The import through which the checkout artefact asks the engine about letters (`src/unicode.rs`).

const LETTER = /[\p{L}\p{M}]/u;

/**
 * Which of 32 characters are letters or marks, in any script.
 * @param {number} first the code point of the first
 * @returns {number} a bit for each
 */
export function letters_from(first) {
  let bits = 0;
  for (let place = 0; place < 32; place++) {
    if (LETTER.test(String.fromCodePoint(first + place))) bits |= 1 << place;
  }
  return bits;
}
