// The sentences for shoppers, and the list of them for native editors, docs/checkout-sentences.md.
// UPDATE_SENTENCES=1 writes the list.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { BRANDS, SENTENCES } from '../../pkg/checkout/sentences.js';

const place = new URL('../../docs/checkout-sentences.md', import.meta.url);

/** Rows of a table. @param {Record<string, string>} english @param {Record<string, string>} arabic */
const rows = (english, arabic) =>
  Object.keys(english).map((key) => `| \`${key}\` | ${english[key]} | ${arabic[key]} |`);

const list = [
  '# What the checkout says to shoppers',
  '',
  'Every sentence of `attachCheckout`, for native editors to read and sign off. The source is',
  '`pkg/checkout/sentences.js`: change it there, then run',
  '`UPDATE_SENTENCES=1 node --test tests/browser/checkout-form-sentences.test.js`.',
  '',
  'Braces stand for facts: `{digits}` of a brand, `{date}` as MM/YY, `{max}` characters, `{example}` with the decimals of the',
  'currency. A key without a variant is said where no variant fits. Both languages state the same facts.',
  '',
  '| sentence | English | Arabic |',
  '|---|---|---|',
  ...rows(SENTENCES.en, SENTENCES.ar),
  '',
  '| brand | English | Arabic |',
  '|---|---|---|',
  ...rows(BRANDS.en, BRANDS.ar),
  '',
].join('\n');

test('docs/checkout-sentences.md lists the sentences as they are', () => {
  if (process.env.UPDATE_SENTENCES) writeFileSync(place, list);
  assert.equal(readFileSync(place, 'utf8'), list);
});

test('both languages have every sentence, with the same facts', () => {
  const facts = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}|\d+|MM\/YY|\S+@\S+/g)].map(String).sort();
  for (const table of [SENTENCES, BRANDS]) {
    assert.deepEqual(Object.keys(table.ar), Object.keys(table.en));
    for (const [key, english] of Object.entries(table.en)) assert.deepEqual(facts(table.ar[key]), facts(english), key);
  }
});

test('Arabic keeps to the register of payments', () => {
  for (const [key, text] of Object.entries(SENTENCES.ar)) {
    assert.doesNotMatch(text, /مردود|يؤخذ|يُؤخذ|مكتب|3-D/, key);
    assert.match(text, /[\u0600-\u06ff]/, key);
  }
});
