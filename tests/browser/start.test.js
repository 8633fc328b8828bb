// How the shop starts: the tour, the gateway of the environment, and invalid settings.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { startShop } from '../../www/serve.js';
import { createShop } from '../../www/server/app.js';
import { tour } from '../../www/tour.js';
import { openMemory } from '../memory.js';

const main = fileURLToPath(new URL('../../www/main.js', import.meta.url));

const env = ({ merchant_identifier, access_code, sha_request_phrase, sha_response_phrase }, environment) => ({
  APS_ENVIRONMENT: typeof environment === 'string' ? environment : JSON.stringify(environment),
  APS_MERCHANT_IDENTIFIER: merchant_identifier,
  APS_ACCESS_CODE: access_code,
  APS_SHA_REQUEST_PHRASE: String(sha_request_phrase),
  APS_SHA_RESPONSE_PHRASE: String(sha_response_phrase),
});

test('the tour does the whole job, without a terminal, and ends', async () => {
  const { NO_COLOR, ...rest } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, '--once'], {
    env: { ...rest, NO_COLOR: '1' },
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
  assert.doesNotMatch(stdout, /\x1b/);
  for (const word of ['exceeds_authorized', '05042', 'voided', 'refunded', 'lapsed'])
    assert.match(stdout, new RegExp(word));
  assert.match(stdout, /All 18 steps as expected\.\n$/);
});

test('a tour that turns out otherwise fails', async () => {
  const lines = [];
  const wrong = await tour({ log: (line) => lines.push(line), faults: { technicalProblem: 1 } });
  assert.ok(wrong > 0);
  assert.match(lines.at(-1), /^\n1 of 1 steps not as expected\.$/);
  assert.match(lines.join('\n'), /✗ expected 02000 authorized 0\.00 0\.00, found 03006/);
});

test('an invalid port is reported in a sentence', async () => {
  for (const PORT of ['abc', '70000', '-1', '1.5']) {
    const failed = await promisify(execFile)(process.execPath, [main], { env: { ...process.env, PORT } }).catch(
      (e) => e,
    );
    assert.equal(failed.code, 1, PORT);
    assert.equal(failed.stderr, 'PORT must be a number from 0 to 65535; 0 takes any that is free.\n');
  }
});

test('production is rejected, however it is configured', async () => {
  const { account } = createSandbox();
  const api = 'https://paymentservices.payfort.com/FortAPI/paymentApi';
  const page = 'https://checkout.payfort.com/FortAPI/paymentPage';
  for (const environment of [
    'production',
    { paymentApi: api },
    { paymentApi: account.environment.paymentApi, paymentPage: page },
  ]) {
    await assert.rejects(startShop({ env: env(account, environment) }), { code: 'production_refused' });
    const options = { store: /** @type {any} */ ({}), cards: [], origins: ['http://127.0.0.1:1'], assets: {} };
    assert.throws(() => createShop({ ...options, account: { ...account, environment } }), {
      code: 'production_refused',
    });
  }
  const failed = await promisify(execFile)(process.execPath, [main], {
    env: { ...process.env, ...env(account, 'production') },
    timeout: 60_000,
  }).catch((error) => error);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^The demo shop refuses production[^\n]*\n$/);
});

test('with APS_* set, the shop talks to that gateway and has no clock to put forward', async () => {
  const sandbox = createSandbox();
  await sandbox.listen();
  const shop = await startShop({ data: await openMemory(), env: env(sandbox.account, sandbox.account.environment) });
  try {
    const ask = (path, init) => fetch(`${shop.url}${path}`, { redirect: 'manual', ...init });
    const home = await ask('/new');
    const cookie = home.headers.getSetCookie()[0].split(';')[0];
    const html = await home.text();
    assert.doesNotMatch(html, /action="\/clock"/);
    const csrf = html.match(/name="csrf" value="(\w+)"/)[1];
    const post = (path, fields) =>
      ask(path, {
        method: 'POST',
        headers: { cookie, origin: shop.url },
        body: new URLSearchParams({ csrf, token: crypto.randomUUID(), ...fields }),
      });
    const order = await post('/orders', {
      description: '',
      amount: '7.5',
      currency: 'KWD',
      email: 'a@example.com',
      command: 'PURCHASE',
    });
    assert.equal(order.status, 303);
    const path = order.headers.get('location');
    const page = await (await ask(path, { headers: { cookie } })).text();
    // APS does not know the invented cards of the offline sandbox.
    assert.doesNotMatch(page, /4000000000000119/);
    assert.match(page, /5123456789012346/);
    // Acts as the browser: posts the signed fields and the card to the gateway, and returns with its answer.
    const [, action] = page.match(/<form class="card-form" method="post" action="([^"]+)"/);
    assert.equal(action, sandbox.account.environment.paymentPage);
    const form = page.slice(page.indexOf('<form class="card-form"'));
    const fields = [...form.slice(0, form.indexOf('</form>')).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const [{ number, expiry, securityCode }] = testCards;
    const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
    const body = new URLSearchParams([...fields.map(([, name, value]) => [name, value]), ...Object.entries(card)]);
    const tokenized = await fetch(action, { method: 'POST', body, redirect: 'manual' });
    const back = await fetch(tokenized.headers.get('location'), { redirect: 'manual' });
    assert.equal(back.status, 303);
    assert.equal(sandbox.payments()[0].captured, '7500');
    assert.equal((await post('/clock', {})).status, 404);
  } finally {
    await shop.close();
    await sandbox.close();
  }
});
