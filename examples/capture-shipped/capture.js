// Captures the payments of what shipped today. Run it as often as you like, or after it was killed: the journal knows
// what was captured, and asks APS about what it lost sight of.

import { journaled, openStore } from 'aps-payops/journal';
import { PaymentServices } from 'aps-payops/server';
import { shippedToday } from './orders.js';

const store = await openStore(process.env.DATABASE_URL ?? './payments');
const pay = journaled(PaymentServices.fromEnv(), store);

await pay.recover();
for (const { id, amount } of await shippedToday()) {
  try {
    const { outcome, message } = await pay.capture({ operation: `ship-${id}`, merchant_reference: id, amount });
    console.log(id, outcome, message);
    if (outcome !== 'succeeded') process.exitCode = 1;
  } catch (error) {
    // One order's trouble is not the others'.
    console.log(id, error.code, error.message);
    process.exitCode = 1;
  }
}
await store.close();
