// Published signatures, through the package as installed: each reproduces, and nothing like it passes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explainSignature, sign, verify } from 'aps-payops/server';

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/published.json', import.meta.url), 'utf8'));

/** The message as APS would send it. */
const messageOf = ({ params, signature }) => ({ ...params, signature });

/** Every way in which one leaf or name of a tree is changed, added or removed, but for emptiness that signs alike. */
function* changes(tree, path = []) {
  const at = path.reduce((node, key) => node[key], tree);
  for (const key of Object.keys(at)) {
    const changed = (edit) => {
      const copy = structuredClone(tree);
      edit(path.reduce((node, step) => node[step], copy));
      return copy;
    };
    yield [
      `${[...path, key].join('.')} removed`,
      changed((node) => (Array.isArray(node) ? node.splice(key, 1) : delete node[key])),
    ];
    if (!Array.isArray(at)) {
      yield [
        `${[...path, key].join('.')} renamed`,
        changed((node) => {
          node[`${key}x`] = node[key];
          delete node[key];
        }),
      ];
    }
    if (typeof at[key] === 'string') {
      for (const other of [`${at[key]} `, `x${at[key]}`, at[key].toUpperCase(), at[key].slice(0, -1)]) {
        if (other !== at[key])
          yield [
            `${[...path, key].join('.')} as ${JSON.stringify(other)}`,
            changed((node) => Object.assign(node, { [key]: other })),
          ];
      }
    } else {
      yield* changes(tree, [...path, key]);
    }
  }
}

test('there are all of the published vectors', () => assert.equal(vectors.length, 26));

for (const vector of vectors) {
  const { name, digest, phrase, params, signature } = vector;
  const options = { phrase, digest };
  test(`${name}, ${digest}`, () => {
    assert.equal(sign(params, options), signature);
    assert.equal(sign({ ...params, signature: 'whatever' }, options), signature, 'the signature itself is left out');
    const message = messageOf(vector);
    const text = JSON.stringify(message);
    const accepted = [
      message,
      text,
      new TextEncoder().encode(text),
      Buffer.from(text),
      new TextEncoder().encode(text).buffer,
    ];
    for (const form of accepted) assert.equal(verify(form, options), true);
    assert.equal(verify({ ...message, signature: signature.toUpperCase() }, options), true, 'either case of hex');
    assert.equal(verify(message, { phrase: ['newer', phrase], digest }), true, 'rotated phrases');
    assert.equal(explainSignature(message, options).matches, true);
    for (const otherPhrase of [phrase, ['another', phrase]]) {
      const { hints } = explainSignature(message, { phrase: 'mistaken', digest, otherPhrase });
      assert.deepEqual(
        hints.map(({ mistake }) => mistake),
        ['other_phrase'],
      );
    }

    for (const [change, changed] of changes(params))
      assert.equal(verify({ ...changed, signature }, options), false, change);
    assert.equal(verify({ ...message, added: 'x' }, options), false);
    assert.equal(verify({ ...message, added: '' }, options), false);
    for (let i = 0; i < signature.length; i++) {
      for (const digit of '0123456789abcdefg ') {
        if (digit === signature[i]) continue;
        const other = signature.slice(0, i) + digit + signature.slice(i + 1);
        assert.equal(verify({ ...message, signature: other }, options), false, `digit ${i} as ${digit}`);
      }
    }
    for (const other of ['', signature.slice(2), `${signature}00`, undefined, '0'.repeat(signature.length)]) {
      assert.equal(verify({ ...message, signature: other }, options), false);
    }
    for (const other of ['SHA-256', 'SHA-512', 'HMAC-256', 'HMAC-512']) {
      assert.equal(verify(message, { phrase, digest: other }), other === digest);
    }
    assert.equal(verify(message, { phrase: `${phrase} `, digest }), false);
  });

  if (Object.values(params).every((value) => typeof value === 'string')) {
    test(`${name}, ${digest}, as a form`, () => {
      const search = new URLSearchParams(messageOf(vector));
      const form = new FormData();
      for (const [key, value] of search) form.append(key, value);
      for (const message of [search, form, String(search), `?${search}`]) assert.equal(verify(message, options), true);
      search.append('merchant_reference', 'twice');
      form.append('merchant_reference', 'twice');
      for (const message of [search, form, String(search)]) assert.equal(verify(message, options), false);
    });
  }
}

test('HMAC is keyed with the phrase, over a text that holds the phrase as well', async () => {
  const { createHmac } = await import('node:crypto');
  const params = { amount: '1000', command: 'PURCHASE' };
  for (const [digest, hash] of [
    ['HMAC-256', 'sha256'],
    ['HMAC-512', 'sha512'],
  ]) {
    for (const phrase of ['PASS', 'x'.repeat(200), 'عبارة']) {
      const expected = createHmac(hash, phrase).update(`${phrase}amount=1000command=PURCHASE${phrase}`).digest('hex');
      assert.equal(sign(params, { phrase, digest }), expected);
      assert.equal(verify({ ...params, signature: expected }, { phrase, digest }), true);
    }
  }
});

test('an empty phrase or an unknown digest is refused, not taken', () => {
  const message = { amount: '1', signature: '0'.repeat(64) };
  for (const phrase of ['', undefined, null, [], ['', 'x'], 7, {}]) {
    assert.throws(() => verify(message, { phrase, digest: 'SHA-256' }), { name: 'ConfigurationError' });
    assert.throws(() => sign(message, { phrase, digest: 'SHA-256' }), { name: 'ConfigurationError' });
  }
  for (const digest of ['sha256', 'SHA-1', 'SHA-128', '', undefined]) {
    assert.throws(() => verify(message, { phrase: 'x', digest }), { name: 'ConfigurationError' });
  }
});

test('values are signed as they are: tabs, edge spaces, escapes, empty text, digits of any length', () => {
  const options = { phrase: 'PASS', digest: 'SHA-256' };
  const params = {
    a: '\tx ',
    b: '&#39;',
    c: '',
    d: '123456789012345678901234567890',
    e: 'ﷺ😀',
    f: { g: '', h: ['', 'x'] },
  };
  const signature = sign(params, options);
  const json = `{"a":"\\tx ","b":"&#39;","c":"","d":123456789012345678901234567890,"e":"\\ufdfa\\ud83d\\ude00","f":{"g":"","h":["","x"]},"signature":"${signature}"}`;
  assert.equal(verify(json, options), true);
  assert.equal(verify(json.replace('\\tx ', 'x'), options), false);
  assert.equal(verify(json.replace('"c":"",', ''), options), false);
});
