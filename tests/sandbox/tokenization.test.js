import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from '../../pkg/sandbox/index.js';
import { action, BARE, CHALLENGED, openBrowser, RETURN, returned, VISA } from './plain-browser.js';
import { ask, authentic, handSign, merchant, paying, reference, request } from './plain-merchant.js';

const tokenizing = (more) => ({
  service_command: 'TOKENIZATION',
  merchant_reference: reference(),
  return_url: RETURN,
  ...more,
});
const byToken = (token_name, more) => ({ ...BARE, token_name, ...more });

test('the card goes from the browser to the gateway, and its token to the shop', async (t) => {
  const sandbox = createSandbox();
  await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const params = tokenizing();
  const added = { ...VISA, card_holder_name: 'A B', remember_me: 'YES' };
  const end = await customer.open(params, added);
  assert.doesNotMatch(end.location, /4005550000000001|card_security_code/);
  const result = returned(end);
  authentic(result, sandbox.account);
  const { token_name, signature, ...rest } = result;
  assert.match(token_name, /^[0-9A-F]{32}$/);
  const { merchant_identifier, access_code, language } = sandbox.account;
  assert.deepEqual(rest, {
    ...params,
    merchant_identifier,
    access_code,
    language,
    card_number: '400555******0001',
    card_bin: '400555',
    expiry_date: '3005',
    card_holder_name: 'A B',
    remember_me: 'YES',
    response_message: 'Success',
    response_code: '18000',
    status: '18',
  });
  assert.deepEqual(sandbox.payments(), []);
  const paid = await ask(sandbox, paying('PURCHASE', params.merchant_reference, byToken(token_name)));
  assert.deepEqual(
    [paid.response_code, paid.card_number, paid.expiry_date, paid.card_holder_name],
    ['14000', '400555******0001', '3005', 'A B'],
  );
  const shown = JSON.stringify(sandbox.log());
  assert.ok(!shown.includes('4005550000000001') && !shown.includes('"123"'));
});

test('the published example of a signature (DOC, Merchant Page 2.0)', async () => {
  const account = {
    access_code: 'SILgpo7pWbmzuURp2qri',
    merchant_identifier: 'MxvOupuG',
    sha_request_phrase: 'PASS',
    sha_response_phrase: 'PASS',
  };
  const form = {
    service_command: 'TOKENIZATION',
    access_code: account.access_code,
    merchant_identifier: account.merchant_identifier,
    merchant_reference: 'MyReference0001',
    language: 'en',
    signature: '7ee560ccd621da61bfc772f2f1b5849babda768f5ee36d4de67efa88403e4b99',
  };
  const customer = openBrowser(createSandbox({ account }));
  const { html } = await customer.post('/FortAPI/paymentPage', { ...form, ...VISA, remember_me: 'NO' });
  assert.match(html, /00037/, 'its signature holds; what is missing is a way back');
  const tampered = await customer.post('/FortAPI/paymentPage', { ...form, merchant_reference: 'MyReference0002' });
  assert.match(tampered.html, /00008/);
});

test('the log names the customer’s fields that were signed by mistake', async () => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const customer = openBrowser(sandbox);
  const added = { ...VISA, card_holder_name: 'A B', remember_me: 'YES' };
  const hint = async (signed, phrase = account.sha_request_phrase, digest = account.digest) => {
    const params = tokenizing();
    const form = request(account, params);
    const signature = handSign({ ...form, ...signed }, phrase, digest);
    const { html } = await customer.open(params, { ...added, signature });
    assert.match(html, /00008/);
    return sandbox.log().at(-1).hint;
  };
  const all = 'card_holder_name, card_number, card_security_code, expiry_date, remember_me';
  const responseTo = (names) =>
    `The signature is made of ${names}, too, which the browser adds and the signature leaves out.`;
  assert.equal(await hint(added), responseTo(all));
  assert.equal(await hint(VISA), responseTo('card_number, card_security_code, expiry_date'));
  assert.equal(await hint({ remember_me: 'YES' }), responseTo('remember_me'));
  assert.match(await hint({}, undefined, 'SHA-512'), /made with SHA-512, not SHA-256/);
  assert.match(await hint({}, account.sha_response_phrase), /sha_response_phrase/);
  const both = await hint(VISA, undefined, 'HMAC-256');
  assert.match(both, /made of card_number, card_security_code, expiry_date, too/);
  assert.match(both, /made with HMAC-256, not SHA-256/);
  assert.equal(await hint({ merchant_reference: 'another' }), undefined);
  assert.ok(!JSON.stringify(sandbox.log()).includes(VISA.card_number));
});

test('back by POST as well', async () => {
  const sandbox = createSandbox({ returnMethod: 'POST' });
  const result = returned(await openBrowser(sandbox).open(tokenizing(), VISA));
  authentic(result, sandbox.account);
  assert.equal(result.response_code, '18000');
});

test('a token of the shop’s own choice; two clicks do no harm', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const params = tokenizing({ token_name: 'customer-7' });
  const [one, two] = await Promise.all([customer.open(params, VISA), customer.open(params, VISA)]);
  assert.deepEqual(returned(one), returned(two));
  assert.equal(returned(one).token_name, 'customer-7');
  const shop = merchant(sandbox);
  assert.equal(await shop.purchase(reference(), byToken('customer-7', { card_security_code: '123' })), '14000');
  assert.equal(await shop.purchase(reference(), byToken('customer-7', { card_security_code: '1234' })), '00002');
  assert.equal(await shop.purchase(reference(), byToken('customer-8')), '00044');
});

