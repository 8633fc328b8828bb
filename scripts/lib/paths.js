// Paths. Everything that is built but not shipped is under .cache/, which git ignores.

import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const cache = join(root, '.cache');
export const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
export const testOutput = join(cache, 'test-output');
export const packed = join(cache, 'packed');

/** @param {...string} parts path below the root of the repository */
export const at = (...parts) => join(root, ...parts);
