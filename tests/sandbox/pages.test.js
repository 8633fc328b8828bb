import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from '../../pkg/sandbox/index.js';
import { action, BARE, CHALLENGED, openBrowser, RETURN, returned, VISA } from './plain-browser.js';
import { authentic, merchant, paying, reference, request } from './plain-merchant.js';

const hosted = (command, more) => paying(command, reference(), { ...BARE, return_url: RETURN, ...more });
const SCRIPT = `"><img src=x onerror='alert(1)'>\`&`;

test('pay on the page, and come back with a signed result', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const page = await customer.open(hosted('PURCHASE', { order_description: 'A & B' }));
  assert.equal(page.status, 200);
  assert.match(page.html, /A &#38; B/);
  const again = await customer.post(action(page), { ...VISA, card_number: '4005550000000002' });
  assert.equal(again.status, 200);
  assert.match(again.html, /00016: Invalid card number/);
  assert.doesNotMatch(again.html, /4005550000000002|value="123"/, 'number and code are not shown again');
  const result = returned(await customer.post(action(page), { ...VISA, amount: '1', token_name: 'x' }));
  authentic(result, sandbox.account);
  assert.deepEqual([result.response_code, result.amount, result.card_number], ['14000', '10000', '400555******0001']);
  assert.ok(!('token_name' in result));
  assert.equal(sandbox.payments().length, 1);
});

test('declined; cancelled, and tried again', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const page = await customer.open(hosted('AUTHORIZATION'));
  const declined = returned(await customer.post(action(page), { ...VISA, card_number: '4000000000000119' }));
  authentic(declined, sandbox.account);
  assert.equal(declined.response_code, '03666');
  const order = hosted('AUTHORIZATION');
  const first = await customer.open(order);
  const cancelled = returned(await customer.post(action(first), { cancel: '1' }));
  authentic(cancelled, sandbox.account);
  assert.equal(cancelled.response_code, '00072');
  assert.equal((await merchant(sandbox).status(order.merchant_reference)).response_code, '12036');
  assert.equal(returned(await customer.post(action(first), VISA)).response_code, '00072', 'what is cancelled stays so');
  const second = await customer.open(order);
  assert.notEqual(action(second), action(first));
  assert.equal(returned(await customer.post(action(second), VISA)).response_code, '02000');
});

test('the page lists every test card by outcome, with its expiry date and code', async () => {
  const customer = openBrowser(createSandbox());
  const purchase = await customer.open(hosted('PURCHASE'));
  const authorization = await customer.open(hosted('AUTHORIZATION'));
  const joinDigits = (html) => html.replace(/(?<=\d) (?=\d)/g, '');
  for (const { number, brand, expiry, securityCode } of testCards) {
    const row = joinDigits(purchase.html)
      .split('<li>')
      .find((part) => part.includes(`>${number}<`));
    assert.ok(
      row.includes(`${expiry.slice(2)}/${expiry.slice(0, 2)}`) && row.includes(`code\u00a0${securityCode}`),
      number,
    );
    const shown = joinDigits(authorization.html).includes(`>${number}<`);
    assert.equal(shown, !['JAYWAN', 'MADA', 'MEEZA'].includes(brand), number);
  }
});

test('input of customers is understood', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  for (const typed of [
    { card_number: '4005 5500 0000 0001', expiry_date: '05/30' },
    { card_number: ' 4005-5500-0000-0001 ', expiry_date: '5/2030' },
    { card_number: '٤٠٠٥٥٥٠٠٠٠٠٠٠٠٠١', expiry_date: '٠٥/٣٠', card_security_code: '۱۲۳' },
    { expiry_date: '0530' },
    { expiry_date: '05 / 30', card_holder_name: ' A B ', card_security_code: '123' },
  ]) {
    const page = await customer.open(hosted('PURCHASE'));
    const result = returned(await customer.post(action(page), { ...VISA, ...typed }));
    assert.deepEqual([result.response_code, result.expiry_date], ['14000', '3005'], JSON.stringify(typed));
  }
  const page = await customer.open(hosted('PURCHASE'));
  for (const [typed, complaint] of [
    [{ card_number: '' }, '00001: Missing parameter: card_number'],
    [{ card_number: '345678901234564' }, '00002: Invalid parameter format: card_security_code'],
    [{ expiry_date: '05/20' }, '00012: Card expired'],
    [{ expiry_date: '13/30' }, '00100: Invalid expiry date'],
    [{ expiry_date: 'May' }, '00032: Invalid parameter length: expiry_date'],
    [{ card_security_code: '12' }, '00032: Invalid parameter length: card_security_code'],
    [{ card_holder_name: 'x'.repeat(51) }, '00032: Invalid parameter length: card_holder_name'],
  ]) {
    const { html } = await customer.post(action(page), { ...VISA, ...typed });
    assert.ok(html.includes(complaint), complaint);
    assert.match(html, /aria-invalid="true" autofocus/);
  }
  assert.equal(sandbox.payments().length, 5);
});

