// Mistakes that explainSignature finds: each is made here on purpose, and is the only one that it names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainSignature, sign } from 'aps-payops/server';
import { phrases } from '../../secrets.js';

const phrase = phrases.response;
const options = { phrase, digest: 'SHA-256', otherPhrase: phrases.request };
const base = { command: 'PURCHASE', merchant_reference: 'order-1', amount: '4999', currency: 'AED', status: '14' };
const signed = (params, by = phrase) => ({ ...params, signature: sign(params, { phrase: by, digest: 'SHA-256' }) });

/** The mistakes found, each with its parameter. */
function mistakes(message, given = options) {
  const { matches, hints } = explainSignature(message, given);
  assert.equal(matches, false);
  return hints.map(({ mistake, parameter }) => (parameter ? `${mistake} ${parameter}` : mistake));
}

test('bytes that were read as Latin-1', () => {
  for (const text of ['José', 'محمد علي', '“quoted” – 10 €', 'Ünal']) {
    const message = signed({ ...base, customer_name: text });
    for (const read of [
      Buffer.from(JSON.stringify(message)).toString('latin1'),
      new TextDecoder('latin1').decode(new TextEncoder().encode(JSON.stringify(message))),
    ]) {
      assert.deepEqual(mistakes(read), ['latin1_value customer_name'], text);
    }
  }
  const two = signed({ ...base, customer_name: 'José', order_description: 'café' });
  assert.deepEqual(mistakes(Buffer.from(JSON.stringify(two)).toString('latin1')), ['latin1_value']);
});

test('a base64 body that was not decoded', () => {
  const message = signed(base);
  for (const text of [JSON.stringify(message), `${new URLSearchParams(message)}`]) {
    for (const encoding of ['base64', 'base64url']) {
      const encoded = Buffer.from(text).toString(encoding);
      for (const body of [encoded, `${encoded}\n`, Buffer.from(encoded)]) {
        const { matches, hints, parameters } = explainSignature(body, options);
        assert.deepEqual([matches, hints.map(({ mistake }) => mistake)], [false, ['base64_body']]);
        assert.ok(parameters.includes('merchant_reference'));
      }
    }
  }
  // A second mistake is reported too.
  const other = Buffer.from(JSON.stringify(signed(base, phrases.request))).toString('base64');
  assert.deepEqual(mistakes(other), ['base64_body', 'other_phrase']);
});

test('a + that was read as a space, in any parameter', () => {
  for (const [name, value] of Object.entries({
    customer_email: 'a+b@example.com',
    phone_number: '+971 50 123',
    order_description: '1 + 1 = two',
    third_party_body: 'a+b c+d',
  })) {
    const message = signed({ ...base, [name]: value });
    const changed = value === 'a+b c+d' ? value.replace('+', ' ') : value.replaceAll('+', ' ');
    const found = mistakes({ ...message, [name]: changed });
    if (value !== 'a+b c+d') assert.deepEqual(found, [`plus_value ${name}`], value);
    else assert.ok(found.includes(`plus_value ${name}`), `${found}`);
  }
  const two = signed({ ...base, customer_email: 'a+b@example.com', order_description: 'c+d' });
  assert.deepEqual(mistakes({ ...two, customer_email: 'a b@example.com', order_description: 'c d' }), ['plus_value']);
});

test('a phrase that was HTML-escaped or quoted', () => {
  const special = `a&b<c>"d'e`;
  const given = { ...options, phrase: special };
  for (const [by, mistake] of [
    ['a&amp;b&lt;c&gt;&quot;d&#39;e', 'escaped_phrase'],
    ['a&amp;b&lt;c&gt;&quot;d&#039;e', 'escaped_phrase'],
    [`"${special}"`, 'quoted_phrase'],
    [`'${special}'`, 'quoted_phrase'],
    [`\`${special}\``, 'quoted_phrase'],
  ]) {
    assert.deepEqual(mistakes(signed(base, by), given), [mistake], by);
  }
  const escaped = { ...options, phrase: 'a&amp;b' };
  assert.deepEqual(mistakes(signed(base, 'a&b'), escaped), ['unescaped_phrase']);
  assert.deepEqual(mistakes(signed(base, 'a&b'), { ...options, phrase: '"a&b"' }), ['unquoted_phrase']);
  const other = { ...options, otherPhrase: 'x&amp;y' };
  assert.deepEqual(mistakes(signed(base, 'x&y'), other), ['other_phrase', 'unescaped_phrase']);
  const canonical = explainSignature(signed(base, 'a&b'), escaped).canonical;
  assert.ok(!canonical.includes('a&'));
});

test('values in another normal form of Unicode', () => {
  for (const text of ['José', 'Crème brûlée', 'آمنة', 'Åsa']) {
    const composed = signed({ ...base, customer_name: text.normalize('NFC') });
    assert.deepEqual(mistakes({ ...composed, customer_name: text.normalize('NFD') }), ['nfd_value customer_name']);
    const decomposed = signed({ ...base, customer_name: text.normalize('NFD') });
    assert.deepEqual(mistakes({ ...decomposed, customer_name: text.normalize('NFC') }), ['nfc_value customer_name']);
  }
});

test('values that lost or gained backslashes', () => {
  for (const [with_, without] of [
    ["O\\'Brien", "O'Brien"],
    ['say \\"yes\\"', 'say "yes"'],
    ['C:\\\\temp', 'C:\\temp'],
  ]) {
    const slashed = signed({ ...base, customer_name: with_ });
    assert.deepEqual(mistakes({ ...slashed, customer_name: without }), ['lost_backslash customer_name']);
    const plain = signed({ ...base, customer_name: without });
    assert.deepEqual(mistakes({ ...plain, customer_name: with_ }), ['added_backslash customer_name']);
  }
  const nested = signed({ ...base, products: [{ product_name: "O'Brien" }] });
  const gained = { ...nested, products: [{ product_name: "O\\'Brien" }] };
  assert.deepEqual(mistakes(gained), ['added_backslash products']);
});
