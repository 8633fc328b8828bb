// npm run fuzz: fuzzes parsing, validation, verification and explanations with libFuzzer (fuzz/src/lib.rs states what must
// hold), then keeps a minimal corpus with the same coverage (fuzz/corpus), which npm test replays.
//   --target json,open    only these; otherwise json, form, open, validate, explain
//   --runs N              executions of each; otherwise 10,000,000, and 1,000,000 of explain
//   --keep-nothing        leave fuzz/corpus as it is
//   --cuts N              then N cuts of genuine replies (tests/rust/cuts.rs); otherwise 20,000,000, and none with
//                         --target or --runs

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './lib/main.js';
import { at, cache } from './lib/paths.js';
import { ask, Problem, run, runOrFail } from './lib/run.js';

/** @type {Record<string, number>} executions of each target */
const TARGETS = { json: 1e7, form: 1e7, open: 1e7, validate: 1e7, explain: 1e6 };
const CUTS = 2e7;
const VERSION = '0.13.2';
/** Longer inputs reach nothing that shorter ones do not; limits on length have tests of their own. */
const MAX_LENGTH = 600;

const folder = join(cache, 'fuzz');
const cargoFuzz = join(cache, 'cargo-fuzz', 'bin', 'cargo-fuzz');
const corpusFile = (/** @type {string} */ target) => at('fuzz', 'corpus', `${target}.jsonl`);

async function installCargoFuzz() {
  if (ask(cargoFuzz, ['--version'])?.endsWith(VERSION)) return;
  process.stdout.write(`cargo install cargo-fuzz ${VERSION} …\n`);
  const args = ['install', 'cargo-fuzz', '--version', VERSION, '--locked', '--root', join(cache, 'cargo-fuzz')];
  await runOrFail('cargo install cargo-fuzz', 'cargo', args);
}

/** Where every input lies in a file of its own, as libFuzzer wants it. */
function unpack(/** @type {string} */ target) {
  const corpus = join(folder, target);
  mkdirSync(corpus, { recursive: true });
  const lines = existsSync(corpusFile(target))
    ? readFileSync(corpusFile(target), 'utf8').split('\n').filter(Boolean)
    : [];
  for (const input of [...lines.map((line) => Buffer.from(JSON.parse(line), 'latin1')), ...seeds(target)]) {
    writeFileSync(join(corpus, createHash('sha1').update(input).digest('hex')), input);
  }
  return corpus;
}

/** The recorded requests and replies of every command, in both encodings. */
function seeds(/** @type {string} */ target) {
  const examples = JSON.parse(readFileSync(at('tests', 'fixtures', 'examples.json'), 'utf8'));
  return Object.values(examples).flatMap(({ request, reply }, index) =>
    [request, reply].filter(Boolean).flatMap((params) => {
      const texts = { json: JSON.stringify(params), form: String(new URLSearchParams(params)) };
      const fitting = target === 'json' ? [texts.json] : target === 'form' ? [texts.form] : Object.values(texts);
      const head = target === 'validate' ? Buffer.from([index]) : Buffer.alloc(0);
      return fitting.map((text) => Buffer.concat([head, Buffer.from(text)]));
    }),
  );
}

