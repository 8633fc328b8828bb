// The upload of a batch file: a form that any server can read, with the signature as far as it is documented.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { buildUpload, openReply, sign, validate, verify, writeBatch } from 'aps-payops/server';

const account = {
  environment: 'sandbox',
  merchant_identifier: 'bxgOIxIz',
  access_code: '1DFxVvhXWV6wumenTTg9',
  sha_request_phrase: '31-request-phrase-$e7',
  sha_response_phrase: '47-response-phrase-#b2',
};
const params = { batch_reference: 'batch180' };
const CSV = 'command,merchant_reference,amount,currency\nCAPTURE,order-1,1000,AED\n';
const operation = { command: 'CAPTURE', merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
/** As a server would read it. */
const form = (upload) => new Response(upload.body, { headers: upload.headers }).formData();

test('the form has the fields of the documentation, and the file', async () => {
  const contents = [
    CSV,
    new TextEncoder().encode(CSV),
    new Blob([CSV]),
    new Blob([CSV]).stream(),
    writeBatch([operation]),
  ];
  for (const content of contents) {
    const upload = buildUpload(params, { name: 'test.csv', content }, account);
    assert.equal(upload.url, 'https://sbpaymentservices.payfort.com/FortAPI/upload/');
    const fields = await form(upload);
    const expected = ['merchant_identifier', 'access_code', 'service_command', 'language', 'batch_reference'];
    assert.deepEqual([...fields.keys()], [...expected, 'signature', 'file']);
    for (const name of [...expected, 'signature']) assert.equal(fields.get(name), upload.params[name], name);
    assert.equal(fields.get('service_command'), 'UPLOAD_BATCH_FILE');
    assert.equal(fields.get('file').name, 'test.csv');
    assert.equal(fields.get('file').type, 'text/csv');
    assert.equal(await fields.get('file').text(), CSV);
  }
});

test('all but the file is signed; the caller may say otherwise', () => {
  const given = { name: 'test.csv', content: CSV };
  const options = { phrase: account.sha_request_phrase, digest: 'SHA-256' };
  const { params: sent } = buildUpload(params, given, account);
  const { signature, file: name, ...rest } = sent;
  assert.equal(name, 'test.csv');
  assert.equal(signature, sign(rest, options));
  const names = [...Object.keys(rest), 'file'];
  const { params: with_file } = buildUpload(params, given, account, { signed: names });
  assert.ok(verify(with_file, options));
  assert.ok(!verify(sent, options));
  const given_too = { ...params, signature: signature.toUpperCase() };
  assert.equal(buildUpload(given_too, given, account).params.signature, signature, 'compared as in any request');
  const digested = buildUpload(params, given, { ...account, digest: 'HMAC-512' }).params;
  assert.equal(digested.signature.length, 128);
});

test('parameters that APS rejects are rejected, all at once', () => {
  const issues = (given, content, options) => {
    try {
      buildUpload(given, content, account, options);
    } catch (error) {
      assert.equal(error.name, 'ValidationError');
      return error.issues.map(({ parameter, code }) => `${parameter}:${code}`);
    }
    return [];
  };
  const good = { name: 'test.csv', content: CSV };
  assert.deepEqual(issues({}, {}), ['batch_reference:missing', 'file:missing', 'file:bad_format']);
  assert.deepEqual(issues(params, undefined), ['file:missing', 'file:bad_format']);
  assert.deepEqual(issues(null, good), ['batch_reference:missing', 'params:bad_format']);
  assert.deepEqual(issues({ batch_reference: 'a b'.repeat(7) }, good), [
    'batch_reference:too_long',
    'batch_reference:bad_character',
  ]);
  assert.deepEqual(issues({ batch_reference: 'a b' }, good), ['batch_reference:bad_character']);
  assert.deepEqual(issues({ batch_reference: { nested: '1' } }, good), ['batch_reference:bad_format']);
  assert.deepEqual(issues({ ...params, amount: '1' }, good), ['amount:unknown']);
  // The language of the parameters wins over the account's.
  assert.deepEqual(issues({ ...params, language: 'ar', access_code: account.access_code }, good), []);
  assert.deepEqual(issues({ ...params, access_code: 'other' }, good), ['access_code:conflict']);
  assert.deepEqual(issues({ ...params, service_command: 'PROCESS_BATCH' }, good), ['service_command:conflict']);
  assert.deepEqual(issues({ ...params, signature: '0' }, good), ['signature:conflict']);
  assert.deepEqual(issues({ ...params, file: 'other.csv' }, good), ['file:conflict']);
  // A quote or a line end would end the header that the name stands in.
  for (const name of ['a"b.csv', 'a\r\nb.csv', 'a\nb.csv', 'a/b.csv']) {
    assert.deepEqual(issues(params, { name, content: CSV }), ['file:bad_character'], name);
  }
  for (const name of [undefined, '', 5, null]) {
    assert.deepEqual(issues(params, { name, content: CSV }), ['file:missing'], String(name));
  }
  assert.deepEqual(issues(params, { name: 'test.txt', content: CSV }), ['file:bad_format']);
  assert.deepEqual(issues(params, { name: `${'a'.repeat(50)}.csv`, content: CSV }), ['file:too_long']);
  assert.deepEqual(issues(params, good, { signed: ['nothing'] }), ['signed:not_allowed']);
  assert.deepEqual(issues(params, good, { signed: [] }), ['signed:not_allowed']);
  const locked = new Blob([CSV]).stream();
  locked.getReader();
  assert.deepEqual(issues(params, { name: 'test.csv', content: locked }), ['file:bad_format']);
  const environment = { paymentApi: 'https://example.com/' };
  assert.throws(() => buildUpload(params, good, { ...account, environment }), { code: 'no_endpoint' });
});

test('problems are reported as by validate, in either language', () => {
  const wrong = { batch_reference: 'a b' };
  for (const language of ['en', 'ar']) {
    const reported = validate('UPLOAD_BATCH_FILE', { ...wrong, file: 'test.csv' }, { language });
    assert.equal(reported.length, 1);
    assert.throws(
      () => buildUpload(wrong, { name: 'test.csv', content: CSV }, account, { language }),
      ({ issues }) => assert.deepEqual(issues, reported) ?? true,
    );
  }
});

test('a name in any script is sent as it is', async () => {
  const upload = buildUpload(params, { name: 'ملف.csv', content: CSV }, account);
  assert.equal((await form(upload)).get('file').name, 'ملف.csv');
});

test('printing it shows neither phrase nor signature', () => {
  const upload = buildUpload(params, { name: 'test.csv', content: CSV }, account);
  for (const text of [JSON.stringify(upload), inspect(upload)]) {
    assert.doesNotMatch(text, new RegExp(upload.params.signature));
    assert.doesNotMatch(text, /request-phrase/);
  }
});

/** A gateway that reads a form whole, and answers as APS does. */
async function gateway(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    seen.push({ headers: request.headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  return { server, seen, account: { ...account, environment: { paymentApi: url, upload: url } } };
}

test('over HTTP: a Blob with its length, a stream in chunks; the answer is opened as any other', async () => {
  const reply = {
    response_code: '50000',
    service_command: 'UPLOAD_BATCH_FILE',
    response_message: 'Success',
    batch_id: '151791753100095172',
    merchant_identifier: account.merchant_identifier,
    access_code: account.access_code,
    batch_reference: 'batch180',
    language: 'en',
    status: '50',
  };
  const signature = sign(reply, { phrase: account.sha_response_phrase, digest: 'SHA-256' });
  const {
    server,
    seen,
    account: local,
  } = await gateway((response) => {
    response.end(JSON.stringify({ ...reply, signature }));
  });
  for (const content of [new Blob([CSV]), writeBatch([operation])]) {
    const upload = buildUpload(params, { name: 'test.csv', content }, local);
    const response = await fetch(upload.url, upload);
    const opened = openReply(await response.text(), local, { request: upload });
    assert.equal(opened.authentic, true);
    assert.equal(opened.code, '50000');
    assert.equal(opened.params.batch_id, '151791753100095172');
  }
  server.close();
  const [blob, stream] = seen;
  assert.equal(Number(blob.headers['content-length']), blob.body.length);
  assert.equal(stream.headers['transfer-encoding'], 'chunked');
  for (const { headers, body } of seen) {
    const fields = await new Response(body, { headers: { 'content-type': headers['content-type'] } }).formData();
    assert.equal(await fields.get('file').text(), CSV);
  }
});

test('a redirect is not followed, and a bad row ends the upload before its end', async () => {
  const redirecting = await gateway((response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
  });
  const upload = buildUpload(params, { name: 'test.csv', content: CSV }, redirecting.account);
  await assert.rejects(fetch(upload.url, upload), TypeError);
  redirecting.server.close();
  const receiving = await gateway((response) => response.end('{}'));
  const content = writeBatch([operation, { ...operation, amount: '0' }]);
  const broken = buildUpload(params, { name: 'test.csv', content }, receiving.account);
  await assert.rejects(fetch(broken.url, broken));
  assert.equal(receiving.seen.length, 0);
  receiving.server.close();
});
