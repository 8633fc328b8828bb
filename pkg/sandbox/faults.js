/** Faults by chance, the same for the same seed and the same order of requests. */

import { optionsOf } from './options.js';

/**
 * What is lost or late is what a program asks for, and what customers send from the gateway's own pages. A page that is
 * shown is not, nor is a form that brings the card of a shop's own page: it must come through for the shop to ask at all.
 *
 * @typedef {object} FaultRates Each rate is from 0 to 1.
 * @property {number} [seed] Starts the chance anew. 1 unless told.
 * @property {number} [dropRequest] The request is lost: not carried out. To the client it looks like `dropReply`: the
 *   connection is cut (`ECONNRESET`), or stays silent until the client gives up.
 * @property {number} [dropReply] The request is carried out, its answer is lost.
 * @property {number | { rate: number, ms: number }} [delay] As a rate: carried out shortly after the client gave up (a
 *   client that cannot give up is cut off at once). With `ms`: carried out after so long, whether or not the client is
 *   still there, and answered if it is.
 * @property {number} [duplicateWebhook] A notification is delivered twice.
 * @property {number} [technicalProblem] An operation that nothing else spoke against, on a page or in a batch as well, is
 *   answered xx006, and so is any other command; half of these are carried out nevertheless.
 * @property {number} [uncertain] An operation is answered 15777 in the same way. Those not carried out show as xx666 in
 *   CHECK_STATUS.
 * @property {number} [tamper] One character of a signed reply, of what comes back to `return_url`, or of a notification is
 *   changed after signing.
 */

/** @typedef {ReturnType<Faults['draw']>} Draw What befalls a request. */
/** @typedef {ReturnType<typeof problem> & Partial<Pick<Draw, 'row'>>} Problem What befalls what it asks for. */

const RATES = /** @type {const} */ ([
  'dropRequest',
  'dropReply',
  'duplicateWebhook',
  'technicalProblem',
  'uncertain',
  'tamper',
]);

/**
 * mulberry32: small, and good enough to choose who suffers.
 *
 * @param {number} seed
 * @returns {() => number} From 0 up to 1.
 */
function randomly(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Faults {
  #rates = { dropRequest: 0, dropReply: 0, duplicateWebhook: 0, technicalProblem: 0, uncertain: 0, tamper: 0 };
  /** @type {{ rate: number, ms: number | undefined }} */
  #delay = { rate: 0, ms: undefined };
  #seed = 1;
  #request = randomly(1);
  #notification = randomly(2);
  #return = randomly(3);

  /** @param {FaultRates | null} [rates] */
  constructor(rates) {
    this.set(rates);
  }

  /**
   * Rates that are left out stay as they are.
   *
   * @param {FaultRates | null} [rates]
   */
  set(rates) {
    const { seed, delay, ...plain } = optionsOf('faults', rates, ['seed', 'delay', ...RATES]);
    for (const [name, value] of Object.entries(plain)) checkRate(name, value);
    const late = delay === undefined ? this.#delay : delayOf(delay);
    if (seed !== undefined && !Number.isSafeInteger(seed)) throw new RangeError('faults: seed must be a whole number');
    Object.assign(this.#rates, plain);
    this.#delay = late;
    if (seed !== undefined) {
      this.#seed = seed;
      this.#request = randomly(seed);
      // Another stream, for how deliveries and requests interleave is not ours to fix.
      this.#notification = randomly(seed + 1);
      this.#return = randomly(seed + 2);
    }
  }

  /** @returns {FaultRates} */
  get() {
    const { rate, ms } = this.#delay;
    return { seed: this.#seed, ...this.#rates, delay: ms === undefined ? rate : { rate, ms } };
  }

  /** What befalls the next request. Always as many draws, so that one rate does not shift the chance of another. */
  draw() {
    const next = this.#request;
    const rates = { ...this.#rates };
    const drawn = {
      dropRequest: next() < rates.dropRequest,
      dropReply: next() < rates.dropReply,
      silently: next() < 0.5,
      delay: next() < this.#delay.rate ? { ms: this.#delay.ms } : undefined,
      ...problem(next, rates),
    };
    const [tampers, where] = [next() < rates.tamper, next()];
    // Of its own, so that the rows of a batch do not shift the chance of the requests that follow.
    const ofRows = randomly(where * 2 ** 32);
    return { ...drawn, tamper: maybe(tampers, where), row: () => problem(ofRows, rates) };
  }

  /** What befalls the next message that goes back through the browser. */
  drawReturn() {
    const next = this.#return;
    return { tamper: maybe(next() < this.#rates.tamper, next()) };
  }

  /** What befalls the next notification. */
  drawNotification() {
    const next = this.#notification;
    return {
      twice: next() < this.#rates.duplicateWebhook,
      tamper: maybe(next() < this.#rates.tamper, next()),
    };
  }
}

/**
 * What befalls an operation.
 *
 * @param {() => number} next
 * @param {{ technicalProblem: number, uncertain: number }} rates
 */
const problem = (next, rates) => ({
  technicalProblem: next() < rates.technicalProblem,
  uncertain: next() < rates.uncertain,
  carriedOut: next() < 0.5,
});

/**
 * @param {boolean} happens
 * @param {number} where
 */
const maybe = (happens, where) => (happens ? where : undefined);

/**
 * @param {string} name
 * @param {unknown} value
 */
function checkRate(name, value) {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new RangeError(`faults: ${name} must be a rate from 0 to 1`);
  }
}

/** @param {NonNullable<FaultRates['delay']>} given */
function delayOf(given) {
  const told = typeof given === 'object' ? given : { rate: given, ms: undefined };
  const { rate, ms } = optionsOf('faults: delay', told, ['rate', 'ms']);
  checkRate('delay', rate);
  if (ms !== undefined && !(ms >= 0)) throw new RangeError('faults: delay.ms must not be negative');
  return { rate, ms };
}

/**
 * A copy of the message with one letter or digit of one value changed to another.
 *
 * @param {import('./message.js').Message} message
 * @param {number} where From 0 up to 1.
 */
export function tampered(message, where) {
  const copy = new Map(message);
  const places = [...message].flatMap(([name, value]) =>
    name === 'signature' || typeof value !== 'string'
      ? []
      : [...value.matchAll(/[0-9a-z]/gi)].map((at) => ({ name, value, at: at.index })),
  );
  const place = places[Math.floor(where * places.length)];
  if (!place) return copy;
  const { name, value, at } = place;
  const code = value.charCodeAt(at);
  const last = code === 0x39 || code === 0x5a || code === 0x7a;
  copy.set(name, value.slice(0, at) + String.fromCharCode(last ? code - 1 : code + 1) + value.slice(at + 1));
  return copy;
}
