// npm run lines: hand-written lines of code (neither blank nor comment) of src and pkg without the sandbox, before and
// after. npm run lines -- COMMIT compares another commit with what is here now.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { countLines } from './lib/lines.js';
import { main } from './lib/main.js';
import { at, root } from './lib/paths.js';
import { Problem } from './lib/run.js';

/** Before the inside was rebuilt. */
const BEFORE = '0734d95';

/** @param {string[]} args */
function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Problem(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

/** What is built is not kept in git, so it is not among these. */
const isCounted = (/** @type {string} */ path) =>
  /^(src|pkg)\/.*\.(rs|js|ts)$/.test(path) && !path.startsWith('pkg/sandbox/');

/** What was built since, and what stood in its place before: the engine, the journal, the card form, the helpers at the edges. */
const isNewer = (/** @type {string} */ path) =>
  /^(src\/(operation\/|wasm\/operation)|pkg\/(operation|journal|checkout)\/)/.test(path) ||
  /^pkg\/(journal|operations|orders|recovery|apple-pay|checkout|cli|schema|notification)\.js$/.test(path) ||
  /^pkg\/(client\/(memory|money)|message\/apple-pay)\.js$/.test(path);

/**
 * Lines by folder.
 * @param {string[]} paths
 * @param {(path: string) => string} read
 */
function count(paths, read) {
  /** @type {Map<string, number>} */
  const folders = new Map();
  let added = 0;
  for (const path of paths.filter(isCounted)) {
    const folder = path.split('/').slice(0, -1).slice(0, 2).join('/');
    const lines = countLines(read(path));
    folders.set(folder, (folders.get(folder) ?? 0) + lines);
    if (isNewer(path)) added += lines;
  }
  return { folders, added };
}

const sum = (/** @type {{ folders: Map<string, number> }} */ { folders }) =>
  [...folders.values()].reduce((a, b) => a + b, 0);

await main(async () => {
  const commit = process.argv[2] ?? BEFORE;
  const before = count(git('ls-tree', '-r', '--name-only', commit).split('\n'), (path) =>
    git('show', `${commit}:${path}`),
  );
  const tracked = git('ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate').split('\n');
  const deleted = new Set(git('ls-files', '--deleted').split('\n'));
  const now = count(
    tracked.filter((path) => !deleted.has(path)),
    (path) => readFileSync(at(path), 'utf8'),
  );
  const line = (/** @type {string} */ name, /** @type {number} */ old, /** @type {number} */ fresh) =>
    console.log(
      `${name.padEnd(18)}${String(old).padStart(8)}${String(fresh).padStart(8)}${String(fresh - old).padStart(8)}`,
    );
  console.log(
    `${'lines of code'.padEnd(18)}${commit.slice(0, 7).padStart(8)}${'here'.padStart(8)}${'change'.padStart(8)}`,
  );
  for (const folder of [...new Set([...before.folders.keys(), ...now.folders.keys()])].sort()) {
    line(folder, before.folders.get(folder) ?? 0, now.folders.get(folder) ?? 0);
  }
  line('together', sum(before), sum(now));
  line('of it newer', before.added, now.added);
  line('the rest', sum(before) - before.added, sum(now) - now.added);
});
