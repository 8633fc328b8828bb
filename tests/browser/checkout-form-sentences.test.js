// The sentences for shoppers, and the list of them for native editors, docs/checkout-sentences.md.
// UPDATE_SENTENCES=1 writes the list.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { BRANDS, SENTENCES } from '../../pkg/checkout/sentences.js';

const place = new URL('../../docs/checkout-sentences.md', import.meta.url);

/** Rows of a table. @param {typeof SENTENCES} table */
const rows = (table) =>
  Object.entries(table).map(([key, [english, arabic]]) => `| \`${key}\` | ${english} | ${arabic} |`);

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
  ...rows(SENTENCES),
  '',
  '| brand | English | Arabic |',
  '|---|---|---|',
  ...rows(BRANDS),
  '',
].join('\n');

test('docs/checkout-sentences.md lists the sentences as they are', () => {
  if (process.env.UPDATE_SENTENCES) writeFileSync(place, list);
  assert.equal(readFileSync(place, 'utf8'), list);
});

test('both languages have every sentence, with the same facts', () => {
  const facts = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}|\d+|MM\/YY|\S+@\S+/g)].map(String).sort();
  for (const [key, [english, arabic]] of Object.entries({ ...SENTENCES, ...BRANDS })) {
    assert.ok(english && arabic, key);
    assert.deepEqual(facts(arabic), facts(english), key);
  }
});

test('Arabic keeps to the register of payments', () => {
  for (const [key, [, text]] of Object.entries(SENTENCES)) {
    assert.doesNotMatch(text, /مردود|يؤخذ|يُؤخذ|مكتب|3-D/, key);
    assert.match(text, /[\u0600-\u06ff]/, key);
  }
});

/** What names a field, in English and in Arabic. The security code is where the card has it. @type {Record<string, [RegExp, RegExp]>} */
const NAMED = {
  card_number: [/card number/, /رقم (?:ال)?بطاقة/],
  expiry_date: [/expiry date/, /تاريخ الانتهاء/],
  card_security_code: [/security code|digits on the (?:back|front) of your card/, /رمز الأمان/],
  card_holder_name: [/name on the card/, /الاسم المكتوب على البطاقة/],
  amount: [/amount/, /المبلغ|مبلغ/],
  customer_email: [/email address/, /بريدًا إلكترونيًا|البريد الإلكتروني/],
  phone_number: [/phone number/, /رقم (?:ال)?هاتف/],
};

/** What to do, in English and in Arabic. */
const CURE = [/\b(?:enter|check)\b/i, /أدخل|تحقق/];

/** About the card itself: whoever reads it knows that another one is needed. */
const CARD = ['card_number.not_allowed', 'expiry_date.expired'];

test('read alone, as in the summary, each sentence names its field and says what to do', () => {
  const messages = Object.entries(SENTENCES).filter(([key]) => !/^(?:hint|summary)/.test(key) && !CARD.includes(key));
  assert.ok(messages.length > 25);
  for (const [key, texts] of messages) {
    const names = NAMED[key.split('.')[0] ?? ''];
    assert.ok(names, `${key} is about one field`);
    for (const [place, text] of texts.entries()) {
      assert.match(text, /** @type {RegExp} */ (names[place]), key);
      assert.match(text, /** @type {RegExp} */ (CURE[place]), key);
    }
  }
});
