// The shop on Hono.

import { after, test } from 'node:test';
import { Stage, shopAt } from './stage.js';

const stage = await Stage.open('hono');
after(() => stage.close());

test('a customer pays on the hosted page, and staff refund', async () => {
  await stage.start();
  await shopAt(stage);
});
