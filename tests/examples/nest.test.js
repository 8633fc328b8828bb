// The shop on Nest, compiled to CommonJS by TypeScript.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runLater, Stage, shopAt } from './stage.js';

const stage = await Stage.open('nest', { complete: true });
after(() => stage.close());

test('a customer pays on the hosted page, and staff refund', async () => {
  const tsc = join(stage.folder, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, stdout } = await runLater(process.execPath, [tsc], stage.folder);
  assert.equal(code, 0, stdout);
  await stage.start([process.execPath, 'dist/main.js']);
  await shopAt(stage);
});
