import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  Amount,
  accountFromEnv,
  buildForm,
  buildRequest,
  ConfigurationError,
  Payment,
  PaymentServices,
  verify,
} from 'aps-payops/server';
import { phrases } from '../../secrets.js';
import { account, applePay, secrets } from '../client/scripted-gateway.js';

const STATUS = { merchant_reference: 'o-1' };
const build = (given, options) => buildRequest('CHECK_STATUS', STATUS, given, options);

/** What is wrong with an account, by parameter. */
const problemsOf = (given) => {
  try {
    new PaymentServices(given);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, error);
    assert.equal(error.code, 'invalid_account');
    const text = inspect(error, { depth: 9 }) + JSON.stringify(error) + error.stack;
    for (const secret of secrets) assert.ok(!text.includes(secret));
    return error.issues.map(({ parameter }) => parameter);
  }
  return [];
};

test('APS is where its documentation says', () => {
  assert.equal(build(account).url, 'https://sbpaymentservices.payfort.com/FortAPI/paymentApi');
  const production = { ...account, environment: 'production' };
  assert.equal(build(production).url, 'https://paymentservices.payfort.com/FortAPI/paymentApi');
  const report = (own) => buildRequest('DOWNLOAD_REPORT', { merchant_reference: 'report-1' }, own).url;
  assert.equal(report(account), 'https://sbpaymentservices.payfort.com/FortAPI/reportingApi');
  assert.equal(report(production), 'https://paymentservices.payfort.com/FortAPI/reportingApi');
  const custom = { paymentApi: 'https://gateway.example/pay', reportingApi: 'https://gateway.example/reports' };
  assert.equal(report({ ...account, environment: custom }), custom.reportingApi);
  const without = { ...account, environment: { paymentApi: custom.paymentApi } };
  assert.throws(() => report(without), { code: 'no_endpoint' });
});

test('every problem is reported at once, without a value', () => {
  assert.deepEqual(problemsOf({ ...account }), []);
  assert.deepEqual(problemsOf({}), [
    'environment',
    'merchant_identifier',
    'access_code',
    'sha_request_phrase',
    'sha_response_phrase',
  ]);
  assert.deepEqual(
    problemsOf({
      ...account,
      digest: phrases.request,
      language: 'fr',
      applePay: { ...applePay, sha_response_phrase: [''] },
    }),
    ['language', 'digest', 'applePay.sha_response_phrase'],
  );
  assert.deepEqual(problemsOf({ ...account, digest: '' }), ['digest']);
  const copied = { ...account, access_code: `${account.access_code}\n`, merchant_identifier: ' CycHZxVj' };
  assert.deepEqual(problemsOf(copied), ['merchant_identifier', 'access_code']);
  assert.deepEqual(problemsOf({ ...account, sha_request_phrase: [] }), ['sha_request_phrase']);
  assert.deepEqual(problemsOf({ ...account, sha_request_phrase: 5 }), ['sha_request_phrase']);
  assert.deepEqual(problemsOf({ ...account, applePay: { ...applePay, access_code: account.access_code } }), [
    'applePay.access_code',
  ]);
  for (const given of [null, undefined, 'sandbox', 5]) {
    assert.throws(() => new PaymentServices(given), { code: 'invalid_account' });
  }
});

test('endpoints of one’s own are https or on this machine', () => {
  const at = (paymentApi) => ({ ...account, environment: { paymentApi } });
  for (const url of [
    'https://gateway.example/FortAPI/paymentApi',
    'http://localhost:8080/x',
    'http://127.0.0.1:1/x',
    'http://127.255.3.4/x',
    'http://[::1]:9/x',
  ]) {
    assert.equal(build(at(url)).url, url);
  }
  for (const url of [
    'http://gateway.example/x',
    'http://localhost.example/x',
    'http://127.0.0.1.example/x',
    'http://[::2]/x',
    'https://user:password@gateway.example/x',
    'ftp://localhost/x',
    'file:///etc/passwd',
    '/relative',
    '',
    null,
    undefined,
  ]) {
    assert.deepEqual(problemsOf(at(url)), ['environment.paymentApi'], String(url));
  }
  const pageless = at('https://gateway.example/x');
  const order = { merchant_reference: 'o-1', amount: Amount.parse('1', 'AED'), customer_email: 'a@example.com' };
  const page = { ...order, return_url: 'https://shop.example/back' };
  assert.throws(() => buildForm('PURCHASE', page, pageless), { code: 'no_endpoint' });
});

