/** Authenticates requests: command, credentials, signature. Nothing else is checked until these are valid. */

import { SELECTORS } from '../generated/parameters.js';
import { isWaived } from './check.js';
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
 * @property {readonly string[]} requestPhrases Any of them is accepted.
 * @property {string} responsePhrase
 * @property {import('./signature.js').Digest} digest
 * @property {boolean} applePay Whether they are for Apple Pay, or for everything else.
 * @property {'captured' | 'documented'} replies Whether replies echo what captured ones do, or the whole request.
 */

/**
 * @typedef {object} Admitted A request whose sender is known.
 * @property {Message} message
 * @property {{ name: string, command: import('./dictionary.js').Command }} found
 * @property {Credentials} credentials
 * @property {boolean} [confirmed] Whether the customer was asked on the gateway's page, and confirmed it.
 * @property {boolean} [challenged] Whether 3-D Secure is required for any card.
 * @property {boolean} [onPage] Whether it comes from a page of the gateway.
 * @property {string} [payment_link_id] The payment link that it comes from.
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
    const isAbsent = (/** @type {string} */ name) => !message.has(name) && !isWaived(found.command, name, message);
    const absent = ['access_code', 'merchant_identifier', 'signature'].find(isAbsent);
    if (absent !== undefined) return { code: '00001', detail: absent };
    const credentials = this.#credentialsOf(message, found.name);
    if (!credentials) return { code: '00010' };
    const merchant = message.get('merchant_identifier') ?? this.#merchantIdentifier;
    if (merchant !== this.#merchantIdentifier) return { code: '00009' };
    const added = channel === 'page' ? listAdded(message, found) : [];
    const parts =
      channel === 'page'
        ? listSignedParts(message, found, added)
        : channel === 'upload'
          ? withoutFile(message)
          : [message];
    const onPage = channel === 'page';
    for (const { part, hint } of listReadings(parts, nullsOf(message))) {
      if (isSigned(part, credentials.requestPhrases, credentials.digest)) {
        return { message, found, credentials, onPage, ...(hint !== undefined && { hint }) };
      }
    }
    return { code: '00008', hint: findMistake(message, parts, added, credentials, this.#credentials) };
  }

  /**
   * An access code is for Apple Pay, or for everything else (NEW Apple Pay). Operations on a payment need no such
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
 * Reports have their own endpoint (DOC reporting API), and are also accepted at paymentApi.
 *
 * @param {Channel} channel
 * @param {Admitted['found']} found
 */
const isTakenAt = (channel, { command }) =>
  command.channel.includes(channel) || (channel === 'api' && command.channel.includes('reporting'));

/**
 * The parts of a message that may be signed when parameters are empty or null: clients differ (NET leaves both out, PHP signs
 * `name=`), and no captured request decides. All are accepted, and the log says which one it was.
 *
 * @param {readonly Message[]} parts
 * @param {readonly string[]} nulls Names of the parameters that were null.
 * @returns {Generator<{ part: Message, hint?: string }>}
 */
function* listReadings(parts, nulls) {
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
 * Whether the name of the file is signed is not documented, so both are accepted.
 *
 * @param {Message} message
 * @returns {Message[]}
 */
function withoutFile(message) {
  return [message, new Map([...message].filter(([name]) => name !== 'file'))];
}

/**
 * What the browser adds to a form that the merchant signed: a service reads the card from fields of the shop's own page
 * (DOC incommon.md, Merchant Page 2.0).
 *
 * @param {Message} message
 * @param {Admitted['found']} found
 */
const listAdded = (message, { command }) =>
  command.effect === 'service' ? command.notOnPage.filter((name) => message.has(name)) : [];

/**
 * The parts of a posted form that the merchant may have signed: everything except what the browser adds, or only what the
 * command knows, so that a stray input of the page is reported as an extra parameter (00027) and not as a
 * signature mismatch.
 *
 * @param {Message} message
 * @param {Admitted['found']} found
 * @param {readonly string[]} added
 * @returns {Message[]}
 */
function listSignedParts(message, { command }, added) {
  const parts = [...message].filter(([field]) => !added.includes(field));
  const known = parts.filter(([field]) => field === command.selector || Object.hasOwn(command.parameters, field));
  return known.length === parts.length ? [new Map(parts)] : [new Map(parts), new Map(known)];
}
