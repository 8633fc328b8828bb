// Every code block of the README, the guides and the sandbox's README runs here, and prints what it says it prints;
// those that need a browser are in tests/browser/docs-pages.test.js, named files in readme.test.js, Rust's are
// doc tests of the crate.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('.', import.meta.resolve('aps-payops/package.json'));
const packed = fileURLToPath(new URL('../..', import.meta.url));
const guides = readdirSync(new URL('docs/guide/', root)).filter((name) => name.endsWith('.md'));
const files = ['README.md', 'pkg/sandbox/README.md', ...guides.map((name) => `docs/guide/${name}`)];
const documents = [...files, 'SECURITY.md', 'CHANGELOG.md', 'docs/checkout-sentences.md'];
const read = (file) => readFileSync(new URL(file, root), 'utf8');

/** The code blocks of a text: what stands behind the fence, and the code. */
const blocksOf = (text) => [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info, code]) => ({ info, code }));

/** What the comments behind `console.log` promise. */
const promised = (code) => [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text.trim());

/** Runs an example, which prints what it says. */
function runExample(code) {
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: new URL('.', import.meta.url),
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(run.status, 0, run.stderr + run.stdout);
  const wanted = promised(code);
  const lines = run.stdout.trim().split('\n');
  // A loop prints its line again and again.
  const distinct = lines.filter((line, place) => place === 0 || line !== lines[place - 1] || wanted.includes(line));
  assert.deepEqual(distinct.slice(0, wanted.length), wanted, run.stdout);
}

/** Checks the types of an example, which uses what the guide explains before it. */
function checkTypes(code) {
  let folder = packed;
  while (!existsSync(join(folder, 'node_modules', 'typescript'))) folder = dirname(folder);
  const tsc = ['tsc.js', '../bin/tsc']
    .map((name) => join(folder, 'node_modules/typescript/lib', name))
    .find(existsSync);
  const project = join(packed, 'docs-types');
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  const names = "import { readFile } from 'node:fs/promises';\ndeclare const validationURL: string;\n";
  writeFileSync(join(project, 'example.mts'), names + code);
  const typeRoots = [join(folder, 'node_modules', '@types')];
  const compilerOptions = {
    noEmit: true,
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    typeRoots,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.mts'] }));
  const run = spawnSync(process.execPath, [tsc, '--project', project], { encoding: 'utf8' });
  rmSync(project, { recursive: true, force: true });
  assert.equal(run.status, 0, run.stdout);
}

/** Runs each command of ours; what others install is named in package.json. */
function runCommands(code) {
  const { name, peerDependencies } = JSON.parse(read('package.json'));
  for (const line of code.trim().split('\n')) {
    const [, installed] = /^(?:npm install|cargo add) (\S+)$/.exec(line) ?? [];
    if (installed) assert.ok(installed === name || Object.hasOwn(peerDependencies, installed), line);
    else {
      assert.match(line, /npx aps-payops \w+/);
      const run = spawnSync('sh', ['-c', line], { cwd: packed, encoding: 'utf8', timeout: 60_000 });
      assert.equal(run.status, 0, `${line}\n${run.stderr}`);
      assert.notEqual(run.stdout, '');
    }
  }
}

/** Names of files that readme.test.js writes and runs, with its commands. */
const WALKED = ['README.md', 'docs/guide/getting-started.md'];
/** Blocks that tests/browser/docs-pages.test.js takes. */
const PAGES = {
  html: 'docs/guide/card-form.md',
  javascript: 'docs/guide/card-form.md',
  http: 'docs/guide/security.md',
};

for (const file of files) {
  for (const [index, { info, code }] of blocksOf(read(file)).entries()) {
    test(`${file}: block ${index + 1} (${info})`, () => {
      if (info === 'js') runExample(code);
      else if (info === 'ts') checkTypes(code);
      else if (info === 'sh' && !WALKED.includes(file)) runCommands(code);
      else if (info === 'sh' || /^js \w+\.mjs$/.test(info)) assert.ok(WALKED.includes(file), 'nobody runs it');
      else if (info === 'rust') assert.equal(file, 'docs/guide/rust.md');
      else assert.equal(PAGES[info], file, `nobody runs ${info}`);
    });
  }
}

test('there are examples for server, notification, page and function in the README', () => {
  const infos = blocksOf(read('README.md')).map(({ info }) => info);
  assert.deepEqual(infos, ['sh', 'sh', 'js pay.mjs', 'js webhook.mjs', 'js', 'js function.mjs']);
  assert.ok(read('README.md').startsWith('# aps-payops\n'));
  assert.match(blocksOf(read('README.md'))[0].code, /^npm install/);
  assert.ok(read('README.md').split('\n').length <= 151);
});

test('no link of the documents is broken, in the package as in the clone', () => {
  for (const file of documents) {
    for (const [, link] of read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(new URL(link, new URL(file, root))), `${file}: ${link}`);
    }
  }
});

test('the diagram of the life cycle has every state', () => {
  const svg = read('docs/guide/life-cycle.svg');
  for (const state of [
    'authorized',
    'partially_captured',
    'captured',
    'partially_refunded',
    'refunded',
    'voided',
    'lapsed',
  ]) {
    assert.ok(svg.includes(`>${state}</text>`), state);
  }
});

test('the README leads to every guide', () => {
  assert.match(read('README.md'), /\]\(docs\/guide\)/);
  for (const name of ['getting-started', 'card-form', 'webhooks', 'lost-answers', 'security', 'going-live']) {
    assert.ok(read('README.md').includes(`(docs/guide/${name}.md)`), name);
  }
});
