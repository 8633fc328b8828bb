import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  Amount,
  buildRequest,
  ConfigurationError,
  OrderNotFoundError,
  openNotification,
  openReply,
  ReplyMismatchError,
  SignatureError,
  sign,
  ValidationError,
} from 'aps-payops/server';
import { cards, phrases, securityCodes } from '../../secrets.js';
import { account, answerTo, applePay, notFound, payer, signed, totals } from '../client/scripted-gateway.js';

const AMOUNT = Amount.parse('49.99', 'AED');
const request = buildRequest('CAPTURE', { merchant_reference: 'o-1', amount: AMOUNT }, account);
const answer = (changes) => answerTo(request.params, changes);
const open = (message, given = account) => openReply(JSON.stringify(message), given, { request });

test('a signed answer becomes a Reply', () => {
  const reply = open(answer());
  assert.equal(reply.outcome, 'succeeded');
  assert.deepEqual([reply.status, reply.code, reply.message, reply.authentic], ['04', '04000', 'Success', true]);
  assert.equal(reply.params.amount, '4999');
  assert.equal(reply.payment, undefined);
  assert.ok(Object.isFrozen(reply) && Object.isFrozen(reply.params));
  assert.throws(() => {
    reply.outcome = 'failed';
  }, TypeError);
});

test('any response phrase of the account will do, and no other', () => {
  const rotated = { ...account, sha_response_phrase: [phrases.olderResponse, phrases.response] };
  assert.equal(open(answer(), rotated).authentic, true);
  assert.throws(() => open(answer(), { ...account, sha_response_phrase: phrases.olderResponse }), {
    code: 'signature_mismatch',
  });
});

test('a message that is not proven to be from APS is a SignatureError', () => {
  const good = answer();
  const { signature, ...unsigned } = good;
  for (const [message, code] of [
    ['', 'unreadable'],
    ['{"a":', 'unreadable'],
    ['{"a":"1","a":"2"}', 'unreadable'],
    ['\ud800', 'unreadable'],
    [new Uint8Array([0x7b, 0xff]), 'unreadable'],
    ['<html><body>Bad gateway</body></html>', undefined],
    [JSON.stringify(unsigned), 'unsigned'],
    [{ ...good, amount: '4998' }, 'signature_mismatch'],
    [{ ...good, more: '1' }, 'signature_mismatch'],
    [{ ...good, signature: good.signature.slice(1) }, 'signature_mismatch'],
    [signed(unsigned, { phrase: phrases.request }), 'signature_mismatch'],
    // The request itself, sent back.
    [request.body, 'signature_mismatch'],
    // Declined, and cut up so that it reads as accepted.
    [answer({ order_description: 'x', response_code: '05666', response_message: 'xresponse_code=04000' }), 'ambiguous'],
  ]) {
    assert.throws(
      () => openReply(message, account, { request }),
      (error) => error instanceof SignatureError && (code === undefined || error.code === code),
      inspect(message),
    );
  }
});

test('an authentic answer about something else is a ReplyMismatchError', () => {
  for (const [changes, parameter] of [
    [{ merchant_reference: 'o-2' }, 'merchant_reference'],
    [{ amount: '4998' }, 'amount'],
    [{ currency: 'USD' }, 'currency'],
    [{ command: 'REFUND' }, 'command'],
    [{ merchant_identifier: 'Another1' }, 'merchant_identifier'],
  ]) {
    assert.throws(
      () => open(answer(changes)),
      (error) => error instanceof ReplyMismatchError && error.parameters.includes(parameter),
      parameter,
    );
  }
});

test('a rejection is unsigned, and says so', () => {
  const reply = open(answer({ response_code: '00008', response_message: 'Signature mismatch' }));
  assert.deepEqual([reply.outcome, reply.authentic, reply.code], ['rejected', false, '00008']);
});

test('openReply needs its request', () => {
  for (const options of [undefined, {}, { request: {} }, { request: null }]) {
    assert.throws(() => openReply(JSON.stringify(answer()), account, options), ConfigurationError);
  }
});

