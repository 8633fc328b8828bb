import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencies, describe, describeAcquirer, ValidationError } from 'aps-payops';

const ARABIC = /[\u0621-\u064a]/;

test('a response code is described in both languages', () => {
  const english = describe('13029');
  assert.deepEqual(english, {
    status: '13',
    message: '029',
    text: 'The purchase failed. There is not enough money on the card or account.',
    outcome: 'failed',
  });
  const arabic = describe('13029', 'ar');
  assert.equal(arabic.text, 'فشل الشراء. الرصيد غير كافٍ.');
  assert.deepEqual({ ...arabic, text: english.text }, english);
});

test('success is described once', () => {
  assert.equal(describe('14000', 'en').text, 'The purchase succeeded.');
  assert.equal(describe('14000', 'ar').text, 'تم الشراء بنجاح.');
});

test('a message that leaves the outcome open is not described as a failure', () => {
  assert.equal(
    describe('05006').text,
    'It is not certain whether the transaction went through: ask with CHECK_STATUS. A technical problem occurred.',
  );
  assert.match(describe('13066').text, /^It is not certain .* This merchant reference was used before\.$/);
  assert.match(describe('05006', 'ar').text, /^ليس مؤكدًا/);
  assert.equal(describe('05042').text, 'The capture failed. The amount is more than was authorized.');
});

for (const [code, outcome] of [
  ['02000', 'succeeded'],
  ['04000', 'succeeded'],
  ['06000', 'succeeded'],
  ['08000', 'succeeded'],
  ['14000', 'succeeded'],
  ['03666', 'failed'],
  ['05042', 'failed'],
  ['07048', 'failed'],
  ['13666', 'failed'],
  ['20064', 'action_required'],
  ['19000', 'pending'],
  ['15777', 'uncertain'],
  ['13006', 'uncertain'],
  ['05784', 'uncertain'],
  ['00001', 'rejected'],
  ['00008', 'rejected'],
]) {
  test(`the outcome of ${code} is ${outcome}`, () => assert.equal(describe(code).outcome, outcome));
}

test('unknown codes are described, not refused', () => {
  const status = describe('16029');
  assert.equal(status.status, '16');
  assert.match(status.text, /^Unknown status: 16\. There is not enough money/);
  assert.equal(describe('13999').text, 'The purchase failed. Unknown message: 999.');
  assert.match(describe('13999', 'ar').text, /^فشل الشراء\. رسالة غير معروفة: 999\.$/);
  for (const code of ['', '1400', '140000', ' 14000', '14000\n', '١٤٠٠٠', '__proto__', 'constructor', '\ud800']) {
    const { status, message, text, outcome } = describe(code);
    assert.deepEqual({ status, message, text }, { status: '', message: '', text: 'Unknown response code.' });
    assert.equal(typeof outcome, 'string');
    assert.notEqual(outcome, 'succeeded');
    assert.match(describe(code, 'ar').text, ARABIC);
  }
});

test('every documented status and message has its own words in both languages', () => {
  const pad = (/** @type {number} */ number, /** @type {number} */ length) => String(number).padStart(length, '0');
  const known = (/** @type {(number: number) => string} */ code, /** @type {number} */ end) =>
    Array.from({ length: end }, (_, number) => code(number)).filter((each) => !/Unknown/.test(describe(each).text));
  const statuses = known((number) => `${pad(number, 2)}000`, 100);
  const messages = known((number) => `14${pad(number, 3)}`, 1000);
  assert.equal(statuses.length, 68);
  assert.equal(messages.length, 166);
  for (const code of [...statuses, ...messages]) {
    assert.match(describe(code, 'ar').text, ARABIC);
    assert.doesNotMatch(describe(code, 'en').text, ARABIC);
  }
});

test('anything but a string, and an unknown language, are rejected', () => {
  for (const code of [14000, 14000n, undefined, null, ['14000'], new String('14000')]) {
    assert.throws(
      () => describe(/** @type {any} */ (code)),
      (error) => error instanceof ValidationError && error.issues[0]?.parameter === 'code',
    );
  }
  assert.throws(
    () => describe(/** @type {any} */ (5), /** @type {any} */ ('fr')),
    (error) =>
      error instanceof ValidationError &&
      error.issues.map((issue) => `${issue.parameter}:${issue.code}`).join() === 'code:bad_format,language:not_allowed',
  );
});

test('the codes of acquirers are described as they are written', () => {
  assert.equal(describeAcquirer('51'), 'There is not enough money in the account.');
  assert.equal(describeAcquirer('NOT CAPTURED', 'ar'), 'لم يُحصَّل أي مبلغ.');
  for (const code of ['', '999999', 'toString', '__proto__']) assert.equal(describeAcquirer(code), 'Unknown code.');
  assert.throws(() => describeAcquirer(/** @type {any} */ (51)), ValidationError);
});

test('currencies have a code, an exponent and a name', () => {
  const list = currencies();
  const by = new Map(list.map((currency) => [currency.code, currency]));
  assert.equal(by.size, list.length);
  for (const [code, exponent] of /** @type {const} */ ([
    ['AED', 2],
    ['KWD', 3],
    ['IQD', 3],
    ['JPY', 0],
    ['XOF', 0],
    ['UYW', 4],
  ])) {
    assert.equal(by.get(code)?.exponent, exponent);
  }
  for (const gone of ['XXX', 'XTS', 'XAU', 'XDR', 'BGN', 'HRK', 'ZWL']) assert.equal(by.has(gone), false, gone);
  for (const { code, exponent, name } of list) {
    assert.match(code, /^[A-Z]{3}$/);
    assert.ok(Number.isInteger(exponent) && exponent >= 0 && exponent <= 4);
    assert.ok(name.length > 2 && name !== code, code);
  }
  assert.deepEqual(
    list.map((currency) => currency.code),
    list.map((currency) => currency.code).sort(),
  );
  list.length = 0;
  assert.ok(currencies().length > 150);
});
