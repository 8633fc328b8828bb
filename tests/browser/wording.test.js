// The shop, the checkout form and the sandbox's pages speak with one voice: one word for each brand and for the bank, the
// register of payments in Arabic, no calques in English, and no line that ends within “3-D Secure”.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { brandName, SENTENCES } from '../../pkg/checkout/sentences.js';
import { COMPLAINTS, OUTCOMES, BRANDS as SANDBOX_BRANDS, WORDS } from '../../pkg/sandbox/pages/words.js';
import { describePlans } from '../../pkg/sandbox/services/plans.js';
import { readAmount } from '../../www/rules.js';
import { HINTS } from '../../www/server/hints.js';
import { STRINGS } from '../../www/server/strings.js';
import { DESK } from '../../www/server/strings-desk.js';
import { SHOP } from '../../www/server/strings-shop.js';

/** All that people read, by where it is from. @param {'en' | 'ar'} language @returns {[place: string, text: string][]} */
const sentencesOf = (language) => [
  ...Object.entries(STRINGS[language]),
  ...Object.entries(SENTENCES).map(
    ([name, [english, arabic]]) => /** @type {[string, string]} */ ([name, language === 'ar' ? arabic : english]),
  ),
  ...Object.entries(WORDS[language]),
  ...Object.entries(COMPLAINTS[language]),
  ...Object.entries(OUTCOMES[language]).map(
    ([name, texts]) => /** @type {[string, string]} */ ([name, texts.join(' ')]),
  ),
];

test('a brand has one name in the shop, on the form and at the gateway', () => {
  for (const language of /** @type {const} */ (['en', 'ar'])) {
    for (const [brand, name] of Object.entries(SANDBOX_BRANDS[language])) {
      assert.equal(brandName(language, brand), name);
      assert.equal(STRINGS[language][/** @type {'brand_VISA'} */ (`brand_${brand}`)], name);
    }
  }
});

test('Arabic keeps to the register of payments, with one word for the bank', () => {
  for (const [place, text] of sentencesOf('ar')) assert.doesNotMatch(text, /مردود|يؤخذ|يُؤخذ|مكتب|مصرف/, place);
  const [issuer] = describePlans('AED').get('issuer_detail');
  assert.doesNotMatch(issuer.get('issuer_name_ar'), /مصرف/);
});

test('English has no “tell” and “told” for what shows or reports', () => {
  for (const [place, text] of sentencesOf('en')) assert.doesNotMatch(text, /\b(?:tells?|told|lest|befall)\b/i, place);
});

test('3-D Secure stays on one line', () => {
  for (const language of /** @type {const} */ (['en', 'ar'])) {
    const found = sentencesOf(language).filter(([, text]) => /3.D.Secure/.test(text));
    assert.ok(found.length > 3);
    for (const [place, text] of found) assert.match(text, /3\u2011D\u00a0Secure/, place);
  }
});

test('an unreadable amount is asked for in the page’s own notation', () => {
  const words = (/** @type {string} */ currency, /** @type {'en' | 'ar'} */ language) =>
    readAmount('x', currency, language).issues.map(({ message }) => message);
  assert.deepEqual(words('AED', 'en'), ['Enter a number with at most 2 decimals, such as 1,349.50.']);
  assert.deepEqual(words('KWD', 'en'), ['Enter a number with at most 3 decimals, such as 1,349.500.']);
  assert.deepEqual(words('JPY', 'en'), ['Enter a whole number, such as 1,349.']);
  assert.match(String(words('AED', 'ar')), /\u20661,349\.50\u2069/);
  // What the sentence shows is taken.
  for (const [text, currency] of [
    ['1,349.50', 'AED'],
    ['1,349.500', 'KWD'],
    ['1,349', 'JPY'],
    ['١٬٣٤٩٫٥٠', 'AED'],
  ]) {
    assert.ok(readAmount(text ?? '', currency ?? '', 'ar').amount, text);
  }
  // It may be one dinar and a quarter.
  assert.equal(readAmount('1,250', 'KWD', 'en').amount, null);
});

test('the inspector has every sentence of the package about signatures in Arabic', () => {
  const sources = ['explain', 'alter', 'key_mistakes'].map((name) => {
    const source = readFileSync(new URL(`../../src/signature/${name}.rs`, import.meta.url), 'utf8');
    return source.split('#[cfg(test)]')[0] ?? '';
  });
  const sentences = sources.flatMap((source) => [...source.matchAll(/"([A-Z][^"]*\.)"/g)].map(([, text]) => text));
  assert.deepEqual([...new Set(sentences)].sort(), Object.keys(HINTS).sort());
  for (const text of Object.values(HINTS)) assert.match(text, /[\u0600-\u06ff]/);
});

/** The list of the shop's sentences; marks of direction are for pages. */
function listSentences() {
  const written = (/** @type {string} */ text) =>
    text
      .replace(/[\u2066-\u2069]/g, '')
      .replaceAll('\u2011', '-')
      .replaceAll('\u00a0', ' ');
  const table = (/** @type {string} */ title, /** @type {string[]} */ keys) => [
    `## ${title}`,
    '',
    '| sentence | English | Arabic |',
    '|---|---|---|',
    ...keys.map((key) => `| \`${key}\` | ${['en', 'ar'].map((one) => written(STRINGS[one][key])).join(' | ')} |`),
    '',
  ];
  const [shop, desk] = [Object.keys(SHOP.en), Object.keys(DESK.en)];
  const rest = Object.keys(STRINGS.en).filter((key) => !shop.includes(key) && !desk.includes(key));
  return [
    '# What the demo shop and its desk say',
    '',
    'Every sentence of `www/`, for native editors to read and sign off; those of the card form are in',
    '[checkout-sentences.md](checkout-sentences.md). The sources are `www/server/strings-shop.js`, `strings-desk.js` and',
    '`strings.js`: change them there, then run `UPDATE_SENTENCES=1 node --test tests/browser/wording.test.js`.',
    '',
    'Braces stand for facts: `{amount}` with its currency, `{method}` as a way to pay is called. Both languages state the same',
    'facts.',
    '',
    ...table('To customers', shop),
    ...table('To customers and at the desk', rest),
    ...table('At the desk', desk),
  ].join('\n');
}

test('docs/shop-sentences.md lists the sentences as they are', () => {
  const place = new URL('../../docs/shop-sentences.md', import.meta.url);
  if (process.env.UPDATE_SENTENCES) writeFileSync(place, listSentences());
  assert.equal(readFileSync(place, 'utf8'), listSentences());
});

test('both languages of the shop have every sentence, with the same facts', () => {
  const facts = (/** @type {string} */ text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  assert.deepEqual(Object.keys(STRINGS.ar), Object.keys(STRINGS.en));
  for (const [key, english] of Object.entries(STRINGS.en))
    assert.deepEqual(facts(STRINGS.ar[key]), facts(english), key);
});
