// A client that was given the address of a sandbox that does not listen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { PaymentServices } from '../../pkg/server.js';

test('an error says so, and nothing was sent', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { retries: 0 });
  for (const ask of [
    () => aps.checkStatus({ merchant_reference: 'a' }),
    () => aps.tokens.list({ merchant_reference: 'a' }),
  ]) {
    await assert.rejects(ask(), ({ name, code, sent, message }) => {
      assert.deepEqual([name, code, sent], ['TransportError', 'network', 'no']);
      assert.match(message, /^Nothing can listen at http:\/\/127\.0\.0\.1:1\..*sandbox\.fetch.*sandbox\.listen\(\)/);
      return true;
    });
  }
});

test('the account of a sandbox that listens leads there without its fetch', async () => {
  const sandbox = createSandbox();
  await sandbox.listen();
  const aps = new PaymentServices(sandbox.account);
  assert.equal((await aps.checkStatus({ merchant_reference: 'a' })).code, '12036');
  await sandbox.close();
  assert.equal(await aps.checkStatus({ merchant_reference: 'a' }).catch(({ sent }) => sent), 'no');
});
