// Chromium for a file of tests, and a shop of its own for each test.

import { afterEach, beforeEach } from 'node:test';
import { open } from './stage.js';
import { browser } from './with-chromium.js';

/** The shop of the current test. @type {Awaited<ReturnType<typeof open>>} */
export let stage;

/** Opens a shop before each test, and closes it afterwards. @param {Parameters<typeof open>[1]} [options] */
export function openForEach(options) {
  beforeEach(async () => {
    stage = await open(browser, options);
  });
  afterEach(() => stage?.close());
}
