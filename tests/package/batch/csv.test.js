// Reading CSV: the rows do not depend on how the text is split, and broken files are never guessed at.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRows, readTable } from '../../../pkg/batch/csv.js';
import { FileFormatError } from '../../../pkg/batch/format-error.js';
import { writeRow } from '../../../pkg/batch/row.js';
import { ApsError, TransportError, ValidationError } from '../../../pkg/server.js';

const all = async (rows) => {
  const found = [];
  for await (const row of rows) found.push(row);
  return found;
};
const cells = async (source, options) => (await all(readRows(source, options))).map((row) => row.cells);

/** Bytes cut at the given places. */
function splitAt(bytes, places) {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

const table = (cell, minLength = 1) =>
  fc
    .integer({ min: minLength, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
const places = fc.array(fc.nat(500), { maxLength: 40 });

test('rows of writeRow read back the same, cut anywhere', async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what writers refuse before
  const cell = fc.string({ unit: 'binary', maxLength: 12 }).map((value) => value.replace(/[\0-\x1f\ufeff]/g, '"'));
  await fc.assert(
    // One column could be an empty line, which is passed over.
    fc.asyncProperty(table(cell, 2), places, async (rows, ends) => {
      const bytes = new TextEncoder().encode(rows.map(writeRow).join(''));
      assert.deepEqual(await cells(splitAt(bytes, ends)), rows);
    }),
    { numRuns: 500 },
  );
});

test('quoted values may hold anything, line ends too; lines are counted by them', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'ع', '😀', ' '), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(table(cell), places, fc.boolean(), fc.boolean(), async (rows, ends, isCrlf, isText) => {
      const eol = isCrlf ? '\r\n' : '\n';
      const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
      const whole = `\ufeff${quoted.join(eol)}`;
      const source = isText ? cutText(whole, ends) : splitAt(new TextEncoder().encode(whole), ends);
      const found = await all(readRows(source));
      assert.deepEqual(
        found.map((row) => row.cells),
        rows,
      );
      const starts = quoted.map(
        (_, index) => 1 + quoted.slice(0, index).join(eol).split('\n').length - (index ? 0 : 1),
      );
      assert.deepEqual(
        found.map((row) => row.line),
        starts,
      );
    }),
    { numRuns: 500 },
  );
});

/** Text cut at the given places, also between the halves of a character. */
function cutText(text, ends) {
  const sorted = [...new Set(ends.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => text.slice(start, sorted[index] ?? text.length));
}

test('every single cut of a file gives the same rows', async () => {
  const text = 'Line_Number,نص\r\n"1","قيمة, ""أ"""\n2,😀\r\n\r\n"a\nb",\n';
  const expected = [
    ['Line_Number', 'نص'],
    ['1', 'قيمة, "أ"'],
    ['2', '😀'],
    ['a\nb', ''],
  ];
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at += 1) {
    assert.deepEqual(await cells([bytes.subarray(0, at), bytes.subarray(at)]), expected, `cut at ${at}`);
  }
  assert.deepEqual(await cells(Array.from(bytes, (byte) => Uint8Array.of(byte))), expected);
  assert.deepEqual(await cells(text), expected);
  assert.deepEqual(await cells(new Response(bytes)), expected);
  assert.deepEqual(await cells(new Blob([bytes])), expected);
  assert.deepEqual(await cells(new Response(bytes).body), expected);
});

test('an invalid file is rejected, with the line', async () => {
  const broken = [
    ['a,b\n"x"y,1\n', 'bad_quote', 2],
    ['a,b\nx"y",1\n', 'bad_quote', 2],
    ['a,b\n1, "2"\n', 'bad_quote', 2],
    ['a,b\n1,2\n"3,4\n5,6\n', 'cut_off', 3],
    ['a,b\n1,2\r3,4\n', 'bad_character', 2],
    ['a,b\n"1\n2",3\n"4"5,6\n', 'bad_quote', 4],
    [Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0xff, 0x0a), 'bad_encoding', 1],
    [[Uint8Array.of(0x61, 0x0a), Uint8Array.of(0xd8)], 'bad_encoding', 2],
    [['a\n', 7], 'bad_encoding', 2],
  ];
  for (const [source, code, line] of broken) {
    await assert.rejects(cells(source), (error) => {
      assert.ok(error instanceof FileFormatError && error instanceof ApsError);
      assert.deepEqual([error.code, error.line], [code, line], String(source));
      return true;
    });
  }
});

