// The same source gives the same wasm in any folder: anyone can build what npm ships and compare.

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './paths.js';
import { runOrFail } from './run.js';

const NEEDED = [
  ...['src', 'build.rs', 'Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'package.json', 'package-lock.json'],
  ...['scripts', 'pkg/core', 'pkg/loaders', 'tools/Cargo.lock', '.cache/tools'],
];
const ARTEFACTS = ['checkout', 'server'].flatMap((name) =>
  ['aps_payops_bg.wasm', 'aps_payops.js', 'bytes.js'].map((file) => `pkg/wasm/${name}/${file}`),
);

/**
 * Builds the wasm once more, in a folder elsewhere, and compares it with what is here.
 * @returns {Promise<{ problems: string[], hashes: Record<string, string> }>} SHA-256 of each file
 */
export async function reproduce() {
  const copy = mkdtempSync(join(tmpdir(), 'aps-payops-elsewhere-'));
  try {
    // What tests need of the manifest is not there, and the library does not ask for it.
    for (const path of [...NEEDED, 'tests/rust', 'docs/guide/rust.md', 'tests/fixtures/examples.json']) {
      cpSync(at(path), join(copy, path), { recursive: true });
    }
    symlinkSync(at('node_modules'), join(copy, 'node_modules'), 'junction');
    const build = "await (await import('./scripts/lib/wasm.js')).buildWasm()";
    await runOrFail('building the wasm elsewhere', process.execPath, ['--input-type=module', '--eval', build], {
      cwd: copy,
      env: { CARGO_TARGET_DIR: undefined },
    });
    const hash = (/** @type {string} */ file) => createHash('sha256').update(readFileSync(file)).digest('hex');
    const hashes = Object.fromEntries(ARTEFACTS.map((file) => [file, hash(at(file))]));
    const differing = ARTEFACTS.filter((file) => hash(join(copy, file)) !== hashes[file]);
    return { hashes, problems: differing.map((file) => `${file} differs when it is built in another folder`) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