test('after an error only the number and the code have to be typed again', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  for (const language of ['en', 'ar']) {
    const page = await customer.open(hosted('PURCHASE', { language }));
    assert.doesNotMatch(page.html, / checked/);
    const typed = { ...VISA, expiry_date: '05 / 20', card_holder_name: 'Layla “L” Haddad', remember_me: 'YES' };
    const { html } = await customer.post(action(page), typed);
    const fields = Object.fromEntries(
      [...html.matchAll(/<input id="(\w+)"[^>]* value="([^"]*)"/g)].map(([, id, value]) => [id, value]),
    );
    assert.deepEqual(fields, {
      card_number: '',
      expiry_date: '05 / 20',
      card_security_code: '',
      card_holder_name: 'Layla “L” Haddad',
    });
    assert.match(html, /id="remember_me" name="remember_me" value="YES" checked/);
    // A number in the wrong field is not shown again either.
    for (const name of ['expiry_date', 'card_holder_name']) {
      const wrong = await customer.post(action(page), { ...VISA, card_number: '', [name]: '4005 5500 0000 0001' });
      assert.doesNotMatch(wrong.html, /value="4005/);
    }
    // Nor is a code, in any digits.
    for (const [name, code] of [
      ['card_holder_name', '123'],
      ['card_holder_name', 'Layla 1234'],
      ['card_holder_name', '\u0661\u0662\u0663'],
      ['expiry_date', ' 123'],
    ]) {
      const wrong = await customer.post(action(page), { ...VISA, card_number: '', [name]: code });
      assert.doesNotMatch(wrong.html, new RegExp(`value="[^"]*${code.trim()}`), code);
    }
    // The browser's own messages are in its language.
    const [form] = html.match(/<form [^>]*class="card"[^>]*>/) ?? [];
    assert.match(String(form), / novalidate/);
    assert.match(html, language === 'ar' ? /تحقّق من تاريخ الانتهاء/ : /Check the expiry date/);
  }
});

test('reload, back, the form again, two clicks: one payment', async (t) => {
  let notified = 0;
  const hook = async () => {
    notified += 1;
    return new Response(null, { status: 200 });
  };
  const sandbox = createSandbox({ webhook: { url: 'https://shop.example/hook', fetch: hook } });
  await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const order = hosted('PURCHASE');
  const page = await customer.open(order);
  assert.equal((await customer.get(page.path)).html, page.html);
  assert.equal((await customer.open(order)).path, page.path, 'the same form is the same page');
  const ends = await Promise.all([customer.post(action(page), VISA), customer.post(action(page), VISA)]);
  const [result, ...rest] = ends.map((end) => returned(end));
  assert.equal(result.response_code, '14000');
  for (const other of [
    ...rest,
    returned(await customer.get(page.path)),
    returned(await customer.open(order)),
    returned(await customer.post(action(page), { cancel: '1' })),
    returned(await customer.post(action(page), { ...VISA, card_number: '4000000000000119' })),
  ]) {
    assert.deepEqual(other, result);
  }
  const [payment, ...others] = sandbox.payments();
  assert.deepEqual([payment.captured, payment.operations.length, others.length], ['10000', 1, 0]);
  assert.equal(notified, 1);
  // Another form for the same reference, such as with another amount, is another matter.
  const other = await customer.open({ ...order, amount: '5' });
  assert.equal(returned(other).response_code, '00066');
});

test('two forms of one reference: the second customer sees that the order exists', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const order = hosted('PURCHASE');
  const [one, two] = [await customer.open(order), await customer.open({ ...order, amount: '500' })];
  assert.notEqual(action(one), action(two));
  assert.equal(returned(await customer.post(action(one), VISA)).response_code, '14000');
  assert.match((await customer.post(action(two), VISA)).html, /00066: Merchant reference already exists/);
  assert.equal(sandbox.payments().length, 1);
});

