// Writing batch files: their contents, and what is rejected.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, TransportError, ValidationError, writeBatch } from 'aps-payops/server';
import fc from 'fast-check';
import { readTable } from '../../../pkg/batch/csv.js';

const text = async (operations, options) => new Response(writeBatch(operations, options)).text();
const capture = { command: 'CAPTURE', merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
const recurring = {
  command: 'PURCHASE',
  merchant_reference: 'order-2',
  amount: '4999',
  currency: 'AED',
  customer_email: 'customer@domain.com',
  eci: 'RECURRING',
  token_name: 'Op9Vmp',
};
const refused = async (operations, options) => {
  const error = await text(operations, options).then(
    () => assert.fail('nothing was refused'),
    (reason) => reason,
  );
  assert.ok(error instanceof ValidationError, String(error));
  return error.issues;
};
const summarize = (issues) => issues.map(({ row, parameter, code }) => [row, parameter, code]);

test('a header of names, then a line for each operation, in the order of the columns', async () => {
  assert.equal(await text([capture]), 'command,merchant_reference,amount,currency\nCAPTURE,order-1,1000,AED\n');
  const columns = [
    'merchant_reference',
    'command',
    'fort_id',
    'currency',
    'amount',
    'customer_email',
    'eci',
    'token_name',
  ];
  const operations = [
    recurring,
    { command: 'CAPTURE', merchant_reference: 'order-1', amount: Amount.parse('10.00', 'AED') },
    { command: 'REFUND', merchant_reference: 'order-3', amount: 1750n, currency: 'IQD' },
    { command: 'VOID_AUTHORIZATION', fort_id: '149295435400084008', merchant_reference: 'order-4' },
  ];
  const expected = [
    columns.join(','),
    'order-2,PURCHASE,,AED,4999,customer@domain.com,RECURRING,Op9Vmp',
    'order-1,CAPTURE,,AED,1000,,,',
    'order-3,REFUND,,IQD,1750,,,',
    'order-4,VOID_AUTHORIZATION,149295435400084008,,,,,',
  ];
  assert.equal(await text(operations, { columns }), `${expected.join('\n')}\n`);
});

test('operations come from arrays, generators and streams', async () => {
  const expected = await text([capture]);
  async function* generator() {
    yield capture;
  }
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(capture);
      controller.close();
    },
  });
  assert.equal(await text(generator()), expected);
  assert.equal(await text(stream), expected);
  assert.equal(await text(new Set([capture])), expected);
  for (const source of [null, 7, {}, undefined]) {
    assert.deepEqual(summarize(await refused(source)), [[undefined, 'source', 'bad_format']]);
  }
});

test('values are quoted only where they must be', async () => {
  const operation = { ...recurring, merchant_extra: 'a, "b"', order_description: ' x' };
  const [, line] = (await text([operation])).split('\n');
  assert.equal(line, 'PURCHASE,order-2,4999,AED,customer@domain.com,RECURRING,Op9Vmp,"a, ""b"""," x"');
});

test('a written file reads back the same, with any free text', async () => {
  const free = fc
    .string({ unit: 'binary', maxLength: 40 })
    // The dictionary rejects `=`, the file rejects control characters; empty values are left out.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
    .map((value) => value.replace(/[=\0-\x1f\x7f\x85\u2028\u2029]/g, ''));
  const row = fc.record(
    {
      command: fc.constant('PURCHASE'),
      merchant_reference: fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/),
      amount: fc.integer({ min: 1, max: 9_999_999_999 }).map(String),
      currency: fc.constantFrom('AED', 'SAR', 'EGP'),
      customer_email: fc.constant('customer@domain.com'),
      eci: fc.constant('RECURRING'),
      token_name: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
      merchant_extra: free,
      customer_name: free.map((value) => value.slice(0, 40).toWellFormed()),
    },
    { noNullPrototype: true },
  );
  const columns = [...Object.keys(recurring), 'merchant_extra', 'customer_name'];
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
      const back = [];
      for await (const { line, values } of readTable(writeBatch(rows, { columns }))) {
        assert.equal(line, back.length + 2);
        back.push(values);
      }
      assert.deepEqual(back, rows);
    }),
    { numRuns: 200 },
  );
});

