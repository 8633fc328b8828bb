// A project that has dependencies of its own: installed once, by its lock file, under .cache/consumers, with the packed
// package beside them. Without a network and a first run the tests say in one line that they did not run.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package is installed. */
const installed = fileURLToPath(new URL('.', import.meta.resolve('aps-payops/package.json')));
const packed = join(import.meta.dirname, '..', '..');
if (basename(packed) !== 'packed') throw new Error('Run it as `npm test -- FILE`, from the packed package.');
const cache = join(packed, '..', 'consumers');

/**
 * @param {string} name of a folder here
 * @returns {{ path: string, skip: string | false, run: (args: string[], options?: { node?: string, env?: Record<string, string> }) => string }}
 *   `run` runs a script of the project's with Node and gives what it prints, or throws it
 */
export function project(name) {
  const source = join(import.meta.dirname, name);
  const path = join(cache, name);
  mkdirSync(path, { recursive: true });
  const files = ['package.json', 'package-lock.json'].map((file) => readFileSync(join(source, file)));
  const wanted = createHash('sha256').update(Buffer.concat(files)).digest('hex');
  const record = join(path, '.installed');
  const isInstalled = existsSync(record) && readFileSync(record, 'utf8') === wanted;
  cpSync(source, path, { recursive: true });
  const skip = isInstalled ? false : install(path);
  if (!skip) {
    writeFileSync(record, wanted);
    const own = join(path, 'node_modules', 'aps-payops');
    rmSync(own, { recursive: true, force: true });
    cpSync(installed, own, { recursive: true });
  }
  return { path, skip, run: (args, options) => run(path, args, options) };
}

/** @param {string} path */
function install(path) {
  const args = ['install', '--no-save', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', args, { cwd: path, encoding: 'utf8', timeout: 300_000 });
  if (status === 0) return false;
  const [line = ''] = /npm error code .*/.exec(stderr ?? '') ?? [];
  return `npm could not install its dependencies here. ${line}`.trim();
}

/**
 * @param {string} path
 * @param {string[]} args
 * @param {{ node?: string, env?: Record<string, string> }} [options]
 */
function run(path, args, { node = process.execPath, env = {} } = {}) {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: path,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...inherited, PATH: `${dirname(node)}:${inherited.PATH}`, NO_COLOR: '1', CI: '1', ...env },
  });
  if (status !== 0) throw new Error(`${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}