test('a changed account is checked again', () => {
  const mine = { ...account, sha_request_phrase: [phrases.request] };
  const isSignedWith = (phrase) => verify(build(mine).body, { phrase, digest: 'SHA-256' });
  assert.ok(isSignedWith(phrases.request));
  mine.sha_request_phrase.unshift(phrases.response);
  assert.ok(isSignedWith(phrases.response) && !isSignedWith(phrases.request), 'the newest signs');
  mine.access_code = '';
  assert.throws(() => build(mine), { code: 'invalid_account' });
});

test('Apple Pay’s credentials sign what is Apple Pay’s', () => {
  const both = { ...account, applePay };
  const codeOf = (options) => build(both, options).params.access_code;
  const paid = Payment.purchased(Amount.parse('1', 'AED'), { digital_wallet: 'APPLE_PAY' });
  assert.equal(codeOf(), account.access_code);
  assert.equal(codeOf({ credentials: 'applePay' }), applePay.access_code);
  assert.equal(codeOf({ payment: paid }), applePay.access_code);
  assert.equal(codeOf({ payment: paid, credentials: 'main' }), account.access_code);
  const request = build(both, { credentials: 'applePay' });
  assert.ok(verify(request.body, { phrase: phrases.applePayRequest, digest: 'HMAC-256' }));
  assert.equal(build(account, { payment: paid }).params.access_code, account.access_code, 'the only ones there are');
  assert.throws(() => build(account, { credentials: 'applePay' }), { code: 'no_credentials' });
});

test('a misspelled member of an account is rejected', () => {
  assert.deepEqual(problemsOf({ ...account, id: 7, note: 'x', helper() {} }), []);
  const both = { ...account, Digest: 'SHA-512', apple_pay: applePay, applePay: { ...applePay, DIGEST: 'SHA-512' } };
  assert.deepEqual(problemsOf(both).sort(), ['Digest', 'applePay.DIGEST', 'apple_pay']);
  const environment = { paymentApi: 'http://localhost:5/x', paymentpage: 'http://localhost:5/y' };
  assert.deepEqual(problemsOf({ ...account, environment }), ['environment.paymentpage']);
  assert.throws(() => new PaymentServices({ ...account, Digest: 'SHA-512' }), /Digest must be written digest/);
});

test('the language of the parameters is that of the request, the account’s is a default', () => {
  for (const [own, language] of [
    [{}, 'en'],
    [{ language: 'ar' }, 'ar'],
    [{ language: 'en' }, 'en'],
  ]) {
    for (const options of [undefined, { at: 0 }]) {
      const { params, body } = buildRequest('CHECK_STATUS', { ...STATUS, ...own }, account, options);
      assert.equal(params.language, language);
      assert.ok(verify(body, { phrase: phrases.request, digest: 'SHA-256' }));
    }
  }
  const arabic = { ...account, language: 'ar' };
  assert.equal(buildRequest('CHECK_STATUS', STATUS, arabic).params.language, 'ar');
  assert.equal(buildRequest('CHECK_STATUS', { ...STATUS, language: 'en' }, arabic).params.language, 'en');
  const form = { merchant_reference: 'order-1', return_url: 'https://shop.example/back', language: 'ar' };
  assert.equal(buildForm('TOKENIZATION', form, account).fields.language, 'ar');
  assert.throws(() => buildRequest('CHECK_STATUS', { ...STATUS, language: 'fr' }, account), { code: 'validation' });
});

