// Messages that a framework parsed: FormData and URLSearchParams, genuine, of someone else, and hostile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { explainSignature, openNotification, sign, ValidationError, verify } from 'aps-payops/server';
import { account, base, options } from './signed-capture.js';

const unsigned = { ...base, response_message: 'ناجحة 😀' };
const reply = { ...unsigned, signature: sign(unsigned, options) };
const pairs = Object.entries(reply);

/** @typedef {'FormData' | 'URLSearchParams'} Tag */

/**
 * A form of a class of its own.
 * @param {() => any} entries
 * @param {Tag} [tag]
 * @returns {any}
 */
const foreign = (entries, tag = 'FormData') => ({ [Symbol.toStringTag]: tag, entries });

/** @param {readonly (readonly [string, any])[]} entries */
function formData(entries) {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

/** @param {readonly (readonly [string, string])[]} entries @returns {[string, any][]} */
const forms = (entries) => [
  ['URLSearchParams', new URLSearchParams(entries.map(([name, value]) => [name, value]))],
  ['FormData', formData(entries)],
  ['foreign FormData', foreign(() => entries.values())],
  ['foreign URLSearchParams', foreign(() => entries.values(), 'URLSearchParams')],
];

/** @param {unknown} message @returns {[string, string]} parameter and code of why it cannot be read */
function refusal(message) {
  assert.equal(verify(/** @type {any} */ (message), options), false);
  assert.throws(() => openNotification(/** @type {any} */ (message), account), { code: 'unreadable' });
  try {
    explainSignature(/** @type {any} */ (message), options);
  } catch (error) {
    assert.ok(error instanceof ValidationError, String(error));
    const [{ parameter, code } = { parameter: '', code: '' }, ...more] = error.issues;
    assert.deepEqual(more, []);
    return [parameter, code];
  }
  return assert.fail('it was read');
}

/** Nothing of the calls before is left in the way. */
function works() {
  for (const [form, message] of forms(pairs)) {
    assert.equal(verify(message, options), true, form);
    assert.equal(openNotification(message, account).params.response_message, reply.response_message, form);
  }
}

test('forms of any class and realm are read like text', () => {
  works();
  const source = `({ make: (entries) => new (class FormData {
    get [Symbol.toStringTag]() { return 'FormData'; }
    entries() { return entries.map(([name, value]) => [name, value]); }
  }) })`;
  const other = runInNewContext(source).make(pairs);
  assert.ok(!(other instanceof Object));
  assert.equal(verify(other, options), true);
  class Own extends URLSearchParams {}
  assert.equal(verify(new Own(pairs), options), true);
  for (const [form, message] of forms([])) {
    const { matches, hints } = explainSignature(message, options);
    assert.deepEqual([matches, hints.map(({ mistake }) => mistake)], [false, ['no_signature']], form);
  }
});

test('an object that is no form is read as an object', () => {
  for (const [tag, entries] of /** @type {[any, any][]} */ ([
    ['FormData', undefined],
    ['FormData', 'x'],
    ['Headers', () => pairs.values()],
  ])) {
    assert.equal(verify(foreign(entries, tag), options), false);
  }
  for (const entries of [undefined, null, 7, {}, { next: 7 }]) {
    assert.equal(
      verify(
        foreign(() => entries),
        options,
      ),
      false,
    );
  }
  works();
});

test('what is no text is refused in every form, under its name', () => {
  for (const bad of ['a\0', '\u0001', 'a\u0001b']) {
    for (const [form, message] of forms([['a', bad]])) assert.deepEqual(refusal(message), ['a', 'bad_character'], form);
    for (const [form, message] of forms([[bad, 'a']])) assert.deepEqual(refusal(message), [bad, 'bad_character'], form);
    assert.equal(verify(`a=${encodeURIComponent(bad)}`, options), false);
  }
  for (const lone of ['\ud800', 'a\udc00', '\udc00\ud800', '😀\ud83d']) {
    for (const tag of /** @type {Tag[]} */ (['FormData', 'URLSearchParams'])) {
      const of = (/** @type {[string, string]} */ entry) => foreign(() => [entry].values(), tag);
      assert.deepEqual(refusal(of(['a', lone])), ['a', 'bad_character']);
      assert.deepEqual(refusal(of([lone, 'a'])), [lone.toWellFormed(), 'bad_character']);
    }
  }
  const file = new File(['x'], 'x.txt');
  assert.deepEqual(refusal(formData([...pairs, ['f', file]])), ['f', 'bad_format']);
  assert.deepEqual(refusal(foreign(() => [['f', new String('x')]].values())), ['f', 'bad_format']);
  for (const name of [7, null, {}, new String('a')]) {
    assert.deepEqual(refusal(foreign(() => [[name, 'x']].values())), ['message', 'bad_format']);
  }
  works();
});

test('names are unique, few or many, and __proto__ is none', () => {
  for (const count of [1, 31, 32, 33, 5000]) {
    const many = Array.from({ length: count }, (_, i) => /** @type {[string, string]} */ ([`n${i}`, '']));
    for (const [form, message] of forms([...many, ['n0', '1']])) {
      assert.deepEqual(refusal(message), ['n0', 'conflict'], `${count} in ${form}`);
    }
    for (const [form, message] of forms([...many, ['__proto__', '1']])) {
      assert.deepEqual(refusal(message), ['__proto__', 'not_allowed'], `${count} in ${form}`);
    }
  }
  const long = 'é'.repeat(5000);
  for (const [, message] of forms([
    [long, '1'],
    [long, '2'],
  ])) {
    assert.deepEqual(refusal(message), [long.slice(0, 200), 'conflict']);
  }
});

test('the limit counts the bytes of names and values, and ends what does not end', () => {
  const most = 1 << 20;
  /** @type {[string, string][][]} */
  const tooLong = [
    [['a', 'x'.repeat(most)]],
    [['a', 'ع'.repeat(most / 2)]],
    [['a', '😀'.repeat(most / 4)]],
    [
      ['a', 'x'.repeat(most / 2)],
      ['b'.repeat(most / 2), ''],
    ],
  ];
  for (const entries of tooLong) {
    const name = entries.at(-1)?.[0].slice(0, 200);
    for (const [form, message] of forms(entries)) assert.deepEqual(refusal(message), [name, 'not_allowed'], form);
    assert.equal(verify(String(new URLSearchParams(entries)), options), false);
  }
  for (const value of ['x'.repeat(most - 2), 'ع'.repeat(most / 2 - 1), '😀'.repeat(most / 4 - 1)]) {
    for (const [form, message] of forms([['a', value]])) {
      assert.equal(explainSignature(message, options).hints[0]?.mistake, 'no_signature', form);
    }
  }
  let read = 0;
  const endless = foreign(function* () {
    for (;;) {
      read += 1;
      yield [String(read), ''];
    }
  });
  assert.equal(refusal(endless)[1], 'not_allowed');
  const same = foreign(function* () {
    for (;;) yield ['', ''];
  });
  assert.deepEqual(refusal(same), ['', 'not_allowed']);
  works();
});

test('a byte order mark before, and line ends behind the signature, are no part of a message', () => {
  for (const [form, message] of forms(pairs.map(([name, value], i) => [i === 0 ? `\ufeff${name}` : name, value]))) {
    assert.equal(verify(message, options), true, form);
  }
  for (const [form, message] of forms([...pairs.slice(0, -1), ['signature', `${reply.signature}\r\n\n`]])) {
    assert.equal(verify(message, options), true, form);
  }
  for (const [form, message] of forms([...pairs, ['\ufeffx', '']])) assert.equal(verify(message, options), false, form);
  for (const [form, message] of forms([['amount', '1000\n'], ...pairs.filter(([name]) => name !== 'amount')])) {
    assert.equal(verify(message, options), false, form);
  }
});

test('what a form throws is passed on, wherever it throws, and the next call works', () => {
  const mine = new Error('mine');
  const fail = () => {
    throw mine;
  };
  const iterator = (/** @type {any} */ next) => ({ next, [Symbol.iterator]: () => iterator(next) });
  const after = (/** @type {() => any} */ next) => {
    let count = 0;
    return iterator(() => {
      count += 1;
      return count < 3 ? { done: false, value: [`n${count}`, ''] } : next();
    });
  };
  const getter = (/** @type {string | number} */ name) => Object.defineProperty({}, name, { get: fail });
  /** @type {(() => any)[]} */
  const hostile = [
    fail,
    () => ({ [Symbol.iterator]: fail }),
    () => after(fail),
    () => after(() => getter('done')),
    () => after(() => getter('value')),
    () => after(() => ({ value: getter(0) })),
    () => after(() => ({ value: getter(1) })),
    () => after(() => ({ value: new Proxy([], { get: fail }) })),
    () => new Proxy({}, { get: fail }),
  ];
  for (const entries of hostile) {
    for (const tag of /** @type {Tag[]} */ (['FormData', 'URLSearchParams'])) {
      const form = foreign(entries, tag);
      assert.throws(
        () => explainSignature(form, options),
        (error) => error === mine,
        String(entries),
      );
      assert.throws(
        () => openNotification(form, account),
        (error) => error === mine,
        String(entries),
      );
      assert.equal(verify(form, options), false);
      works();
    }
  }
  const dive = () => dive();
  for (const entries of [dive, () => after(dive)]) {
    assert.throws(
      () => explainSignature(foreign(entries), options),
      (/** @type {any} */ { code, name }) => code === 'stack_overflow' || name === 'RangeError',
    );
    works();
  }
});

test('names and values are fetched once: what changes between reads is read as it was', () => {
  /** @type {Record<string, number>} */
  const read = {};
  const shifting = foreign(() =>
    pairs
      .map(([name, value]) => {
        const entry = {};
        for (const [key, own] of [name, value].entries()) {
          const get = () => {
            read[`${name}.${key}`] = (read[`${name}.${key}`] ?? 0) + 1;
            return read[`${name}.${key}`] === 1 ? own : 'changed';
          };
          Object.defineProperty(entry, key, { get });
        }
        return entry;
      })
      .values(),
  );
  assert.equal(verify(shifting, options), true);
  assert.ok(Object.values(read).every((count) => count === 1));
});

test('a form may use the package while it is read', () => {
  const inner = new URLSearchParams(pairs);
  const busy = foreign(function* () {
    for (const [name, value] of pairs) {
      assert.equal(verify(inner, options), true);
      assert.equal(verify('x'.repeat(50_000), options), false);
      assert.equal(explainSignature(JSON.stringify({ ...reply, amount: '1' }), options).matches, false);
      assert.equal(
        verify(
          foreign(() => pairs.values()),
          options,
        ),
        true,
      );
      yield [name, value];
    }
  });
  assert.equal(verify(busy, options), true);
  assert.equal(openNotification(busy, account).outcome, 'succeeded');
  // A form within that throws is replaced with its instance, and the one around it is read or refused, never misread.
  const torn = foreign(function* () {
    for (const [name, value] of pairs) {
      assert.equal(
        verify(
          foreign(() => {
            throw new Error('mine');
          }),
          options,
        ),
        false,
      );
      works();
      yield [name, value];
    }
  });
  assert.throws(() => verify(torn, options), { code: 'internal' });
  works();
});

test('a name that is too long is refused with the sentence that text has', () => {
  const long = 'n'.repeat((1 << 20) + 1);
  const sentence = (/** @type {any} */ message) => {
    try {
      explainSignature(message, options);
    } catch (error) {
      return /** @type {ValidationError} */ (error).issues[0]?.message;
    }
    return assert.fail('it was read');
  };
  for (const [form, message] of forms([[long, '']])) assert.equal(sentence(message), sentence(`${long}=`), form);
});
