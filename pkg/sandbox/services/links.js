/** Payment links: create, update, look up, pay (NEW payment links API). */

import { randomBytes, randomUUID } from 'node:crypto';
import { text } from '../message.js';
import { fail, refuse, succeed } from './answer.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('../authenticate.js').Admitted} Admitted */
/** @typedef {import('./index.js').Service} Service */

/** What the payment behind a link takes from the request for the link. */
const LINKED = new Set([
  ...['access_code', 'merchant_identifier', 'signature', 'merchant_reference', 'language', 'amount', 'currency'],
  ...['customer_email', 'customer_name', 'order_description', 'payment_option', 'return_url'],
]);

/** What UPDATE_PAYMENT_LINK may change. The names are inferred: APS does not document them. */
const CHANGEABLE = ['amount', 'currency', 'customer_email', 'customer_name', 'customer_phone'];

export class Link {
  id = randomUUID();
  /** How often it was followed. */
  opened = 0;
  closed = false;

  /**
   * @param {object} given
   * @param {string} given.payment_link_id
   * @param {Admitted} given.admitted The payment.
   * @param {number} given.until Milliseconds since 1970.
   * @param {import('../ledger.js').Ledger} given.ledger
   */
  constructor({ payment_link_id, admitted, until, ledger }) {
    this.payment_link_id = payment_link_id;
    this.admitted = admitted;
    this.until = until;
    this.ledger = ledger;
  }

  /**
   * @param {number} at
   * @returns {'Paid' | 'Closed' | 'Expired' | 'Open'}
   */
  statusAt(at) {
    const order = this.ledger.find(
      { merchant_reference: text(this.admitted.message, 'merchant_reference'), fort_id: undefined },
      this.admitted.credentials.access_code,
    );
    if (order && (order.phase === 'open' || order.phase === 'voided')) return 'Paid';
    if (this.closed) return 'Closed';
    return at < this.until ? 'Open' : 'Expired';
  }
}

export class Links {
  /** @type {Map<string, Link>} */
  #byId = new Map();
  /** @type {Map<string, Link>} */
  #byReference = new Map();
  /** @type {Map<string, Link>} */
  #byLinkId = new Map();
  #urlOf;

  /** @param {(id: string) => string} urlOf */
  constructor(urlOf) {
    this.#urlOf = urlOf;
  }

  clear() {
    for (const index of [this.#byId, this.#byReference, this.#byLinkId]) index.clear();
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }

  /**
   * @param {Link} link
   * @returns {string} Its address.
   */
  add(link) {
    this.#byId.set(link.id, link);
    this.#byReference.set(text(link.admitted.message, 'merchant_reference') ?? '', link);
    this.#byLinkId.set(link.payment_link_id, link);
    return this.#urlOf(link.id);
  }

  /**
   * The link that all names in a message agree on.
   *
   * @param {Admitted} admitted
   */
  find({ message, credentials }) {
    const [id, reference] = [text(message, 'payment_link_id'), text(message, 'merchant_reference')];
    const link = id === undefined ? this.#byReference.get(reference ?? '') : this.#byLinkId.get(id);
    const isOwn = link?.admitted.credentials.access_code === credentials.access_code;
    const own = link && text(link.admitted.message, 'merchant_reference');
    return isOwn && (reference === undefined || reference === own) ? link : undefined;
  }
}

/** @type {Service} */
export function createLink(admitted, { at, state, ledger, authenticator }) {
  const { message, credentials } = admitted;
  const until = Date.parse(text(message, 'request_expiry_date') ?? '');
  if (until <= at) return refuse(admitted, { code: '00115' });
  const payment = new Map([...message].filter(([name]) => LINKED.has(name)));
  payment.set('command', text(message, 'link_command') ?? 'PURCHASE');
  const found = authenticator.commandOf(payment);
  if (!found) return refuse(admitted, { code: '00004' });
  const payment_link_id = text(message, 'payment_link_id') ?? randomBytes(8).toString('hex');
  const link = new Link({
    payment_link_id,
    admitted: { message: payment, found, credentials, onPage: true, payment_link_id },
    until,
    ledger,
  });
  return succeed(admitted, { payment_link: state.links.add(link), payment_link_id });
}

/**
 * UPDATE_PAYMENT_LINK: changes amount, date or customer, closes or reopens. A paid link cannot be changed.
 *
 * @type {Service}
 */
export function updateLink(admitted, { at, state }) {
  const { message } = admitted;
  const link = state.links.find(admitted);
  if (!link) return fail(admitted, '036');
  if (link.statusAt(at) === 'Paid') return fail(admitted, '047');
  const date = text(message, 'request_expiry_date');
  const until = date === undefined ? link.until : Date.parse(date);
  if (until <= at) return refuse(admitted, { code: '00115' });
  const status = text(message, 'payment_link_status')?.toLowerCase();
  if (status !== undefined) link.closed = /^clos/.test(status);
  const changed = new Map(link.admitted.message);
  for (const name of CHANGEABLE) {
    const value = text(message, name);
    if (value !== undefined && (LINKED.has(name) || changed.has(name))) changed.set(name, value);
  }
  link.until = until;
  link.admitted = { ...link.admitted, message: changed };
  return succeed(admitted, describe(link, at));
}

/**
 * CHECK_PAYMENT_LINK_STATUS.
 *
 * @type {Service}
 */
export function checkLink(admitted, { at, state }) {
  const link = state.links.find(admitted);
  return link ? succeed(admitted, describe(link, at), '12000') : succeed(admitted, {}, '12036');
}

/**
 * @param {Link} link
 * @param {number} at
 * @returns {Record<string, string | undefined>}
 */
const describe = (link, at) => ({
  merchant_reference: text(link.admitted.message, 'merchant_reference'),
  payment_link_id: link.payment_link_id,
  payment_link_status: link.statusAt(at),
  amount: text(link.admitted.message, 'amount'),
  currency: text(link.admitted.message, 'currency'),
  request_expiry_date: `${new Date(link.until).toISOString().slice(0, 19)}Z`,
});
