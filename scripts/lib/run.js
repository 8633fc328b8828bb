// Runs other programs.

import { spawn, spawnSync } from 'node:child_process';
import { root } from './paths.js';

/** A failure whose message is for the person at the terminal; no stack is shown. */
export class Problem extends Error {}

/** The environment without what npm adds for its scripts, so that an npm inside behaves like one outside. */
export function cleanEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_OPTIONS)/.test(name)),
  );
}

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string | undefined>} [env] added to ours; undefined removes
 * @property {string} [cwd] the root of the repository if left out
 * @property {boolean} [quiet] keep the output to ourselves
 * @property {number} [timeout] milliseconds until the program is killed
 */

/**
 * Runs a program and keeps what it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { env = {}, cwd = root, quiet = false, timeout = 0 } = {}) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a kill at the time limit reaches what the program started too.
    const child = spawn(command, args, {
      cwd,
      env: { ...cleanEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: timeout > 0,
    });
    let output = '';
    const onData = (/** @type {string} */ text) => {
      output += text;
      if (!quiet) process.stdout.write(text);
    };
    child.stdout.setEncoding('utf8').on('data', onData);
    child.stderr.setEncoding('utf8').on('data', onData);
    const killGroup = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
    const timer = timeout
      ? setTimeout(() => {
          onData(`\n${command} was still running after ${timeout / 1000} s and was ended\n`);
          killGroup();
        }, timeout)
      : undefined;
    const interrupted = () => {
      if (timeout) killGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupted);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs a program that must succeed; what it printed is shown only when it does not.
 * @param {string} what for the message, as in "cargo build"
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function runOrFail(what, command, args, options = {}) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Problem(`${output}\n${what} failed (exit code ${code})`);
  return output;
}

/**
 * The first line a program prints, or null when it is not there or fails.
 * @param {string} command
 * @param {string[]} args
 */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
