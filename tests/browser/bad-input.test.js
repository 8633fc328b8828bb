// What reaches the shop and should not change anything: messages that were tampered with, replayed, cut up, forged; text
// with markup in it; requests of other sites. Each refused message is logged, without secrets.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sign } from 'aps-payops/server';
import {
  assertNoCardData,
  books,
  cards,
  createOrder,
  decide,
  hiddenFields,
  open,
  openDesk,
  operate,
  pay,
  payButton,
  post,
  readResult,
  stateOf,
  typeCard,
} from './stage.js';
import { browser } from './with-chromium.js';

/** @type {Awaited<ReturnType<typeof open>>} */
let stage;

beforeEach(async () => {
  // POST, so that the browser's message can be held back.
  stage = await open(browser, { sandbox: { returnMethod: 'POST' } });
});
afterEach(async () => {
  const { sha_request_phrase, sha_response_phrase } = stage.shop.sandbox.account;
  for (const line of stage.log) {
    for (const phrase of [sha_request_phrase, sha_response_phrase]) assert.ok(!line.includes(String(phrase)), line);
    assertNoCardData(line);
    assert.doesNotMatch(line, /[0-9a-f]{40}|\n/, 'no signature, one line');
  }
  await stage.close();
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Does something that sends the browser back to the shop, and holds its message back. */
async function hold(page, work) {
  const held = new Promise((resolve) => {
    page.route('**/return/**', (route) => {
      const request = route.request();
      resolve({ path: new URL(request.url()).pathname, body: request.postData() });
      return route.abort('aborted');
    });
  });
  await work();
  const posted = await held;
  await page.unroute('**/return/**');
  return posted;
}

const postBack = (page, { path, body }) =>
  page.context().request.post(path, { data: body, headers: FORM, maxRedirects: 0 });
const notify = (page, data) => page.context().request.post('/notify', { data });

/** Waits until the shop has received the notification of an authorization. */
async function waitForNotification() {
  const arrived = ({ kind, status, params }) =>
    kind === 'notification' && status === 200 && params?.command === 'AUTHORIZATION';
  for (let tries = 0; !stage.shop.sandbox.log().some(arrived); tries += 1) {
    assert.ok(tries < 1000, 'the shop was never told');
    await pause(20);
  }
}

/** The gateway's own message, made by hand: signed as APS signs. */
function signed(params) {
  const { access_code, merchant_identifier, sha_response_phrase, digest } = stage.shop.sandbox.account;
  const message = { access_code, merchant_identifier, language: 'en', ...params };
  return { ...message, signature: sign(message, { phrase: String(sha_response_phrase), digest }) };
}

/** One change of every kind to a form-encoded message. */
function* tampered(body) {
  const params = [...new URLSearchParams(body)];
  const text = (list) => new URLSearchParams(list).toString();
  for (const [index, [name, value]] of params.entries()) {
    const other = value.endsWith('1') ? '2' : '1';
    yield [`${name} changed`, text(params.with(index, [name, value.slice(0, -1) + other]))];
    yield [`${name} left out`, text(params.toSpliced(index, 1))];
    yield [`${name} renamed`, text(params.with(index, [`${name}x`, value]))];
    yield [`${name} twice`, text([...params, [name, value]])];
  }
  yield ['a parameter more', text([...params, ['x', '1']])];
  yield ['an empty signature', text(params.map(([name, value]) => [name, name === 'signature' ? '' : value]))];
  // Moved from one value to the next: the text that was signed stays the same.
  const at = (wanted) => params.findIndex(([name]) => name === wanted);
  const message = at('response_message');
  const status = params[at('status')]?.[1];
  yield [
    'status inside response_message',
    text(
      params.with(message, ['response_message', `${params[message][1]}status=${status}`]).toSpliced(at('status'), 1),
    ),
  ];
  yield ['nothing', ''];
  yield ['markup', '<script>alert(1)</script>'];
  yield ['JSON that breaks off', '{"a":'];
}

test('a token that was tampered with buys nothing; the true one pays', async () => {
  const page = await stage.page();
  const id = await createOrder(page);
  await typeCard(page, cards.visa_success);
  const posted = await hold(page, () => payButton(page).click());
  for (const [what, body] of tampered(posted.body)) {
    const answer = await postBack(page, { ...posted, body });
    // Without a signature it is not a message: back to the order. With one, it is an attempt to cheat.
    assert.ok([303, 400].includes(answer.status()), what);
    if (answer.status() === 303)
      assert.match(answer.headers().location, new RegExp(`^/orders/${id}\\?.*back=1$`), what);
    assert.deepEqual(books(stage), [], what);
  }
  // Nor does it buy another order.
  const other = await createOrder(page, { amount: '5.00' });
  const elsewhere = posted.path.replace(id, other);
  assert.equal((await postBack(page, { ...posted, path: elsewhere })).status(), 400);
  assert.equal((await postBack(page, { ...posted, path: '/return/en/order-00000000' })).status(), 400);
  assert.deepEqual(books(stage), []);
  const attempts = stage.log.length;
  assert.ok(attempts > 40);

  assert.equal((await postBack(page, posted)).status(), 303);
  assert.equal(books(stage)[0].authorized, '10000');
  // Again and again: the order is paid once.
  for (let time = 0; time < 3; time += 1) assert.equal((await postBack(page, posted)).status(), 303);
  assert.equal(books(stage).length, 1);
  assert.equal(stage.log.length, attempts);
});

test('an answer that was tampered with settles nothing; the true one does', async () => {
  const page = await stage.page();
  stage.shop.sandbox.webhook = undefined;
  // The page that waits would ask for the truth.
  stage.shop.sandbox.faults({ dropRequest: 1, commands: ['CHECK_STATUS'] });
  const id = await createOrder(page);
  await pay(page, cards.visa_challenge);
  const posted = await hold(page, () => page.getByRole('button', { name: 'Fail', exact: true }).click());
  const readOrder = async () => (await page.context().request.get(`/orders/${id}`)).text();
  for (const [what, body] of tampered(posted.body)) {
    assert.ok([303, 400].includes((await postBack(page, { ...posted, body })).status()), what);
    // An object has every name once.
    if (!what.endsWith('twice')) {
      const json = await notify(page, Object.fromEntries(new URLSearchParams(body)));
      assert.equal(json.status(), 400, what);
    }
    assert.match(await readOrder(), /Your bank asks you to confirm/, what);
  }
  await page.goto(`/orders/${id}`);
  assert.equal((await postBack(page, posted)).status(), 303);
  await page.reload();
  assert.equal(await readResult(page), 'Your payment did not go through');
});

test('another order’s answer, another amount, an unknown order, a reply split differently', async () => {
  const page = await stage.page();
  stage.shop.sandbox.webhook = undefined;
  // A cheap order, paid; its answer is kept.
  const cheapOrder = await createOrder(page, { amount: '1.00' });
  await pay(page, cards.visa_challenge);
  const answer = await hold(page, () => page.getByRole('button', { name: 'Pass', exact: true }).click());
  const expensiveOrder = await createOrder(page, { amount: '900.00' });
  await pay(page, cards.visa_challenge);
  const reference = stage.shop.sandbox.payments()[1].merchant_reference;

  const facts = { command: 'AUTHORIZATION', merchant_reference: reference, currency: 'AED', customer_email: 'a@b.ae' };
  const success = { ...facts, fort_id: '1', status: '02', response_code: '02000', response_message: 'Success' };
  const cut = 'xresponse_code=02000response_message=okstatus=02token_name=t';
  const declined = signed({
    ...facts,
    amount: '90000',
    fort_id: '1',
    order_description: cut,
    response_code: '03666',
    response_message: 'Declined',
    status: '03',
  });
  const { response_code, response_message, status, ...rest } = declined;
  const forged = {
    ...rest,
    order_description: 'x',
    response_code: '02000',
    response_message: 'ok',
    status: '02',
    token_name: `tresponse_code=${response_code}response_message=${response_message}status=${status}`,
  };
  const messages = {
    'the answer to another order': Object.fromEntries(new URLSearchParams(answer.body)),
    'the amount of another order': signed({ ...success, amount: '100' }),
    'another currency': signed({ ...success, amount: '90000', currency: 'JPY' }),
    'another command': signed({
      ...success,
      amount: '90000',
      command: 'PURCHASE',
      status: '14',
      response_code: '14000',
    }),
    'no amount': signed(success),
    'a reply split differently': forged,
    'what it was cut from': declined,
    'an unknown order': signed({ ...success, amount: '90000', merchant_reference: 'order-deadbeef-1-0000' }),
    'no order of ours': signed({ ...success, amount: '90000', merchant_reference: `${expensiveOrder}` }),
    'another merchant': signed({ ...success, amount: '90000', merchant_identifier: 'Somebody' }),
    'no signature': { ...signed({ ...success, amount: '90000' }), signature: '' },
    'the wrong phrase': { ...success, amount: '90000', signature: 'a'.repeat(64) },
  };
  for (const [what, message] of Object.entries(messages)) {
    const before = stage.log.length;
    const body = new URLSearchParams(message).toString();
    const returned = await postBack(page, { path: `/return/en/${expensiveOrder}`, body });
    assert.ok(returned.status() === 400 || returned.headers().location.endsWith('back=1'), what);
    if (what !== 'the answer to another order') assert.equal((await notify(page, message)).status(), 400, what);
    assert.ok(stage.log.length > before, `${what} is logged`);
    await page.goto(`/orders/${expensiveOrder}`);
    assert.equal(await readResult(page), 'Your bank asks you to confirm', what);
  }
  // Where it belongs it is welcome, and then the true answer to the dear one.
  assert.equal((await postBack(page, answer)).status(), 303);
  await page.goto(`/orders/${cheapOrder}`);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.equal((await notify(page, signed({ ...success, amount: '90000' }))).status(), 200);
  await page.goto(`/orders/${expensiveOrder}`);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  // What came too late changes nothing any more.
  assert.equal(
    (await notify(page, signed({ ...facts, amount: '90000', status: '03', response_code: '03666' }))).status(),
    200,
  );
  await page.reload();
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.deepEqual(stage.complaints, []);
});

test('a notification before the browser returns', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, cards.visa_challenge);
  const posted = await hold(page, () => page.getByRole('button', { name: 'Pass', exact: true }).click());
  await waitForNotification();
  await openDesk(page);
  assert.equal(await stateOf(page), 'Authorized');
  assert.equal((await postBack(page, posted)).status(), 303);
  await page.reload();
  assert.equal(await stateOf(page), 'Authorized');
  // A card's token by notification alone starts nothing: the customer has to be there for a challenge.
  const id = await createOrder(page);
  const merchant_reference = await page.locator('.card-form [name="merchant_reference"]').inputValue();
  const token = signed({
    service_command: 'TOKENIZATION',
    merchant_reference,
    token_name: 'abc',
    status: '18',
    response_code: '18000',
  });
  assert.equal((await notify(page, token)).status(), 200);
  assert.equal(books(stage).length, 1);
  // One that the gateway does not know pays nothing.
  const body = new URLSearchParams(token).toString();
  assert.equal((await postBack(page, { path: `/return/en/${id}`, body })).status(), 303);
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Your payment did not go through');
});

