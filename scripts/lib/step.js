// A step of the build runs again only when its inputs changed or its outputs are gone.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, cache } from './paths.js';

/**
 * The files below a path, sorted.
 * @param {string} path
 * @returns {string[]}
 */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** @param {string[]} parts files, folders, and texts that name no file */
function fingerprint(parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${part}\0`);
    for (const file of filesBelow(at(part))) hash.update(`${file.slice(at().length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * @param {string} name shown, and the name of the record in .cache/steps
 * @param {{ inputs: string[], outputs: string[] }} files below the root; an input that is no file counts as text
 * @param {() => Promise<void>} work
 */
export async function step(name, { inputs, outputs }, work) {
  const record = join(cache, 'steps', name);
  const now = fingerprint(inputs);
  const before = existsSync(record) ? readFileSync(record, 'utf8') : '';
  if (before === now && outputs.every((output) => existsSync(at(output)))) return;
  const started = performance.now();
  process.stdout.write(`${name} … `);
  rmSync(record, { force: true });
  try {
    await work();
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  }
  mkdirSync(join(cache, 'steps'), { recursive: true });
  writeFileSync(record, now);
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
