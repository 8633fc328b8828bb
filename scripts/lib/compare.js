// Makes random requests and replies from the dictionary, and compares how two builds of the package judge them.

import { account } from '../../tests/account.js';

/** @typedef {Record<string, any>} Library what `aps-payops/server` exports */
/** @typedef {{ call: 'validate' | 'request' | 'form' | 'sign' | 'reply' | 'notification', given: any }} Example */
/** @typedef {Example & { before: string, now: string, repeated: boolean }} Difference */

const response = { phrase: account.sha_response_phrase, digest: /** @type {const} */ ('SHA-256') };

/**
 * The common parts of two dictionaries: the rest differs because facts do, which other tests check.
 * @param {any} before `dictionary.json`
 * @param {any} now
 */
export function commonOf(before, now) {
  const areSame = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);
  const checked = ({ note, example, source, secret, min, ...rest } = /** @type {any} */ ({})) => rest;
  const isKnown = (/** @type {string} */ name) => {
    const parts = Object.keys(now.parameters).filter(
      (part) => part === name || part.startsWith(`${name}.`) || part.startsWith(`${name}[`),
    );
    return parts.every((part) => areSame(checked(before.parameters[part]), checked(now.parameters[part])));
  };
  const names = Object.keys(now.parameters).filter(isKnown);
  const commands = Object.entries(now.commands).flatMap(([name, command]) => {
    const old = before.commands[name];
    if (old === undefined) return [];
    const alike = Object.entries(command.parameters).filter(
      ([own, presence]) => old.parameters[own] === presence && names.includes(own),
    );
    return [[name, { ...command, parameters: Object.fromEntries(alike) }]];
  });
  const parameters = Object.fromEntries(names.map((name) => [name, now.parameters[name]]));
  return { commands: Object.fromEntries(commands), parameters };
}

/** The same numbers for the same seed (mulberry32). @param {number} seed */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Values that are invalid in some way. */
const ODD = [
  ...[
    '',
    ' ',
    'a=b',
    'status=14',
    'x response_code=14000',
    'é',
    'عربي',
    '漢字',
    '😀',
    '\t',
    '\n',
    'a\rb',
    '"',
    '\\',
    '\0',
    '\x01',
  ],
  ...[
    '0',
    '00',
    '01',
    '1',
    '-1',
    '1.5',
    '9999999999',
    '10000000000',
    'AED',
    'KWD',
    'aed',
    'XXX',
    'VISA',
    'MADA',
    'KNET',
  ],
  ...[
    'a@b',
    '@',
    'YES',
    'NO',
    'RECURRING',
    'MOTO',
    '2030-02-30',
    '2030-12-20T15:36:55+03:00',
    '4005550000000001',
    '2503',
  ],
  ...[
    'a'.repeat(41),
    '1'.repeat(11),
    'x'.repeat(3000),
    '\ud800',
    'https://shop.example/?a=b',
    'https://shop.example/?status=1',
  ],
];
const OBJECTS = [
  {},
  [],
  [{}],
  { a: 'b' },
  [['1']],
  { 'a=': '1' },
  { status: 'x' },
  [null],
  { a: undefined },
  { a: true },
];
/** Invalid names, and names that look like others. */
const NAMES = ['new_parameter', 'a=b', 'x status', '', 'a.b', 'products[]', '__proto', 'é'];
/** As often as each is asked. @type {readonly Example['call'][]} */
const CALLS = ['validate', 'validate', 'request', 'request', 'form', 'sign', 'reply', 'reply', 'notification'];
const OTHERS = [0, 1, 20, 1.5, -3, 10n, true, null, undefined, Symbol.iterator, () => 1, new Date(0), Number.NaN];

/** Makes requests, replies and options at random. */
class Maker {
  #random;
  #dictionary;
  #names;

  /**
   * @param {any} dictionary `dictionary.json`
   * @param {number} seed
   */
  constructor(dictionary, seed) {
    this.#random = randomFrom(seed);
    this.#dictionary = dictionary;
    this.#names = Object.keys(dictionary.parameters);
  }