test('rows have a longest length, quotes or not, and one that never ends is not kept', async () => {
  assert.deepEqual(await cells('ab,cd\n', { maxLineLength: 5 }), [['ab', 'cd']]);
  const isTooLong = (error) => error.code === 'too_long' && error.line === 2;
  await assert.rejects(cells('ab\nab,cde\n', { maxLineLength: 5 }), isTooLong);
  let given = 0;
  function* endlessPieces(begin, piece) {
    yield begin;
    for (;;) {
      given += 1;
      yield piece;
    }
  }
  await assert.rejects(cells(endlessPieces('ab\n', 'x'.repeat(1000))), isTooLong);
  await assert.rejects(cells(endlessPieces('ab\n"', 'x\n'.repeat(500))), isTooLong);
  assert.ok(given < 200);
});

test('a table has a header of different names, and rows as wide', async () => {
  const rows = async (text) => (await all(readTable(text))).map(({ values }) => values);
  assert.deepEqual(await rows('a,b\n1,2\n3,\n'), [
    { a: '1', b: '2' },
    { a: '3', b: '' },
  ]);
  assert.deepEqual(await rows('a,b\n'), []);
  for (const [text, code] of [
    ['', 'bad_header'],
    ['a,a\n', 'bad_header'],
    ['a,\n', 'bad_header'],
    ['__proto__,b\n', 'bad_header'],
    ['a,b\n1\n', 'bad_row'],
    ['a,b\n1,2,3\n', 'bad_row'],
  ]) {
    await assert.rejects(rows(text), (error) => error instanceof FileFormatError && error.code === code, text);
  }
  const [row] = await rows('constructor,toString\n1,2\n');
  assert.deepEqual(Object.entries(row), [
    ['constructor', '1'],
    ['toString', '2'],
  ]);
});

test('errors never repeat the contents of the file', async () => {
  const error = await cells('a,b\n"4005550000000001"x,1\n').catch((reason) => reason);
  assert.doesNotMatch(JSON.stringify(error) + error.stack, /4005550000000001/);
});

test('the source is closed when reading ends, and progress is reported', async () => {
  let isCancelled = false;
  const encoder = new TextEncoder();
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(encoder.encode('أ,b\n1,2\n')),
    cancel() {
      isCancelled = true;
    },
  });
  for await (const { cells: found } of readRows(stream)) if (found[0] === '1') break;
  assert.ok(isCancelled);
  const reports = [];
  await cells([encoder.encode('أ,b\n1'), ',2\n3,4'], { onProgress: (progress) => reports.push({ ...progress }) });
  assert.deepEqual(reports, [
    { rows: 0, bytes: 6 },
    { rows: 1, bytes: 12 },
    { rows: 2, bytes: 12 },
  ]);
});

test('the signal ends it at once; a lost connection is a TransportError', async () => {
  const controller = new AbortController();
  const stuck = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
  setTimeout(() => controller.abort(), 20);
  const isAborted = (error) => error instanceof TransportError && error.code === 'aborted';
  await assert.rejects(cells(stuck, { signal: controller.signal }), isAborted);
  await assert.rejects(cells('a\n', { signal: AbortSignal.abort() }), isAborted);
  const failing = new ReadableStream({
    pull: (it) => it.error(Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' })),
  });
  const isLost = (error) => error instanceof TransportError && error.code === 'network' && error.sent === 'unknown';
  await assert.rejects(cells(new Response(failing)), isLost);
  const twice = new Response('a\n');
  await twice.text();
  await assert.rejects(cells(twice), (error) => error instanceof ValidationError || error instanceof TransportError);
});
