/** Batch files and reports. */

import { randomInt } from 'node:crypto';
import { text } from '../message.js';
import { done, failed } from './answer.js';

/** @typedef {import('./index.js').Service} Service */

/** @type {Service} */
export function upload(admitted, { shelf }) {
  const reference = text(admitted.message, 'batch_reference') ?? '';
  if (shelf.batches.has(reference)) return failed(admitted, '146');
  const { rows } = admitted;
  if (!rows || rows.length === 0) return failed(admitted, '144');
  const batch = { batch_id: String(randomInt(1_000_000_000)), rows, processed: false };
  shelf.batches.set(reference, batch);
  return done(admitted, { batch_id: batch.batch_id });
}

/** @type {Service} */
export function results(admitted, { shelf }) {
  const batch = shelf.batches.get(text(admitted.message, 'batch_reference') ?? '');
  if (!batch) return failed(admitted, '141');
  return done(admitted, { batch_id: batch.batch_id, transactions_count: String(batch.rows.length) });
}

/**
 * Carries the rows out, once, however often it is asked to.
 *
 * @type {Service}
 */
export function processBatch(admitted, { shelf, carryOut }) {
  const batch = shelf.batches.get(text(admitted.message, 'batch_reference') ?? '');
  if (!batch) return failed(admitted, '141');
  if (!batch.processed) {
    batch.processed = true;
    for (const row of batch.rows) carryOut(row);
  }
  return done(admitted, {}, '72147');
}

/** @type {Service} */
export function generateReport(admitted, { shelf }) {
  shelf.reports.add(text(admitted.message, 'merchant_reference') ?? '');
  return done(admitted);
}

/** @type {Service} */
export function report(admitted, { shelf }) {
  const known = shelf.reports.has(text(admitted.message, 'merchant_reference') ?? '');
  return known ? done(admitted) : failed(admitted, '036');
}
