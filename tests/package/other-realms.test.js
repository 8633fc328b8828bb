// Values of another realm: what a test runner, an iframe or node:vm hands over is no instance of our Date or Uint8Array.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Amount, Payment, validate } from 'aps-payops';
import { buildUpload, readBatchResults, sign, verify } from 'aps-payops/server';
import { phrases } from '../secrets.js';

const foreign = (/** @type {string} */ code, context = {}) => runInNewContext(code, context);
const amount = Amount.parse('49.99', 'AED');

/** @param {string} text @returns {Uint8Array} */
const foreignBytes = (text) => foreign('Uint8Array.from(bytes)', { bytes: [...Buffer.from(text)] });

test('an instant', () => {
  const at = foreign('new Date(1000)');
  assert.ok(!(at instanceof Date));
  const payment = Payment.authorized(amount, { at });
  assert.deepEqual(payment, Payment.authorized(amount, { at: new Date(1000) }));
  assert.equal(payment.at(foreign('new Date(2000)')).state, 'authorized');
  assert.deepEqual(validate('CAPTURE', { merchant_reference: 'one', amount }, { at }), []);
  for (const wrong of ['new Date(NaN)', '({ getTime: () => 1000 })', 'Object.create(Date.prototype)']) {
    assert.throws(() => payment.at(foreign(wrong)), { code: 'validation' }, wrong);
  }
});

test('a message', () => {
  const options = { phrase: phrases.response, digest: /** @type {const} */ ('SHA-256') };
  const params = foreign(`({ amount: '4999', tags: ['a', { b: 'c' }] })`);
  const signature = sign(params, options);
  assert.equal(signature, sign(structuredClone(params), options));
  assert.equal(verify(foreignBytes(JSON.stringify({ ...params, signature })), options), true);
});

test('the file of a batch, and its results', async () => {
  const account = {
    environment: /** @type {const} */ ('sandbox'),
    merchant_identifier: 'bxgOIxIz',
    access_code: '1DFxVvhXWV6wumenTTg9',
    sha_request_phrase: phrases.request,
    sha_response_phrase: phrases.response,
  };
  const csv = 'command,merchant_reference,amount,currency\nCAPTURE,order-1,1000,AED\n';
  const upload = buildUpload({ batch_reference: 'one' }, { name: 'a.csv', content: foreignBytes(csv) }, account);
  const form = await new Response(upload.body, { headers: upload.headers }).formData();
  assert.equal(await form.get('file').text(), csv);
  assert.throws(() => buildUpload({ batch_reference: 'one' }, { name: 'a.csv', content: foreign('[1]') }, account), {
    code: 'validation',
  });
  const read = async (source) => {
    const lines = [];
    for await (const line of readBatchResults(source)) lines.push(line);
    return lines;
  };
  const results = 'MERCHANT_REFERENCE,RESPONSE_CODE\n"order-1",04000\n';
  assert.deepEqual(await read(foreignBytes(results)), await read(Buffer.from(results)));
});