test('a phrase with what was copied along is refused', () => {
  const phrase = phrases.request;
  for (const [given, code] of [
    [` ${phrase}`, 'bad_character'],
    [`${phrase}\n`, 'bad_character'],
    [`\u00a0${phrase}`, 'bad_character'],
    [`\ufeff${phrase}`, 'bad_character'],
    [[phrase, `${phrase} `], 'bad_character'],
    [`"${phrase}"`, 'bad_format'],
    [`'${phrase}'`, 'bad_format'],
    [`\`${phrase}\``, 'bad_format'],
    [[`"${phrase}"`], 'bad_format'],
  ]) {
    for (const field of ['sha_request_phrase', 'sha_response_phrase']) {
      const refused = (prefix) => (error) => {
        assert.deepEqual(
          error.issues.map((own) => [own.parameter, own.code]),
          [[prefix + field, code]],
        );
        return !error.message.includes(phrase);
      };
      assert.throws(() => new PaymentServices({ ...account, [field]: given }), refused(''));
      const wallet = { ...applePay, [field]: given };
      assert.throws(() => new PaymentServices({ ...account, applePay: wallet }), refused('applePay.'));
    }
  }
  // Inside, and as one of a pair, they are part of it.
  for (const own of ['a b', '"a', "a'", `"a'`, '"']) {
    assert.ok(new PaymentServices({ ...account, sha_request_phrase: own }), own);
  }
});

test('an account from the environment', async () => {
  const env = {
    APS_ENVIRONMENT: 'sandbox',
    APS_MERCHANT_IDENTIFIER: account.merchant_identifier,
    APS_ACCESS_CODE: account.access_code,
    APS_SHA_REQUEST_PHRASE: phrases.request,
    APS_SHA_RESPONSE_PHRASE: JSON.stringify([phrases.response, phrases.olderResponse]),
    APS_DIGEST: 'SHA-512',
  };
  const sendWith = async (more) => {
    let sent;
    const fetch = async (url, init) => {
      sent = { url, ...JSON.parse(init.body) };
      return new Response('', { status: 500 });
    };
    const aps = PaymentServices.fromEnv({ fetch, retries: 0 }, { ...env, ...more });
    await assert.rejects(aps.checkStatus(STATUS, more?.APS_APPLE_PAY_ACCESS_CODE && { credentials: 'applePay' }));
    return sent;
  };
  const sent = await sendWith();
  assert.ok(
    verify(sent.url && Object.fromEntries(Object.entries(sent).slice(1)), {
      phrase: phrases.request,
      digest: 'SHA-512',
    }),
  );
  // A phrase may look like JSON without being a list of phrases.
  for (const phrase of ['[phrase', '[1234]', '{"a":"b"}', '1234', '[["a"]]', 'null']) {
    const { url, ...params } = await sendWith({ APS_SHA_REQUEST_PHRASE: phrase });
    assert.ok(url && verify(params, { phrase, digest: 'SHA-512' }), phrase);
  }
  assert.throws(() => PaymentServices.fromEnv({}, { ...env, APS_SHA_REQUEST_PHRASE: '[]' }), {
    code: 'invalid_account',
  });
  assert.equal(
    (await sendWith({ APS_ENVIRONMENT: '{"paymentApi":"http://localhost:5/x"}' })).url,
    'http://localhost:5/x',
  );
  const apple = {
    APS_APPLE_PAY_ACCESS_CODE: applePay.access_code,
    APS_APPLE_PAY_SHA_REQUEST_PHRASE: phrases.applePayRequest,
    APS_APPLE_PAY_SHA_RESPONSE_PHRASE: phrases.applePayResponse,
  };
  assert.equal((await sendWith(apple)).access_code, applePay.access_code);
  assert.throws(
    () => PaymentServices.fromEnv({}, { APS_APPLE_PAY_DIGEST: 'SHA-256' }),
    (error) => error.issues.length === 8,
  );
  // A file of variables that was not read.
  assert.throws(() => accountFromEnv({ PATH: '/bin' }), /No APS_ variable is set.*--env-file=\.env/);
  assert.throws(() => accountFromEnv({ APS_DIGEST: 'SHA-256' }), { message: /^(?!.*No variable)/s });
  // Every problem names its variable.
  for (const read of [accountFromEnv, (own) => PaymentServices.fromEnv({}, own)]) {
    const environment = { APS_DIGEST: 'MD5', APS_SHA_REQUEST_PHRASE: ' padded', APS_APPLE_PAY_ACCESS_CODE: 'x ' };
    assert.throws(
      () => read(environment),
      (error) => {
        assert.deepEqual(error.issues.map(({ parameter }) => parameter).sort(), [
          'APS_ACCESS_CODE',
          'APS_APPLE_PAY_ACCESS_CODE',
          'APS_APPLE_PAY_SHA_REQUEST_PHRASE',
          'APS_APPLE_PAY_SHA_RESPONSE_PHRASE',
          'APS_DIGEST',
          'APS_ENVIRONMENT',
          'APS_MERCHANT_IDENTIFIER',
          'APS_SHA_REQUEST_PHRASE',
          'APS_SHA_RESPONSE_PHRASE',
        ]);
        for (const { parameter, message } of error.issues) assert.ok(message.startsWith(`${parameter} must `), message);
        assert.doesNotMatch(error.message, /padded|merchant_identifier|applePay/);
        return error.code === 'invalid_account';
      },
    );
  }
  assert.deepEqual(JSON.parse(JSON.stringify(PaymentServices.fromEnv({}, env))), {
    environment: 'sandbox',
    merchant_identifier: account.merchant_identifier,
  });
});