test('the way to 3-D Secure is https, or on this machine with a sandbox that is', () => {
  const purchase = buildRequest('PURCHASE', { ...payer, merchant_reference: 'o-1', amount: AMOUNT }, account);
  const to = (url, given = account) => {
    const changes = { response_code: '20064', response_message: '3-D Secure', '3ds_url': url };
    return openReply(JSON.stringify(answerTo(purchase.params, changes)), given, { request: purchase });
  };
  const there = to('https://gateway.example/3ds?x=1');
  assert.deepEqual([there.outcome, there.redirectTo], ['action_required', 'https://gateway.example/3ds?x=1']);
  const local = { ...account, environment: { paymentApi: 'http://127.0.0.1:8080/FortAPI/paymentApi' } };
  assert.equal(to('http://127.0.0.1:8080/3ds', local).redirectTo, 'http://127.0.0.1:8080/3ds');
  assert.equal(to('http://127.0.0.1:8080/3ds', local).outcome, 'action_required');
  for (const [url, given] of [
    ['http://127.0.0.1:8080/3ds', account],
    ['http://gateway.example/3ds', local],
    ['javascript:alert(1)', local],
    ['http://gateway.example/3ds', account],
  ]) {
    assert.equal(to(url, given).redirectTo, undefined, url);
    assert.equal(to(url, given).outcome, 'pending');
  }
});

test('a Reply prints no whole card number and no security code', () => {
  const reply = open(answer({ card_number: cards[0], card_security_code: securityCodes[0] }));
  assert.equal(reply.params.card_number, cards[0]);
  for (const thing of [reply, reply.params, { reply }]) {
    const text = inspect(thing, { depth: 9 }) + JSON.stringify(thing);
    assert.ok(!text.includes(cards[0]) && !text.includes('card_security_code'), text);
  }
  const masked = open(answer({ card_number: '400555******0001' }));
  assert.equal(JSON.parse(JSON.stringify(masked)).params.card_number, '400555******0001');
});

const notice = answer();
const order = { merchant_reference: 'o-1', amount: AMOUNT, command: 'CAPTURE' };

test('a notification arrives in many shapes', () => {
  const form = new URLSearchParams(notice);
  const data = new FormData();
  for (const [name, value] of Object.entries(notice)) data.append(name, value);
  const text = JSON.stringify(notice);
  for (const message of [text, new TextEncoder().encode(text), form, form.toString(), data, notice]) {
    const reply = openNotification(message, account, { expect: order });
    assert.deepEqual([reply.outcome, reply.authentic], ['succeeded', true]);
  }
});

test('a message that is refused as ambiguous names the parameter, unless a stranger may have named it', () => {
  const refusal = (more) => () => openNotification(answer(more), account, { expect: order });
  assert.throws(refusal({ amount: '49.99' }), /can be read in two ways.* It is ambiguous at amount\.$/);
  assert.throws(refusal({ order_description: 'x response_code=14000' }), /It is ambiguous at order_description\.$/);
  for (const name of ['4005550000000001=', 'x y=']) {
    assert.throws(refusal({ [name]: '1' }), ({ message }) => !message.includes(name));
  }
});

test('a URL is no message, and the error says which part of it is', () => {
  const url = `https://shop.example/return?${new URLSearchParams(notice)}`;
  assert.throws(() => openNotification(url, account, { expect: order }), /give what follows its question mark/);
  assert.equal(openNotification(new URL(url).searchParams, account, { expect: order }).outcome, 'succeeded');
});

test('a notification must be about the order that is expected', () => {
  for (const [expect, parameter] of [
    [{ ...order, merchant_reference: 'o-2' }, 'merchant_reference'],
    [{ ...order, amount: Amount.parse('49.98', 'AED') }, 'amount'],
    [{ ...order, amount: Amount.parse('49.99', 'USD') }, 'currency'],
    [{ ...order, amount: '4998', currency: 'AED' }, 'amount'],
    [{ ...order, amount: 4998n }, 'amount'],
    [{ ...order, command: 'REFUND' }, 'command'],
    [{ ...order, fort_id: '1' }, 'fort_id'],
    [() => ({ ...order, merchant_reference: 'o-2' }), 'merchant_reference'],
  ]) {
    assert.throws(
      () => openNotification(notice, account, { expect }),
      (error) => error instanceof ReplyMismatchError && error.parameters.includes(parameter),
      parameter,
    );
  }
  for (const amount of [null, 4999, 49.99, '49.99', {}]) {
    assert.throws(() => openNotification(notice, account, { expect: { ...order, amount } }), ValidationError);
  }
  const conflict = { ...order, currency: 'USD' };
  assert.throws(() => openNotification(notice, account, { expect: conflict }), ValidationError);
  for (const expect of [
    { ...order, amount: '4999', currency: 'AED' },
    { ...order, amount: 4999n },
    { ...order, amount: 'any' },
    { ...order, amount: 'any', currency: 'AED' },
    () => ({ amount: AMOUNT }),
  ]) {
    assert.equal(openNotification(notice, account, { expect }).outcome, 'succeeded');
  }
  assert.equal(openNotification(notice, account).outcome, 'succeeded', 'without any, it is only known to be from APS');
});

