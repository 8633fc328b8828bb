// npm run dev: rebuilds and restarts the shop after every edit of src, pkg or www, with wasm that is not optimised.
//   PORT=8080 npm run dev    uses that port; otherwise the first free port, which is kept
//   --once FILE              edits FILE (adds a blank line at its end, then removes it), prints how long each took, and ends

import { spawn } from 'node:child_process';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { main } from './lib/main.js';
import { at } from './lib/paths.js';
import { prepare } from './lib/prepare.js';
import { Problem } from './lib/run.js';

const WATCHED = ['src', 'pkg', 'www'];
/** Files that the build or an editor writes. */
const IGNORED = /^(wasm|generated|cjs|esm|types)([\\/]|$)|~$|\.sw.$|(^|[\\/])\./;
/** Editors write a file in several steps. */
const SETTLE = 60;

/** @returns {Promise<number>} a port that is free now */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The shop in a process of its own. */
function createShop(/** @type {number} */ port) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const stop = async () => {
    const old = child;
    child = undefined;
    if (!old || old.exitCode !== null || old.signalCode !== null) return;
    const ended = new Promise((resolve) => old.once('exit', resolve));
    old.kill();
    await ended;
  };
  /** Resolves to whether the shop answers. */
  const start = async () => {
    await stop();
    const own = spawn(process.execPath, [at('www', 'main.js'), '--port', String(port)], { stdio: 'inherit' });
    child = own;
    while (own.exitCode === null && own.signalCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
      if (answer) {
        await answer.body?.cancel();
        return answer.status < 500;
      }
      await pause(20);
    }
    return false;
  };
  return { start, stop };
}

/**
 * Builds and starts at once, and again after each change, one at a time.
 * @param {ReturnType<typeof createShop>} shop
 * @param {(seconds: number | null) => void} done after each round: null if it failed
 */
function createLoop(shop, done) {
  /** When the first change that is not built yet arrived. */
  let since = /** @type {number | null} */ (performance.now());
  let isRunning = false;
  const round = async () => {
    const started = /** @type {number} */ (since);
    since = null;
    try {
      await prepare({ optimised: false, types: false });
      const answers = await shop.start();
      const seconds = (performance.now() - started) / 1000;
      console.log(answers ? `The shop runs, ${seconds.toFixed(1)} s after the edit.` : 'The shop did not start.');
      done(answers ? seconds : null);
    } catch (error) {
      // The previous shop keeps running.
      console.error(error instanceof Problem ? error.message : error);
      done(null);
    }
  };
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    while (since !== null) {
      await pause(SETTLE);
      await round();
    }
    isRunning = false;
  };
  return {
    run,
    changed() {
      since ??= performance.now();
      void run();
    },
  };
}

/**
 * Edits a file and reverts the edit, to measure how long a round takes.
 * @param {string} file
 * @param {() => Promise<number | null>} nextRound
 */
async function measure(file, nextRound) {
  const before = readFileSync(file, 'utf8');
  try {
    const edited = nextRound();
    writeFileSync(file, `${before}// An edit.\n`);
    const seconds = await edited;
    if (seconds === null) throw new Problem('the edit did not reach the shop');
    return seconds;
  } finally {
    const restored = nextRound();
    writeFileSync(file, before);
    await restored;
  }
}

await main(async () => {
  const { values } = parseArgs({ options: { once: { type: 'string' } } });
  const shop = createShop(Number(process.env.PORT) || (await freePort()));
  /** @type {((seconds: number | null) => void)[]} */
  const waiting = [];
  const nextRound = () =>
    new Promise((/** @type {(seconds: number | null) => void} */ resolve) => waiting.push(resolve));
  const loop = createLoop(shop, (seconds) => {
    for (const resolve of waiting.splice(0)) resolve(seconds);
  });
  const watchers = WATCHED.map((folder) =>
    watch(at(folder), { recursive: true }, (_, name) => {
      if (name && !IGNORED.test(name)) loop.changed();
    }),
  );
  const close = async () => {
    for (const watcher of watchers) watcher.close();
    await shop.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit()));

  await loop.run();
  if (values.once === undefined) return;
  const seconds = await measure(values.once, nextRound);
  await close();
  console.log(`${values.once}: ${seconds.toFixed(1)} s from the edit to a shop that answers`);
});
