// How thorough a run of the tests is: `quick` for every edit, `usual` for npm test, `all` for npm run test:all. A test
// that repeats something many times asks here how often; tests in Rust read the same variable (tests/rust/effort.rs).

/** @typedef {'quick' | 'usual' | 'all'} Effort */

/** What a single file is run with, unless the runner says otherwise. */
const DEFAULT = 'usual';

/** @type {Effort} */
export const effort = ['quick', 'usual', 'all'].includes(process.env.TEST_EFFORT ?? '')
  ? /** @type {Effort} */ (process.env.TEST_EFFORT)
  : DEFAULT;

/**
 * One of three, by the effort of this run.
 * @template T
 * @param {Record<Effort, T>} choices
 * @returns {T}
 */
export const byEffort = (choices) => choices[effort];