test('no amount is cut out of a value that the customer chose', () => {
  // 1.00 was paid; the same signed text reads as 5,000.00.
  const { signature, ...params } = answer({ command: 'PURCHASE', response_code: '14000', amount: '100' });
  const real = signed({ ...params, agreement_id: 'Xamount=500000cashback_wallet_' });
  const forged = { ...real, agreement_id: 'X', amount: '500000', cashback_wallet_amount: '100' };
  const expect = { merchant_reference: 'o-1', amount: Amount.parse('5000.00', 'AED') };
  assert.throws(() => openNotification(forged, account, { expect }), { code: 'ambiguous' });
  const honest = signed({ ...params, amount: '500000', cashback_wallet_amount: '100' });
  assert.equal(openNotification(honest, account, { expect }).outcome, 'succeeded');
});

/** `expect` itself, a function that returns it, and one that resolves to it. */
const formsOfExpect = (expect) => [expect, () => expect, async () => expect];
const opening = async (message, expect) => openNotification(message, account, { expect });

test('a member that expect does not know is refused', async () => {
  for (const member of ['amout', 'curency', 'merchant_ref', 'Amount', 'comand', 'maintenance_reference', 'row', '']) {
    for (const expect of formsOfExpect({ ...order, [member]: 'x' })) {
      await assert.rejects(opening(notice, expect), (error) => {
        assert.ok(error instanceof ValidationError, String(error));
        assert.deepEqual(
          error.issues.map(({ parameter, code }) => [parameter, code]),
          [[member, 'unknown']],
        );
        return true;
      });
    }
  }
});

test('members that expect inherits, or that hold nothing, are refused', async () => {
  class Order {
    get amount() {
      return AMOUNT;
    }
  }
  const inherited = Object.create({ amount: AMOUNT });
  for (const bad of [
    Object.assign(new Order(), { merchant_reference: 'o-1' }),
    Object.assign(inherited, { merchant_reference: 'o-1' }),
    Object.assign(Object.create({ amout: AMOUNT }), order),
    { ...order, currency: null },
    { ...order, command: null },
    { ...order, command: '' },
    { ...order, fort_id: '' },
    { ...order, merchant_reference: 5, fort_id: '1' },
    [order],
    'o-1',
    new Map(Object.entries(order)),
  ]) {
    for (const expect of formsOfExpect(bad)) {
      await assert.rejects(opening(notice, expect), ValidationError, inspect(bad));
    }
  }
  const both = { merchant_reference: 'o-1', amout: AMOUNT, curency: 'AED' };
  await assert.rejects(opening(notice, both), ({ issues }) => issues.length === 2);
});

test('a message about money needs an expected amount', async () => {
  const unpriced = { merchant_reference: 'o-1', command: 'CAPTURE' };
  for (const expect of formsOfExpect(unpriced)) {
    await assert.rejects(opening(notice, expect), (error) => {
      assert.ok(error instanceof ValidationError, String(error));
      assert.deepEqual([error.issues[0].parameter, error.issues[0].code], ['amount', 'missing']);
      return true;
    });
  }
  for (const expect of formsOfExpect({ ...unpriced, amount: 'any' })) {
    assert.equal((await opening(notice, expect)).outcome, 'succeeded');
  }
  for (const amount of ['ANY', 'Any', 'any ', '*', '', 0, Infinity]) {
    await assert.rejects(opening(notice, { ...unpriced, amount }), ValidationError, String(amount));
  }
  // Neither the command nor the amount left out of the message makes it one that is not about money.
  const { signature, ...params } = notice;
  const { command, ...unnamed } = params;
  const { amount, ...unpaid } = params;
  for (const message of [signed(unnamed), signed({ ...unnamed, command: 'NEW_COMMAND' }), signed(unpaid)]) {
    await assert.rejects(opening(message, { merchant_reference: 'o-1' }), ValidationError);
  }
  // Another order is another order first.
  await assert.rejects(opening(notice, { merchant_reference: 'o-2' }), ReplyMismatchError);
  await assert.rejects(opening({ ...notice, amount: '1' }, unpriced), SignatureError);
});

