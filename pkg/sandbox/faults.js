/** Faults: at random, or once where a test aims. The seed determines which faults each operation gets. */

import { issue } from '../errors.js';
import { commandOf, isCommand } from './dictionary.js';
import { text } from './message.js';
import { expectThat, isTime, readOptions, refuseAny } from './options.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./options.js').Issue} Issue */

/**
 * @typedef {object} RateAndTime
 * @property {number} rate From 0 to 1.
 * @property {number} [ms] Milliseconds.
 */
/**
 * A fault that takes time. If only a rate is given, the fault's default time applies.
 *
 * @typedef {number | boolean | RateAndTime} TimedRate
 */

/**
 * Rates are from 0 to 1; `true` is 1, `false` 0. Faults affect API requests and what customers submit from the
 * gateway's pages, but not viewing pages or forms that carry a card from a shop's own page.
 *
 * @typedef {object} FaultRates
 * @property {number} [seed] 1 by default. With the command, `merchant_reference` (or `fort_id`), `maintenance_reference`
 *   and how often they were sent, it determines the faults of an operation, whatever else is in progress.
 * @property {readonly string[] | null} [commands] The commands affected. By default all but lookups (CHECK_STATUS and the like).
 * @property {TimedRate} [dropRequest] The connection is cut (`ECONNRESET`) and the request is lost. With `ms`, it arrives
 *   after that delay and is carried out although the client no longer waits.
 * @property {number | boolean} [dropReply] The request is carried out, its answer is lost.
 * @property {number | boolean} [silent] The share of dropped connections that hang silently until the client gives up,
 *   instead of being cut at once.
 * @property {TimedRate} [delay] As a rate: carried out shortly after the client gave up (a client that cannot give up is
 *   cut off at once). With `ms`: carried out after that delay, and answered if the client is still connected.
 * @property {TimedRate} [lag] CHECK_STATUS does not show the operation yet: for `ms` (5,000 by default) it shows the state
 *   before. A number above 1 is the time, for all operations.
 * @property {number | boolean} [duplicateWebhook] The notification is delivered twice.
 * @property {TimedRate} [reorderWebhook] The notification is held back for `ms` (50 by default), so that later ones overtake
 *   it.
 * @property {number | boolean} [technicalProblem] An operation that would have succeeded is answered xx006, and so is any
 *   other command. Half of them are carried out anyway.
 * @property {number | boolean} [uncertain] An operation that would have succeeded is answered 15777. Half of them are carried
 *   out; CHECK_STATUS shows the others as xx666.
 * @property {number | boolean} [tamper] One character of a signed reply, of what comes back to `return_url`, or of a
 *   notification is changed after signing.
 * @property {Aim | readonly Aim[]} [next] Affects the next matching request, once. Several may be pending;
 *   an empty list cancels them.
 */

/**
 * @typedef {object} Timed
 * @property {number} ms Milliseconds.
 */
/**
 * @typedef {object} Aim Which request, and its faults.
 * @property {string} [command] By default any except lookups.
 * @property {string} [merchant_reference] By default any order.
 * @property {string} [maintenance_reference] By default any operation.
 * @property {boolean | Timed} [dropRequest] As a rate does.
 * @property {boolean} [dropReply] As a rate does.
 * @property {boolean} [silent] As a rate does.
 * @property {boolean | Timed} [delay] As a rate does.
 * @property {boolean | Timed} [lag] As a rate does.
 * @property {boolean} [duplicateWebhook] As a rate does.
 * @property {boolean | Timed} [reorderWebhook] As a rate does.
 * @property {boolean} [technicalProblem] As a rate does.
 * @property {boolean} [uncertain] As a rate does.
 * @property {boolean} [carriedOut] With `technicalProblem` and `uncertain`: whether it is carried out. Random if omitted.
 * @property {boolean} [tamper] As a rate does.
 */

/**
 * @typedef {object} Problem The faults of carrying out an operation.
 * @property {boolean} technicalProblem
 * @property {boolean} uncertain
 * @property {boolean} carriedOut Whether it is carried out despite these two.
 * @property {number} lag Milliseconds for which lookups do not show it.
 * @property {string[]} struck Names of the faults that took effect. Code that applies a fault adds its name.
 * @property {(row: Message) => Problem} row The faults of a row of a batch.
 */

