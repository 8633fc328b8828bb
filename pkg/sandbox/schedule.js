/** Delayed tasks: they run when their time has come, or as soon as the sandbox's clock is advanced past it. */

import { LONGEST_TIMER } from '../net/turns.js';

/**
 * @typedef {object} Task
 * @property {number} due By the sandbox's clock.
 * @property {(at: number) => void} run
 * @property {(() => void) | undefined} cancelled
 * @property {any} [timer] Of `setTimeout`.
 */

export class Schedule {
  /** @type {Set<Task>} */
  #tasks = new Set();
  #now;

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now;
  }

  /**
   * @param {number} ms
   * @param {(at: number) => void} run Given the time at which it was due.
   * @param {{ cancelled?: () => void, background?: boolean }} [options] A task in the background does not keep the
   *   process alive.
   * @returns {() => void} Removes it without calling `cancelled`.
   */
  add(ms, run, { cancelled, background = false } = {}) {
    /** @type {Task} */
    const task = { due: this.#now() + ms, run, cancelled };
    const wait = (/** @type {number} */ left) => {
      const part = Math.min(left, LONGEST_TIMER);
      task.timer = setTimeout(() => (left > part ? wait(left - part) : this.#run(task)), part);
      if (background) task.timer.unref();
    };
    wait(ms);
    this.#tasks.add(task);
    return () => this.#remove(task);
  }

  /** Runs what is due, in order. */
  runDue() {
    const now = this.#now();
    const due = [...this.#tasks].filter((task) => task.due <= now).sort((a, b) => a.due - b.due);
    for (const task of due) this.#run(task);
  }

  clear() {
    for (const task of [...this.#tasks]) {
      this.#remove(task);
      task.cancelled?.();
    }
  }

  /** @param {Task} task */
  #run(task) {
    if (!this.#tasks.has(task)) return;
    this.#remove(task);
    task.run(Math.min(task.due, this.#now()));
  }

  /** @param {Task} task */
  #remove(task) {
    clearTimeout(task.timer);
    this.#tasks.delete(task);
  }
}
