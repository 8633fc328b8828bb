// The cost of explaining a message: anyone can send one, so it must end soon and in little memory, whatever it contains.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { cards, phrases } from '../../secrets.js';

const MIB = 1 << 20;
const options = { phrase: phrases.response, otherPhrase: phrases.request, digest: 'SHA-256' };
const wrong = '0'.repeat(64);

/** JSON of nearly 1 MiB: `start`, then as many of what `piece` gives as fit, then `end`. */
function filled(start, piece, end) {
  const pieces = [];
  let left = MIB - start.length - end.length - 1;
  for (let index = 0; ; index++) {
    const next = piece(index);
    left -= Buffer.byteLength(next) + 1;
    if (left < 0) return `${start}${pieces.join(',')}${end}`;
    pieces.push(next);
  }
}
const listed = (piece) => filled(`{"signature":"${wrong}","x":[`, piece, ']}');
const members = (piece) => filled(`{"signature":"${wrong}",`, piece, '}');
const nest = (depth, open, inner, close) => open.repeat(depth) + inner + close.repeat(depth);
const form = (piece) => `signature=${wrong}&${filled('', piece, '').replaceAll(',', '&')}`.slice(0, MIB);

/** @type {Record<string, [string, object?]>} */
const shapes = {
  'empty lists': [listed(() => '[]')],
  'lists of one': [listed(() => '[1]')],
  'lists of lists of lists': [listed(() => nest(14, '[', '1', ']'))],
  'objects of one': [listed(() => '{"":1}')],
  'objects of objects': [listed(() => nest(13, '{"":', '1', '}'))],
  'objects of three': [listed(() => '{"c":1,"a":2,"b":3}')],
  'many numbers': [listed(() => '1')],
  'many nested lists, each a parameter': [members((i) => `"${i}":[[1,[2]],[3]]`)],
  'many objects of five, each a parameter': [members((i) => `"${i}":{"e":1,"d":2,"c":3,"b":4,"a":5}`)],
  'objects of 16 KiB, each a parameter': [
    members((i) => `"${i}":{${Array.from({ length: 1100 }, (_, n) => `"${n}":{"b":1}`).join(',')}}`),
  ],
  'lists of pairs of 16 KiB, each a parameter': [
    members((i) => `"${i}":[${Array(1200).fill('{"b":1,"a":2}').join(',')}]`),
  ],
  'two parameters of half a MiB': [
    `{"signature":"${wrong}","a":["${'x'.repeat(MIB / 2 - 100)}"],"b":{"c":"${' '.repeat(MIB / 2 - 100)}"}}`,
  ],
  'many members': [members((i) => `"${i.toString(36)}":1`)],
  'many members that differ in case': [members((i) => `"${i % 2 ? 'K' : 'k'}${i}":" "`)],
  'many empty members': [members((i) => `"${i}":""`)],
  'a form of many names': [form((i) => i.toString(36))],
  ampersands: [`signature=${wrong}&a=${'%26'.repeat(MIB / 3 - 100)}`],
  'ampersands in JSON': [`{"signature":"${wrong}","a":"${'&'.repeat(MIB - 100)}"}`],
  escapes: [`{"signature":"${wrong}","a":"${'&#x10FFFF;'.repeat(MIB / 10 - 20)}"}`],
  quotes: [`{"signature":"${wrong}","a":"${'\\"'.repeat(MIB / 2 - 100)}"}`],
  'slashes, many': [members((i) => `"${i}":"/'<&> %2B+"`)],
  'white space': [members((i) => `"${i}":" \\t"`)],
  Arabic: [members((i) => `"${i}":"${'ع'.repeat(40)}"`)],
  'a long name': [`{"signature":"${wrong}","${'n'.repeat(MIB - 100)}":"1"}`],
  'card numbers': [members((i) => `"d${i}":"${cards[0].slice(0, 15)}"`)],
  digits: [`{"signature":"${wrong}","card_number":"${'4-'.repeat(MIB / 2 - 100)}"}`],
  'digits elsewhere': [`{"signature":"${wrong}","a":"${'4-'.repeat(MIB / 2 - 100)}"}`],
  'no signature': [filled('{', (i) => `"${i}":[[1]]`, '}')],
  'a signature with a MiB of white space': [`{"signature":"${wrong}${' '.repeat(MIB - 1000)}","a":"1"}`],
  'many phrases': [
    members((i) => `"${i}":"x"`),
    { ...options, otherPhrase: Array.from({ length: 2000 }, (_, i) => `${i} phrase`) },
  ],
  'long phrases': [
    members((i) => `"${i}":"x"`),
    { ...options, otherPhrase: Array.from({ length: 50 }, (_, i) => `${i}${'x'.repeat(20_000)}`) },
  ],
  'phrases like the message': [
    `{"signature":"${wrong}","a":"${'x'.repeat(MIB - 100)}"}`,
    { ...options, otherPhrase: Array.from({ length: 200 }, (_, i) => `${'x'.repeat(500)}${i}`) },
  ],
  'a phrase in every place': [
    `{"signature":"${wrong}","a":"${'x'.repeat(MIB - 100)}"}`,
    { ...options, otherPhrase: ['x', 'p', '[', 'h'] },
  ],
  'names to leave out': [
    members((i) => `"${i}":1`),
    { ...options, ignore: Array.from({ length: 200 }, (_, i) => `${i}`) },
  ],
};

/** Explains a message in memory that nothing else has made grow. */
async function explain(message, given) {
  /** @type {any[]} */
  const instances = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args);
      instances.push(instance);
      return instance;
    },
  });
  const { explainSignature } = await import('aps-payops/server');
  const bytes = () => instances[0].exports.memory.buffer.byteLength;
  const before = bytes();
  // Time of the processor: other tests run beside this one.
  const started = process.cpuUsage();
  const { matches, hints, canonical } = explainSignature(message, given);
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1000;
  return {
    matches,
    mistakes: hints.map(({ mistake }) => mistake),
    shown: canonical.length,
    took,
    grew: bytes() - before,
  };
}

if (!isMainThread) {
  const [message, given] = workerData;
  parentPort.postMessage(await explain(message, given));
} else {
  for (const [shape, [message, given = options]] of Object.entries(shapes)) {
    test(`a MiB of ${shape} is explained within a second and 64 MiB`, async (t) => {
      const length = Buffer.byteLength(message);
      assert.ok(length > 0.9 * MIB && length <= MIB, `${length}`);
      const worker = new Worker(new URL(import.meta.url), { workerData: [message, given] });
      const found = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
      t.diagnostic(`${Math.round(found.took)} ms, ${found.grew / MIB} MiB, ${found.shown} shown, ${found.mistakes}`);
      assert.equal(found.matches, false);
      assert.ok(found.grew <= 64 * MIB, `${found.grew / MIB} MiB`);
      assert.ok(found.took <= 1000, `${found.took} ms`);
      if (/^(many|objects|lists)/.test(shape)) assert.equal(found.mistakes.at(-1), 'gave_up');
    });
  }
}
