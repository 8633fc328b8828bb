// The desk while its database cannot be reached: it says so, and that nothing was sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { createShop } from '../../www/server/app.js';
import { STRINGS } from '../../www/server/strings.js';

test('unreadable records are reported in a sentence, in both languages', async () => {
  const { account } = createSandbox();
  const rows = async () => {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  };
  const sql = { query: rows, swap: rows, copy: () => ({}) };
  const notes = { note: rows, notesOf: rows, addNote: rows, secret: rows };
  const store = /** @type {any} */ ({ sql, rows, waiting: rows, order: rows, payment: rows, ofOrder: rows, ...notes });
  const origin = 'http://127.0.0.1:1';
  const shop = createShop({ account, store, cards: [], origins: [origin], assets: {}, log: () => {} });
  for (const language of /** @type {const} */ (['en', 'ar'])) {
    for (const path of ['/', '/new']) {
      const answer = await shop.fetch(
        new Request(`${origin}${path}?lang=${language}`, { headers: { host: '127.0.0.1:1' } }),
      );
      assert.equal(answer.status, 503, path);
      assert.ok((await answer.text()).includes(STRINGS[language].records_unavailable), path);
    }
  }
});