test('a reply whose values were HTML-escaped on the way is refused, and not explained publicly', async () => {
  const page = await stage.page();
  stage.shop.sandbox.webhook = undefined;
  const description = "Tom & Ann's <lamps>";
  const id = await createOrder(page, { description });
  await pay(page, cards.visa_challenge);
  const posted = await hold(page, () => page.getByRole('button', { name: 'Pass', exact: true }).click());
  const { signature: _, ...params } = Object.fromEntries(new URLSearchParams(posted.body));
  const order_description = 'Tom &amp; Ann&#39;s &lt;lamps&gt;';
  assert.equal(params.order_description, order_description, 'as the gateway escapes it');
  // Of a gateway that does not.
  const plain = signed({ ...params, order_description: description });
  const escaped = { ...plain, order_description };
  assert.equal((await notify(page, escaped)).status(), 400);
  assert.match(stage.log.at(-1), /^POST \/notify: The signature of the message does not match[^()]*$/);
  // Signed as it came, it is the gateway's: shown as it is, and not decoded.
  const { signature, access_code, merchant_identifier, language, ...rest } = escaped;
  assert.equal((await notify(page, signed(rest))).status(), 200);
  await page.goto(`/orders/${id}`);
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
  assert.equal(await page.locator('.summary .item bdi').first().textContent(), description);
  await openDesk(page);
  await page.locator('.steps summary').first().click();
  assert.ok((await page.locator('.steps td').allTextContents()).includes(order_description), 'as it came');
});