test('an account out of the environment prints no phrase, and is an account all the same', () => {
  const env = {
    APS_ENVIRONMENT: 'sandbox',
    APS_MERCHANT_IDENTIFIER: account.merchant_identifier,
    APS_ACCESS_CODE: account.access_code,
    APS_SHA_REQUEST_PHRASE: phrases.request,
    APS_SHA_RESPONSE_PHRASE: JSON.stringify([phrases.response, phrases.olderResponse]),
    APS_APPLE_PAY_ACCESS_CODE: applePay.access_code,
    APS_APPLE_PAY_SHA_REQUEST_PHRASE: phrases.applePayRequest,
    APS_APPLE_PAY_SHA_RESPONSE_PHRASE: phrases.applePayResponse,
  };
  const read = accountFromEnv(env);
  const text = [read, { nested: [read] }].map((thing) => inspect(thing, { depth: 9 }) + JSON.stringify(thing)).join();
  for (const secret of Object.values(phrases)) assert.ok(!text.includes(secret));
  assert.ok(text.includes(account.access_code) && text.includes('***'));
  for (const given of [read, { ...read }, structuredClone({ ...read, applePay: { ...read.applePay } })]) {
    assert.ok(verify(build(given).body, { phrase: phrases.request, digest: 'SHA-256' }));
    const request = build(given, { credentials: 'applePay' });
    assert.ok(verify(request.body, { phrase: phrases.applePayRequest, digest: 'SHA-256' }));
    assert.ok(new PaymentServices(given));
  }
});

test('a client and its requests print no secret', () => {
  const both = { ...account, applePay };
  const aps = new PaymentServices(both);
  const things = [aps, build(both), { nested: [aps] }];
  for (const thing of things) {
    const text = inspect(thing, { depth: 9, showHidden: true }) + JSON.stringify(thing) + String(thing);
    for (const secret of secrets) assert.ok(!text.includes(secret));
  }
  assert.equal(inspect(aps), "PaymentServices { environment: 'sandbox', merchant_identifier: 'CycHZxVj' }");
});
