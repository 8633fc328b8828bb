// Messages captured from other software: real replies, signed again, are opened correctly; real requests have no error.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openNotification, SignatureError, validate } from 'aps-payops/server';
import { account, signed } from '../client/scripted-gateway.js';

// A number in a captured text is the digits that it was signed with; as a JavaScript number, money would be refused.
const { replies, requests } = JSON.parse(
  readFileSync(new URL('../../fixtures/captures.json', import.meta.url), 'utf8'),
  (_, value) => (typeof value === 'number' ? String(value) : value),
);

test('captured replies open with their outcome, in every encoding', () => {
  assert.equal(replies.length, 20);
  for (const { id, params, outcome } of replies) {
    const { access_code = account.access_code, merchant_identifier = account.merchant_identifier } = params;
    const own = { ...account, access_code, merchant_identifier };
    const message = signed({ ...params, merchant_identifier });
    for (const one of [
      message,
      JSON.stringify(message),
      new URLSearchParams(message),
      `${new URLSearchParams(message)}`,
    ]) {
      const { merchant_reference, amount = 'any', currency } = params;
      const expect = { merchant_reference, amount, ...(currency && { currency }) };
      const reply = openNotification(one, own, { expect });
      assert.deepEqual([reply.outcome, reply.authentic], [outcome, true], id);
      for (const [name, value] of Object.entries(params)) assert.equal(reply.params[name], value, `${id} ${name}`);
    }
    // One digit more.
    const altered = { ...message, response_code: `${params.response_code.slice(0, 4)}9` };
    assert.throws(() => openNotification(altered, own), SignatureError, id);
  }
});

test('captured requests have no error', () => {
  assert.equal(requests.length, 39);
  for (const { id, command, params } of requests) {
    const errors = validate(command, params)
      .filter(({ severity }) => severity === 'error')
      .map(({ parameter, code }) => `${parameter}: ${code}`);
    assert.deepEqual(errors, [], `${id} ${command}`);
  }
});
