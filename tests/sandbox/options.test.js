// What the sandbox is set up with: null is not set, and everything that is wrong is refused by name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, buildForm, ConfigurationError, PaymentServices } from 'aps-payops/server';
import { ask, merchant, paying } from './plain-merchant.js';

const url = 'https://shop.example/hook';

test('options that are null are not set', async () => {
  for (const none of [undefined, null]) {
    const sandbox = createSandbox(none);
    assert.equal(await merchant(sandbox).purchase('x'), '14000');
    const before = sandbox.faults();
    assert.deepEqual(sandbox.faults(none), before);
    assert.deepEqual(sandbox.faults({ dropReply: none, delay: none, seed: none }), before);
    sandbox.advance(none);
    sandbox.advance({ days: none });
    sandbox.webhook = url;
    sandbox.webhook = none;
    assert.equal(sandbox.webhook, undefined);
  }
  const names = ['account', 'clock', 'faults', 'webhook', 'windowDays', 'returnMethod', 'logLimit', 'allow'];
  const sandbox = createSandbox(Object.fromEntries(names.map((name) => [name, null])));
  assert.equal(await merchant(sandbox).purchase('x'), '14000');
  assert.equal(createSandbox({ webhook: { url, delay: null, retries: null } }).webhook.url, url);
});

/** What is wrong, by parameter and code. @param {() => unknown} call */
function refusedBy(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.equal(error.code, 'invalid_options');
    for (const { parameter, message } of error.issues) assert.ok(message.includes(parameter), message);
    return Object.fromEntries(error.issues.map(({ parameter, code }) => [parameter, code]));
  }
  return assert.fail('it was taken');
}

test('invalid options are refused by name, all at once', () => {
  const sandbox = createSandbox();
  assert.deepEqual(
    refusedBy(() => createSandbox({ fault: {}, hook: url })),
    { fault: 'unknown', hook: 'unknown' },
  );
  assert.throws(
    () => createSandbox({ hook: url }),
    /^ConfigurationError: .* hook here\. The options are account, clock,/,
  );
  const wrong = {
    ...{
      clock: 5,
      windowDays: 0,
      returnMethod: 'PUT',
      logLimit: 0.5,
      redirectionUrl: 'shop',
      replies: 'all',
      reports: 'xml',
    },
    ...{ allow: 'x', payments: [{}], hook: url },
    account: {
      digest: 'SHA-1',
      sha_request_phrase: '',
      access_code: 7,
      language: 'fr',
      applePay: { sha_phrase: 'x' },
      sha: 'x',
    },
    faults: {
      dropReply: 2,
      dropReplies: 1,
      delay: { rate: 1, mS: 5 },
      commands: ['CAPTURES'],
      next: [{ tamper: true }, {}],
    },
    webhook: {
      url: 'shop',
      retry: 1,
      retries: -1,
      delay: '5',
      interval: Number.NaN,
      encoding: 'xml',
      fetch: 1,
      refused: 1,
    },
  };
  assert.deepEqual(
    refusedBy(() => createSandbox(/** @type {any} */ (wrong))),
    {
      ...{ hook: 'unknown', clock: 'bad_format', windowDays: 'bad_format', returnMethod: 'bad_format' },
      ...{ logLimit: 'bad_format', redirectionUrl: 'bad_format', replies: 'bad_format', reports: 'bad_format' },
      ...{ allow: 'bad_format', payments: 'bad_format' },
      ...{ 'account.sha': 'unknown', 'account.digest': 'bad_format', 'account.sha_request_phrase': 'bad_format' },
      ...{ 'account.access_code': 'bad_format', 'account.language': 'bad_format' },
      'account.applePay.sha_phrase': 'unknown',
      ...{ 'faults.dropReplies': 'unknown', 'faults.dropReply': 'bad_format', 'faults.delay.mS': 'unknown' },
      ...{ 'faults.commands': 'unknown_command', 'faults.next[1]': 'bad_format' },
      ...{ 'webhook.retry': 'unknown', 'webhook.url': 'bad_format', 'webhook.retries': 'bad_format' },
      ...{ 'webhook.delay': 'bad_format', 'webhook.interval': 'bad_format', 'webhook.encoding': 'bad_format' },
      ...{ 'webhook.fetch': 'bad_format', 'webhook.refused': 'bad_format' },
    },
  );
  assert.deepEqual(
    refusedBy(() => createSandbox(/** @type {any} */ ('sandbox'))),
    { options: 'bad_format' },
  );
  assert.deepEqual(
    refusedBy(() => createSandbox({ webhook: /** @type {any} */ (7) })),
    { webhook: 'bad_format' },
  );
  assert.deepEqual(
    refusedBy(() => sandbox.faults({ delay: /** @type {any} */ ({ rate: 1, mS: 5 }) })),
    {
      'faults.delay.mS': 'unknown',
    },
  );
  assert.deepEqual(
    refusedBy(() => sandbox.faults(/** @type {any} */ ({ lag: Infinity, commands: [Object.create(null)] }))),
    { 'faults.lag': 'bad_format', 'faults.commands': 'unknown_command' },
  );
  assert.deepEqual(
    refusedBy(() => sandbox.advance(/** @type {any} */ ({ day: 7, hours: '1' }))),
    {
      day: 'unknown',
      hours: 'bad_format',
    },
  );
  assert.deepEqual(
    refusedBy(() => sandbox.advance(/** @type {any} */ (7))),
    { options: 'bad_format' },
  );
  assert.deepEqual(
    refusedBy(() => {
      sandbox.webhook = 'ftp://shop.example/';
    }),
    { 'webhook.url': 'bad_format' },
  );
});