/** Keeps one line for every input, the shortest first. */
function pack(/** @type {string} */ target, /** @type {string} */ corpus) {
  const inputs = readdirSync(corpus).map((name) => readFileSync(join(corpus, name)));
  inputs.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  const ascii = (/** @type {string} */ line) =>
    line.replaceAll(/[\x7f-\xff]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  mkdirSync(at('fuzz', 'corpus'), { recursive: true });
  writeFileSync(
    corpusFile(target),
    inputs.map((input) => `${ascii(JSON.stringify(input.toString('latin1')))}\n`).join(''),
  );
  return inputs.length;
}

/**
 * @param {string} target
 * @param {number} runs
 * @param {boolean} isKept
 */
async function fuzz(target, runs, isKept) {
  const corpus = unpack(target);
  const artifacts = join(folder, 'artifacts', target, '/');
  mkdirSync(artifacts, { recursive: true });
  const args = ['-s', 'none', '--fuzz-dir', at('fuzz'), '--target-dir', join(cache, 'fuzz-target'), target];
  await runOrFail(`building the target ${target}`, cargoFuzz, ['fuzz', 'build', ...args]);
  const triple = /^host: (.*)$/m.exec(ask('rustc', ['-vV']) ?? '')?.[1] ?? '';
  const program = join(cache, 'fuzz-target', triple, 'release', target);
  const options = [`-max_len=${MAX_LENGTH}`, `-artifact_prefix=${artifacts}`, `-dict=${at('fuzz', 'words.dict')}`];
  const { code, output } = await run(program, [corpus, `-runs=${runs}`, ...options, '-print_final_stats=1'], {
    quiet: true,
  });
  const executed = Number(/number_of_executed_units: (\d+)/.exec(output)?.[1] ?? 0);
  if (code !== 0) throw new Problem(`${output.slice(-8000)}\n${target}: failed after ${executed} executions`);
  if (executed < runs) throw new Problem(`${output.slice(-2000)}\n${target}: only ${executed} executions`);

  const done = `${target}: ${executed.toLocaleString('en')} executions, no failure`;
  if (isKept) {
    const count = await saveInputs(target, program, [corpus, ...options]);
    process.stdout.write(`${done}; ${count} inputs kept\n`);
  } else {
    process.stdout.write(`${done}\n`);
  }
  rmSync(corpus, { recursive: true, force: true });
}

/**
 * Writes the minimal corpus: inputs that reach nothing beyond shorter ones are dropped.
 * @param {string} target
 * @param {string} program
 * @param {string[]} args the corpus and options
 * @returns {Promise<number>} how many inputs
 */
async function saveInputs(target, program, args) {
  const small = join(folder, `${target}-small`);
  rmSync(small, { recursive: true, force: true });
  mkdirSync(small, { recursive: true });
  await runOrFail(`minimising the corpus of ${target}`, program, ['-set_cover_merge=1', small, ...args]);
  const count = pack(target, small);
  if (count === 0) throw new Problem(`${target}: nothing was kept of the corpus`);
  return count;
}

/**
 * Cuts the text of genuine replies with a new random seed.
 * @param {number} cuts
 */
async function cutReplies(cuts) {
  const seed = Date.now();
  const args = ['test', '--locked', '--release', '--test', 'cuts', '--', '--nocapture'];
  const env = { APS_CUTS: String(cuts), APS_SEED: String(seed) };
  const output = await runOrFail(`cuts with APS_SEED=${seed}`, 'cargo', args, { env });
  const summary = /^\d+ cuts, .*$/m.exec(output)?.[0];
  if (!summary) throw new Problem(`${output}\nthe test of cuts did not say how many there were`);
  process.stdout.write(`cuts, APS_SEED=${seed}: ${summary}\n`);
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function readCount(option, text) {
  const number = text === undefined ? undefined : Number(text);
  if (number !== undefined && !(Number.isSafeInteger(number) && number > 0)) {
    throw new Problem(`--${option} is a number from 1`);
  }
  return number;
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      runs: { type: 'string' },
      cuts: { type: 'string' },
      'keep-nothing': { type: 'boolean', default: false },
    },
  });
  const names = values.target?.split(',') ?? Object.keys(TARGETS);
  for (const name of names) {
    if (!(name in TARGETS)) throw new Problem(`no target ${name}; there are ${Object.keys(TARGETS).join(', ')}`);
  }
  const runs = readCount('runs', values.runs);
  const isWhole = values.target === undefined && runs === undefined;
  const cuts = readCount('cuts', values.cuts) ?? (isWhole ? CUTS : undefined);
  await installCargoFuzz();
  for (const name of names) await fuzz(name, runs ?? /** @type {number} */ (TARGETS[name]), !values['keep-nothing']);
  if (cuts !== undefined) await cutReplies(cuts);
});
