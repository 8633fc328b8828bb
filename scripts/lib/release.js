// The checks before a version is published. The version and the URLs are defined in package.json;
// Cargo.toml and the lock files follow it.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { at, root } from './paths.js';

const read = (/** @type {string} */ path) => readFileSync(at(path), 'utf8');
const manifest = () => JSON.parse(read('package.json'));
/** The lock files that name this crate by its version. */
const CARGO_LOCKS = ['Cargo.lock', 'fuzz/Cargo.lock'];
const NPM_LOCK = /(?:^|\/)package-lock\.json$/;
const CARGO_LOCK = /(?:^|\/)Cargo\.lock$/;

/** The value of a key in the [package] table of Cargo.toml. @param {string} key */
function ofCrate(key) {
  const [, table = ''] = /^\[package\]\n([\s\S]*?)^\[/m.exec(read('Cargo.toml')) ?? [];
  return new RegExp(`^${key} = "(.*)"$`, 'm').exec(table)?.[1];
}

/** The address of the repository without npm's prefix and suffix. */
function repositoryOf(/** @type {any} */ { repository }) {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Brings version and addresses of package.json to Cargo.toml, the lock files and the change log. */
export function followPackage({ today = new Date().toISOString().slice(0, 10) } = {}) {
  const own = manifest();
  const { version, homepage } = own;
  const repository = repositoryOf(own);
  const addresses = [repository && `repository = "${repository}"`, homepage && `homepage = "${homepage}"`];
  const crate = read('Cargo.toml')
    .replace(/^version = ".*"$/m, `version = "${version}"`)
    .replace(/^(?:repository|homepage) = ".*"\n/gm, '')
    .replace(
      /^license = .*\n/m,
      (line) =>
        line +
        addresses
          .filter(Boolean)
          .map((each) => `${each}\n`)
          .join(''),
    );
  writeFileSync(at('Cargo.toml'), crate);
  for (const lock of CARGO_LOCKS) {
    const text = read(lock).replace(/^(name = "aps-payops"\nversion = ").*"$/m, `$1${version}"`);
    writeFileSync(at(lock), text);
  }
  const changes = read('CHANGELOG.md').replace(`## [${version}] - Unreleased`, `## [${version}] - ${today}`);
  writeFileSync(at('CHANGELOG.md'), changes);
}

/** @returns {string[]} where another version stands than in package.json */
export function versionProblems() {
  const { version } = manifest();
  const lock = JSON.parse(read('package-lock.json'));
  const found = [
    ['package-lock.json', lock.version],
    ['package-lock.json, its root', lock.packages[''].version],
    ['Cargo.toml', ofCrate('version')],
    ...CARGO_LOCKS.map((path) => [path, /^name = "aps-payops"\nversion = "(.*)"$/m.exec(read(path))?.[1]]),
  ];
  const wrong = found.filter(([, other]) => other !== version);
  const problems = wrong.map(
    ([path, other]) => `${path} has version ${other}, package.json ${version}: npm run release -- sync`,
  );
  if (!read('CHANGELOG.md').includes(`\n## [${version}] - `))
    problems.push(`CHANGELOG.md has no section [${version}].`);
  return problems;
}

/** @returns {string[]} what only a release needs: addresses, a date, a clean tree, a tag that is free */
export function publishingProblems() {
  const own = manifest();
  const problems = [];
  for (const name of ['repository', 'homepage', 'bugs']) {
    const url = own[name]?.url ?? own[name];
    if (!url) problems.push(`package.json has no ${name}: npm pkg set ${name}=… (who publishes knows the address)`);
    else if (!/^(git\+)?https:\/\/[^/]+\.[^/]+\/|^mailto:/.test(url))
      problems.push(`${name} of package.json is no https address.`);
  }
  for (const [name, value] of Object.entries({ repository: repositoryOf(own), homepage: own.homepage })) {
    if (value !== ofCrate(name))
      problems.push(`${name} of Cargo.toml differs from package.json: npm run release -- sync`);
  }
  if (!new RegExp(`^## \\[${own.version}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm').test(read('CHANGELOG.md'))) {
    problems.push(`CHANGELOG.md has no date for ${own.version}: npm run release -- sync`);
  }
  const git = (/** @type {string[]} */ ...args) =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
  if (git('status', '--porcelain') !== '') problems.push('There are changes that are not committed.');
  if (git('tag', '--list', `v${own.version}`) !== '')
    problems.push(`v${own.version} is tagged: choose the next version.`);
  return problems;
}

/** @returns {string[]} entries of lock files that do not say which bytes are meant, or say where one machine got them */
export function lockProblems() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  const files = stdout.split('\0').filter((path) => existsSync(at(path)));
  const npm = files
    .filter((path) => NPM_LOCK.test(path))
    .flatMap((path) => {
      /** @type {Record<string, { link?: boolean, integrity?: string, resolved?: string }>} */
      const packages = JSON.parse(read(path)).packages;
      return Object.entries(packages)
        .filter(([place, { link }]) => place.includes('node_modules/') && !link)
        .flatMap(([place, { integrity, resolved }]) => [
          ...(integrity?.startsWith('sha512-') || resolved?.startsWith('file:')
            ? []
            : [`${path}: ${place} has no integrity`]),
          ...(/^https?:/.test(resolved ?? '') ? [`${path}: ${place} names a registry`] : []),
        ]);
    });
  const cargo = files
    .filter((path) => CARGO_LOCK.test(path))
    .flatMap((path) =>
      read(path)
        .split('[[package]]')
        .filter((entry) => /^source = /m.test(entry) && !/^checksum = "[0-9a-f]{64}"$/m.test(entry))
        .map((entry) => `${path}: ${/^name = "(.*)"$/m.exec(entry)?.[1]} has no checksum`),
    );
  return [...npm, ...cargo];
}

/** What cargo-deny says where its database of advisories is out of reach. */
const NO_DATABASE = /failed to (?:fetch|open) advisory database/;

/**
 * What cargo-deny finds. Without its database it checks everything that needs none, and says so; any other failure counts.
 * @param {(args: string[]) => Promise<{ code: number | null, output: string }>} runDeny
 * @param {(line: string) => void} print
 * @returns {Promise<string[]>}
 */
export async function denyProblems(runDeny, print) {
  let { code, output } = await runDeny(['check']);
  if (code !== 0 && NO_DATABASE.test(output)) {
    print('skip advisories: their database cannot be fetched here; licences, sources and doubles are checked');
    ({ code, output } = await runDeny(['check', 'bans', 'licenses', 'sources']));
  }
  return code === 0 ? [] : output.trim().split('\n');
}
