/** Messages as lossless trees: values keep their text, members their order. */

// Nested values are Values, but a JSDoc type cannot refer to itself.
/** @typedef {string | any[] | Map<string, any>} Value */
/** @typedef {Map<string, Value>} Message */

const MAX_DEPTH = 16;
const TOKEN = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\],:"]+|[{}[\],:])/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Which parameters of a message were null. @type {WeakMap<Message, string[]>} */
const nulls = new WeakMap();

/**
 * The parameters that were null in a message read from JSON; they count as absent.
 *
 * @param {Message} message
 * @returns {readonly string[]}
 */
export const nullsOf = (message) => nulls.get(message) ?? [];

/** A message that cannot be read. */
export class UnreadableMessage extends Error {}

/**
 * Reads a JSON object. Numbers keep their digits, nested members their order. Repeated names are rejected, since
 * two parsers could read two messages. A top-level `null` is an absent parameter, a nested one is empty.
 *
 * @param {string} source
 * @returns {Message}
 */
export function readJson(source) {
  try {
    // JSON.parse checks the grammar, so the tokens below need no checks.
    JSON.parse(source);
  } catch {
    throw new UnreadableMessage('not JSON');
  }
  TOKEN.lastIndex = 0;
  const next = () => TOKEN.exec(source)?.[1] ?? '';
  const value = read(next(), next, 0);
  if (!(value instanceof Map)) throw new UnreadableMessage('not an object');
  return value;
}

/**
 * @param {string} token
 * @param {() => string} next
 * @param {number} depth
 * @returns {Value}
 */
function read(token, next, depth) {
  if (depth > MAX_DEPTH) throw new UnreadableMessage('nested too deep');
  if (token === '{') {
    /** @type {Message} */
    const members = new Map();
    const absent = [];
    for (let name = next(); name !== '}'; name = next()) {
      if (name === ',') name = next();
      const key = readString(name);
      if (members.has(key)) throw new UnreadableMessage('a repeated name');
      next();
      const token = next();
      members.set(key, read(token, next, depth + 1));
      if (depth === 0 && token === 'null') absent.push(key);
    }
    for (const name of absent) members.delete(name);
    if (absent.length > 0) nulls.set(members, absent);
    return members;
  }
  if (token === '[') {
    /** @type {Value[]} */
    const items = [];
    for (let item = next(); item !== ']'; item = next())
      items.push(read(item === ',' ? next() : item, next, depth + 1));
    return items;
  }
  if (token.startsWith('"')) return readString(token);
  return token === 'null' ? '' : token;
}

/** @param {string} token */
function readString(token) {
  if (!token.includes('\\')) return token.slice(1, -1);
  const text = /** @type {string} */ (JSON.parse(token));
  if (LONE_SURROGATE.test(text)) throw new UnreadableMessage('half a character');
  return text;
}

/**
 * Reads an `application/x-www-form-urlencoded` body.
 *
 * @param {string} source
 * @returns {Message}
 */
export function readForm(source) {
  /** @type {Message} */
  const message = new Map();
  for (const pair of source.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const [name, value] = (at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]).map((part) => {
      try {
        return decodeURIComponent(part.replaceAll('+', ' '));
      } catch {
        throw new UnreadableMessage('not form-encoded');
      }
    });
    if (message.has(name ?? '')) throw new UnreadableMessage('a repeated name');
    message.set(name ?? '', value ?? '');
  }
  return message;
}

/**
 * Writes JSON with every leaf as a string, as APS does.
 *
 * @param {Value} value
 * @returns {string}
 */
export function writeJson(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`;
}

/**
 * Writes a form. Forms have no nesting: structures are sent as the text that is signed.
 *
 * @param {Message} message
 * @returns {string}
 */
export const writeForm = (message) =>
  new URLSearchParams([...message].map(([name, value]) => [name, printNested(value)])).toString();

/**
 * As Java prints maps and lists, with members in the order sent.
 *
 * @param {Value} value
 * @returns {string}
 */
export function printNested(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(printNested).join(', ')}]`;
  return `{${[...value].map(([name, member]) => `${name}=${printNested(member)}`).join(', ')}}`;
}

/**
 * A parameter's text; `undefined` when it is absent, empty, or nested.
 *
 * @param {Message} message
 * @param {string} name
 */
export function text(message, name) {
  const value = message.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Whether a browser can be sent to an address.
 *
 * @param {string} url
 */
export function isPage(url) {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
