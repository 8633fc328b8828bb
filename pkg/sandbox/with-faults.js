/** Requests and answers that are lost or late. */

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./router.js').Outgoing} Outgoing */
/** @typedef {import('./faults.js').Strike} Strike */

/** The connection is cut without an answer. */
export class ConnectionCut extends Error {}

/** The same, because the sandbox was reset or closed; nothing may follow. */
class Cancelled extends ConnectionCut {}

/** How long undici waits for headers, in milliseconds. */
const SILENCE = 300_000;
/** How long after the client gave up a delayed request is carried out by default, in milliseconds. */
const AFTERWARDS = 20;

export class FaultyLine {
  #schedule;
  #now;

  /**
   * @param {object} options
   * @param {import('./schedule.js').Schedule} options.schedule
   * @param {() => number} options.now
   */
  constructor({ schedule, now }) {
    this.#schedule = schedule;
    this.#now = now;
  }

  /**
   * Carries out a request with its faults.
   *
   * @param {Strike} strike Records which faults took effect.
   * @param {AbortSignal | undefined} gone Aborts when the client gives up; without one it cannot.
   * @param {(at: number) => Outgoing} carryOut
   * @param {() => void} lost Called when the request is lost, before the connection is.
   * @returns {Promise<Outgoing>} Rejects with the signal's reason, or with ConnectionCut.
   */
  async withFaults(strike, gone, carryOut, lost) {
    const { dropRequest, dropReply, delay, silent, struck } = strike;
    if (dropRequest) {
      struck.push('dropRequest');
      lost();
      if (dropRequest.ms !== undefined) this.#schedule.add(dropRequest.ms, carryOut);
      return this.#lose(silent, gone);
    }
    if (delay) struck.push('delay');
    if (dropReply) struck.push('dropReply');
    const outgoing = delay ? await this.#delay(delay.ms, carryOut, gone) : carryOut(this.#now());
    return dropReply ? this.#lose(silent, gone) : outgoing;
  }

  /**
   * @param {number | undefined} ms
   * @param {(at: number) => Outgoing} carryOut
   * @param {AbortSignal} [gone]
   * @returns {Promise<Outgoing>}
   */
  async #delay(ms, carryOut, gone) {
    if (ms === undefined) {
      try {
        return await this.#lose(true, gone);
      } catch (reason) {
        if (!(reason instanceof Cancelled)) this.#schedule.add(AFTERWARDS, carryOut);
        throw reason;
      }
    }
    return new Promise((resolve, reject) => {
      const leave = () => reject(gone?.reason);
      gone?.addEventListener('abort', leave, { once: true });
      this.#schedule.add(
        ms,
        (at) => {
          gone?.removeEventListener('abort', leave);
          resolve(carryOut(at));
        },
        { cancelled: () => reject(new Cancelled()) },
      );
    });
  }

  /**
   * Never answers: cuts the connection, or stays silent until the client gives up.
   *
   * @param {boolean} silently
   * @param {AbortSignal} [gone]
   * @returns {Promise<never>}
   */
  #lose(silently, gone) {
    if (!silently || !gone) return Promise.reject(new ConnectionCut());
    return new Promise((_, reject) => {
      const forget = this.#schedule.add(SILENCE, () => reject(new ConnectionCut()), {
        cancelled: () => reject(new Cancelled()),
      });
      const leave = () => {
        forget();
        reject(gone.reason);
      };
      if (gone.aborted) leave();
      else gone.addEventListener('abort', leave, { once: true });
    });
  }
}
