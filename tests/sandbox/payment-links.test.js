// Payment links: changed, closed, opened again, asked about, paid.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checkout } from '../../pkg/sandbox/checkout.js';
import { Gateway } from '../../pkg/sandbox/gateway.js';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { Amount, PaymentServices } from '../../pkg/server.js';

const AT = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const CREDENTIALS = {
  ...{ access_code: 'code', requestPhrases: ['a'], responsePhrase: 'b', digest: 'SHA-256', applePay: false },
  replies: 'captured',
};
const SENT = { access_code: 'code', merchant_identifier: 'merchant', language: 'en', signature: 'signed' };
const COMMANDS = {
  PAYMENT_LINK: { selector: 'service_command', status: { success: '48', failure: '49' } },
  UPDATE_PAYMENT_LINK: { selector: 'service_command', status: { success: '48', failure: '49' } },
  CHECK_PAYMENT_LINK_STATUS: { selector: 'query_command', status: { success: '12', failure: '11' } },
};

/** The gateway behind authentication and checks, which other tests are about. */
function start(at = AT) {
  const gateway = new Gateway({
    credentials: [CREDENTIALS],
    merchantIdentifier: 'merchant',
    window: 7 * DAY,
    redirectionUrl: 'https://shop.example/account',
    threeDSecureUrl: (id) => `http://127.0.0.1:1/FortAPI/3ds/${id}`,
    linkUrl: (id) => `http://127.0.0.1:1/FortAPI/link/${id}`,
    reports: 'csv',
    allow: [],
    payments: [],
  });
  const checkout = new Checkout(gateway);
  const send = (name, params, { credentials = CREDENTIALS, when = at } = {}) => {
    const command = { rules: [], reply: [], unsignedReply: [], parameters: {}, notOnPage: [], ...COMMANDS[name] };
    const message = new Map(Object.entries({ [command.selector]: name, ...SENT, ...params }));
    return Object.fromEntries(gateway.carryOut({ message, found: { name, command }, credentials }, when).reply);
  };
  const create = (merchant_reference) => {
    const customer = { customer_email: 'a@example.com', request_expiry_date: '2026-02-01T00:00:00Z' };
    const reply = send('PAYMENT_LINK', { merchant_reference, amount: '5000', currency: 'AED', ...customer });
    return { ...reply, link: gateway.link(reply.payment_link.split('/').at(-1)) };
  };
  const pay = (link, when = at) => {
    const card = new Map([
      ['card_number', '4005550000000001'],
      ['expiry_date', '3005'],
      ['card_security_code', '123'],
    ]);
    return checkout.submit(checkout.follow(link), card, when);
  };
  return { gateway, checkout, send, create, pay };
}

test('a link is looked up by its number or reference, under its own access code', () => {
  const { send, create } = start();
  const { payment_link_id } = create('l1');
  for (const names of [
    { payment_link_id },
    { merchant_reference: 'l1' },
    { payment_link_id, merchant_reference: 'l1' },
  ]) {
    const seen = send('CHECK_PAYMENT_LINK_STATUS', names);
    assert.deepEqual(
      [seen.response_code, seen.payment_link_status, seen.amount, seen.request_expiry_date],
      ['12000', 'Open', '5000', '2026-02-01T00:00:00Z'],
    );
  }
  assert.equal(send('CHECK_PAYMENT_LINK_STATUS', { payment_link_id, merchant_reference: 'l2' }).response_code, '12036');
  const credentials = { ...CREDENTIALS, access_code: 'other' };
  assert.equal(send('CHECK_PAYMENT_LINK_STATUS', { payment_link_id }, { credentials }).response_code, '12036');
});

test('a changed amount and date count when the link is paid', () => {
  const { gateway, send, create, pay } = start();
  const { payment_link_id, link } = create('l1');
  const paid = pay(link);
  for (const own of [paid.reply, paid.notification]) {
    assert.deepEqual([own.get('response_code'), own.get('payment_link_id')], ['14000', payment_link_id]);
  }
  assert.equal(send('UPDATE_PAYMENT_LINK', { payment_link_id, amount: '1' }).response_code, '49047', 'it is paid');
  assert.equal(send('CHECK_PAYMENT_LINK_STATUS', { payment_link_id }).payment_link_status, 'Paid');
  const second = create('l2');
  const changes = { amount: '7000', request_expiry_date: '2026-03-01T00:00:00Z' };
  const changed = send('UPDATE_PAYMENT_LINK', { merchant_reference: 'l2', ...changes });
  assert.deepEqual([changed.response_code, changed.amount], ['48000', '7000']);
  const { reply } = pay(second.link, Date.UTC(2026, 1, 15));
  assert.deepEqual([reply.get('response_code'), reply.get('amount')], ['14000', '7000']);
  assert.deepEqual(
    gateway.payments(AT).map(({ merchant_reference, captured }) => [merchant_reference, captured]),
    [
      ['l1', '5000'],
      ['l2', '7000'],
    ],
  );
});

test('a closed link leads nowhere until it is open again; so does one whose time is over', () => {
  const { checkout, send, create } = start();
  const { payment_link_id, link } = create('l1');
  const set = (payment_link_status) => send('UPDATE_PAYMENT_LINK', { payment_link_id, payment_link_status });
  assert.equal(set('CLOSED').payment_link_status, 'Closed');
  assert.equal(checkout.isOpen(link, AT), false);
  assert.equal(set('OPEN').payment_link_status, 'Open');
  assert.equal(checkout.isOpen(link, AT), true);
  const late = Date.UTC(2026, 1, 2);
  assert.equal(checkout.isOpen(link, late), false);
  const seen = send('CHECK_PAYMENT_LINK_STATUS', { payment_link_id }, { when: late });
  assert.equal(seen.payment_link_status, 'Expired');
  const past = send('UPDATE_PAYMENT_LINK', { payment_link_id, request_expiry_date: '2025-01-01T00:00:00Z' });
  assert.equal(past.response_code, '00115');
  assert.equal(send('UPDATE_PAYMENT_LINK', { payment_link_id: 'unknown' }).response_code, '49036');
});

test('through the client: made, changed, paid by its customer', async () => {
  const sandbox = createSandbox({ clock: () => AT });
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const created = await aps.links.create({
    merchant_reference: 'l1',
    amount: Amount.parse('50.00', 'AED'),
    customer_email: 'a@example.com',
    request_expiry_date: '2026-02-01T00:00:00+00:00',
    notification_type: 'EMAIL',
    return_url: 'https://shop.example/back',
  });
  const { payment_link_id, payment_link } = created.params;
  const changed = await aps.send('UPDATE_PAYMENT_LINK', { payment_link_id, amount: Amount.parse('70.00', 'AED') });
  assert.equal(changed.params.amount, '7000', changed.message);
  const look = async () =>
    (await aps.send('CHECK_PAYMENT_LINK_STATUS', { payment_link_id })).params.payment_link_status;
  assert.equal(await look(), 'Open');
  const arrived = await sandbox.complete(payment_link);
  assert.deepEqual([arrived.response_code, arrived.amount], ['14000', '7000']);
  assert.equal(await look(), 'Paid');
});