test('the first bad row ends the file, with all that is wrong with it', async () => {
  const bad = { command: 'CAPTURE', merchant_reference: 'a b', amount: 10.5, currency: 'ZZZ', surprise: 'x' };
  const issues = await refused([capture, bad, { command: 'CAPTURE' }], { columns: Object.keys(capture) });
  const found = summarize(issues).map(([row, parameter]) => `${row} ${parameter}`);
  for (const name of ['merchant_reference', 'amount', 'currency', 'surprise']) {
    assert.ok(found.includes(`2 ${name}`), `${name} in ${found}`);
  }
  assert.ok(issues.every(({ row, message }) => row === 2 && message.startsWith('Row 2: ')));
  const arabic = await refused([bad], { language: 'ar', columns: Object.keys(capture) });
  assert.ok(arabic.every(({ message }) => message.startsWith('السطر 1:')));
});

test('collect reads on and reports all rows; a function leaves them out', async () => {
  const operations = [capture, { ...capture, amount: '0' }, capture, { ...capture, currency: 'XXX' }];
  const issues = await refused(operations, { onInvalid: 'collect' });
  assert.deepEqual([...new Set(issues.map(({ row }) => row))], [2, 4]);
  const reports = [];
  const written = await text(operations, { onInvalid: (error, row) => reports.push([row, error]) });
  assert.equal(written.split('\n').length, 4);
  assert.deepEqual(
    reports.map(([row, { issues: of }]) => [row, of.length > 0]),
    [
      [2, true],
      [4, true],
    ],
  );
  // The header is that of the first row which is right.
  const mixed = [null, { command: 'CAPTURE' }, { ...capture, service_command: 'PAYMENT_LINK' }, capture];
  assert.equal(await text(mixed, { onInvalid: () => {} }), await text([capture]));
  let read = 0;
  function* endlessRows() {
    for (;;) {
      read += 1;
      yield { command: 'CAPTURE' };
    }
  }
  assert.equal((await refused(endlessRows(), { onInvalid: 'collect', columns: Object.keys(capture) })).length, 1000);
  assert.ok(read < 1000);
});

test('a batch has recurring payments and maintenance alone, by token', async () => {
  const one = async (operation, columns = Object.keys(operation)) => summarize(await refused([operation], { columns }));
  const has = (issues, parameter, code) =>
    assert.ok(
      issues.some((found) => found[1] === parameter && found[2] === code),
      `${parameter} ${code}: ${issues}`,
    );
  for (const command of ['AUTHORIZATION', 'CHECK_STATUS', 'TOKENIZATION', 'NOPE']) {
    assert.deepEqual(await one({ ...capture, command }), [[1, 'command', 'not_allowed']]);
  }
  assert.deepEqual(await one({ merchant_reference: 'order-1' }, Object.keys(capture)), [[1, 'command', 'missing']]);
  const link = { ...capture, service_command: 'PAYMENT_LINK' };
  has(await one({ ...link, command: undefined }, Object.keys(capture)), 'command', 'missing');
  has(await one(link, Object.keys(capture)), 'service_command', 'not_allowed');
  has(await one({ ...recurring, eci: 'ECOMMERCE' }), 'eci', 'not_allowed');
  const { eci, ...without } = recurring;
  assert.equal(eci, 'RECURRING');
  has(await one(without), 'eci', 'missing');
  const { token_name, ...tokenless } = recurring;
  assert.equal(token_name, 'Op9Vmp');
  has(await one(tokenless), 'token_name', 'missing');
  has(await one({ ...recurring, card_number: '4005550000000001' }), 'card_number', 'not_allowed');
  has(await one({ ...recurring, card_security_code: '123' }), 'card_security_code', 'not_allowed');
  has(await one({ ...capture, order_description: 'a\nb' }), 'order_description', 'bad_character');
  has(await one({ ...capture, order_description: { a: 'b' } }), 'order_description', 'bad_format');
  has(await one({ ...capture, order_description: 'a' }, Object.keys(capture)), 'order_description', 'not_allowed');
});

