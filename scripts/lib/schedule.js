// Runs groups of tests side by side: at most so many at once, those of one lane one after the other, and each after
// those that it needs.

/** @typedef {{ name: string, lane?: string, after?: string[], needs?: string[] }} Job */

/**
 * @template {Job} J
 * @param {J[]} jobs `after` and `needs` name others, which need not be among them
 * @param {number} workers
 * @param {(job: J) => Promise<boolean>} work whether it went well
 * @param {(job: J, failed: string) => void} skip called instead of `work` when a job that this one needs has failed
 */
export async function schedule(jobs, workers, work, skip) {
  const names = new Set(jobs.map((job) => job.name));
  for (const { name, after = [], needs = [] } of jobs) {
    if ([...after, ...needs].includes(name)) throw new Error(`${name} waits for itself`);
  }
  /** @type {Map<string, boolean>} */
  const finished = new Map();
  const waiting = [...jobs];
  /** @type {Map<J, Promise<void>>} */
  const running = new Map();

  const isReady = (/** @type {J} */ { lane, after = [], needs = [] }) =>
    [...after, ...needs].every((name) => !names.has(name) || finished.has(name)) &&
    (lane === undefined || ![...running.keys()].some((job) => job.lane === lane));

  const start = async (/** @type {J} */ job) => {
    const failed = job.needs?.find((name) => finished.get(name) === false);
    if (failed !== undefined) skip(job, failed);
    finished.set(job.name, failed === undefined ? await work(job) : false);
    running.delete(job);
  };

  while (waiting.length > 0 || running.size > 0) {
    while (running.size < workers) {
      const index = waiting.findIndex(isReady);
      if (index < 0) break;
      const [job] = /** @type {[J]} */ (waiting.splice(index, 1));
      // The next turn of the event loop, so that a job that ends at once is seen to run before it is gone.
      running.set(
        job,
        Promise.resolve().then(() => start(job)),
      );
    }
    if (running.size === 0) throw new Error(`these wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
    await Promise.race(running.values());
  }
}
