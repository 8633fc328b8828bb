/** Tokens: store, list, update, deactivate. */

import { brandOf, cardBin } from '../cards.js';
import { echo } from '../mask.js';
import { text } from '../message.js';
import { cardOf } from '../stored-cards.js';
import { fail, refuse, succeed } from './answer.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('../stored-cards.js').Card} Card */

/**
 * Describes a card, without what is needed to pay.
 *
 * @param {Card} card
 * @returns {Record<string, string>}
 */
function describeCard({ number, expiry, holder, created, wallet }) {
  const masked = /** @type {string} */ (echo(new Map([['card_number', number]])).get('card_number'));
  const brand = brandOf(number);
  return {
    ...(wallet === undefined ? { card_number: masked, card_bin: cardBin(number) } : { digital_wallet: wallet }),
    ...(brand !== undefined && { card_brand: brand }),
    ...(expiry !== '' && { expiry_date: expiry }),
    ...(holder !== undefined && { card_holder_name: holder }),
    creation_date: `${new Date(created).toISOString().slice(0, 19)}+00:00`,
  };
}

/**
 * CREATE_TOKEN: like TOKENIZATION, but a name can be used only once.
 *
 * @type {Service}
 */
export function createToken(admitted, { at, cards }) {
  const { message } = admitted;
  const name = text(message, 'token_name');
  if (cards.get(name)) return fail(admitted, '114');
  const card = cardOf(message, at);
  return succeed(admitted, { token_name: cards.store(card, name), card_bin: cardBin(card.number) }, '52062');
}

/** @type {Service} */
export function updateToken(admitted, { cards }) {
  const { message } = admitted;
  const name = text(message, 'token_name') ?? '';
  const renamed = text(message, 'new_token_name');
  if (renamed !== undefined && renamed !== name && cards.get(renamed)) return fail(admitted, '114');
  const status = text(message, 'token_status');
  const [expiry, holder] = [text(message, 'expiry_date'), text(message, 'card_holder_name')];
  const card = cards.change(
    name,
    {
      ...(expiry !== undefined && { expiry }),
      ...(holder !== undefined && { holder }),
      ...(status !== undefined && { inactive: status === 'INACTIVE' }),
    },
    renamed,
  );
  if (!card) return refuse(admitted, { code: '00044' });
  return succeed(admitted, { ...describeCard(card), token_status: card.inactive ? 'INACTIVE' : 'ACTIVE' });
}

/**
 * GET_TOKENS: the tokens that may pay, of one customer (by the e-mail address of a payment), by name, or all. APS
 * documents only the name of the command; the list being `tokens` is inferred. Deactivated tokens, which is how shops delete
 * them, are not listed.
 *
 * @type {Service}
 */
export function getTokens(admitted, { cards }) {
  const { message } = admitted;
  const [name, email] = [text(message, 'token_name'), text(message, 'customer_email')];
  const found = cards
    .entries()
    .filter(([own, card]) => !card.inactive && (name ?? own) === own && (email ?? card.email) === card.email);
  if (name !== undefined && found.length === 0) return fail(admitted, '044');
  const tokens = found.map(([token_name, card]) => new Map(Object.entries({ token_name, ...describeCard(card) })));
  return succeed(admitted, { tokens });
}
