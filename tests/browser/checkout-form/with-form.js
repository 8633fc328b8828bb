// Chromium and a page with an attached form for a file of tests; each test finds the form as it was at first.

import { after, afterEach, beforeEach } from 'node:test';
import { browser } from '../with-chromium.js';
import { serve, withWasm } from './stage.js';

export { browser };

export const stage = await serve();

after(() => stage.close());
beforeEach(() => {
  stage.posted.length = 0;
  stage.policy = withWasm;
});
afterEach(() => {
  stage.edit = (html) => html;
  stage.gate = Promise.resolve();
});
