// A page that counts money, and tries to sign. The tests read `result`.

import { Amount, isAvailable } from 'aps-payops';
import { sign } from 'aps-payops/server';

/** @param {() => unknown} work */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

globalThis.result = {
  available: isAvailable(),
  amount: attempt(() => String(Amount.parse('1.750', 'IQD'))),
  signed: attempt(() => sign({}, { phrase: 'p', digest: 'SHA-256' })),
};
