/** Tokens: stored, changed, switched off. */

import { cardBin } from '../cards.js';
import { echo } from '../mask.js';
import { text } from '../message.js';
import { done, failed, refused } from './answer.js';

/** @typedef {import('./index.js').Service} Service */

/**
 * CREATE_TOKEN: as TOKENIZATION, but a name is taken once.
 *
 * @type {Service}
 */
export function createToken(admitted, { vault }) {
  const { message } = admitted;
  const name = text(message, 'token_name');
  if (vault.get(name)) return failed(admitted, '114');
  const number = text(message, 'card_number') ?? '';
  const card = { number, expiry: text(message, 'expiry_date') ?? '', holder: text(message, 'card_holder_name') };
  return done(admitted, { token_name: vault.keep(card, name), card_bin: cardBin(number) });
}

/** @type {Service} */
export function updateToken(admitted, { vault }) {
  const { message } = admitted;
  const name = text(message, 'token_name') ?? '';
  const renamed = text(message, 'new_token_name');
  if (renamed !== undefined && renamed !== name && vault.get(renamed)) return failed(admitted, '114');
  const status = text(message, 'token_status');
  const [expiry, holder] = [text(message, 'expiry_date'), text(message, 'card_holder_name')];
  const card = vault.change(
    name,
    {
      ...(expiry !== undefined && { expiry }),
      ...(holder !== undefined && { holder }),
      ...(status !== undefined && { inactive: status === 'INACTIVE' }),
    },
    renamed,
  );
  if (!card) return refused(admitted, { code: '00044' });
  const masked = /** @type {string} */ (echo(new Map([['card_number', card.number]])).get('card_number'));
  return done(
    admitted,
    {
      card_number: masked,
      card_bin: cardBin(card.number),
      expiry_date: card.expiry,
      card_holder_name: card.holder,
      token_status: card.inactive ? 'INACTIVE' : 'ACTIVE',
    },
    // Switching off has a status of its own.
    status === 'INACTIVE' ? '66000' : '58000',
  );
}