  /** @param {number} share of all cases */
  is(share) {
    return this.#random() < share;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  one(list) {
    return /** @type {any} */ (list[Math.floor(this.#random() * list.length)]);
  }

  /** @param {number} most */
  upTo(most) {
    return Math.floor(this.#random() * most);
  }

  /** @param {string} name */
  valid(name) {
    const { example, values } = this.#dictionary.parameters[name] ?? {};
    return values?.length && this.is(0.5) ? String(this.one(values)).replace('*', '') : (example ?? 'x');
  }

  strangeValue() {
    if (this.is(0.75)) return this.one(ODD);
    return this.is(0.6) ? this.one(OBJECTS) : this.one(OTHERS);
  }

  /** @param {string} command */
  params(command) {
    /** @type {Record<string, any>} */
    const given = {};
    for (const [name, presence] of Object.entries(this.#dictionary.commands[command].parameters)) {
      const share = presence === 'required' ? 0.95 : presence === 'optional' ? 0.08 : 0.01;
      if (this.is(share)) given[name] = this.valid(name);
    }
    if (this.is(0.3)) given.merchant_reference ??= 'order-1';
    while (this.is(0.4)) given[this.one(Object.keys(given).concat('order_description'))] = this.strangeValue();
    if (this.is(0.1)) given[this.one(this.#names)] = this.valid(this.one(this.#names));
    if (this.is(0.05)) given[this.one(NAMES)] = this.strangeValue();
    if (this.is(0.05)) given.command = this.one([command, 'CAPTURE']);
    if (this.is(0.03)) given.access_code = this.one([account.access_code, 'other']);
    return given;
  }

  options() {
    if (this.is(0.5)) return undefined;
    /** @type {Record<string, any>} */
    const options = {};
    if (this.is(0.4)) options.at = this.one([0, 1_764_450_000_000, 1_900_000_000_000]);
    if (this.is(0.3)) options.allow = [this.one(['new_parameter', 'a=b', 'x status', 'card_number'])];
    if (this.is(0.3)) options.accept = [this.one(['return_url:bad_character', 'order_description:bad_character'])];
    if (this.is(0.2)) options.language = this.one(['en', 'ar']);
    if (this.is(0.4)) options.payment = this.payment();
    return options;
  }

  payment() {
    const authorized = this.upTo(20_000) + 1;
    const captured = this.is(0.5) ? 0 : this.upTo(authorized);
    const refunded = this.is(0.5) ? 0 : this.upTo(captured);
    const voided = captured === 0 && this.is(0.2);
    const state = { version: 1, command: 'AUTHORIZATION', currency: this.one(['AED', 'KWD']), voided };
    const totals = { authorized: String(authorized), captured: String(captured), refunded: String(refunded) };
    const option = this.is(0.3) ? { payment_option: this.one(['VISA', 'MASTERCARD']) } : {};
    return { ...state, ...totals, at: 1_764_000_000_000, lapsesAt: 1_764_604_800_000, ...option };
  }

  /** @param {string} command */
  reply(command) {
    const { selector, status, reply = [] } = this.#dictionary.commands[command];
    const code = this.one([...String(status.success).split(' '), status.failure, '00', '20', '15', '44']);
    const { access_code, merchant_identifier } = account;
    /** @type {Record<string, any>} */
    const message = { [selector]: command, access_code, merchant_identifier, language: 'en' };
    Object.assign(message, { merchant_reference: 'order-1', status: code, response_message: 'Words' });
    message.response_code = `${code}${this.one(['000', '000', '064', '006', '777', '666', '002'])}`;
    if (this.is(0.7)) Object.assign(message, { amount: '1000', currency: 'AED' });
    if (this.is(0.5)) message.fort_id = '169000000000000000';
    for (const name of reply) if (this.is(0.4)) message[name] = this.valid(name);
    const candidates = ['order_description', 'agreement_id', '3ds_url'];
    while (this.is(0.25)) message[this.one(Object.keys(message).concat(candidates))] = this.one(ODD.slice(0, -4));
    if (this.is(0.05)) message.nested = this.one([{ a: '1' }, ['1', { b: '2' }]]);
    return message;
  }

  /**
   * @param {Record<string, any>} made
   * @param {Library} library signs it
   */
  message(params, library) {
    let signature = '0'.repeat(64);
    try {
      signature = library.sign(params, response);
    } catch {
      // This message cannot be signed.
    }
    const signed = this.is(0.9)
      ? { ...params, signature: this.is(0.95) ? signature : signature.toUpperCase() }
      : params;
    if (this.is(0.05)) signed[this.one(Object.keys(signed))] = this.one(ODD.slice(0, 20));
    const isFlat = Object.values(signed).every((value) => typeof value === 'string');
    if (isFlat && this.is(0.3)) return new URLSearchParams(signed).toString();
    const text = JSON.stringify(signed);
    return this.is(0.03) ? text.slice(0, this.upTo(text.length)) : text;
  }
}

/**
 * @param {any} dictionary `dictionary.json`
 * @param {number} seed
 * @param {Library} library signs replies
 * @returns {Generator<Example, never>}
 */
export function* examples(dictionary, seed, library) {
  const maker = new Maker(dictionary, seed);
  const commands = Object.keys(dictionary.commands);
  for (;;) {
    const command = maker.one(commands);
    const call = maker.one(CALLS);
    if (call === 'sign') {
      yield { call, given: [maker.params(command)] };
    } else if (call !== 'reply' && call !== 'notification') {
      yield { call, given: [command, maker.params(command), maker.options()] };
    } else {
      const message = maker.message(maker.reply(command), library);
      const named = { merchant_reference: 'order-1' };
      const { selector } = dictionary.commands[command];
      const request = { [selector]: command, ...named, merchant_identifier: account.merchant_identifier };
      const money = maker.is(0.5) ? { amount: maker.one(['1000', '1000', '999']), currency: 'AED' } : {};
      const order = { ...named, ...(maker.is(0.8) && { amount: maker.one(['1000', '999', 'any']), command }) };
      yield { call, given: [message, call === 'reply' ? { ...request, ...money } : maker.one([undefined, order])] };
    }
  }
}

/**
 * @param {Example} example
 * @param {Library} before
 * @param {Library} now
 * @returns {Difference | null}
 */
export function differenceOf(example, before, now) {
  const [one, other] = [judgement(example, before), judgement(example, now)];
  if (one === other) return null;
  // Only the difference, so that similar ones form a group.
  const [theirs, ours] = [one.split('\n'), other.split('\n')];
  const only = (/** @type {string[]} */ lines, /** @type {string[]} */ others) =>
    lines.filter((line) => !others.includes(line));
  return {
    ...example,
    before: only(theirs, ours).join(' ') || 'nothing',
    now: only(ours, theirs).join(' ') || 'nothing',
    repeated: [...new Set(theirs)].join('\n') === [...new Set(ours)].join('\n'),
  };
}

/**
 * The judgement of a build about an example, in lines.
 * @param {Example} example
 * @param {Library} library
 * @returns {string}
 */
function judgement({ call, given }, library) {
  const issues = (/** @type {any[]} */ list) =>
    list.map(({ parameter, code, severity }) => `${parameter}:${code}:${severity}`);
  try {
    const [first, second, third] = given;
    if (call === 'validate') return issues(library.validate(first, second, third)).join('\n');
    if (call === 'request') return library.buildRequest(first, second, account, third).body.replaceAll(',"', '\n"');
    if (call === 'form') return Object.entries(library.buildForm(first, second, account, third).fields).join('\n');
    if (call === 'sign') return library.sign(first, response);
    const reply =
      call === 'reply'
        ? library.openReply(first, account, { request: { params: second } })
        : library.openNotification(first, account, second === undefined ? undefined : { expect: second });
    return [
      reply.outcome,
      reply.authentic,
      reply.redirectTo,
      reply.status,
      reply.code,
      JSON.stringify(reply.params),
    ].join('\n');
  } catch (error) {
    const { code, name, issues: list, parameters } = /** @type {any} */ (error);
    return [`${name} ${code}`, ...(list ? issues(list) : []), ...(parameters ?? [])].join('\n');
  }
}
