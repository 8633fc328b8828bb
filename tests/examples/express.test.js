// The shop on Express.

import { after, test } from 'node:test';
import { Stage, shopAt } from './stage.js';

const stage = await Stage.open('express');
after(() => stage.close());

test('a customer pays on the hosted page, and staff refund', async () => {
  await stage.start();
  await shopAt(stage);
});
