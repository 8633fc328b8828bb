/** TOKENIZATION: a card that came straight from the customer's browser is stored; the shop gets its token. */

import { cardBin } from '../cards.js';
import { text } from '../message.js';
import { cardOf } from '../stored-cards.js';
import { done, refused } from './answer.js';
import { checkPlan, describePlan } from './plans.js';

/**
 * Nobody is notified: a token is no transaction, and what says so comes back by `return_url`. A token stays good for
 * as many payments as are made with it, whatever `remember_me` says, which is only told back.
 *
 * @type {import('./index.js').Service}
 */
export function tokenize(admitted, { at, cards }) {
  const { message } = admitted;
  const card = cardOf(message, at);
  const complaint = checkPlan(message, card);
  if (complaint) return refused(admitted, complaint);
  const token_name = cards.keep(card, text(message, 'token_name'));
  return done(admitted, { token_name, card_bin: cardBin(card.number), ...describePlan(message) });
}
