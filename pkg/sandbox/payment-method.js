/** The means of payment: a card, a token or a wallet; and the password, plan and agreement that go with it. */

import { randomInt } from 'node:crypto';
import { brandOf, isBrand, isExpired, isLocalBrand, takesSecurityCode } from './cards.js';
import { findContradiction } from './check.js';
import { isPurchaseOnly } from './dictionary.js';
import { text } from './message.js';
import { checkOtp } from './services/otp.js';
import { checkPlan } from './services/plans.js';
import { cardOf } from './stored-cards.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./stored-cards.js').Card} Card */
/** @typedef {{ cards: import('./stored-cards.js').StoredCards, state: import('./services/state.js').State }} Kept */

/**
 * Whether a payment is made without a card: by a wallet, or by a `payment_option` that is not a card brand.
 *
 * @param {Message} message
 */
export function isCardless(message) {
  const option = text(message, 'payment_option');
  return text(message, 'digital_wallet') !== undefined || (option !== undefined && !isBrand(option));
}

/** Only for the hosted page and payment links (NEW payment option pages), except later payments by a token. */
const OF_PAGE = new Set(['KNET', 'OMANNET', 'TABBY', 'TAMARA']);

/** @param {Message} message */
const isOfPage = (message) => OF_PAGE.has(text(message, 'payment_option') ?? '') && !isRecurring(message);

/**
 * @param {import('./authenticate.js').Admitted} admitted An AUTHORIZATION or PURCHASE whose parameters have been checked.
 * @param {'AUTHORIZATION' | 'PURCHASE'} command
 * @param {Kept} kept
 * @param {number} at
 * @returns {{ card: Card | undefined, option: string | undefined } | Complaint} A complaint if it cannot be made.
 */
export function findPaymentMethod({ message, found, confirmed, onPage }, command, { cards, state }, at) {
  const complaint = confirmed === undefined ? checkOtp(message, state) : undefined;
  if (complaint) return complaint;
  const card = findCard(message, cards, at);
  if (card && 'code' in card) return card;
  if (card && isExpired(card.expiry, at)) return { code: '00012' };
  const securityCode = text(message, 'card_security_code');
  if (card && securityCode !== undefined && !takesSecurityCode(brandOf(card.number), securityCode)) {
    return { code: '00002', detail: 'card_security_code' };
  }
  const brand = card && brandOf(card.number);
  const wallet = text(message, 'digital_wallet') === 'STCPAY' ? 'STCPAY' : undefined;
  const option = text(message, 'payment_option') ?? wallet ?? brand;
  if (command === 'AUTHORIZATION' && (isPurchaseOnly(option) || (brand && isLocalBrand(brand))))
    return { code: '00049' };
  if (!onPage && isOfPage(message)) return { code: '00046' };
  const contradicts = brand && findContradiction(found.command, withBrand(message, brand));
  if (contradicts) return contradicts;
  const agreement = text(message, 'agreement_id');
  if (isRecurring(message) && agreement !== undefined && !state.agreements.has(agreement)) {
    return { code: '00033', detail: 'agreement_id' };
  }
  return checkPlan(message, card) ?? { card, option };
}

/**
 * The rules of a `payment_option` apply to its cards and their tokens, except its currency: test cards pay in any.
 *
 * @param {Message} message
 * @param {string} brand
 */
function withBrand(message, brand) {
  const own = new Map(message).set('payment_option', brand);
  own.delete('currency');
  return own;
}

/** @param {Message} message */
const isRecurring = (message) => message.get('eci') === 'RECURRING';

/**
 * @param {Message} message
 * @param {import('./stored-cards.js').StoredCards} cards
 * @param {number} at
 * @returns {Card | Complaint | undefined} `undefined` for a wallet.
 */
function findCard(message, cards, at) {
  const network = networkCard(message, at);
  if (network) return network;
  if (text(message, 'card_number') !== undefined) return cardOf(message, at);
  const wallet = text(message, 'digital_wallet');
  const token = text(message, 'token_name');
  // A token of Tabby comes from Tabby: it pays later instalments of an order (MAG subscriptions).
  if (token !== undefined && text(message, 'payment_option') === 'TABBY') return undefined;
  if (token !== undefined) {
    const card = cards.get(token);
    if (!card || card.inactive || (card.wallet === 'STCPAY') !== (wallet === 'STCPAY')) return { code: '00044' };
    return card.wallet === undefined ? card : undefined;
  }
  return isCardless(message) ? undefined : { code: '00001', detail: 'card_number' };
}

/**
 * A network token, which the merchant obtained elsewhere. It stands for a card; little is published about its other members
 * (NEW network tokenization), so the sandbox reads only the token.
 *
 * @param {Message} message
 * @param {number} at
 * @returns {Card | Complaint | undefined}
 */
function networkCard(message, at) {
  const given = message.get('network_token');
  if (!(given instanceof Map)) return undefined;
  const token = text(given, 'token');
  if (token === undefined) return { code: '00001', detail: 'network_token.token' };
  if (!/^[0-9]{1,19}$/.test(token)) return { code: '00002', detail: 'network_token.token' };
  return { ...cardOf(message, at), number: token, expiry: text(message, 'expiry_date') ?? '9912' };
}

/**
 * Stores the card or the STC Pay account under its token, and the agreement that later RECURRING payments belong to. Names
 * are generated where missing. A card sent by a server is stored unless `remember_me` is NO; on a page, and for a wallet, the
 * customer must opt in with YES (NEW save card).
 *
 * @param {import('./authenticate.js').Admitted} admitted A payment that was carried out.
 * @param {Kept} kept
 * @param {number} at
 * @returns {Message} With the names.
 */
export function remember({ message, onPage }, { cards, state }, at) {
  const named = new Map(message);
  const token = text(message, 'token_name');
  const wallet = text(message, 'digital_wallet');
  const isCard = text(message, 'card_number') !== undefined;
  const isNew = isCard || (wallet === 'STCPAY' && token === undefined);
  const wish = text(message, 'remember_me') ?? (isCard && !onPage ? 'YES' : 'NO');
  if (isNew && wish === 'YES') {
    const card = cardOf(message, at);
    const known = cards.get(token);
    // A name that belongs to another card, or was deactivated, is unchanged.
    if (!known || known.inactive || known.number !== card.number) {
      named.set('token_name', cards.store(card.number === '' ? { ...card, wallet } : card, known ? undefined : token));
    }
  }
  const email = text(message, 'customer_email');
  if (!isNew && token !== undefined && cards.get(token)?.email === undefined) cards.change(token, { email });
  if (!isRecurring(message) && (message.has('agreement_id') || message.has('recurring_mode'))) {
    const agreement = text(message, 'agreement_id') ?? `A${randomInt(1_000_000_000)}`;
    state.agreements.add(agreement);
    named.set('agreement_id', agreement);
  }
  return named;
}