test('a message about no amount needs none', () => {
  const { signature, amount, currency, command, ...params } = notice;
  const token = { ...params, service_command: 'TOKENIZATION', response_code: '18000', status: '18', token_name: 't1' };
  const none = { ...params, command: 'VOID_AUTHORIZATION', response_code: '08000', status: '08' };
  for (const message of [token, none]) {
    const expect = { merchant_reference: 'o-1', command: message.command ?? message.service_command };
    assert.equal(openNotification(signed(message), account, { expect }).outcome, 'succeeded');
    assert.throws(
      () => openNotification(signed(message), account, { expect: { ...expect, amount: AMOUNT } }),
      ReplyMismatchError,
    );
  }
});

test('a missing order is distinguished from another order', async () => {
  for (const expect of [null, () => null, () => undefined, async () => null, async () => undefined]) {
    await assert.rejects(opening(notice, expect), (error) => {
      assert.ok(error instanceof OrderNotFoundError && !(error instanceof ReplyMismatchError), String(error));
      assert.equal(error.code, 'order_not_found');
      return true;
    });
    await assert.rejects(
      opening({ ...notice, amount: '1' }, expect),
      SignatureError,
      'a forgery is nothing to wait for',
    );
  }
  // A look-up of the caller's own that found nothing.
  assert.throws(() => openNotification(notice, account, { expect: new Map().get('o-1') }), ValidationError);
});

test('the order may be looked up, even in a database, by what was verified', async () => {
  const lookups = [];
  const find = ({ merchant_reference }) => {
    lookups.push(merchant_reference);
    return order;
  };
  assert.equal(openNotification(notice, account, { expect: find }).outcome, 'succeeded');
  const promise = openNotification(notice, account, { expect: async (params) => find(params) });
  assert.ok(promise instanceof Promise);
  assert.equal((await promise).outcome, 'succeeded');
  await assert.rejects(openNotification(notice, account, { expect: async () => null }), OrderNotFoundError);
  assert.throws(() => openNotification({ ...notice, amount: '1' }, account, { expect: find }), SignatureError);
  assert.equal(lookups.length, 2, 'nobody is asked about a forgery');
});

test('an unsigned notification is refused, whatever its status', () => {
  const rejected = answer({ response_code: '00072' });
  assert.throws(() => openNotification(rejected, account), { code: 'unsigned' });
});

test('query parameters of one’s own may be ignored, but nothing that counts', () => {
  const query = `${new URLSearchParams(notice)}&utm_source=mail`;
  assert.throws(() => openNotification(query, account, { expect: order }), SignatureError);
  assert.equal(openNotification(query, account, { expect: order, ignore: ['utm_source'] }).outcome, 'succeeded');
  for (const ignore of [['amount'], ['status'], 'utm_source', [5]]) {
    assert.throws(() => openNotification(notice, account, { ignore }), ValidationError);
  }
});

test('the access code selects the phrases', () => {
  const both = { ...account, applePay };
  const { signature, ...params } = notice;
  const apple = signed(
    { ...params, access_code: applePay.access_code },
    { phrase: phrases.applePayResponse, digest: 'HMAC-256' },
  );
  assert.equal(openNotification(apple, both).outcome, 'succeeded');
  assert.throws(() => openNotification(apple, account), { code: 'signature_mismatch' });
  const crossed = signed({ ...params, access_code: applePay.access_code });
  assert.throws(() => openNotification(crossed, both), { code: 'signature_mismatch' });
});

const both = { ...account, applePay };
const ofMain = { phrase: phrases.response };
const ofWallet = { phrase: phrases.applePayResponse, digest: 'HMAC-256' };

/** `notice`, or another message, under an access code and signed by a set. */
function under(access_code, by, { signature, ...params } = notice) {
  const { access_code: own, ...others } = params;
  return signed(access_code === null ? others : { ...others, access_code }, by);
}

