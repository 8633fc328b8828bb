// Removes one safety rule at a time from the operation engine, in a scratch copy, and shows that the model checker notices:
// every rule is needed, and the model covers it.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './lib/paths.js';

/**
 * The rule, the file, the original text, its replacement, and the test of the model that must fail.
 * @type {[rule: string, file: string, from: string, to: string, test: string][]}
 */
const MUTANTS = [
  ['lane', 'ask', 'Some(other) => return turn.then(behind(other, patience)),', 'Some(_) => {}', 'two_keys'],
  [
    'intent before sending',
    'ask',
    'let next = if plan.private { Next::Send { timeout } } else { Next::Start };\n    turn.then(next)',
    'Decision { record: false, ..turn.then(Next::Start) }',
    'retries_after',
  ],
  ['baseline after load', 'ask', '.filter(|read| read.revision == revision)', '.filter(|_| true)', 'not_ours'],
  [
    'suspicion of the assumed absent',
    'ask',
    'turn.state.suspects.iter().any(|suspect| could_explain(suspect, &operation))',
    'false && could_explain(&operation.suspect(), &operation)',
    'late_requests',
  ],
  [
    'suspicion of what a person settled',
    'turn',
    'matches!(evidence, Evidence::Assumed | Evidence::Person)',
    'evidence == Evidence::Assumed',
    'person',
  ],
  [
    'absence',
    'decide',
    'may_assume_absent(own, reading, *asked_at, after)',
    'after > 0 && judge(own, reading) == Verdict::Unchanged || may_assume_absent(own, reading, *asked_at, after)',
    'two_keys',
  ],
  [
    'growth of exactly the amount',
    'evidence',
    'growth == amount && amount > 0',
    'growth > 0 && amount > 0',
    'not_ours',
  ],
  [
    'no assumption against a growth',
    'evidence',
    'is_unseen && operation.has_baseline && shows_nothing',
    'is_unseen && operation.has_baseline && shows_nothing | true',
    'not_ours',
  ],
  [
    'nothing sent too late',
    'ask',
    'if start.elapsed > own.timeout {',
    'if start.elapsed > u64::MAX {',
    'retries_after',
  ],
  [
    'one attempt',
    'ask',
    'own.key == start.key && own.attempt == start.attempt &&',
    'own.key == start.key &&',
    'connections',
  ],
  [
    'what is known counts',
    'ask',
    'operation.baseline = turn.state.known.max(totals);',
    'operation.baseline = totals;',
    'two_keys',
  ],
  [
    'orders',
    'order',
    'let must_enter = order.is_some() || !state.attempts.is_empty();',
    'let must_enter = false;',
    'order',
  ],
  [
    'an entry holds for one revision',
    'order',
    'let is_entered = ask.joined == Some(state.revision);',
    'let is_entered = ask.joined.is_some();',
    'order',
  ],
  ['fences', 'order', 'if !open.is_empty() {', 'if open.len() > 100 {', 'order'],
  ['a shared reference', 'ask', 'turn.state.shared |= !operation.alone;', '', 'references'],
];

const wanted = process.argv.slice(2);
const mutants = MUTANTS.filter(([rule]) => wanted.length === 0 || wanted.some((word) => rule.includes(word)));
const scratch = mkdtempSync(join(tmpdir(), 'aps-payops-mutants-'));
const folders = [
  'src',
  'tests/rust',
  'tests/lifecycle-cases.json',
  'build.rs',
  'Cargo.toml',
  'Cargo.lock',
  'README.md',
];

let survivors = 0;
try {
  for (const path of [...folders, 'rust-toolchain.toml']) cpSync(at(path), join(scratch, path), { recursive: true });
  for (const [rule, name, from, to, test] of mutants) {
    const file = join(scratch, 'src', 'operation', `${name}.rs`);
    const source = readFileSync(file, 'utf8');
    const parts = source.split(from);
    if (parts.length !== 2) throw new Error(`${rule}: what it replaces stands ${parts.length - 1} times in ${name}.rs`);
    writeFileSync(file, parts.join(to));
    const found = counterexample(test);
    writeFileSync(file, source);
    console.log(`${found ? 'noticed ' : 'SURVIVED'}  without ${rule}${found ? `: ${found}` : ''}`);
    if (!found) survivors += 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (survivors > 0) {
  console.error(`The model does not notice ${survivors} of ${mutants.length}.`);
  process.exitCode = 1;
}

/**
 * What the model finds against the mutant, or null. A mutant that does not compile is an error of this file.
 * @param {string} test
 */
function counterexample(test) {
  const run = ['test', '--locked', '--test', 'operation_model', '--', '--nocapture', test];
  // A folder of its own: cargo would take what is compiled here for what is compiled there.
  const env = { ...process.env, CARGO_TARGET_DIR: at('.cache', 'mutants'), RUST_BACKTRACE: '0' };
  const { stdout, stderr, status, error } = spawnSync('cargo', run, {
    cwd: scratch,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  const output = `${stdout}${stderr}`;
  if (!/^running [1-9]/m.test(output)) throw new Error(output.split('\n').slice(-60).join('\n'));
  if (status === 0) return null;
  const [, property, steps] = /Unexpected "([^"]+)" counterexample Path\[(\d+)\]/.exec(output) ?? [];
  if (property === undefined) throw new Error(output.slice(-4000));
  return `"${property}" fails after ${steps} steps`;
}