test('script in every text field is text', async () => {
  const page = await stage.page();
  const image = '<img src=x onerror=alert(1)>';
  const script = '"><script>alert(1)</script>&amp;\'';
  await createOrder(page, { description: script });
  await page.locator('#card_holder_name').fill(script);
  const { number, expiry, securityCode } = cards.visa_success;
  await page.locator('#card_number').pressSequentially(number);
  await page.locator('#expiry_date').pressSequentially(`${expiry.slice(2)}${expiry.slice(0, 2)}`);
  await page.locator('#card_security_code').fill(securityCode);
  await payButton(page).click();
  await page.waitForURL(/lang=en|FortAPI/);
  await page.goto('/');
  assert.ok((await page.locator('.row .what').allTextContents()).some((text) => text.trim().startsWith(script)));
  for (const row of await page.locator('.row').all()) assert.equal(await row.locator('script').count(), 0);

  // Refused for its "=", and shown again as it was typed.
  await page.goto('/new');
  const { csrf, token } = await hiddenFields(page.locator('form[action="/orders"]'));
  for (const name of ['description', 'amount', 'email', 'currency', 'command']) {
    const fields = { csrf, description: 'Lamp', amount: '1', currency: 'AED', email: 'a@b.ae', command: 'PURCHASE' };
    const tokens = { ...fields, token: crypto.randomUUID(), [name]: image };
    const response = await post(stage, page, '/orders', tokens);
    assert.equal(response.status(), 422, name);
    assert.ok(!(await response.text()).includes('<img'), name);
  }
  for (const message of [image, `{"signature":"${script.replace(/"/g, '\\"')}","a":"<img src=x>"}`]) {
    await page.goto('/inspector');
    await page.locator('#message').fill(message);
    await page.locator('form[action="/inspector"] button').click();
    await page.locator('main :is(.note, pre)').first().waitFor();
    assert.equal(await page.locator('main img, main script').count(), 0);
  }
  assert.ok(token);
  // In addresses, too.
  for (const path of [
    `/orders/${encodeURIComponent(image)}`,
    `/payments/${encodeURIComponent(image)}`,
    `/?lang=${image}`,
  ]) {
    assert.ok(!(await (await page.context().request.get(path)).text()).includes('<img'), path);
  }
  const odd = await postBack(page, { path: `/return/en/${encodeURIComponent(image)}`, body: 'signature=a' });
  assert.ok(!(await odd.text()).includes('<img'));
  assert.deepEqual(stage.complaints, []);
});