/**
 * @typedef {object} WebhookStrike
 * @property {boolean} duplicate
 * @property {number} heldBack Milliseconds.
 * @property {number | undefined} tamper Where, from 0 to 1.
 */

/**
 * @typedef {Problem & {
 *   dropRequest: { ms: number | undefined } | undefined,
 *   dropReply: boolean,
 *   silent: boolean,
 *   delay: { ms: number | undefined } | undefined,
 *   tamper: number | undefined,
 *   webhook: WebhookStrike,
 * }} Strike The faults of a request.
 */

const PLAIN = /** @type {const} */ ([
  'dropReply',
  'silent',
  'duplicateWebhook',
  'technicalProblem',
  'uncertain',
  'tamper',
]);
const TIMED = /** @type {const} */ (['dropRequest', 'delay', 'lag', 'reorderWebhook']);
const NAMES = /** @type {const} */ (['command', 'merchant_reference', 'maintenance_reference']);
const DEFAULT_MS = /** @type {Record<string, number>} */ ({ lag: 5000, reorderWebhook: 50 });

/** @typedef {{ rate: number, ms: number | undefined }} Rate */

export class Faults {
  /** @type {Record<string, Rate>} */
  #rates = Object.fromEntries([...PLAIN, ...TIMED].map((name) => [name, { rate: 0, ms: undefined }]));
  #seed = 1;
  /** @type {readonly string[] | undefined} */
  #commands;
  /** @type {Aim[]} */
  #next = [];
  /** How often each operation was sent. @type {Map<string, number>} */
  #sent = new Map();
  #initial;

  /** @param {ReturnType<typeof readFaults>} given By the caller, who refuses what is wrong. */
  constructor(given) {
    this.#apply(given);
    this.#initial = this.get();
  }

  /** Restores what the constructor was given. */
  reset() {
    this.#sent.clear();
    this.#next = [];
    this.set(this.#initial);
  }

  /**
   * Omitted rates are unchanged.
   *
   * @param {FaultRates | null} [rates]
   * @throws {ConfigurationError} Nothing is changed then.
   */
  set(rates) {
    /** @type {import('./options.js').Issue[]} */
    const issues = [];
    const read = readFaults(rates, issues);
    refuseAny(issues);
    this.#apply(read);
  }

  /** @param {ReturnType<typeof readFaults>} given */
  #apply({ rates, seed, commands, isCleared, aims }) {
    Object.assign(this.#rates, rates);
    if (isCleared) this.#commands = undefined;
    if (commands) this.#commands = [...commands];
    if (aims !== undefined) this.#next = aims.length === 0 ? [] : [...this.#next, ...aims];
    if (seed !== undefined) {
      this.#seed = seed;
      this.#sent.clear();
    }
  }

  /** @returns {FaultRates} The faults in effect; `next` has those still pending. */
  get() {
    const rates = Object.entries(this.#rates).map(([name, { rate, ms }]) => [
      name,
      ms === undefined ? rate : { rate, ms },
    ]);
    return {
      seed: this.#seed,
      ...Object.fromEntries(rates),
      commands: this.#commands ? [...this.#commands] : null,
      next: this.#next.map((aim) => ({ ...aim })),
    };
  }

  /**
   * The faults of a request. Each fault has its own chance, so rates are independent of each other.
   *
   * @param {Message | undefined} message `undefined` when it could not be read.
   * @returns {Strike}
   */
  strike(message) {
    const operation = operationOf(message ?? new Map());
    return this.#strike(operation, this.#takeAim(operation), []);
  }

  /**
   * The faults of a notification without a request of its own: that of a row of a batch.
   *
   * @param {Message} message
   * @returns {WebhookStrike}
   */
  strikeWebhook(message) {
    return this.#strike(operationOf(message), undefined, []).webhook;
  }

