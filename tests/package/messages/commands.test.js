// Every command of the dictionary over real HTTP: built, signed, accepted by the sandbox, and its reply verified. What was
// sent and received is recorded in tests/fixtures/examples.json, which docs/reference.md shows.
//   RECORD=1 node --test tests/package/messages/commands.test.js    writes the recording anew

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { validate, verify } from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { exchange, listenTo, onPage, prepare } from './commands.js';
import { base, commands, including, namesOf } from './dictionary.js';

const RECORDING = new URL('../../fixtures/examples.json', import.meta.url);
const recording = process.env.RECORD ? {} : JSON.parse(readFileSync(RECORDING, 'utf8'));

/** In a sandbox as new, after what must come before. */
async function exchangeAnew(sandbox, command, params, options) {
  sandbox.reset();
  await prepare(sandbox, command.name);
  return exchange(sandbox, command, params, options);
}

function isAccepted({ reply, received }, command, what = 'the example') {
  assert.notEqual(reply.status, '00', `${command.name}, ${what}: ${reply.code} ${reply.message}`);
  assert.equal(reply.authentic, true);
  const statuses = `${command.status.success} ${command.status.failure}`.split(' ');
  assert.ok([...statuses, '20'].includes(reply.status), `${command.name}, ${what}: ${reply.code}`);
  assert.match(received.signature, /^[0-9a-f]{64}$/);
}

for (const command of commands) {
  const page = onPage(command);

  test(`${command.name}: the example is accepted, succeeds, and is as recorded`, async (t) => {
    const sandbox = await listenTo(t);
    const params = base(command, { page });
    assert.deepEqual(validate(command.name, params), []);
    const done = await exchangeAnew(sandbox, command, params);
    isAccepted(done, command);
    assert.ok(command.status.success.split(' ').includes(done.reply.status), done.reply.code);
    assert.equal(done.reply.outcome, 'succeeded');
    const { request, received } = done;
    if (process.env.RECORD) {
      recording[command.name] = { request, reply: received };
      return;
    }
    // Random values of the gateway differ between two runs; the rest must be as recorded.
    const recorded = recording[command.name];
    // The reference has no example of a command that was just added.
    if (!recorded)
      return t.diagnostic('not recorded yet: RECORD=1 node --test tests/package/messages/commands.test.js');
    const again = await exchangeAnew(await listenTo(t), command, params);
    const drawn = Object.keys(received).filter((name) => received[name] !== again.received[name]);
    const withoutVariables = (message) =>
      Object.fromEntries(
        Object.entries(message).map(([name, value]) => [name, drawn.includes(name) ? '(drawn)' : value]),
      );
    assert.deepEqual(recorded.request, request);
    assert.deepEqual(withoutVariables(recorded.reply), withoutVariables(received));
  });

  if (command.channel.includes('page') && !page) {
    test(`${command.name}: the example is accepted on the payment page`, async (t) => {
      const sandbox = await listenTo(t);
      const done = await exchangeAnew(sandbox, command, base(command, { page: true }), { page: true });
      isAccepted(done, command);
      assert.equal(done.reply.outcome, 'succeeded');
    });
  }

  test(`${command.name}: each optional parameter is accepted`, async (t) => {
    const sandbox = await listenTo(t);
    for (const name of namesOf(command, 'optional')) {
      if (page && command.notOnPage.includes(name)) continue;
      const params = including(command, name);
      if (!params) continue;
      if (page) params.return_url ??= 'https://www.merchant.com';
      isAccepted(await exchangeAnew(sandbox, command, params), command, `with ${name}`);
    }
  });
}

test('the recording is of the commands that there are, authentic, and holds no secret', (t) => {
  if (process.env.RECORD) {
    const sorted = Object.fromEntries(Object.entries(recording).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(RECORDING, `${JSON.stringify(sorted, null, 2)}\n`);
    return t.diagnostic(`${Object.keys(sorted).length} of ${commands.length} recorded`);
  }
  const recorded = commands.filter(({ name }) => recording[name]);
  assert.deepEqual(Object.keys(recording).sort(), recorded.map(({ name }) => name).sort());
  assert.ok(recorded.length >= 29);
  for (const { name, unsignedReply } of recorded) {
    const { request, reply } = recording[name];
    const uploaded = Object.fromEntries(Object.entries(request).filter(([field]) => field !== 'file'));
    assert.ok(
      verify(name === 'UPLOAD_BATCH_FILE' ? uploaded : request, { phrase: phrases.request, digest: 'SHA-256' }),
      name,
    );
    const signed = Object.fromEntries(Object.entries(reply).filter(([field]) => !unsignedReply.includes(field)));
    assert.ok(verify(signed, { phrase: phrases.response, digest: 'SHA-256' }), `${name}, the reply`);
  }
  const text = JSON.stringify(recording);
  for (const phrase of Object.values(phrases)) assert.ok(!text.includes(phrase));
  assert.ok(!text.includes('card_security_code'));
});