test('a phrase or a card number in the wrong place is not repeated', () => {
  for (const options of [{ account: { sha_request_phrase: ['secret-phrase', ''] } }, { 4005550000000001: 1 }]) {
    assert.throws(
      () => createSandbox(/** @type {any} */ (options)),
      (error) => !/secret-phrase|4005550000000001/.test(inspect(error)) || assert.fail(inspect(error)),
    );
  }
});

test('calls that cannot be are refused with a code', async () => {
  const sandbox = createSandbox();
  const refused = { name: 'ConfigurationError', code: 'invalid_options' };
  await assert.rejects(sandbox.listen(-1), refused);
  await assert.rejects(sandbox.complete(/** @type {any} */ ({ action: 'nowhere', fields: {} })), refused);
  await assert.rejects(sandbox.complete('x', /** @type {any} */ ({ challenge: 'maybe', cards: 1 })), ({ issues }) => {
    assert.deepEqual(issues.map(({ parameter }) => parameter).sort(), ['cards', 'challenge']);
    return true;
  });
  await sandbox.close();
  await assert.rejects(sandbox.listen(), { name: 'ConfigurationError', code: 'closed' });
});

test('an invalid fault changes none of the others', () => {
  const sandbox = createSandbox();
  const before = sandbox.faults();
  for (const wrong of [{ tamper: 2 }, { seed: 0.5 }, { delay: { rate: 1, ms: -1 } }, { delay: 2 }]) {
    assert.throws(() => sandbox.faults({ dropReply: 1, ...wrong }), { code: 'invalid_options' });
    assert.deepEqual(sandbox.faults(), before);
  }
});

test('parameters that APS has added since can be rehearsed', async () => {
  const sandbox = createSandbox({ allow: ['new_parameter'] });
  const order = { amount: Amount.parse('10', 'AED'), customer_email: 'a@example.com', new_parameter: 'x' };
  const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
  const options = { allow: ['new_parameter'] };
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const paid = await aps.purchase({ merchant_reference: 'one', ...order, ...card }, options);
  assert.deepEqual([paid.code, paid.params.new_parameter], ['14000', 'x']);
  const hosted = { merchant_reference: 'two', ...order, return_url: 'https://shop.example/back' };
  const { action, fields } = buildForm('PURCHASE', hosted, sandbox.account, options);
  const shown = await sandbox.fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
  assert.match(shown.headers.get('location') ?? '', /FortAPI/);
  const { response_code, response_message } = await ask(sandbox, paying('PURCHASE', 'three', { newer: 'x' }));
  assert.deepEqual([response_code, response_message], ['00027', 'Invalid extra parameters: newer']);
  for (const allow of ['new_parameter', [1]])
    assert.throws(() => createSandbox({ allow }), /allow must be a list of the names of parameters/);
});
