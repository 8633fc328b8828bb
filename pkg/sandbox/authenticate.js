/** Who may ask, and for what: command, credentials, signature. Until these are right, nothing else is looked at. */

import { SELECTORS } from '../generated/parameters.js';
import { commandOf } from './dictionary.js';
import { nullsOf } from './message.js';
import { isSigned } from './signature.js';
import { findMistake } from './signature-hints.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {'api' | 'page' | 'batch' | 'upload' | 'reporting'} Channel */

/**
 * @typedef {object} Credentials
 * @property {string} access_code
 * @property {readonly string[]} requestPhrases Any of them is taken.
 * @property {string} responsePhrase
 * @property {import('./signature.js').Digest} digest
 * @property {boolean} applePay Whether they are for payments by Apple Pay, or for all others.
 * @property {'captured' | 'documented'} replies Whether replies repeat what captured ones do, or all of the request.
 */

/**
 * @typedef {object} Admitted A request whose sender is known.
 * @property {Message} message
 * @property {{ name: string, command: import('./dictionary.js').Command }} found
 * @property {Credentials} credentials
 * @property {boolean} [confirmed] Whether the customer confirmed it on the gateway's page, who was asked there.
 * @property {boolean} [challenged] Whether 3-D Secure is asked for, whatever the card.
 * @property {boolean} [onPage] Whether it comes from a page of the gateway.
 * @property {string} [hint] How the signature was read, where that is not certain. For the log.
 */

export class Authenticator {
  #credentials;
  #merchantIdentifier;
  #allowed;

  /**
   * @param {object} options
   * @param {readonly Credentials[]} options.credentials
   * @param {string} options.merchantIdentifier
   * @param {readonly string[]} options.allow Parameters that every command takes, besides its own.
   */
  constructor({ credentials, merchantIdentifier, allow }) {
    this.#credentials = credentials;
    this.#merchantIdentifier = merchantIdentifier;
    this.#allowed = Object.fromEntries(allow.map((name) => [name, /** @type {const} */ ('optional')]));
  }

  /**
   * The command that a message names, if there is one.
   *
   * @param {Message} message
   * @returns {Admitted['found'] | undefined}
   */
  commandOf(message) {
    const found = commandOf(message);
    if (!found) return undefined;
    const parameters = { ...this.#allowed, ...found.command.parameters };
    return { ...found, command: { ...found.command, parameters } };
  }

  /**
   * @param {Message} message
   * @param {Channel} channel
   * @returns {Admitted | Complaint}
   */
  admit(message, channel) {
    const found = this.commandOf(message);
    if (!found || !isTakenAt(channel, found)) {
      const named = SELECTORS.some((name) => message.has(name));
      return named ? { code: '00004' } : { code: '00001', detail: 'command' };
    }
    const absent = ['access_code', 'merchant_identifier', 'signature'].find((name) => !message.has(name));
    if (absent !== undefined) return { code: '00001', detail: absent };
    const credentials = this.#credentialsOf(message, found.name);
    if (!credentials) return { code: '00010' };
    if (message.get('merchant_identifier') !== this.#merchantIdentifier) return { code: '00009' };
    const added = channel === 'page' ? addedBy(message, found) : [];
    const parts =
      channel === 'page' ? signedParts(message, found, added) : channel === 'upload' ? withoutFile(message) : [message];
    const onPage = channel === 'page';
    for (const { part, hint } of readings(parts, nullsOf(message))) {
      if (isSigned(part, credentials.requestPhrases, credentials.digest)) {
        return { message, found, credentials, onPage, ...(hint !== undefined && { hint }) };
      }
    }
    return { code: '00008', hint: findMistake(message, parts, added, credentials, this.#credentials) };
  }

  /**
   * An access code pays by Apple Pay, or by everything else (NEW Apple Pay). What follows on a payment needs no such
   * rule: an order is only known to the access code that it was placed with.
   *
   * @param {Message} message
   * @param {string} command
   */
  #credentialsOf(message, command) {
    const pays = command === 'AUTHORIZATION' || command === 'PURCHASE';
    const applePay = message.get('digital_wallet') === 'APPLE_PAY';
    return this.#credentials.find(
      (set) => set.access_code === message.get('access_code') && (!pays || set.applePay === applePay),
    );
  }
}

/**
 * Reports have an endpoint of their own (DOC reporting API), and are taken at paymentApi, too.
 *
 * @param {Channel} channel
 * @param {Admitted['found']} found
 */
const isTakenAt = (channel, { command }) =>
  command.channel.includes(channel) || (channel === 'api' && command.channel.includes('reporting'));

/**
 * What may be signed of a message in which parameters are empty or null: clients differ (NET leaves both out, PHP signs
 * `name=`), and no captured request decides. All are accepted, and the log says which one it was.
 *
 * @param {readonly Message[]} parts
 * @param {readonly string[]} nulls Names of the parameters that were null.
 * @returns {Generator<{ part: Message, hint?: string }>}
 */
function* readings(parts, nulls) {
  for (const part of parts) yield { part };
  const undecided = 'No captured request shows how APS reads it, so it is taken.';
  for (const part of parts) {
    const empty = [...part].flatMap(([name, value]) => (value === '' ? [name] : []));
    if (empty.length > 0) {
      const hint = `The signature leaves out what is sent empty (${empty.join(', ')}). ${undecided}`;
      yield { part: new Map([...part].filter(([, value]) => value !== '')), hint };
    }
    for (const written of nulls.length > 0 ? ['', 'null'] : []) {
      const hint = `The signature has null (${nulls.join(', ')}) as ${written || 'an empty value'}. ${undecided}`;
      yield {
        part: new Map([...part, ...nulls.map((name) => /** @type {[string, string]} */ ([name, written]))]),
        hint,
      };
    }
  }
}

/**
 * Whether the name of the file is signed is not documented: either is taken.
 *
 * @param {Message} message
 * @returns {Message[]}
 */
function withoutFile(message) {
  return [message, new Map([...message].filter(([name]) => name !== 'file'))];
}

/**
 * What the browser adds to a form that the merchant signed: a service takes the card from fields of the shop's own page
 * (DOC incommon.md, Merchant Page 2.0).
 *
 * @param {Message} message
 * @param {Admitted['found']} found
 */
const addedBy = (message, { command }) =>
  command.effect === 'service' ? command.notOnPage.filter((name) => message.has(name)) : [];

/**
 * What the merchant may have signed of a form that a browser posts: all but what the browser adds; or only what the
 * command knows, so that a stray input of the page is reported as the extra parameter that it is (00027) and not as a
 * signature that does not match.
 *
 * @param {Message} message
 * @param {Admitted['found']} found
 * @param {readonly string[]} added
 * @returns {Message[]}
 */
function signedParts(message, { command }, added) {
  const parts = [...message].filter(([field]) => !added.includes(field));
  const known = parts.filter(([field]) => field === command.selector || Object.hasOwn(command.parameters, field));
  return known.length === parts.length ? [new Map(parts)] : [new Map(parts), new Map(known)];
}
