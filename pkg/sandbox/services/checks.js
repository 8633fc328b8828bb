/** Checks of a card and its holder: VERIFY_CARD, and 3-D Secure that the merchant runs. */

import { randomBytes } from 'node:crypto';
import { isExpired, outcomeOf } from '../cards.js';
import { messageOf } from '../codes.js';
import { statusOf } from '../dictionary.js';
import { isPage, text } from '../message.js';
import { fail, refuse, succeed } from './answer.js';

/** @typedef {import('./index.js').Service} Service */

/** @type {Partial<Record<import('../cards.js').CardOutcome, string>>} */
const FAILURES = { declined: '666', insufficient_funds: '029', technical_problem: '006', uncertain_declined: '666' };

/** @type {Service} */
export function verifyCard(admitted, { at, state }) {
  const { message } = admitted;
  const reference = text(message, 'merchant_reference') ?? '';
  if (state.verified.has(reference)) return refuse(admitted, { code: '00066' });
  if (isExpired(text(message, 'expiry_date') ?? '', at)) return refuse(admitted, { code: '00012' });
  const outcome = outcomeOf(text(message, 'card_number') ?? '');
  const status = statusOf(admitted.found.name);
  const why = FAILURES[outcome];
  const code = why === undefined ? `${status.done}000` : status.failed + why;
  state.verified.set(reference, code);
  return succeed(admitted, {}, outcome.startsWith('uncertain') ? '15777' : code);
}

/** @type {Service} */
export function checkVerification(admitted, { state }) {
  const code = state.verified.get(text(admitted.message, 'merchant_reference') ?? '');
  if (code === undefined) return succeed(admitted, {}, '12036');
  return succeed(admitted, {
    transaction_status: code.slice(0, 2),
    transaction_message: messageOf(code),
  });
}

/**
 * 3DS_ENROLLMENT, of a card or of a token.
 *
 * @type {Service}
 */
export function enroll(admitted, { at, cards, state }) {
  const { message } = admitted;
  const token = text(message, 'token_name');
  const stored = cards.get(token);
  if (token !== undefined && (!stored || stored.inactive)) return refuse(admitted, { code: '00044' });
  if (!isPage(text(message, 'merchant_3ds_url') ?? '')) {
    return refuse(admitted, { code: '00002', detail: 'merchant_3ds_url' });
  }
  const { threeds_id, url } = state.enrolments.begin(message, stored, at);
  return succeed(admitted, { threeds_id, '3ds_enrolled': 'Y', '3ds_xid': makeXid(), '3ds_url': url });
}

/**
 * 3DS_AUTHENTICATION, with what arrived at `merchant_3ds_url`.
 *
 * @type {Service}
 */
export function authenticate(admitted, { state }) {
  const { message } = admitted;
  const [reference = '', body = ''] = ['merchant_reference', 'third_party_body'].map((name) => text(message, name));
  const result = state.enrolments.conclude(reference, body);
  if (!result) return fail(admitted, '036');
  const { threeds_id, passed } = result;
  const fields = { threeds_id, '3ds_enrolled': 'Y', '3ds_xid': makeXid() };
  if (!passed) return succeed(admitted, { ...fields, '3ds_status': 'N' }, `${statusOf(admitted.found.name).failed}030`);
  return succeed(admitted, { ...fields, '3ds_status': 'Y', '3ds_eci': '05', ver_token: makeXid(), ver_type: '3DS' });
}

/** Twenty bytes in base64, like the transaction ids of MPIs. */
const makeXid = () => randomBytes(20).toString('base64');
