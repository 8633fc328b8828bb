// Published signatures of whole operations, from plain parameters: through buildRequest or buildForm where the published
// values are valid, and through sign, with the reason, where they are not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildForm, buildRequest, sign, validate } from 'aps-payops/server';
import { dictionary, SUPPLIED } from './dictionary.js';

const read = (name) => JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
const vectors = [...read('published.json'), ...read('installments.json')];
const SELECTORS = ['command', 'query_command', 'service_command'];

const SPACE = ['merchant_reference bad_character'];
const MASKED = ['card_number bad_character', 'expiry_date bad_character'];
const ANSWERED = ['card_bin unknown', 'response_code unknown', 'response_message unknown', 'status unknown'];
/**
 * Why a published vector is no request that may be built: the errors in it, or that something every request has is not
 * there. Any other must be built.
 */
const NOT_BUILT = {
  'PHP normal request': SPACE,
  'PHP normal response': SPACE,
  'PHP Apple Pay request (nested apple_header, apple_paymentMethod)': SPACE,
  'PHP Apple Pay response': SPACE,
  'NET one level': 'no command',
  'NET nested object': 'no command',
  'NET nested object with empty/null members kept as k=': 'no command',
  'NET list of objects': 'no command',
  // An answer, whose masked card is signed as it is.
  'NET tokenization redirect response (masked values signed)': [...ANSWERED, ...MASKED, 'card_security_code missing'],
  'Sevaske CHECK_STATUS': 'no account',
  // Amounts in major units, with a point, and made-up names.
  'NET redirect form with installments': ['amount not_an_amount', 'currency bad_currency', 'customer_email bad_format'],
  "NET tokenization form with installments and the holder's name": ['amount not_an_amount'],
  'NET tokenization form with installments and a country': ['amount not_an_amount', 'customer_country_code too_long'],
  'NET GET_INSTALLMENTS_PLANS answer': 'no account',
};

/** Vectors of an account's response phrase are requests by their parameters, and sign alike. */
const commandIn = (params) => params[SELECTORS.find((name) => params[name] !== undefined)];

for (const { name, digest, phrase, params, signature } of vectors) {
  const command = commandIn(params);
  const { access_code, merchant_identifier, language } = params;
  const own = Object.fromEntries(
    Object.entries(params).filter(([key]) => !SUPPLIED.includes(key) && !SELECTORS.includes(key)),
  );
  const why = NOT_BUILT[name];

  test(`${name}, ${digest}: ${why ? 'signed only' : `${command} is built`}`, () => {
    assert.equal(sign(params, { phrase, digest }), signature);
    if (why === 'no command') return assert.equal(command, undefined);
    if (why === 'no account') return assert.equal(access_code ?? merchant_identifier, undefined);
    const errors = validate(command, own).filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors.map(({ parameter, code }) => `${parameter} ${code}`).sort(), [...(why ?? [])].sort());
    if (why) return;
    const account = {
      environment: 'sandbox',
      access_code,
      merchant_identifier,
      language,
      digest,
      sha_request_phrase: phrase,
      sha_response_phrase: phrase,
    };
    const channels = dictionary.commands[command].channel;
    if (channels.some((one) => one === 'api' || one === 'reporting')) {
      const request = buildRequest(command, own, account);
      assert.equal(request.params.signature, signature);
      assert.deepEqual(JSON.parse(request.body), { ...params, signature });
      // And with options, the other way through the code.
      assert.equal(buildRequest(command, own, account, {}).params.signature, signature);
    }
    if (channels.includes('page') && Object.values(own).every((value) => typeof value === 'string')) {
      assert.equal(buildForm(command, own, account).fields.signature, signature);
    }
  });
}
test('the Apple Pay vector with a valid reference is built, and signs as sign does', () => {
  const vector = vectors.find(({ name }) => name.startsWith('PHP Apple Pay request'));
  const { access_code, merchant_identifier, language, signature, command, ...rest } = vector.params;
  const own = { ...rest, merchant_reference: 'test-2121' };
  const set = {
    access_code,
    sha_request_phrase: vector.phrase,
    sha_response_phrase: vector.phrase,
    digest: vector.digest,
  };
  // The wallet's own credentials are chosen by the wallet of the payment.
  const main = { access_code: 'another', sha_request_phrase: 'another', sha_response_phrase: 'another' };
  const account = { environment: 'sandbox', merchant_identifier, language, ...main, digest: 'SHA-512', applePay: set };
  const request = buildRequest(command, own, account);
  const params = { ...vector.params, merchant_reference: 'test-2121' };
  assert.equal(request.params.signature, sign(params, vector));
  assert.equal(request.params.access_code, access_code);
});
