/** TOKENIZATION: stores a card that comes directly from the customer's browser; the shop gets its token. */

import { cardBin } from '../cards.js';
import { text } from '../message.js';
import { cardOf } from '../stored-cards.js';
import { refuse, succeed } from './answer.js';
import { checkPlan, describePlan } from './plans.js';

/**
 * There is no notification: a token is not a transaction, and the result comes back by `return_url`. A token can be
 * used for any number of payments, whatever `remember_me` says, which is only echoed.
 *
 * @type {import('./index.js').Service}
 */
export function tokenize(admitted, { at, cards }) {
  const { message } = admitted;
  const card = cardOf(message, at);
  const complaint = checkPlan(message, card);
  if (complaint) return refuse(admitted, complaint);
  const token_name = cards.store(card, text(message, 'token_name'));
  return succeed(admitted, { token_name, card_bin: cardBin(card.number), ...describePlan(message) });
}