  /**
   * @param {Operation} operation
   * @param {Aim | undefined} aim
   * @param {string[]} struck
   * @returns {Strike}
   */
  #strike(operation, aim, struck) {
    const chance = this.#chances(operation);
    const isMeant = this.#commands ? this.#commands.includes(operation.command) : !isLookup(operation.command);
    /** @param {string} name @returns {{ ms: number | undefined } | undefined} */
    const occurs = (name) => {
      const aimed = aim && /** @type {Record<string, unknown>} */ (aim)[name];
      const { rate = 0, ms } = this.#rates[name] ?? {};
      if (typeof aimed === 'object' && aimed !== null) return /** @type {{ ms: number }} */ (aimed);
      if (aimed === true) return { ms: ms ?? DEFAULT_MS[name] };
      return isMeant && rate > 0 && chance(name) < rate ? { ms: ms ?? DEFAULT_MS[name] } : undefined;
    };
    const placeIn = (/** @type {string} */ name) => (occurs('tamper') ? chance(name) : undefined);
    const [technicalProblem, uncertain] = [occurs('technicalProblem') !== undefined, occurs('uncertain') !== undefined];
    return {
      dropRequest: occurs('dropRequest'),
      dropReply: occurs('dropReply') !== undefined,
      silent: occurs('silent') !== undefined,
      delay: occurs('delay'),
      lag: occurs('lag')?.ms ?? 0,
      technicalProblem,
      uncertain,
      carriedOut: aim?.carriedOut ?? ((technicalProblem || uncertain) && chance('carriedOut') < 0.5),
      tamper: placeIn('where'),
      webhook: {
        duplicate: occurs('duplicateWebhook') !== undefined,
        heldBack: occurs('reorderWebhook')?.ms ?? 0,
        tamper: placeIn('where in the notification'),
      },
      struck,
      row: (row) => this.#strike(operationOf(row), undefined, struck),
    };
  }

  /**
   * The random numbers of one operation, from 0 up to 1, by name.
   *
   * @param {Operation} operation
   * @returns {(name: string) => number}
   */
  #chances({ command, reference, maintenance_reference }) {
    const key = JSON.stringify([command, reference, maintenance_reference]);
    const count = (this.#sent.get(key) ?? 0) + 1;
    this.#sent.set(key, count);
    return (name) => chanceOf(`${this.#seed} ${count} ${name} ${key}`);
  }

  /**
   * @param {Operation} operation
   * @returns {Aim | undefined} It is used up.
   */
  #takeAim(operation) {
    const place = this.#next.findIndex((aim) => fits(aim, operation));
    return place < 0 ? undefined : this.#next.splice(place, 1)[0];
  }
}

/** @typedef {{ command: string, merchant_reference: string, reference: string, maintenance_reference: string }} Operation */

/**
 * @param {Message} message
 * @returns {Operation}
 */
function operationOf(message) {
  const merchant_reference = text(message, 'merchant_reference') ?? '';
  return {
    command: commandOf(message)?.name ?? '',
    merchant_reference,
    reference: merchant_reference || (text(message, 'fort_id') ?? ''),
    maintenance_reference: text(message, 'maintenance_reference') ?? '',
  };
}

/** @param {string} command */
const isLookup = (command) => command.startsWith('CHECK_');

/**
 * @param {Aim} aim
 * @param {Operation} operation
 */
function fits(aim, operation) {
  if (aim.command === undefined && isLookup(operation.command)) return false;
  return NAMES.every((name) => aim[name] === undefined || aim[name] === operation[name]);
}

/**
 * FNV-1a, mixed as in MurmurHash3: small, and uniform enough for sampling.
 *
 * @param {string} key
 * @returns {number} From 0 up to 1.
 */
function chanceOf(key) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * @param {FaultRates | null | undefined} given
 * @param {Issue[]} issues Takes what is wrong.
 */
export function readFaults(given, issues) {
  const isCleared = given?.commands === null;
  const names = ['seed', 'commands', 'next', ...PLAIN, ...TIMED];
  const { seed, commands, next, ...own } = readOptions(given, names, issues, 'faults');
  expectThat(issues, seed === undefined || Number.isSafeInteger(seed), 'faults.seed', 'a whole number');
  const rates = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, rateOf(name, value, issues)]));
  if (commands !== undefined) checkCommands('faults.commands', commands, issues);
  const aims = next === undefined ? undefined : [next].flat().map((aim, at) => aimOf(pathOf(next, at), aim, issues));
  return { rates, seed, commands, isCleared, aims };
}

