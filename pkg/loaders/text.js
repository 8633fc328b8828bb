// Bytes as text that is small once compressed and parsed fast: most bytes are one character, the others two. Brotli
// compresses that to within 3 % of the binary file (hex: 10 %, base64: 37 %). The characters are printable ASCII without
// `"`, `<` and `\`, which would have to be escaped in scripts and pages.

/** The number of characters. */
const CHARACTERS = 92;
/** Below this, a character means a byte; from here on, a position in the list of the other bytes. */
const LEAD = 256;

/** What each character means by default: itself. */
const defaultMeanings = () =>
  Array.from({ length: CHARACTERS }, (_, place) => place + 32 + +(place > 1) + +(place > 26) + +(place > 57));

/**
 * Bytes that have no character of their own: they take two characters each.
 * @param {number[]} meanings
 */
const remainingBytes = (meanings) =>
  Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !meanings.includes(byte));

/**
 * @param {string} text written by `textFromBytes`
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesFromText(text) {
  const bytes = new Uint8Array(text.length);
  const meanings = defaultMeanings();
  let at = 0;
  let size = 0;
  const next = () => {
    const code = text.charCodeAt(at++);
    return code - 32 - +(code > 34) - +(code > 60) - +(code > 92);
  };
  for (let moved = next(); moved > 0; moved--) meanings[next()] = CHARACTERS * next() + next();
  const rare = remainingBytes(meanings);
  while (at < text.length) {
    const meaning = meanings[next()] ?? 0;
    bytes[size++] = meaning < LEAD ? meaning : (rare[meaning - LEAD + next()] ?? 0);
  }
  return bytes.subarray(0, size);
}

/**
 * The most frequent bytes become one character; where possible, the one that they are in ASCII.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function textFromBytes(bytes) {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  const byFrequency = (/** @type {number} */ one, /** @type {number} */ other) =>
    (counts[other] ?? 0) - (counts[one] ?? 0);
  const own = defaultMeanings();
  const leads = own.toSorted(byFrequency).slice(-2);
  const singles = [...counts.keys()].sort(byFrequency).slice(0, CHARACTERS - 2);
  const guests = singles
    .filter((byte) => !own.includes(byte) || leads.includes(byte))
    .sort((one, other) => one - other);
  const meanings = own.map((byte) => {
    if (leads.includes(byte)) return LEAD + CHARACTERS * leads.indexOf(byte);
    return singles.includes(byte) ? byte : (guests.shift() ?? 0);
  });

  const character = (/** @type {number} */ place) => String.fromCharCode(own[place] ?? 0);
  const pair = (/** @type {number} */ value) =>
    character(Math.floor(value / CHARACTERS)) + character(value % CHARACTERS);
  const rare = remainingBytes(meanings);
  const texts = counts.map((_, byte) => {
    const place = meanings.indexOf(byte);
    if (place >= 0) return character(place);
    const other = rare.indexOf(byte);
    const lead = LEAD + CHARACTERS * Math.floor(other / CHARACTERS);
    return character(meanings.indexOf(lead)) + character(other % CHARACTERS);
  });
  const moved = meanings.flatMap((meaning, place) => (meaning === own[place] ? [] : character(place) + pair(meaning)));
  return character(moved.length) + moved.join('') + Array.from(bytes, (byte) => texts[byte]).join('');
}
