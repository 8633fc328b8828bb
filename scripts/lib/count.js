// Counts the tests that a command ran, from its output.

/** @param {string} text as a terminal shows it */
export function withoutColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with it
  return text.replace(/\x1b\[[0-9;]*m/g, '');
}

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const add = (/** @type {RegExpMatchArray[]} */ matches, /** @type {number} */ group) =>
  matches.reduce((sum, match) => sum + Number(match[group]), 0);

/**
 * @param {'cargo' | 'node' | 'check'} kind cargo test (also in wasm), node --test, or a command that is one check
 * @param {string} output
 * @param {number} code
 * @returns {Counts}
 */
export function count(kind, output, code) {
  if (kind === 'check') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const text = withoutColours(output);
  const counts = kind === 'cargo' ? countCargo(text) : countNode(text);
  // A run that failed otherwise (did not compile, crashed), or that ran nothing, is a failure too.
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  return counts;
}

function countCargo(/** @type {string} */ text) {
  const lines = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  return { passed: add(lines, 1), failed: add(lines, 2), skipped: add(lines, 3) };
}

function countNode(/** @type {string} */ text) {
  const sum = (/** @type {string} */ name) => add([...text.matchAll(new RegExp(`^ℹ ${name} (\\d+)$`, 'gm'))], 1);
  return { passed: sum('pass'), failed: sum('fail') + sum('cancelled'), skipped: sum('skipped') + sum('todo') };
}

/**
 * The failures, one per line.
 * @param {'cargo' | 'node' | 'check'} kind
 * @param {string} output
 * @param {string} command for what failed without saying which test
 */
export function failures(kind, output, command) {
  const text = withoutColours(output);
  const pattern = { cargo: /^test (.*) \.\.\. FAILED$/gm, node: /^\s*✖ (?!failing tests:)(.*)$/gm, check: null }[kind];
  const names = pattern ? [...text.matchAll(pattern)].map((match) => match[1] ?? '') : [];
  // The spec reporter names each failing test twice.
  return names.length ? [...new Set(names)] : [command];
}
