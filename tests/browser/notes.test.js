// The shop's other records in its database: forms that were sent, stored cards, passwords under way.
// Every process has the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotes } from '../../www/server/notes.js';
import { createStore } from '../../www/server/store.js';
import { createStoredCards } from '../../www/server/stored-cards.js';
import { openMemory } from '../memory.js';

/** Two processes of one shop. */
async function open() {
  const account = { merchant_identifier: crypto.randomUUID().slice(0, 8) };
  const sql = await openMemory();
  return [await createStore(sql, account), await createStore(sql, account)];
}

test('a card that was not wished, not paid with, or removed is not kept', async () => {
  const [store, other] = await open();
  const [stored, elsewhere] = [createStoredCards(store), createStoredCards(other)];
  const tokens = async (customer) => (await elsewhere.of(customer)).map(({ token_name }) => token_name);
  await stored.formShown('order-1-1-aaaa', 'layla');
  const reply = { merchant_reference: 'order-1-1-aaaa', token_name: 'T1' };
  assert.equal(await stored.wishOf({ ...reply, remember_me: 'NO' }), null);
  assert.equal(await stored.wishOf(reply), null);
  assert.equal(
    await stored.wishOf({ ...reply, merchant_reference: 'order-1-2-bbbb', remember_me: 'YES' }),
    null,
    'the form was shown to nobody',
  );
  const wish = await elsewhere.wishOf({ ...reply, remember_me: 'YES' });
  const record = { wish, card: { brand: 'VISA', tail: '0001' }, payment: null };
  await stored.learn(record);
  assert.deepEqual(await tokens('layla'), []);
  const paid = { ...record, payment: {} };
  await Promise.all([stored.learn(paid), elsewhere.learn(paid)]);
  assert.deepEqual(await tokens('layla'), ['T1']);
  assert.deepEqual(await tokens('omar'), []);
  // Of one card there is one token.
  await stored.learn({ ...paid, wish: { ...wish, token_name: 'T2' } });
  assert.deepEqual(await tokens('layla'), ['T2']);
  const [{ key }] = await stored.of('layla');
  await stored.remove('omar', key);
  assert.deepEqual(await tokens('layla'), ['T2']);
  await elsewhere.remove('layla', key);
  for (const token_name of ['T1', 'T2']) await stored.learn({ ...paid, wish: { ...wish, token_name } });
  assert.deepEqual(await tokens('layla'), [], 'it does not come back');
});

test('a form is carried out once, whichever process receives it; the others return its answer', async () => {
  const [store, other] = await open();
  const token = crypto.randomUUID();
  let times = 0;
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return `done ${++times}`;
  };
  assert.deepEqual(await Promise.all([store.once(token, work), other.once(token, work), store.once(token, work)]), [
    'done 1',
    'done 1',
    'done 1',
  ]);
  const failing = crypto.randomUUID();
  const fail = async () => {
    throw new Error('no');
  };
  await assert.rejects(store.once(failing, fail), /no/);
  await assert.rejects(store.once(failing, work), /no/);
  await assert.rejects(other.once(failing, work), { code: 'form_used', status: 409 });
  assert.equal(times, 1);
});

test('without the database a form does nothing and may be sent again', async () => {
  const [store] = await open();
  let isAway = true;
  const notes = createNotes(async (...query) => {
    if (isAway) throw new Error('away');
    return store.rows(...query);
  });
  const token = crypto.randomUUID();
  await assert.rejects(
    notes.once(token, async () => assert.fail('not without a note of it')),
    /away/,
  );
  isAway = false;
  assert.equal(await notes.once(token, async () => 'sent'), 'sent');
});

test('notes expire, are taken once, and belong to one account', async () => {
  const [store, other] = await open();
  const [otherStore] = await open();
  await store.saveNote('password', 'r1', { phone: '1' }, { until: Date.now() + 60_000 });
  assert.deepEqual(await other.note('password', 'r1'), { phone: '1' });
  assert.equal(await otherStore.note('password', 'r1'), undefined);
  const taken = await Promise.all([store, other, store].map((one) => one.takeNote('password', 'r1')));
  assert.deepEqual(
    taken.filter((one) => one !== undefined),
    [{ phone: '1' }],
  );
  await store.saveNote('password', 'old', {}, { until: Date.now() - 1 });
  assert.equal(await store.note('password', 'old'), undefined);
  await store.sweepNotes();
  const left = await store.rows("SELECT name FROM shop_note WHERE scope = CAST($1 AS text) AND kind = 'password'");
  assert.deepEqual(left, []);
});

test('all processes make the tokens of forms with one secret', async () => {
  const [store, other] = await open();
  const [[mine, theirs], [strangers]] = [
    await Promise.all([store.secret('forms'), other.secret('forms')]),
    await Promise.all((await open()).map((one) => one.secret('forms'))),
  ];
  assert.deepEqual(mine, theirs);
  assert.equal(mine?.length, 32);
  assert.notDeepEqual(mine, strangers);
});
