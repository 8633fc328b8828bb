import { Amount, isAvailable, validate } from 'aps-payops';
import { sign } from 'aps-payops/server';

/** @param {() => unknown} work */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    return { name: error.name, reason: error.reason, message: error.message };
  }
}

// The test reads this.
window.result = {
  available: isAvailable(),
  amount: attempt(() => String(Amount.parse('1.750', 'IQD'))),
  refused: attempt(() => Amount.parse('1.7501', 'IQD')),
  missing: attempt(() => validate('CAPTURE', { amount: '4999', currency: 'AED' }).map(({ code }) => code)),
  signed: attempt(() => sign({}, { phrase: 'none', digest: 'SHA-256' })),
};
