/** TOKENIZATION: a card that came straight from the customer's browser is stored; the shop gets its token. */

import { cardBin } from '../cards.js';
import { text } from '../message.js';
import { done } from './answer.js';

/**
 * Nobody is notified: a token is no transaction, and what says so comes back by `return_url`. A token stays good for
 * as many payments as are made with it, whatever `remember_me` says, which is only told back.
 *
 * @type {import('./index.js').Service}
 */
export function tokenization(admitted, { vault }) {
  const { message } = admitted;
  const number = text(message, 'card_number') ?? '';
  const card = { number, expiry: text(message, 'expiry_date') ?? '', holder: text(message, 'card_holder_name') };
  return done(admitted, { token_name: vault.keep(card, text(message, 'token_name')), card_bin: cardBin(number) });
}
