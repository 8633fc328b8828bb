// One build at a time: `npm start` and `npm test` may run side by side.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cache } from './paths.js';

const lock = join(cache, 'lock');

/** Whether the process that holds the lock is still there. */
function isHeld() {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    return Number.isInteger(owner) && owner > 0 && process.kill(owner, 0);
  } catch {
    return false;
  }
}

function take() {
  const mine = `${lock}-${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // Creating a link is atomic, and fails if it exists.
    linkSync(mine, lock);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  mkdirSync(cache, { recursive: true });
  for (let isWaiting = false; !take(); isWaiting = true) {
    if (!isWaiting && isHeld()) process.stdout.write('waiting for another build …\n');
    // Left by a build that was killed.
    if (!isHeld()) rmSync(lock, { force: true });
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
