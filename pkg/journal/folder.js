// A folder for PostgreSQL inside this process (PGlite), held by one process at a time: when two opened the same folder, all
// rows of one of them were lost.

import { ConfigurationError } from '../errors.js';

/** Folders that this process holds. @type {Set<string>} */
const held = new Set();

/** @param {string} name */
export const builtin = (name) => /** @type {any} */ (globalThis).process?.getBuiltinModule?.(`node:${name}`);

/**
 * Takes a folder. The holder is the file with the highest number; the next one is created exclusively, so of several
 * processes that find a dead holder, one takes its place.
 * @param {string} folder
 * @returns {() => void} releases it
 * @throws {ConfigurationError} `store_in_use`
 */
export function hold(folder) {
  const { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } = builtin('fs');
  const { join } = builtin('path');
  mkdirSync(folder, { recursive: true });
  const path = realpathSync(folder);
  if (held.has(path)) throw inUseError(folder, 'this process: open it once, and share the store');
  for (;;) {
    const numbers = readdirSync(path)
      .flatMap((/** @type {string} */ name) => /^lock-(\d{1,9})$/.exec(name)?.[1] ?? [])
      .map(Number);
    const last = Math.max(0, ...numbers);
    if (last > 0) checkHolder(folder, join(path, `lock-${last}`));
    const own = join(path, `lock-${last + 1}`);
    try {
      writeFileSync(own, JSON.stringify(identifySelf()), { flag: 'wx' });
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === 'EEXIST') continue;
      throw error;
    }
    for (const number of numbers) rmSync(join(path, `lock-${number}`), { force: true });
    held.add(path);
    const release = () => {
      held.delete(path);
      rmSync(own, { force: true });
    };
    return release;
  }
}

function identifySelf() {
  const pid = globalThis.process.pid;
  return { pid, host: builtin('os').hostname(), started: startOf(pid) };
}

/**
 * @param {string} folder
 * @param {string} lock
 * @throws {ConfigurationError} `store_in_use`
 */
function checkHolder(folder, lock) {
  const { readFileSync } = builtin('fs');
  let text = '';
  try {
    text = readFileSync(lock, 'utf8');
  } catch {
    return;
  }
  let holder;
  try {
    holder = JSON.parse(text);
  } catch {
    // Another process is writing it at this moment, or died while writing.
    throw inUseError(folder, `the process that wrote ${lock}: delete that file if no process is using the folder`);
  }
  if (holder.host !== builtin('os').hostname()) {
    throw inUseError(folder, `process ${holder.pid} on ${holder.host}: delete ${lock} if that machine is gone`);
  }
  if (isAlive(holder))
    throw inUseError(folder, `process ${holder.pid}, and serves one at a time: end it, or use PostgreSQL`);
}

/** @param {{ pid: number, started?: string }} holder */
function isAlive({ pid, started }) {
  // Another process with the same number, as in a restarted container.
  if (pid === globalThis.process.pid || (started !== undefined && started !== startOf(pid))) return false;
  try {
    globalThis.process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {{ code?: string }} */ (error).code === 'EPERM';
  }
}

/**
 * When a process started, if the system reports it (Linux). Not of one that ended and was not collected by its parent, as
 * happens in containers: it still has its number, and holds nothing.
 * @param {number} pid
 * @returns {string | undefined}
 */
function startOf(pid) {
  try {
    const stat = builtin('fs').readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...others] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : others[18];
  } catch {
    return undefined;
  }
}

/** @param {string} folder @param {string} holder */
function inUseError(folder, holder) {
  return new ConfigurationError('store_in_use', `The folder ${folder} is in use by ${holder}.`);
}
