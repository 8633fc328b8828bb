// What survives a restart and is shared by all processes, besides orders and payments: the secret of forms, used form tokens,
// stored cards, one-time passwords under way. A note has a kind, a name, an expiry, and optionally an owner.
import { Refusal } from './refusal.js';

const DAY = 86_400_000;
/** Milliseconds for which a used form token is kept: longer than a page stays open. */
const FORM_LASTS = 7 * DAY;
/** The most form tokens that this process caches; the oldest are dropped first. */
const TOKENS = 10_000;
/** Milliseconds that a form waits for the same form in another process, and between two checks. */
const WAIT = 10_000;
const PAUSE = 100;
/** Milliseconds between two sweeps, while notes are added. */
const SWEEP = DAY / 24;

/** The secret expires, so that none is left behind when the shop is shut down for good. */
const FOREVER = Number.MAX_SAFE_INTEGER;

const ADD = `INSERT INTO shop_note (scope, kind, name, owner, until, record)
VALUES (CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS text), CAST($5 AS bigint), CAST($6 AS text))
ON CONFLICT (scope, kind, name) DO`;
const OF = 'scope = CAST($1 AS text) AND kind = CAST($2 AS text)';
const ONE = `${OF} AND name = CAST($3 AS text)`;

/**
 * @param {(text: string, ...values: (string | null)[]) => Promise<Record<string, any>[]>} rows `$1` is the scope
 * @param {() => number} clock of this machine, milliseconds since 1970
 */
export function createNotes(rows, clock = Date.now) {
  /** @type {Map<string, Promise<unknown>>} forms of this process */
  const done = new Map();
  let sweptAt = clock();

  const values = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {any} */ value, more) => {
    const { owner = null, until = FOREVER } = more;
    return [kind, name, owner, String(until), JSON.stringify(value)];
  };

  const notes = {
    /** @param {string} kind @param {string} name @returns {Promise<any>} undefined if the note is missing or expired */
    async note(kind, name) {
      if (name.includes('\0')) return undefined;
      const [found] = await rows(`SELECT record, until FROM shop_note WHERE ${ONE}`, kind, name);
      return found && Number(found.until) > clock() ? JSON.parse(found.record) : undefined;
    },

    /**
     * The notes of an owner, by name.
     *
     * @param {string} kind
     * @param {string} owner
     * @returns {Promise<[name: string, value: any][]>}
     */
    async notesOf(kind, owner) {
      const own = `SELECT name, record, until FROM shop_note WHERE ${OF} AND owner = CAST($3 AS text) ORDER BY name`;
      const found = await rows(own, kind, owner);
      const now = clock();
      return found.filter(({ until }) => Number(until) > now).map(({ name, record }) => [name, JSON.parse(record)]);
    },

    /**
     * @param {string} kind
     * @param {string} name
     * @param {any} value as JSON
     * @param {{ owner?: string, until?: number }} [more] `until`: milliseconds since 1970
     */
    async saveNote(kind, name, value, more = {}) {
      const update = 'UPDATE SET owner = excluded.owner, until = excluded.until, record = excluded.record';
      await rows(`${ADD} ${update}`, ...values(kind, name, value, more));
    },

    /**
     * Adds a note unless one with that name exists.
     *
     * @param {string} kind
     * @param {string} name
     * @param {any} value
     * @param {{ owner?: string, until?: number }} [more]
     * @returns {Promise<any>} what is kept now: this, or what was there before
     */
    async addNote(kind, name, value, more = {}) {
      if (clock() - sweptAt > SWEEP) await notes.sweepNotes();
      await rows(`${ADD} NOTHING`, ...values(kind, name, value, more));
      return notes.note(kind, name);
    },

    /** Takes a note away: of several who try, one gets it. @param {string} kind @param {string} name @returns {Promise<any>} */
    async takeNote(kind, name) {
      if (name.includes('\0')) return undefined;
      const [found] = await rows(`DELETE FROM shop_note WHERE ${ONE} RETURNING record, until`, kind, name);
      return found && Number(found.until) > clock() ? JSON.parse(found.record) : undefined;
    },

    /** Deletes expired notes. */
    async sweepNotes() {
      sweptAt = clock();
      await rows('DELETE FROM shop_note WHERE scope = CAST($1 AS text) AND until <= CAST($2 AS bigint)', `${clock()}`);
    },

    /** A secret that every process of the shop has. @param {string} name @returns {Promise<Uint8Array>} 32 bytes */
    async secret(name) {
      const fresh = Array.from(crypto.getRandomValues(new Uint8Array(32)));
      return Uint8Array.from(await notes.addNote('secret', name, fresh));
    },

    /**
     * Runs `work` once per form token. A later request with the same token (a double click, the back button, another
     * process) gets the first answer.
     *
     * @template T
     * @param {string} token
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     * @throws {Refusal} `form_used` if the first has no answer
     */
    once(token, work) {
      const known = done.get(token);
      if (known) return /** @type {Promise<T>} */ (known);
      const answer = claim(token, work);
      done.set(token, answer);
      if (done.size > TOKENS) done.delete(/** @type {string} */ (done.keys().next().value));
      return answer;
    },
  };

  /** @template T @param {string} token @param {() => Promise<T>} work @returns {Promise<T>} */
  async function claim(token, work) {
    const by = crypto.randomUUID();
    const until = clock() + FORM_LASTS;
    let kept;
    try {
      kept = await notes.addNote('form', token, { by }, { until });
    } catch (error) {
      // Nothing was done, so the form can be sent again.
      done.delete(token);
      throw error;
    }
    if (kept?.by !== by) return /** @type {Promise<T>} */ (awaitAnswer(token, kept));
    let end = {};
    try {
      const answer = await work();
      end = { isAnswered: true, answer };
      return answer;
    } finally {
      // If the answer cannot be stored, the work still counts; other processes answer that the form was used.
      await notes.saveNote('form', token, { by, isDone: true, ...end }, { until }).catch(() => {});
    }
  }

  /** What another process answers, or answered. @param {string} token @param {any} kept */
  async function awaitAnswer(token, kept) {
    const end = clock() + WAIT;
    let found = kept;
    while (!found?.isDone) {
      if (clock() >= end) throw new Refusal('form_used', 409);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      found = await notes.note('form', token);
    }
    if (!found.isAnswered) throw new Refusal('form_used', 409);
    return found.answer;
  }

  return notes;
}