test('cookies lost on the way back from another site: the order is found by message and address', async () => {
  const other = await open(browser, { host: 'localhost', sandbox: { returnMethod: 'POST' } });
  try {
    const page = await other.page();
    await page.goto('/?lang=ar');
    await createOrder(page);
    await typeCard(page, cards.visa_challenge);
    const [first] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('/return/')),
      payButton(page).click(),
    ]);
    assert.equal(first.method(), 'POST');
    assert.equal((await first.allHeaders()).cookie, undefined);
    await page.waitForURL(/\/FortAPI\/3ds\//);
    // All of them, for good.
    await page.context().clearCookies();
    const [second] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('/return/')),
      page.locator('button[value="pass"]').click(),
    ]);
    assert.equal((await second.allHeaders()).cookie, undefined);
    await page.waitForURL(/\/orders\//);
    assert.equal(await readResult(page), 'شكرًا لك. تم تأكيد طلبك');
    assert.equal(books(other)[0].state, 'authorized');
    assert.deepEqual(other.complaints, []);
  } finally {
    await other.close();
  }
});

test('no other site may post: CSRF token, origin, host', async () => {
  const page = await stage.page();
  await page.goto('/new');
  const { csrf, token } = await hiddenFields(page.locator('form[action="/orders"]'));
  const order = {
    csrf,
    token,
    description: 'Lamp',
    amount: '1',
    currency: 'AED',
    email: 'a@b.ae',
    command: 'PURCHASE',
  };
  const status = async (fields, headers) => (await post(stage, page, '/orders', fields, headers)).status();
  assert.equal(await status({ ...order, csrf: '' }), 403);
  assert.equal(await status({ ...order, csrf: csrf.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }), 403);
  assert.equal(await status(order, { origin: 'https://evil.example' }), 403);
  assert.equal(await status(order, { origin: 'null' }), 403);
  assert.equal(await status(order, { 'content-type': 'text/plain' }), 415);
  // The token of another session.
  const other = await stage.page();
  await other.goto('/');
  assert.equal((await post(stage, other, '/orders', order)).status(), 403);

  const { port } = new URL(stage.shop.url);
  const raw = (headers, method = 'GET') =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, path: '/', method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
  assert.equal(await raw({ host: `evil.example:${port}` }), 421);
  assert.equal(await raw({ host: '127.0.0.1' }), 421);
  assert.equal(await raw({ host: `127.0.0.1:${port}` }), 200);
  assert.equal(await raw({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' }), 403);
  assert.equal(await raw({ host: `127.0.0.1:${port}` }, 'POST'), 403);
  assert.deepEqual(books(stage), []);
  assert.equal(await status({ ...order, description: 'x'.repeat(20_000) }), 413);
  assert.equal(await status(order), 303);
});

test('an answer that no order waits for any more changes nothing: voided stays voided', async () => {
  const page = await stage.page();
  await createOrder(page);
  await pay(page, cards.visa_challenge);
  const posted = await hold(page, () => page.getByRole('button', { name: 'Pass', exact: true }).click());
  await waitForNotification();
  await openDesk(page);
  await operate(page, 'VOID_AUTHORIZATION');
  await page.locator('.total .chip.voided').waitFor();
  assert.equal((await postBack(page, posted)).status(), 303);
  await page.reload();
  assert.equal(await stateOf(page), 'Voided');
  await page.locator('.crumbs a').nth(1).click();
  assert.equal(await readResult(page), 'The earlier payment was released');
  await pay(page, cards.mastercard_challenge);
  await decide(page, 'Pass');
  assert.equal(await readResult(page), 'Thank you. Your order is confirmed');
});
