// sandbox.complete: the customer on the hosted page, behind a link and at the challenge.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from '../../pkg/sandbox/index.js';
import { Amount, buildForm, openNotification, PaymentServices } from '../../pkg/server.js';
import { CARD, merchant } from './plain-merchant.js';

const amount = Amount.parse('49.99', 'AED');
const email = { customer_email: 'a@example.com' };
const return_url = 'https://shop.example/back';

const start = (options) => {
  const sandbox = createSandbox(options);
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const form = (merchant_reference, more) =>
    buildForm('PURCHASE', { merchant_reference, amount, ...email, return_url, ...more }, sandbox.account);
  const open = (arrived, merchant_reference) =>
    openNotification(arrived, sandbox.account, { expect: { merchant_reference, amount, command: 'PURCHASE' } });
  return { sandbox, aps, form, open };
};
const brand = (name, outcome = 'success') => testCards.find((card) => card.brand === name && card.outcome === outcome);

test('pays on the hosted page, and what arrives opens as a notification', async () => {
  for (const returnMethod of ['GET', 'POST']) {
    const { sandbox, form, open } = start({ returnMethod });
    const arrived = await sandbox.complete(form('a'));
    assert.equal(open(arrived, 'a').outcome, 'succeeded');
    for (const [place, card] of [
      brand('AMEX'),
      brand('MEEZA'),
      '5123 4567 8901 2346',
      { card_number: '4005550000000001', expiry_date: '05/30', card_security_code: '123' },
    ].entries()) {
      const { response_code } = await sandbox.complete(form(`card-${place}`), { card });
      assert.equal(response_code, '14000');
    }
    const declined = await sandbox.complete(form('d'), { card: brand('VISA', 'declined') });
    assert.equal(open(declined, 'd').outcome, 'failed');
  }
});

test('passes, fails or abandons the challenge, whatever the card; cancels the page', async () => {
  for (const card of [undefined, brand('VISA', 'challenge')]) {
    const { sandbox, form, open } = start();
    assert.equal(open(await sandbox.complete(form('pass'), { card, challenge: 'pass' }), 'pass').code, '14000');
    const failed = open(await sandbox.complete(form('fail'), { card, challenge: 'fail' }), 'fail');
    assert.deepEqual([failed.code, failed.outcome], ['13030', 'failed']);
    assert.equal(await sandbox.complete(form('abandon'), { card, challenge: 'abandon' }), null);
    assert.equal((await merchant(sandbox).status('abandon')).transaction_code, '20064');
    const cancelled = await sandbox.complete(form('cancel'), { card, challenge: 'cancel' });
    assert.deepEqual([cancelled.response_code, cancelled.return_url], ['00072', return_url]);
    assert.match(cancelled.signature, /^[0-9a-f]{64}$/);
  }
});

test('goes on after redirectTo', async () => {
  const { sandbox, aps, open } = start();
  const ask = (merchant_reference, more) =>
    aps.purchase({ merchant_reference, amount, ...email, ...CARD, card_number: '4557012345678902', ...more });
  const waiting = await ask('a', { return_url });
  assert.equal(waiting.outcome, 'action_required');
  assert.equal(open(await sandbox.complete(waiting), 'a').outcome, 'succeeded');
  const other = await ask('b', { return_url });
  assert.equal(await sandbox.complete(other.redirectTo, { challenge: 'abandon' }), null);
  assert.equal(open(await sandbox.complete(other.redirectTo, { challenge: 'fail' }), 'b').code, '13030');
  const nowhere = await ask('c');
  assert.equal(await sandbox.complete(nowhere), null, 'there is nowhere to arrive');
  assert.equal((await merchant(sandbox).status('c')).transaction_code, '14000');
});

test('confirms what needs no card, and declines it', async () => {
  const { sandbox, form } = start();
  const knet = { payment_option: 'KNET', amount: Amount.parse('1.000', 'KWD') };
  assert.equal((await sandbox.complete(form('a', knet))).response_code, '14000');
  assert.equal((await sandbox.complete(form('b', knet), { challenge: 'fail' })).response_code, '13666');
  assert.equal(await sandbox.complete(form('c', knet), { challenge: 'abandon' }), null);
  assert.equal((await sandbox.complete(form('d', knet), { challenge: 'cancel' })).response_code, '00072');
});

test('stores a card, pays with it, and pays behind a link', async () => {
  const { sandbox, aps, form } = start();
  const page = buildForm('TOKENIZATION', { merchant_reference: 't', return_url }, sandbox.account);
  const { token_name } = await sandbox.complete(page);
  const paid = await sandbox.complete(form('a', { token_name }));
  assert.deepEqual([paid.response_code, paid.card_number], ['14000', '400555******0001']);
  const link = await aps.links.create({
    merchant_reference: 'l',
    amount,
    ...email,
    request_expiry_date: '2096-12-01T00:00:00+04:00',
    notification_type: 'EMAIL',
    return_url,
  });
  const paidByLink = await sandbox.complete(link.params.payment_link, { challenge: 'pass' });
  const { merchant_reference, response_code, payment_link_id } = paidByLink;
  assert.deepEqual([merchant_reference, response_code], ['l', '14000']);
  assert.equal(payment_link_id, link.params.payment_link_id, 'after 3-D Secure too');
});

test('a customer whose connection is cut does not return', async () => {
  const { sandbox, form } = start();
  sandbox.faults({ next: { command: 'PURCHASE', dropReply: true } });
  assert.equal(await sandbox.complete(form('a')), null);
  assert.equal(sandbox.payments()[0].state, 'captured');
});

test('says what is wrong', async () => {
  const { sandbox, form } = start();
  await assert.rejects(sandbox.complete(form('a'), { card: '4111111111111112' }), /refuses the card: 00016/);
  await assert.rejects(
    sandbox.complete(form('a'), { challenge: 'maybe' }),
    /must be one of pass, fail, abandon, cancel/,
  );
  await assert.rejects(
    sandbox.complete(form('a'), { cards: '1' }),
    /There is no option cards here\. The options are card, challenge/,
  );
  for (const nowhere of [undefined, {}, null, 7])
    await assert.rejects(sandbox.complete(nowhere), /must be a built form/);
  await assert.rejects(sandbox.complete('http://127.0.0.1:1/FortAPI/3ds/unknown'), /HTTP status 404/);
});

test('the account’s own page to return to', async () => {
  const { sandbox, aps } = start({ redirectionUrl: 'https://shop.example/account?from=aps' });
  const waiting = await aps.purchase({
    merchant_reference: 'a',
    amount,
    ...email,
    ...CARD,
    card_number: '4557012345678902',
  });
  const arrived = await sandbox.complete(waiting);
  assert.deepEqual([arrived.from, arrived.response_code], ['aps', '14000']);
  assert.throws(() => createSandbox({ redirectionUrl: 'shop' }), /redirectionUrl must be an http or https URL/);
});
