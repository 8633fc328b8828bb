/** What a payment is made with: a card, a token or a wallet; and the password, plan and agreement that go with it. */

import { randomInt } from 'node:crypto';
import { brandOf, isExpired, takesSecurityCode } from './cards.js';
import { contradiction } from './check.js';
import { isPurchaseOnly } from './dictionary.js';
import { text } from './message.js';
import { passwordComplaint } from './services/otp.js';
import { planComplaint } from './services/plans.js';
import { cardOf } from './stored-cards.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./stored-cards.js').Card} Card */
/** @typedef {{ vault: import('./stored-cards.js').Vault, shelf: import('./services/state.js').Shelf }} Kept */

/** Ways to pay without a card. */
const CARDLESS = new Set(['BENEFIT', 'KNET', 'NAPS', 'OMANNET', 'SADAD', 'TABBY', 'TAMARA', 'VALU']);

/**
 * Whether a payment is made without a card.
 *
 * @param {Message} message
 */
export function isCardless(message) {
  return text(message, 'digital_wallet') !== undefined || CARDLESS.has(text(message, 'payment_option') ?? '');
}

/**
 * @param {import('./authenticate.js').Admitted} admitted An AUTHORIZATION or PURCHASE whose parameters have been checked.
 * @param {'AUTHORIZATION' | 'PURCHASE'} command
 * @param {Kept} kept
 * @param {number} at
 * @returns {{ card: Card | undefined, option: string | undefined } | Complaint} Or why it cannot be made.
 */
export function meansOf({ message, found, confirmed }, command, { vault, shelf }, at) {
  const complaint = confirmed === undefined ? passwordComplaint(message, shelf) : undefined;
  if (complaint) return complaint;
  const card = payingCard(message, vault, at);
  if (card && 'code' in card) return card;
  if (card && isExpired(card.expiry, at)) return { code: '00012' };
  const securityCode = text(message, 'card_security_code');
  if (card && securityCode !== undefined && !takesSecurityCode(brandOf(card.number), securityCode)) {
    return { code: '00002', detail: 'card_security_code' };
  }
  const brand = card && brandOf(card.number);
  const option = text(message, 'payment_option') ?? brand;
  if (command === 'AUTHORIZATION' && [option, brand].some(isPurchaseOnly)) return { code: '00049' };
  const contradicts = brand && contradiction(found.command, byBrand(message, brand));
  if (contradicts) return contradicts;
  const agreement = text(message, 'agreement_id');
  if (isRecurring(message) && agreement !== undefined && !shelf.agreements.has(agreement)) {
    return { code: '00033', detail: 'agreement_id' };
  }
  return planComplaint(message, card) ?? { card, option };
}

/**
 * What goes for a way to pay goes for its cards and their tokens, except its currency: test cards pay in any.
 *
 * @param {Message} message
 * @param {string} brand
 */
function byBrand(message, brand) {
  const own = new Map(message).set('payment_option', brand);
  own.delete('currency');
  return own;
}

/** @param {Message} message */
const isRecurring = (message) => message.get('eci') === 'RECURRING';

/**
 * @param {Message} message
 * @param {import('./stored-cards.js').Vault} vault
 * @param {number} at
 * @returns {Card | Complaint | undefined} None for a wallet.
 */
function payingCard(message, vault, at) {
  if (text(message, 'card_number') !== undefined) return cardOf(message, at);
  const wallet = text(message, 'digital_wallet');
  const token = text(message, 'token_name');
  if (token !== undefined) {
    const card = vault.get(token);
    if (!card || card.inactive || (card.wallet === 'STCPAY') !== (wallet === 'STCPAY')) return { code: '00044' };
    return card.wallet === undefined ? card : undefined;
  }
  return isCardless(message) ? undefined : { code: '00001', detail: 'card_number' };
}

/**
 * Keeps what the customer agreed to keep: the card or the STC Pay account under its token, and the agreement that later
 * RECURRING payments belong to. What has no name gets one.
 *
 * @param {Message} message Of a payment that was carried out.
 * @param {Kept} kept
 * @param {number} at
 * @returns {Message} With the names.
 */
export function remember(message, { vault, shelf }, at) {
  const named = new Map(message);
  const token = text(message, 'token_name');
  const wallet = text(message, 'digital_wallet');
  const isNew = text(message, 'card_number') !== undefined || (wallet === 'STCPAY' && token === undefined);
  if (isNew && text(message, 'remember_me') === 'YES') {
    const kept = cardOf(message, at);
    const known = vault.get(token);
    // A name that stands for another card, or was switched off, goes on doing so.
    if (!known || known.inactive || known.number !== kept.number) {
      named.set('token_name', vault.keep(kept.number === '' ? { ...kept, wallet } : kept, known ? undefined : token));
    }
  }
  const email = text(message, 'customer_email');
  if (!isNew && token !== undefined && vault.get(token)?.email === undefined) vault.change(token, { email });
  if (!isRecurring(message) && (message.has('agreement_id') || message.has('recurring_mode'))) {
    const agreement = text(message, 'agreement_id') ?? `A${randomInt(1_000_000_000)}`;
    shelf.agreements.add(agreement);
    named.set('agreement_id', agreement);
  }
  return named;
}
