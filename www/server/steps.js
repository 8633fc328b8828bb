// Messages as the desk shows them: parameters and canonical text with card data masked.
import { explainSignature, verify } from 'aps-payops/server';

/** @typedef {{ params: Record<string, unknown>, canonical: string, signature: string }} Shown */
/** @typedef {{ command: string, url: string, request: Shown, reply: (Shown & { matches: boolean }) | null }} Exchange */

/** Longer messages are shown without their canonical text. */
const LONGEST = 16 * 1024;

const MASKED = /^(?:card_number|card_security_code|expiry_date|otp|apple_(?:data|signature|header))$/;
/** Their text cannot be separated from what follows in the canonical text. */
const UNSHOWN = /^apple_/;

/**
 * A fetch that records the messages of watched payments.
 *
 * @param {typeof fetch} fetch
 * @param {import('aps-payops/server').Account} account
 */
export function createRecorder(fetch, account) {
  /** @typedef {{ url: string, body: string, reply: Promise<string | null> }} Taken */
  /** @type {Map<unknown, Taken[]>} by merchant_reference */
  const watched = new Map();
  return {
    /** @type {typeof globalThis.fetch} */
    fetch: (input, init) => {
      const answer = fetch(input, init);
      const body = String(init?.body ?? '');
      const reply = answer.then((response) => response.clone().text()).catch(() => null);
      watched.get(readParams(body).merchant_reference)?.push({ url: String(input), body, reply });
      return answer;
    },

    /**
     * Watches a payment. Nothing else may run on it meanwhile.
     *
     * @param {string} reference
     * @returns {() => Promise<Exchange[]>} ends it and returns what was exchanged
     */
    watch(reference) {
      /** @type {Taken[]} */
      const taken = [];
      watched.set(reference, taken);
      return () => {
        watched.delete(reference);
        return Promise.all(taken.map(exchange));
      };
    },
  };

  /** @param {Taken} taken @returns {Promise<Exchange>} */
  async function exchange({ url, body, reply }) {
    const request = show(body, account, 'request');
    const text = await reply;
    const command = String(request.params.command ?? request.params.query_command);
    return { command, url, request, reply: text === null ? null : show(text, account, 'response') };
  }
}

/**
 * One message as the desk shows it.
 *
 * @param {string} message JSON or form-encoded text
 * @param {import('aps-payops/server').Account} account
 * @param {'request' | 'response'} direction
 * @returns {Shown & { matches: boolean }}
 */
export function show(message, account, direction) {
  const read = readParams(message);
  const params = mask(read);
  const { digest = 'SHA-256', [`sha_${direction}_phrase`]: phrase } = account;
  const signature = String(params.signature ?? '');
  if (message.length > LONGEST || Object.keys(read).some((name) => UNSHOWN.test(name))) {
    return { params, canonical: '', matches: verify(message, { phrase, digest }), signature };
  }
  try {
    const { matches, canonical } = explainSignature(message, { phrase, digest });
    // Passwords are masked, valid or not.
    const otp = String(read.otp ?? '');
    const shown = otp ? canonical.replaceAll(`otp=${otp}`, `otp=${'*'.repeat(otp.length)}`) : canonical;
    return { params, canonical: shown, matches, signature };
  } catch {
    // Not a message at all: HTML, or cut off.
    return { params, canonical: '', matches: false, signature: '' };
  }
}

/** @param {string} message @returns {Record<string, unknown>} */
export function readParams(message) {
  if (!message.trimStart().startsWith('{')) return Object.fromEntries(new URLSearchParams(message));
  try {
    return JSON.parse(message);
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} params */
function mask(params) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      MASKED.test(name) ? hide(String(value), name === 'card_number') : value,
    ]),
  );
}

// The way card numbers are usually shown: first six and last four.
/** @param {string} text @param {boolean} card */
function hide(text, card) {
  if (!card || text.length < 12) return '*'.repeat(text.length);
  return `${text.slice(0, 6)}${'*'.repeat(text.length - 10)}${text.slice(-4)}`;
}
