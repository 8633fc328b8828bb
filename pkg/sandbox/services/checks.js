/** Checks of a card, and of who holds it: VERIFY_CARD, 3-D Secure that the merchant runs. */

import { randomBytes } from 'node:crypto';
import { isExpired, outcomeOf } from '../cards.js';
import { messageOf } from '../codes.js';
import { text } from '../message.js';
import { done, failed, refused } from './answer.js';

/** @typedef {import('./index.js').Service} Service */

/** @type {Partial<Record<import('../cards.js').CardOutcome, string>>} */
const FAILURES = { declined: '666', insufficient_funds: '029', technical_problem: '006', uncertain_declined: '666' };

/** @type {Service} */
export function verifyCard(admitted, { at, shelf }) {
  const { message } = admitted;
  const reference = text(message, 'merchant_reference') ?? '';
  if (shelf.verified.has(reference)) return refused(admitted, { code: '00066' });
  if (isExpired(text(message, 'expiry_date') ?? '', at)) return refused(admitted, { code: '00012' });
  const outcome = outcomeOf(text(message, 'card_number') ?? '');
  const { success, failure } = admitted.found.command.status;
  const why = FAILURES[outcome];
  const code = why === undefined ? `${success}000` : `${failure}${why}`;
  shelf.verified.set(reference, code);
  return done(admitted, {}, outcome.startsWith('uncertain') ? '15777' : code);
}

/** @type {Service} */
export function verifyStatus(admitted, { shelf }) {
  const code = shelf.verified.get(text(admitted.message, 'merchant_reference') ?? '');
  if (code === undefined) return done(admitted, {}, '12036');
  return done(admitted, {
    transaction_status: code.slice(0, 2),
    transaction_message: messageOf(code),
  });
}

/** @type {Service} */
export function enroll(admitted, { shelf }) {
  const { message } = admitted;
  const threeds_id = randomBytes(8).toString('hex');
  shelf.enrolled.set(text(message, 'merchant_reference') ?? '', threeds_id);
  return done(admitted, { threeds_id, '3ds_enrolled': 'Y', '3ds_xid': xid() });
}

/** @type {Service} */
export function authenticate(admitted, { shelf }) {
  const threeds_id = shelf.enrolled.get(text(admitted.message, 'merchant_reference') ?? '');
  if (threeds_id === undefined) return failed(admitted, '036');
  return done(admitted, {
    threeds_id,
    '3ds_enrolled': 'Y',
    '3ds_status': 'Y',
    '3ds_eci': '05',
    '3ds_xid': xid(),
    ver_token: xid(),
    ver_type: '3DS',
  });
}

/** Twenty bytes in base64, as MPIs number what they did. */
const xid = () => randomBytes(20).toString('base64');
