// Another process that captures 1.00 again and again, for a test: `node capture-worker.js '{ … }'` prints how many succeeded.

import { journaled, openStore } from 'aps-payops/journal';
import { Amount, PaymentServices } from 'aps-payops/server';

const { where, account, order, name, count, inFlight } = JSON.parse(process.argv[2] ?? '{}');
const store = await openStore(where);
const pay = journaled(new PaymentServices(account, { timeout: 30_000 }), store);
const counts = { succeeded: 0, refused: 0 };
let next = 0;
const work = async () => {
  while (next < count) {
    next += 1;
    const capture = { operation: `${name} ${next}`, merchant_reference: order, amount: Amount.parse('1', 'AED') };
    const { outcome } = await pay.capture(capture, { wait: 240_000 });
    if (outcome === 'succeeded') counts.succeeded += 1;
    else counts.refused += 1;
  }
};
await Promise.all(Array.from({ length: inFlight }, work));
await store.close();
console.log(JSON.stringify(counts));
