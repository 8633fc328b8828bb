// The script that releases: the version and the addresses of package.json go everywhere, and it refuses while anything is
// missing. It works on a clone, so nothing here changes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isAllowed } from '../scripts/lib/sbom.js';

const root = resolve(import.meta.dirname, '..');
const clone = mkdtempSync(join(tmpdir(), 'aps-payops-release-'));
const read = (path) => readFileSync(join(clone, path), 'utf8');
const write = (path, text) => writeFileSync(join(clone, path), text);
const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: clone });
const commit = () => git('commit', '--quiet', '--all', '--message', 'change');
const edit = (change) =>
  write('package.json', `${JSON.stringify(change(JSON.parse(read('package.json'))), null, 2)}\n`);

/** @type {typeof import('../scripts/lib/release.js')} */
let release;

before(async () => {
  execFileSync('git', ['clone', '--quiet', root, clone]);
  // As it is here, committed or not.
  write('scripts/lib/release.js', readFileSync(join(root, 'scripts/lib/release.js')));
  release = await import(pathToFileURL(join(clone, 'scripts/lib/release.js')).href);
});
after(() => rmSync(clone, { recursive: true, force: true }));

test('here all versions agree, and every lock entry has a hash', async () => {
  const here = await import('../scripts/lib/release.js');
  assert.deepEqual([here.versionProblems(), here.lockProblems()], [[], []]);
});

test('without the database of advisories cargo deny checks the rest, and anything else fails', async () => {
  const runs = async (/** @type {Record<string, { code: number, output: string }>} */ answers) => {
    /** @type {string[]} */
    const lines = [];
    const ask = async (/** @type {string[]} */ args) => answers[args.join(' ')] ?? assert.fail(args.join(' '));
    return { problems: await release.denyProblems(ask, (line) => lines.push(line)), lines };
  };
  const unreachable = { code: 1, output: '[ERROR] failed to fetch advisory database: error sending request' };
  const rest = 'check bans licenses sources';
  const good = { code: 0, output: '' };
  const bad = { code: 1, output: 'error[rejected]: license is not allowed' };
  assert.deepEqual(await runs({ check: good }), { problems: [], lines: [] });
  assert.deepEqual(await runs({ check: bad }), { problems: [bad.output], lines: [] });
  const without = await runs({ check: unreachable, [rest]: good });
  assert.deepEqual(without.problems, []);
  assert.match(without.lines.join(), /^skip advisories/);
  assert.deepEqual((await runs({ check: unreachable, [rest]: bad })).problems, [bad.output]);
});

test('without addresses nothing is published', () => {
  const problems = release.publishingProblems().join('\n');
  for (const name of ['repository', 'homepage', 'bugs']) assert.match(problems, new RegExp(`no ${name}`));
  assert.match(problems, /no date/);
});

test('version and addresses are copied from package.json to the other files', () => {
  edit((own) => ({
    ...own,
    version: '0.2.0',
    repository: { type: 'git', url: 'git+https://code.example.com/shop/aps-payops.git' },
    homepage: 'https://pay.example.com/',
    bugs: 'mailto:bugs@example.com',
  }));
  const lock = JSON.parse(read('package-lock.json'));
  lock.version = '0.2.0';
  lock.packages[''].version = '0.2.0';
  write('package-lock.json', JSON.stringify(lock, null, 2));
  assert.match(release.versionProblems().join('\n'), /Cargo\.toml has version 0\.1\.0[\s\S]*no section \[0\.2\.0\]/);
  write('CHANGELOG.md', read('CHANGELOG.md').replace('\n## [', '\n## [0.2.0] - Unreleased\n\n## ['));
  release.followPackage({ today: '2027-01-02' });
  assert.deepEqual(release.versionProblems(), []);
  assert.match(read('CHANGELOG.md'), /^## \[0\.2\.0\] - 2027-01-02$/m);
  assert.match(read('Cargo.toml'), /^repository = "https:\/\/code\.example\.com\/shop\/aps-payops"$/m);
  assert.match(read('Cargo.toml'), /^homepage = "https:\/\/pay\.example\.com\/"$/m);
  assert.deepEqual(release.publishingProblems(), ['There are changes that are not committed.']);
  commit();
  assert.deepEqual(release.publishingProblems(), []);
  git('tag', 'v0.2.0');
  assert.match(release.publishingProblems().join(), /v0\.2\.0 is tagged/);
  // Twice changes nothing.
  release.followPackage();
  assert.deepEqual(git('status', '--porcelain').toString(), '');
});

test('a lock entry without a hash, or with the address of a registry, is found', () => {
  const lock = JSON.parse(read('package-lock.json'));
  const [first, second] = Object.keys(lock.packages).filter((place) => place.startsWith('node_modules/'));
  delete lock.packages[first].integrity;
  lock.packages[second].resolved = 'https://registry.example.com/x.tgz';
  write('package-lock.json', JSON.stringify(lock));
  write('Cargo.lock', read('Cargo.lock').replace(/^checksum = .*\n/m, ''));
  const problems = release.lockProblems();
  assert.equal(problems.length, 3, problems.join('\n'));
  assert.match(problems.join('\n'), /no integrity\n.*names a registry\n.*no checksum/);
});

test('licences are chosen from the list', () => {
  for (const good of [
    'MIT',
    'MIT OR Apache-2.0',
    'MIT/Apache-2.0',
    '(MIT OR Apache-2.0) AND Unicode-3.0',
    'GPL-3.0 OR MIT',
  ]) {
    assert.ok(isAllowed(good), good);
  }
  for (const bad of [null, '', 'GPL-3.0', 'MIT AND GPL-3.0']) assert.ok(!isAllowed(bad), String(bad));
});
