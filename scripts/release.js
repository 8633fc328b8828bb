// npm run release -- check             everything that a release needs; changes nothing
// npm run release -- check --rehearse  the same without what only the release itself has: addresses, date, clean tree
// npm run release -- sync              brings version and addresses of package.json to Cargo.toml, locks and change log
// npm run release -- publish           check, then npm publish, cargo publish and a tag
//
// The bill of materials and the hashes of the wasm are left in .cache/release.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './lib/main.js';
import { at, cache } from './lib/paths.js';
import { prepare } from './lib/prepare.js';
import { denyProblems, followPackage, lockProblems, publishingProblems, versionProblems } from './lib/release.js';
import { reproduce } from './lib/reproduce.js';
import { ask, Problem, run, runOrFail } from './lib/run.js';
import { billOfMaterials } from './lib/sbom.js';

const out = join(cache, 'release');
const CRATE = ['publish', '--locked'];

/** @param {string} what @param {() => string[] | Promise<string[]>} check */
async function checked(what, check) {
  const problems = await Promise.resolve()
    .then(check)
    .catch((error) => [error instanceof Problem ? error.message : String(error)]);
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}${problems.map((each) => `\n     ${each}`).join('')}`);
  return problems;
}

/** A dry run that warns about nothing. @param {string} command @param {string[]} args */
async function dryRun(command, args) {
  const output = await runOrFail(`${command} ${args.join(' ')}`, command, args);
  // Both say that a dry run is one; npm, that nobody is logged in.
  const usual = /dry run|dry-run|logged in/;
  return output.split('\n').filter((line) => /^(npm )?warn(ing)?\b/i.test(line) && !usual.test(line));
}

/** Advisories, licences, sources. */
const deny = () => denyProblems((args) => run('cargo', ['deny', ...args], { quiet: true }), console.log);

async function writeBill() {
  const document = await billOfMaterials();
  writeFileSync(join(out, 'aps-payops.spdx.json'), `${JSON.stringify(document, null, 2)}\n`);
  return [];
}

async function compareWasm() {
  const { problems, hashes } = await reproduce();
  const lines = Object.entries(hashes).map(([file, hash]) => `${hash}  ${file}\n`);
  writeFileSync(join(out, 'wasm.sha256'), lines.join(''));
  return problems;
}

/** @param {boolean} isRehearsal */
async function check(isRehearsal) {
  await prepare();
  mkdirSync(out, { recursive: true });
  const dirty = isRehearsal ? ['--allow-dirty'] : [];
  const hasDeny = ask('cargo', ['deny', '--version']) !== null;
  if (!hasDeny) console.log('skip cargo deny, which is not installed: `cargo install --locked cargo-deny`');
  const found = [
    await checked('one version everywhere', versionProblems),
    ...(isRehearsal ? [] : [await checked('addresses, date, clean tree, free tag', publishingProblems)]),
    await checked('lock files with integrity', lockProblems),
    await checked('bill of materials, licences (.cache/release/aps-payops.spdx.json)', writeBill),
    ...(hasDeny ? [await checked('cargo deny', deny)] : []),
    await checked('npm publish --dry-run', () => dryRun('npm', ['publish', '--dry-run', '--ignore-scripts'])),
    await checked('cargo publish --dry-run', () => dryRun('cargo', [...CRATE, '--dry-run', ...dirty])),
    await checked('the same wasm in another folder (.cache/release/wasm.sha256)', compareWasm),
  ].flat();
  if (found.length > 0) throw new Problem(`${found.length} problems: nothing may be published`);
}

async function publish() {
  await check(false);
  const version = /** @type {string} */ (ask('npm', ['pkg', 'get', 'version'])).replaceAll('"', '');
  // The tag first: what is published can be found again.
  await runOrFail('git tag', 'git', ['tag', '--annotate', `v${version}`, '--message', version]);
  await run('npm', ['publish', '--ignore-scripts']);
  await run('cargo', CRATE);
  console.log(`Published ${version}. Now push the tag v${version}.`);
}

await main(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { rehearse: { type: 'boolean' } } });
  const [task] = positionals;
  if (task === 'sync') followPackage();
  else if (task === 'check') await check(values.rehearse === true);
  else if (task === 'publish') await publish();
  else throw new Problem(`usage: npm run release -- check [--rehearse] | sync | publish (${at('scripts/release.js')})`);
});