test('an error in the form is shown, and leads back only to a signed return_url', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const good = hosted('PURCHASE');
  for (const tampered of [
    { return_url: 'https://evil.example/' },
    { amount: '1' },
    { merchant_reference: 'other' },
    { customer_name: 'added' },
    { ...VISA },
  ]) {
    const refused = await customer.open(good, tampered);
    assert.equal(refused.status, 200);
    assert.match(refused.html, /00008: Signature mismatch/);
    assert.doesNotMatch(refused.html, /evil\.example|shop\.example/);
  }
  assert.match((await customer.open({ ...good, return_url: undefined })).html, /00037/);
  assert.match((await customer.open({ ...good, return_url: 'javascript:alert(1)' })).html, /00002/);
  assert.equal(returned(await customer.open({ ...good, currency: 'aed' })).response_code, '00013');
  assert.equal(returned(await customer.open({ ...good, ...VISA })).response_code, '00027', 'signed card fields');
  const stray = returned(await customer.open(good, { submit: 'Pay' }));
  assert.deepEqual([stray.response_code, stray.response_message], ['00027', 'Invalid extra parameters: submit']);
  assert.match((await customer.open({ command: 'CAPTURE', merchant_reference: 'x' })).html, /00004/);
  for (const body of ['a=%ff', 'a=%', 'a=1&a=2']) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const unread = await sandbox.fetch(sandbox.account.environment.paymentPage, { method: 'POST', headers, body });
    assert.match(await unread.text(), /00073: Invalid request format/);
  }
  for (const path of ['paymentPage/nothing', '3ds/nothing', 'left/nothing']) {
    assert.equal((await customer.get(`/FortAPI/${path}`)).status, 404);
  }
  assert.equal((await customer.post('/FortAPI/paymentPage/nothing', {})).status, 404);
  assert.equal((await customer.get('/FortAPI/paymentPage')).status, 405);
  assert.deepEqual(sandbox.payments(), []);
});

test('script in every text field stays text, on every page', async () => {
  const sandbox = createSandbox({ returnMethod: 'POST' });
  const customer = openBrowser(sandbox);
  const merchant_extra = SCRIPT;
  const params = hosted('PURCHASE', { order_description: SCRIPT, merchant_extra, customer_name: SCRIPT });
  const assertEscaped = ({ html }) => {
    assert.doesNotMatch(html, /<img|<style|style=|<script(?! src="\/FortAPI\/)/);
    assert.doesNotMatch(html.replace(/"[^"]*"/g, ''), /<[^>]* on[a-z]+=/);
    return html;
  };
  const page = await customer.open(params);
  assert.match(assertEscaped(page), /&#60;img src=x onerror=&#39;alert\(1\)&#39;&#62;/);
  const wrong = await customer.post(action(page), { ...CHALLENGED, card_number: SCRIPT, card_holder_name: SCRIPT });
  assert.match(assertEscaped(wrong), /name="card_holder_name"[^>]* value="&#34;&#62;&#60;img/);
  const challenge = await customer.post(action(page), { ...CHALLENGED, card_holder_name: SCRIPT });
  assert.match(assertEscaped(challenge), /455701|4557 01/);
  assertEscaped(await customer.get(challenge.path.replace('3ds', 'left')));
  const back = await customer.post(challenge.path, { result: 'pass' });
  assertEscaped(back);
  const result = returned(back);
  authentic(result, sandbox.account);
  const escaped = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;`&amp;';
  assert.deepEqual([result.merchant_extra, result.card_holder_name], [escaped, escaped], 'as APS escapes values');
  const strangePage = await customer.open(hosted('PURCHASE'), { [SCRIPT]: SCRIPT });
  assertEscaped(strangePage);
  assert.equal(returned(strangePage)[SCRIPT], SCRIPT);
  assertEscaped(await customer.open({ ...params, command: SCRIPT }));
  assertEscaped(await customer.open(hosted('PURCHASE', { return_url: `https://shop.example/${SCRIPT}` })));
});

test('English and Arabic, as the message asks', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const english = await customer.open(hosted('PURCHASE', { amount: '1234567', currency: 'KWD' }));
  assert.match(english.html, /<html lang="en" dir="ltr">/);
  assert.match(english.html, /<bdi>KWD\u00a01,234\.567<\/bdi>/);
  const arabic = await customer.open(hosted('PURCHASE', { language: 'ar', currency: 'JPY', amount: '500' }));
  assert.match(arabic.html, /<html lang="ar" dir="rtl">/);
  assert.match(arabic.html, /<button class="main">ادفع<\/button>/);
  assert.match(arabic.html, /<bdi>[^<.]*500[^<.]*<\/bdi>/);
  const wrong = await customer.post(action(arabic), { ...VISA, card_number: '4005550000000002' });
  assert.match(wrong.html, /تحقّق من رقم البطاقة/);
  const challenge = await customer.post(action(arabic), CHALLENGED);
  assert.match(challenge.html, /<html lang="ar" dir="rtl">/);
});

test('the policy of every page: only own resources, and forms only to the gateway and the shop', async (t) => {
  const sandbox = createSandbox();
  const { url } = await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const page = await customer.open(hosted('PURCHASE'));
  const policy = (page) => page.headers.get('content-security-policy');
  assert.equal(
    policy(page),
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self' https://shop.example; base-uri 'none'; frame-ancestors 'none'",
  );
  const challenge = await customer.post(action(page), CHALLENGED);
  assert.match(policy(challenge), /form-action 'self' https:\/\/shop\.example; base-uri 'none'$/);
  assert.match(policy(await customer.get('/FortAPI/3ds/nothing')), /form-action 'self';/);
  const six = await customer.open(hosted('PURCHASE', { return_url: 'http://[::1]:8080/back' }));
  assert.match(policy(six), /form-action 'self' http:;/);
  const files = [...page.html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
  assert.ok(files.length >= 3);
  for (const file of files) {
    const response = await fetch(new URL(file, url));
    assert.equal(response.status, 200, file);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.doesNotMatch(await response.text(), /(?:url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg))/, file);
  }
  assert.equal((await fetch(`${url}/FortAPI/words.js`)).status, 404);
  assert.equal((await fetch(`${url}/FortAPI/__proto__`)).status, 404);
});

test('a stored card on the page', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  await merchant(sandbox).purchase(reference(), { token_name: 'mine', remember_me: 'YES' });
  const page = await customer.open(hosted('PURCHASE', { token_name: 'mine' }));
  assert.match(page.html, /Visa · <bdi dir="ltr" class="digits">4005 55\*\* \*\*\*\* 0001<\/bdi>/);
  const result = returned(await customer.post(action(page), {}));
  assert.deepEqual([result.response_code, result.card_number], ['14000', '400555******0001']);
  const unknown = await customer.open(hosted('PURCHASE', { token_name: 'nobody' }));
  assert.doesNotMatch(unknown.html, /Saved card/);
  assert.match((await customer.post(action(unknown), {})).html, /00044: Token name does not exist/);
  assert.equal(returned(await customer.post(action(unknown), VISA)).response_code, '14000');
});

test('back by POST, over HTTP', async (t) => {
  const sandbox = createSandbox({ returnMethod: 'POST' });
  await sandbox.listen();
  t.after(() => sandbox.close());
  const customer = openBrowser(sandbox, { fetch });
  const page = await customer.open(hosted('PURCHASE'));
  const result = returned(await customer.post(action(page), VISA));
  authentic(result, sandbox.account);
  assert.equal(result.response_code, '14000');
});

test('a request of paymentApi does not pass for a page, nor the other way round', async () => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const tokenization = { service_command: 'TOKENIZATION', merchant_reference: reference(), return_url: RETURN };
  const response = await sandbox.fetch(account.environment.paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request(account, tokenization), ...VISA }),
  });
  assert.equal((await response.json()).response_code, '00004');
});