test('no error shows a card number or a security code', async () => {
  const operation = { ...recurring, card_number: '4005550000000001', card_security_code: '123' };
  const error = await text([operation], { columns: Object.keys(operation) }).catch((reason) => reason);
  assert.ok(error instanceof ValidationError);
  assert.doesNotMatch(JSON.stringify(error) + error.stack, /4005550000000001/);
});

test('options that cannot be understood are refused at once', () => {
  const options = [
    [{ columns: [] }, 'columns'],
    [{ columns: ['merchant_reference'] }, 'columns'],
    [{ columns: ['command', 'service_command'] }, 'columns'],
    [{ columns: ['command', 'command'] }, 'columns'],
    [{ columns: ['command', 'a,b'] }, 'columns'],
    [{ columns: ['command', '__proto__'] }, 'columns'],
    [{ columns: 'command' }, 'columns'],
    [{ onInvalid: 'skip' }, 'onInvalid'],
    [{ maxBytes: 0 }, 'maxBytes'],
    [{ allow: 'x' }, 'allow'],
    [{ at: 'x' }, 'at'],
  ];
  for (const [given, parameter] of options) {
    const isNamed = ({ name, issues }) => name === 'ValidationError' && issues[0].parameter === parameter;
    assert.throws(() => writeBatch([capture], given), isNamed, JSON.stringify(given));
  }
});

test('a file is neither empty nor too long', async () => {
  assert.deepEqual(summarize(await refused([])), [[undefined, 'operations', 'missing']]);
  assert.deepEqual(summarize(await refused([capture], { maxBytes: 60 })), [[undefined, 'file', 'too_long']]);
  const length = (await text([capture])).length;
  assert.equal((await text([capture], { maxBytes: length })).length, length);
});

/** Captures without end, counted. */
function manyRows() {
  const state = { count: 0, isClosed: false };
  function* operations() {
    try {
      for (;;) {
        state.count += 1;
        yield { ...capture, merchant_reference: `order-${state.count}` };
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, operations: operations() };
}

test('rows are made as they are read, and progress is reported', async () => {
  const { state, operations } = manyRows();
  const reports = [];
  const reader = writeBatch(operations, { onProgress: (progress) => reports.push(progress) }).getReader();
  assert.equal(state.count, 0);
  const { value } = await reader.read();
  assert.equal(reports.length, 1);
  assert.deepEqual(reports[0], { rows: state.count, bytes: value.length });
  assert.ok(value.length >= 65_536 && value.length < 70_000);
  await reader.cancel();
  assert.ok(state.isClosed);
});

test('the signal ends it, also when operations are stuck', async () => {
  const isAborted = (error) => error instanceof TransportError && error.code === 'aborted';
  const { state, operations } = manyRows();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(text(operations, { signal: controller.signal }), isAborted);
  assert.ok(state.isClosed);
  const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
  const later = new AbortController();
  setTimeout(() => later.abort(), 20);
  await assert.rejects(text(stuck, { signal: later.signal }), isAborted);
  await assert.rejects(text([capture], { signal: AbortSignal.abort() }), isAborted);
});

test('an error of operations is passed on', async () => {
  async function* failing() {
    yield capture;
    throw new RangeError('the database is gone');
  }
  await assert.rejects(text(failing()), { name: 'RangeError', message: 'the database is gone' });
});

test('a column is a parameter of the row itself', async () => {
  const operation = { command: 'CAPTURE', merchant_reference: 'a1', amount: '100', currency: 'AED' };
  const columns = ['command', 'merchant_reference', 'amount', 'currency', 'constructor', 'toString'];
  const text = await new Response(writeBatch([operation], { columns })).text();
  assert.equal(text.split('\n')[1], 'CAPTURE,a1,100,AED,,');
});
