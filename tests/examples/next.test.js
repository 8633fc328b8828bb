// The shop on Next.js: built, started, a page and the route handlers.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runLater, Stage, shopAt } from './stage.js';

const stage = await Stage.open('next', { complete: true });
after(() => stage.close());
const next = join(stage.folder, 'node_modules', 'next', 'dist', 'bin', 'next');

test('a customer pays on the hosted page, and staff refund', async () => {
  const { code, stdout } = await runLater(process.execPath, [next, 'build'], stage.folder, {
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  });
  assert.equal(code, 0, stdout);
  await stage.start([process.execPath, next, 'start', '-p', String(stage.port)]);
  assert.match(await (await stage.ask('/')).text(), /Buy a lamp/);
  await shopAt(stage, { orders: '/api/orders', pages: '/orders' });
});
