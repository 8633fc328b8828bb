// Explains why a signature matches or not. The account's phrases never leave the server.
import { explainSignature } from 'aps-payops/server';
import { readParams } from './steps.js';

/** Longer than any APS message. */
export const LONGEST = 12_000;

/**
 * @typedef {object} Inspected
 * @property {'request' | 'response'} direction
 * @property {boolean} matches
 * @property {boolean} signed whether there is a signature at all
 * @property {string} canonical with phrase and card data masked
 * @property {{ mistake: string, parameter?: string, digest?: string, message: string }[]} hints
 */

/** What keeps a text from being inspected, apart from what it says. @param {string} text @returns {'inspect_missing' | 'inspect_long' | undefined} */
export function findProblem(text) {
  const message = bare(text.trim());
  if (message === '') return 'inspect_missing';
  return message.length > LONGEST ? 'inspect_long' : undefined;
}

/**
 * @param {string} text JSON, form-encoded text, or a URL with it
 * @param {import('aps-payops/server').Account} account
 * @returns {Inspected | null} null if it cannot be read
 */
export function inspect(text, account) {
  const message = bare(text.trim());
  const params = readParams(message);
  // Only replies have a response code.
  const direction = 'response_code' in params ? 'response' : 'request';
  const set = [account, account.applePay].find((one) => one && one.access_code === params.access_code) ?? account;
  const { digest = account.digest ?? 'SHA-256' } = set;
  const other = direction === 'request' ? set.sha_response_phrase : set.sha_request_phrase;
  try {
    const { matches, canonical, hints } = explainSignature(message, {
      phrase: set[`sha_${direction}_phrase`],
      digest,
      otherPhrase: other,
    });
    return { direction, matches, signed: Boolean(params.signature), canonical, hints };
  } catch (error) {
    if (error.name !== 'ValidationError') throw error;
    return null;
  }
}

/** The query of a URL, as it is copied from an address bar or a log. @param {string} text */
function bare(text) {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text) ? new URL(text).search.slice(1) : text;
}
