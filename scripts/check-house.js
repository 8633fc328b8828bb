// Rules of the house that linters do not have (the others are in biome.json and clippy.toml):
//   no file of more than 500 lines in src and pkg, tables of texts aside
//   no circle among the modules of src
//   documents name only files that exist; DESIGN.md has at most 150 lines, README.md too; every guide is on the site
//   no package imported at start by a command that a fresh clone runs before anything is installed
//   no crate of the core without its job: in Cargo.toml with a comment, used, and in DESIGN.md
//   no path of anyone's machine and no address of a registry in what is kept in git

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { sections } from '../docs/pages.js';
import { main } from './lib/main.js';
import { at, root } from './lib/paths.js';
import { Problem } from './lib/run.js';
import { circlesOf, dependencies } from './lib/rust-modules.js';

const MOST_LINES = 500;
/** Tables of texts. */
const DATA = ['src/reply/code_text.rs', 'src/reply/acquirer_text.rs', 'src/dictionary/dictionary.toml'];
/** Paths of a machine or an installation. The registries' names in lock files say where packages come from, not where they were fetched. */
const PRIVATE = [
  /(?<![\w.:/-])\/(?:home|Users|root|work|workspace)\/[\w.-]+/,
  /"resolved": "https?:/,
  /\bregistry\s*=\s*"?(?:https?|sparse)/,
];

/** The files that git keeps. */
function trackedFiles() {
  const { status, stdout, stderr } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Problem(`git ls-files: ${stderr.trim()}`);
  return stdout.split('\0').filter((path) => path !== '' && existsSync(at(path)));
}

/** @param {string[]} files */
function longFiles(files) {
  return files
    .filter((path) => /^(src|pkg)\/.*\.(rs|js)$/.test(path) && !DATA.includes(path))
    .flatMap((path) => {
      const lines = readFileSync(at(path), 'utf8').split('\n').length - 1;
      return lines > MOST_LINES ? [`${path} has ${lines} lines, more than ${MOST_LINES}`] : [];
    });
}

/** @param {string[]} files */
function privatePlaces(files) {
  return files
    .filter((path) => path !== 'scripts/check-house.js')
    .flatMap((path) =>
      readFileSync(at(path), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          PRIVATE.some((pattern) => pattern.test(line)) ? [`${path}:${index + 1} names a private path or address`] : [],
        ),
    );
}

/** Documents, and the most lines that each may have. */
const DOCUMENTS = { 'README.md': 150, 'DESIGN.md': 150, 'CONTRIBUTING.md': 200, 'SECURITY.md': 200 };

/** Files and folders that the documents name, with a slash in them. */
function namedFiles() {
  const built = /^pkg\/(?:wasm|cjs|esm|types|generated)(?:\/|$)|^\.cache\/|^tests\/screens\/|^docs\/dist\//;
  return Object.keys(DOCUMENTS).flatMap((document) => {
    const names = [
      ...readFileSync(at(document), 'utf8').matchAll(/(?<![\w/:.-])((?:[\w.-]+\/)+[\w.-]*\w|(?:[\w-]+\/)+)/g),
    ].map(([, name]) => name ?? '');
    const ours = names.filter((name) => existsSync(at(name.split('/')[0] ?? '')) && !built.test(name));
    return ours
      .filter((name) => !existsSync(at(name)))
      .map((name) => `${document} names ${name}, which does not exist`);
  });
}

/** Guides that the documentation site does not list. */
function lostGuides() {
  const listed = sections.flatMap(({ pages }) => pages.map(({ file }) => file));
  const guides = readdirSync(at('docs', 'guide')).filter((name) => name.endsWith('.md'));
  return guides.filter((name) => !listed.includes(`guide/${name}`)).map((name) => `docs/pages.js lacks guide/${name}`);
}

function longDocuments() {
  return Object.entries(DOCUMENTS).flatMap(([document, most]) => {
    const lines = readFileSync(at(document), 'utf8').split('\n').length - 1;
    return lines > most ? [`${document} has ${lines} lines, more than ${most}`] : [];
  });
}

/** Crates that the core is built on, and where each is used. */
const CRATES = {
  'wasm-bindgen': 'src/wasm/',
  'serde-wasm-bindgen': 'src/wasm/',
  'js-sys': 'src/',
  'web-sys': 'src/wasm/',
  serde: 'src/',
  sha2: 'src/signature/',
  'wasm-bindgen-test': 'tests/rust/wasm.rs',
};

/** @param {string[]} files */
function idleCrates(files) {
  const manifest = readFileSync(at('Cargo.toml'), 'utf8');
  const design = readFileSync(at('DESIGN.md'), 'utf8');
  return Object.entries(CRATES).flatMap(([crate, place]) => {
    const path = new RegExp(`^(?!\\s*//).*\\b${crate.replaceAll('-', '_')}::`, 'm');
    const rust = files.filter((file) => file.startsWith(place) && file.endsWith('.rs'));
    return [
      new RegExp(`^# .+\n${crate} = `, 'm').test(manifest) ? '' : `Cargo.toml lacks ${crate} with a comment on its job`,
      rust.some((file) => path.test(readFileSync(at(file), 'utf8'))) ? '' : `nothing in ${place} uses ${crate}`,
      design.includes(`\`${crate}\``) ? '' : `DESIGN.md does not say what ${crate} is for`,
    ].filter(Boolean);
  });
}

/** Commands that set the clone up themselves. */
const FIRST = ['test', 'with-build', 'build', 'dev', 'fuzz', 'compare-with'].map((name) => `scripts/${name}.js`);

/** Packages that these import before they can have installed them. */
async function earlyPackages() {
  const { metafile } = await build({
    entryPoints: FIRST,
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: '.cache/first',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    logLevel: 'silent',
  });
  /** @type {Set<string>} What they load at start: sets grow while they are walked. */
  const loaded = new Set(FIRST);
  const early = [];
  for (const file of loaded) {
    for (const { kind, external, path } of metafile.inputs[file]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (!external) loaded.add(path);
      else if (!path.startsWith('node:'))
        early.push(`${file} imports ${path}, which a fresh clone has not installed yet`);
    }
  }
  return early;
}

await main(async () => {
  const files = trackedFiles();
  const rust = files.filter((path) => /^src\/.*\.rs$/.test(path) && !/^src\/(bin|generate)\//.test(path));
  const circles = circlesOf(dependencies(rust, (path) => readFileSync(at(path), 'utf8')));
  const structure = [...longFiles(files), ...circles.map((circle) => `modules in a circle: ${circle.join(' → ')}`)];
  const found = [...structure, ...namedFiles(), ...longDocuments(), ...lostGuides(), ...privatePlaces(files)];
  found.push(...idleCrates(files));
  found.push(...(await earlyPackages()));
  if (found.length > 0) throw new Problem(found.join('\n'));
  console.log(`${files.length} files keep to the rules of the house`);
});