test('a payment by token ends as its card does', async () => {
  const codes = {
    success: '14000',
    challenge: '20064',
    declined: '13666',
    insufficient_funds: '13029',
    technical_problem: '13006',
    uncertain: '15777',
    uncertain_declined: '15777',
    refund_declined: '14000',
  };
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  for (const { number, expiry, securityCode, outcome, brand } of testCards) {
    const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
    const stored = returned(await customer.open(tokenizing(), card));
    assert.equal(stored.response_code, '18000', number);
    assert.equal(stored.card_bin, number.slice(0, number.length === 19 ? 8 : 6));
    const params = byToken(stored.token_name, { customer_ip: '192.0.2.7', card_security_code: securityCode });
    const reply = await ask(sandbox, paying('PURCHASE', reference(), params));
    assert.equal(reply.response_code, codes[outcome], number);
    assert.equal('3ds_url' in reply, outcome === 'challenge');
    assert.equal(reply.payment_option, brand);
  }
});

test('a form that was tampered with, or signed over what it must not be', async () => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const customer = openBrowser(sandbox);
  const params = tokenizing();
  for (const change of [
    { merchant_reference: 'other' },
    { return_url: 'https://evil.example/' },
    { token_name: 'somebody-else' },
    { language: 'ar' },
    { signature: '00' },
    { signature: '' },
  ]) {
    const refused = await customer.open(params, { ...VISA, ...change });
    assert.match(refused.html, /00008|00001/, JSON.stringify(change));
    assert.doesNotMatch(refused.html, /4005550000000001|evil/);
  }
  const over = { ...request(account, params), ...VISA };
  const signature = handSign(over, account.sha_request_phrase);
  assert.match((await customer.post('/FortAPI/paymentPage', { ...over, signature })).html, /00008: Signature mismatch/);
  const unsigned = await customer.post('/FortAPI/paymentPage', { ...over, signature: '' });
  assert.match(unsigned.html, /00008/);
});

test('an error is returned to return_url, unsigned, without a notification', async () => {
  const sandbox = createSandbox({
    webhook: { url: 'https://shop.example/hook', fetch: () => assert.fail('notified') },
  });
  const customer = openBrowser(sandbox);
  for (const [added, code, message] of [
    [{ ...VISA, expiry: '05/30' }, '00027', 'Invalid extra parameters: expiry'],
    [{ ...VISA, submit: '' }, '00027', 'Invalid extra parameters: submit'],
    [{ ...VISA, amount_shown: '1', x: '2' }, '00027', 'Invalid extra parameters: amount_shown, x'],
    [{ ...VISA, card_number: '' }, '00001', 'Missing parameter: card_number'],
    [{ ...VISA, expiry_date: '' }, '00001', 'Missing parameter: expiry_date'],
    [{ card_number: VISA.card_number, expiry_date: '3005' }, '00001', 'Missing parameter: card_security_code'],
    [{ ...VISA, card_number: '4005550000000002' }, '00016', 'Invalid card number'],
    [{ ...VISA, card_number: '4005 5500 0000 0001' }, '00016', 'Invalid card number'],
    [{ ...VISA, card_number: '400555000000000002' }, '00016', 'Invalid card number'],
    [{ ...VISA, expiry_date: '2005' }, '00012', 'Card expired'],
    [{ ...VISA, expiry_date: '3013' }, '00100', 'Invalid expiry date'],
    [{ ...VISA, expiry_date: '05/30' }, '00032', 'Invalid parameter length: expiry_date'],
    [{ ...VISA, card_security_code: '1234' }, '00002', 'Invalid parameter format: card_security_code'],
    [{ ...VISA, remember_me: 'on' }, '00033', 'Parameter value not allowed: remember_me'],
    [{ ...VISA, card_holder_name: 'x'.repeat(51) }, '00032', 'Invalid parameter length: card_holder_name'],
  ]) {
    const result = returned(await customer.open(tokenizing(), added));
    authentic(result, sandbox.account);
    assert.deepEqual([result.response_code, result.response_message], [code, message]);
    assert.ok(!('token_name' in result) && !('card_security_code' in result));
    assert.ok(!Object.values(result).includes(VISA.card_number));
  }
  assert.ok(sandbox.log().every(({ kind }) => kind === 'exchange'));
});

test('Merchant Page: without card fields the gateway shows its own form', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const params = tokenizing();
  const page = await customer.open(params);
  assert.equal(page.status, 200);
  assert.match(page.html, /<h1 id="title">Your card<\/h1>/);
  assert.doesNotMatch(page.headers.get('content-security-policy'), /frame-ancestors/, 'a shop shows it in a frame');
  assert.match((await customer.post(action(page), {})).html, /00001: Missing parameter: card_number/);
  assert.match((await customer.post(action(page), { ...VISA, expiry_date: '05/20' })).html, /00012: Card expired/);
  const typed = { ...VISA, expiry_date: '05/30', remember_me: 'YES', return_url: 'https://evil.example/' };
  const end = await customer.post(action(page), typed);
  const result = returned(end);
  authentic(result, sandbox.account);
  assert.deepEqual([result.response_code, result.remember_me], ['18000', 'YES']);
  assert.deepEqual(returned(await customer.post(action(page), CHALLENGED)), result, 'twice tells the same');
  assert.deepEqual(returned(await customer.get(page.path)), result);
  const { token_name } = result;
  assert.equal(await merchant(sandbox).authorize(reference(), byToken(token_name)), '02000');
  const another = await customer.open(params);
  assert.notEqual(another.path, page.path, 'another card for the same order');
  assert.equal(returned(await customer.post(action(another), { cancel: '1' })).response_code, '00072');
});

test('without a return_url, a page shows the result', async () => {
  const customer = openBrowser(createSandbox());
  assert.match((await customer.open(tokenizing({ return_url: undefined }), VISA)).html, /00037: Missing return URL/);
  assert.match((await customer.open(tokenizing({ return_url: 'data:x' }), VISA)).html, /00002/);
});
