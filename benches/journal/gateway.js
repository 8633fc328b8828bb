// A gateway that answers at once: it adds up and signs, and checks nothing. The sandbox, which does, takes longer than a
// statement of the database.

import { sign } from '../../pkg/cjs/server.mjs';

/** How each command ends well, and what it adds to. */
const COMMANDS = /** @type {const} */ ({
  AUTHORIZATION: { status: '02', adds: ['authorized'] },
  PURCHASE: { status: '14', adds: ['authorized', 'captured'] },
  CAPTURE: { status: '04', adds: ['captured'] },
});

/** @typedef {{ fort_id: string, authorized: number, captured: number, last: string }} Books of one payment */

/**
 * @param {import('../../pkg/message/account.js').AccountConfig} account
 * @returns {(url: any, init: any) => Promise<Response>}
 */
export function openGateway(account) {
  /** @type {Map<string, Books>} */
  const payments = new Map();
  const phrase = `${account.sha_response_phrase}`;

  /** @param {Record<string, string>} request @param {Books} books */
  const answer = ({ signature: _, card_number: __, card_security_code: ___, expiry_date: ____, ...request }, books) => {
    const command = /** @type {keyof typeof COMMANDS} */ (request.command);
    const { status, adds } = COMMANDS[command];
    for (const name of adds) books[name] += Number(request.amount);
    books.last = status;
    const { fort_id } = books;
    return { ...request, fort_id, status, response_code: `${status}000`, response_message: 'Success' };
  };

  /** @param {Record<string, string>} request @param {Books} books */
  const tell = ({ signature: _, ...request }, { fort_id, authorized, captured, last }) => ({
    ...{ ...request, fort_id, status: '12', response_code: '12000', response_message: 'Success' },
    ...{ authorized_amount: `${authorized}`, captured_amount: `${captured}`, refunded_amount: '0' },
    ...{ transaction_status: last, transaction_code: `${last}000` },
  });

  return async (_, { body }) => {
    const request = JSON.parse(body);
    const { merchant_reference } = request;
    const known = payments.get(merchant_reference);
    const books = known ?? { fort_id: `${10_000 + payments.size}`, authorized: 0, captured: 0, last: '' };
    payments.set(merchant_reference, books);
    const reply = request.query_command ? tell(request, books) : answer(request, books);
    const signature = sign(reply, { phrase, digest: account.digest ?? 'SHA-256' });
    return new Response(JSON.stringify({ ...reply, signature }), { headers: { 'content-type': 'application/json' } });
  };
}
