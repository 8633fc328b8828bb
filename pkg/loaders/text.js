// Bytes as text that is small once compressed and parsed fast: most bytes are one character, the others two. Brotli
// brings that within 5 % of the bare file (hex: 10 %, base64: 37 %). The characters are printable ASCII without `"`, `\`
// and `<`, which scripts and pages would have to escape.

/** Characters that are a byte each; behind them in the order come the bytes that are pairs. */
const SINGLE = 86;
/** The two characters that lead a pair stand here and behind; each leads so many bytes. */
const LEAD = 88;
const PAIRS = 85;

/** The bytes: first those of one character, text as itself and the lowest in place of capitals. */
function order() {
  const bytes = [];
  let low = 0;
  for (let code = 35; code < 123; code++) {
    if (code !== 60 && code !== 92) bytes.push(code < 58 || code > 94 ? code : low++);
  }
  for (let byte = 0; byte < 256; byte++) if (!bytes.includes(byte)) bytes.push(byte);
  return bytes;
}

/**
 * @param {string} text what `textFromBytes` made
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesFromText(text) {
  const bytes = new Uint8Array(text.length);
  const all = order();
  let at = 0;
  let size = 0;
  const next = () => {
    const code = text.charCodeAt(at++);
    return code - 35 - +(code > 60) - +(code > 92);
  };
  while (at < text.length) {
    const place = next();
    bytes[size++] = all[place < LEAD ? place : SINGLE + PAIRS * (place - LEAD) + next()] ?? 0;
  }
  return bytes.subarray(0, size);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function textFromBytes(bytes) {
  const all = order();
  const character = (/** @type {number} */ place) => String.fromCharCode(place + 35 + +(place > 24) + +(place > 55));
  const spelled = all.map((_, byte) => {
    const place = all.indexOf(byte);
    const pair = place - SINGLE;
    return pair < 0 ? character(place) : character(LEAD + Math.floor(pair / PAIRS)) + character(pair % PAIRS);
  });
  return Array.from(bytes, (byte) => spelled[byte]).join('');
}