/** @param {unknown} next @param {number} at */
const pathOf = (next, at) => (Array.isArray(next) ? `faults.next[${at}]` : 'faults.next');

/**
 * @param {string} name
 * @param {unknown} value
 * @param {Issue[]} issues
 * @returns {Rate}
 */
function rateOf(name, value, issues) {
  const path = `faults.${name}`;
  const isTimed = /** @type {readonly string[]} */ (TIMED).includes(name);
  const isBoth = typeof value === 'object' && value !== null && !Array.isArray(value) && isTimed;
  const given = isBoth
    ? readOptions(/** @type {{ rate: unknown, ms?: number }} */ (value), ['rate', 'ms'], issues, path)
    : { rate: value };
  const { rate, ms } = /** @type {{ rate: unknown, ms?: number }} */ (given);
  const number = typeof rate === 'boolean' ? Number(rate) : rate;
  // No rate is above 1, so this can only be how long every operation lags.
  if (name === 'lag' && typeof value === 'number' && isTime(value) && value > 1) return { rate: 1, ms: value };
  const isRate = typeof number === 'number' && number >= 0 && number <= 1;
  const cure = isTimed ? ', or { rate, ms } with the time in milliseconds' : '';
  expectThat(issues, isRate, path, `a rate from 0 to 1${cure}`);
  checkTime(path, ms, issues);
  return { rate: isRate ? number : 0, ms };
}

/**
 * @param {string} path
 * @param {unknown} ms
 * @param {Issue[]} issues
 */
const checkTime = (path, ms, issues) =>
  expectThat(issues, ms === undefined || isTime(ms), `${path}.ms`, 'a time in milliseconds, 0 or more');

/**
 * @param {string} path
 * @param {unknown} commands
 * @param {Issue[]} issues
 */
function checkCommands(path, commands, issues) {
  expectThat(issues, Array.isArray(commands), path, "a list of commands, such as ['CAPTURE']");
  for (const command of Array.isArray(commands) ? commands : []) {
    if (isCommand(command)) continue;
    const what = typeof command === 'string' ? `There is no command ${command} for ${path}` : `${path} must be text`;
    issues.push(issue(path, 'unknown_command', `${what}: give APS's own name, such as CAPTURE.`));
  }
}

/**
 * @param {string} path
 * @param {unknown} given
 * @param {Issue[]} issues
 * @returns {Aim}
 */
function aimOf(path, given, issues) {
  const faults = [...PLAIN, ...TIMED];
  const count = issues.length;
  const known = [...NAMES, ...faults, 'carriedOut'];
  // What is null here aims at nothing.
  const whole = given === null ? {} : /** @type {object} */ (given);
  const aim = /** @type {Record<string, unknown>} */ (readOptions(whole, known, issues, path));
  if (aim.command !== undefined) checkCommands(`${path}.command`, [aim.command], issues);
  const wanted = faults.filter((name) => aim[name] !== undefined && aim[name] !== false && name !== 'silent');
  if (issues.length === count)
    expectThat(issues, wanted.length > 0, path, `an object with a fault: ${faults.join(', ')}`);
  for (const [name, value] of Object.entries(aim)) {
    const own = `${path}.${name}`;
    if (/** @type {readonly string[]} */ (NAMES).includes(name)) {
      expectThat(issues, name === 'command' || typeof value === 'string', own, 'a string');
    } else if (/** @type {readonly string[]} */ (TIMED).includes(name) && typeof value === 'object') {
      const { ms } = readOptions(/** @type {{ ms?: number }} */ (value), ['ms'], issues, own);
      expectThat(issues, ms !== undefined, own, 'true or { ms }');
      checkTime(own, ms, issues);
    } else {
      const isTimed = /** @type {readonly string[]} */ (TIMED).includes(name);
      expectThat(issues, typeof value === 'boolean', own, isTimed ? 'true or { ms }' : 'true or false');
    }
  }
  return /** @type {Aim} */ (aim);
}

/**
 * A copy of the message with one letter or digit of one value changed to another.
 *
 * @param {Message} message
 * @param {number} where From 0 up to 1.
 */
export function tamperWith(message, where) {
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