test('a reply comes under the credentials of its request', () => {
  const details = { merchant_reference: 'o-1', amount: AMOUNT };
  const main = { request: buildRequest('CAPTURE', details, both, { credentials: 'main' }) };
  const wallet = { request: buildRequest('CAPTURE', details, both, { credentials: 'applePay' }) };
  const byMain = under(account.access_code, ofMain);
  const byWallet = under(applePay.access_code, ofWallet);
  assert.equal(openReply(byMain, both, main).outcome, 'succeeded');
  assert.equal(openReply(byWallet, both, wallet).outcome, 'succeeded');
  const isOther = (error) => error instanceof ReplyMismatchError && error.parameters.join() === 'access_code';
  assert.throws(() => openReply(byWallet, both, main), isOther);
  assert.throws(() => openReply(byMain, both, wallet), isOther);
  // The access code of one set, the signature of the other.
  for (const message of [under(account.access_code, ofWallet), under(applePay.access_code, ofMain)]) {
    for (const options of [main, wallet]) {
      assert.throws(() => openReply(message, both, options), { code: 'signature_mismatch' });
    }
  }
  // Without an access code it is the main set's.
  assert.equal(openReply(under(null, ofMain), both, main).outcome, 'succeeded');
  assert.throws(() => openReply(under(null, ofMain), both, wallet), isOther);
  assert.throws(() => openReply(under(null, ofWallet), both, wallet), SignatureError);
  // A request that does not tell its access code, and one that the caller says was signed by a set.
  const { access_code, ...withoutAccessCode } = main.request.params;
  assert.equal(openReply(byMain, both, { request: { params: withoutAccessCode } }).outcome, 'succeeded');
  assert.throws(() => openReply(byWallet, both, { request: { params: withoutAccessCode } }), isOther);
  const options = { request: { params: withoutAccessCode }, credentials: 'applePay' };
  assert.equal(openReply(byWallet, both, options).outcome, 'succeeded');
  assert.throws(() => openReply(byMain, both, options), isOther);
  assert.throws(() => openReply(byMain, account, options), { code: 'no_credentials' });
  // A rejection is unsigned: its contents must match the request.
  const { signature, ...refused } = { ...notice, response_code: '00008', status: '00' };
  assert.equal(openReply(refused, both, main).authentic, false);
  assert.throws(() => openReply({ ...refused, access_code: applePay.access_code }, both, main), isOther);
});

test('a status of a payment by a wallet comes under the credentials of the wallet', () => {
  const { request } = {
    request: buildRequest('CHECK_STATUS', { merchant_reference: 'o-1' }, both, { credentials: 'applePay' }),
  };
  const status = answerTo(request.params, totals(10000, 4999, 0, '04'));
  assert.equal(openReply(under(applePay.access_code, ofWallet, status), both, { request }).outcome, 'succeeded');
  assert.throws(() => openReply(under(account.access_code, ofMain, status), both, { request }), ReplyMismatchError);
});

test('expect may name the credentials', async () => {
  const byMain = under(account.access_code, ofMain);
  const byWallet = under(applePay.access_code, ofWallet);
  for (const [message, own, other] of [
    [byMain, 'main', 'applePay'],
    [under(null, ofMain), 'main', 'applePay'],
    [byWallet, 'applePay', 'main'],
  ]) {
    for (const expect of formsOfExpect({ ...order, credentials: own })) {
      assert.equal((await openNotification(message, both, { expect })).outcome, 'succeeded');
    }
    for (const expect of formsOfExpect({ ...order, credentials: other })) {
      await assert.rejects(
        async () => openNotification(message, both, { expect }),
        (error) => error instanceof ReplyMismatchError && error.parameters.join() === 'access_code',
      );
    }
    assert.equal(openNotification(message, both, { expect: order }).outcome, 'succeeded', 'either');
    assert.equal(openNotification(message, both, { credentials: own }).outcome, 'succeeded');
    assert.throws(() => openNotification(message, both, { credentials: other }), ReplyMismatchError);
  }
  for (const credentials of ['Main', 'applepay', 'APPLE_PAY', '', null, undefined, 1, ['main']]) {
    for (const expect of formsOfExpect({ ...order, credentials })) {
      await assert.rejects(async () => openNotification(byMain, both, { expect }), ValidationError);
    }
  }
  const expect = { ...order, credentials: 'applePay' };
  assert.throws(() => openNotification(byMain, account, { expect }), { code: 'no_credentials' });
});

test('CHECK_STATUS is judged by the last operation', () => {
  const check = buildRequest('CHECK_STATUS', { merchant_reference: 'o-1' }, account);
  const readChanged = (changes) =>
    openReply(JSON.stringify(answerTo(check.params, changes)), account, { request: check }).outcome;
  assert.equal(readChanged(totals(10000, 4999, 0, '04')), 'succeeded');
  assert.equal(readChanged(totals(10000, 0, 0, '03')), 'failed');
  assert.notEqual(readChanged(notFound), 'succeeded');
});

test('the signature helpers and the check of replies agree', () => {
  const { signature, ...params } = notice;
  assert.equal(sign(params, { phrase: phrases.response, digest: 'SHA-256' }), signature);
});