test('a payment without a card continues on its own page, where it is confirmed, declined or cancelled', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const knet = (more) => hosted('PURCHASE', { payment_option: 'KNET', currency: 'KWD', ...more });
  const page = await customer.open(knet());
  assert.match(page.html, /<h1[^>]*>Pay by \u2068KNET\u2069<\/h1>/);
  assert.doesNotMatch(page.html, /card_number|4005 5500/);
  const paid = returned(await customer.post(action(page), { result: 'pass', amount: '1' }));
  authentic(paid, sandbox.account);
  assert.deepEqual([paid.response_code, paid.payment_option, paid.amount], ['14000', 'KNET', '10000']);
  assert.match(`${paid.knet_ref_number} ${paid.third_party_transaction_number}`, /^\d{10} \d{10}$/);
  assert.ok(!('result' in paid) && !('card_number' in paid));
  const declined = returned(await customer.post(action(await customer.open(knet())), { result: 'fail' }));
  assert.equal(declined.response_code, '13666');
  const cancelled = returned(await customer.post(action(await customer.open(knet())), { cancel: '1' }));
  assert.equal(cancelled.response_code, '00072');
  const again = await customer.post(action(await customer.open(knet())), VISA);
  assert.match(again.html, /00001: Missing parameter: result/);
  assert.equal(sandbox.payments().length, 2);
  const arabic = await customer.open(knet({ language: 'ar' }));
  assert.match(arabic.html, /<h1[^>]*>الدفع عبر \u2068كي نت\u2069<\/h1>/);
});

test('on the hosted page the gateway asks for a wallet’s password, so the shop sends none', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  for (const more of [
    { digital_wallet: 'STCPAY', currency: 'SAR', phone_number: '966557877988' },
    { payment_option: 'VALU', currency: 'EGP', phone_number: '00008557694' },
    { payment_option: 'TABBY', order_description: 'shoes', phone_number: '966557877988' },
  ]) {
    const page = await customer.open(hosted('PURCHASE', more));
    assert.equal(returned(await customer.post(action(page), { result: 'pass' })).response_code, '14000');
  }
});
