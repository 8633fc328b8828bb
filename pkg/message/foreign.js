// Recognizes what people pass instead of a message, and says what to pass.

/** @type {readonly [pattern: RegExp, what: string][]} */
const BY_TAG = [
  [/^\[object Request\]$/, 'a Request: give the text of its body, await request.text().'],
  [/^\[object Response\]$/, 'a Response: give the text of its body, await response.text().'],
  [/^\[object (?:Blob|File)\]$/, 'a file: give its text, await file.text().'],
  [/^\[object (?:Map|Set|Headers)\]$/, 'a collection: give the text or the bytes of the body as it arrived.'],
  [/^\[object Promise\]$/, 'a promise: await it, and give what it resolves to.'],
];

/** For a body that was not parsed. */
const NOTHING =
  'give the text or the bytes of the body as it arrived. Without a body parser such as express.text() it is missing.';

/**
 * What was passed instead of a message.
 * @param {unknown} message neither text nor bytes nor a form
 * @returns {string | undefined} undefined for an object that may be a parsed message
 */
export function nameOfForeign(message) {
  if (message === undefined || message === null) return `${message}: ${NOTHING}`;
  if (typeof message === 'function') return 'a function: call it, and give the text of the body.';
  if (typeof message !== 'object') return `a ${typeof message}: give the text or the bytes of the body as it arrived.`;
  const tag = Object.prototype.toString.call(message);
  const known = BY_TAG.find(([pattern]) => pattern.test(tag));
  if (known) return known[1];
  const own = /** @type {Record<string | symbol, any>} */ (message);
  if (Array.isArray(own)) return 'an array: give the text or the bytes of the body as it arrived.';
  // A parsed message holds only text: none of these is a function there.
  if (typeof own.then === 'function') return 'a promise: await it, and give what it resolves to.';
  if (typeof own.pipe === 'function' && typeof own.headers === 'object') {
    return "a request of Node's http: read its body first, by express.text() or express.raw(), and give that.";
  }
  const isStream = ['getReader', 'pipe', Symbol.asyncIterator].some((name) => typeof own[name] === 'function');
  if (isStream) return 'a stream: read it first, await new Response(stream).text(), and give the text.';
  if (own.type === 'Buffer' && Array.isArray(own.data)) {
    return 'a Buffer that was written as JSON: give the text of the body as it arrived.';
  }
  const isEvent = typeof own.body === 'string' && (typeof own.headers === 'object' || 'isBase64Encoded' in own);
  return isEvent ? 'an event: give its body, event.body, decoded if event.isBase64Encoded.' : undefined;
}
