// The trace of a run: each decision of the engine with its event, written before it is recorded in the store.
// States are identified by digest, so the trace proves that every loaded state was decided before.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { decide } from '../../../pkg/operation/decide.js';
import { Engine } from '../../../pkg/operation/engine.js';

/**
 * `p`: the payment; `v`: the version that was loaded; `s`: the digest of its state; `e`: the event; `d`: the digest of the
 * decision; `n`: that of the next state, if it is to be recorded.
 * @typedef {{ p: string, v: number, s: string | null, e: Record<string, unknown>, d: string, n?: string }} Line
 */

/** @param {string} text */
export const digestOf = (text) => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/**
 * Writes all decisions of this process to a file.
 * @param {string} file
 * @returns {() => void} ends it
 */
export function record(file) {
  const to = openSync(file, 'a');
  const before = Engine.prototype.decide;
  Engine.prototype.decide = function (payment, loaded, event, reply) {
    const { state, version } = loaded;
    const decision = decide(state, event);
    /** @type {Line} */
    const line = {
      p: payment,
      v: version,
      s: state && digestOf(state),
      e: event,
      d: digestOf(JSON.stringify(decision)),
    };
    if (decision.record) line.n = digestOf(decision.state);
    writeSync(to, `${JSON.stringify(line)}\n`);
    return before.call(this, payment, loaded, event, reply);
  };
  return () => {
    Engine.prototype.decide = before;
    closeSync(to);
  };
}

/**
 * The traces of several processes as one.
 * @param {readonly string[]} files
 * @returns {string} without the last line of a process that was killed while writing: its decision was not recorded either
 */
export const joinTraces = (files) =>
  files
    .map((file) => readFileSync(file, 'utf8'))
    .map((text) => text.slice(0, text.lastIndexOf('\n') + 1))
    .join('');

/** @param {string} file @returns {Line[]} */
export const readTrace = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

/**
 * Replays the events of a trace with the current engine.
 * @param {Line[]} lines in any order
 * @returns {{ decisions: number, payments: number, problems: string[], states: Map<string, Map<string, number>> }}
 *   `problems`: decisions that differ, and states that were never decided; `states`: by payment, the versions of what was
 *   decided, by digest
 */
export function replay(lines) {
  /** @type {Map<string, Line[]>} */
  const byPayment = new Map();
  for (const line of lines) {
    const own = byPayment.get(line.p);
    if (own) own.push(line);
    else byPayment.set(line.p, [line]);
  }
  /** @type {string[]} */
  const problems = [];
  const states = new Map();
  for (const [payment, own] of byPayment) {
    /** @type {Map<string | null, string | null>} */
    const known = new Map([[null, null]]);
    /** @type {Map<string, number>} */
    const versions = new Map();
    for (const { v, s, e, d, n } of own.sort((one, two) => one.v - two.v)) {
      const state = known.get(s);
      if (state === undefined) {
        problems.push(`${payment}, version ${v}: the loaded state was never decided`);
        continue;
      }
      const decision = decide(state, e);
      if (digestOf(JSON.stringify(decision)) !== d) {
        problems.push(`${payment}, version ${v}: ${e.event} is decided otherwise now`);
      }
      if (n === undefined || !decision.record) continue;
      known.set(n, decision.state);
      versions.set(n, decision.revision);
    }
    states.set(payment, versions);
  }
  return { decisions: lines.length, payments: byPayment.size, problems, states };
}
