// One worker of npm run faults: plays orders by the journal, over HTTP, until it is killed. The seed fixes what an order does,
// so the next worker that gets it does the same under the same keys.

import { journaled, openStore } from 'aps-payops/journal';
import { Amount, PaymentServices } from 'aps-payops/server';
import { chancesOf } from './lib/chances.js';

/** @typedef {import('aps-payops/journal').Journal} Journal */

const card = {
  ...{ card_number: '4005550000000001', card_security_code: '123', expiry_date: '3005' },
  ...{ customer_email: 'buyer@example.com', customer_ip: '192.0.2.1' },
};
const aed = (/** @type {number} */ whole) => Amount.fromMinor(`${whole * 100}`, 'AED');
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tell = (/** @type {object} */ message) => process.send?.(message);

/**
 * Calls until there is a definite answer, or no patience left; as an application would, under the same key.
 * @param {() => Promise<import('aps-payops/server').Reply>} call
 * @param {number} [attempts]
 * @returns {Promise<string>} the outcome, or the code of what was thrown
 */
async function persist(call, attempts = 4) {
  let told = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      told = (await call()).outcome;
      if (['succeeded', 'failed', 'rejected'].includes(told)) return told;
    } catch (error) {
      const { code, name } = /** @type {{ code?: string, name: string }} */ (error);
      if (name === 'ValidationError' || name === 'LifecycleError' || code === 'other_contents') throw error;
      told = code ?? name;
      if (told === 'paid_already') return told;
    }
    await sleep(50);
  }
  return told;
}

/**
 * @param {{ pay: Journal, aps: PaymentServices, seed: number, isOutside: boolean }} shop
 * @param {number} index
 */
async function play({ pay, aps, seed, isOutside }, index) {
  const chance = chancesOf(`${seed} ${index}`);
  const order = `o${index}`;
  const options = { wait: 1000 };
  const isPurchase = chance() < 0.25;
  const attempt = (/** @type {string} */ merchant_reference) =>
    persist(() =>
      pay.send(
        isPurchase ? 'PURCHASE' : 'AUTHORIZATION',
        { operation: `${merchant_reference} pay`, order, merchant_reference, amount: aed(100), ...card },
        options,
      ),
    );
  let reference = order;
  let outcome = await attempt(reference);
  if (outcome !== 'succeeded') {
    // The customer tries again, under another reference.
    reference = `${order}-b`;
    outcome = await attempt(reference);
    if (outcome === 'paid_already') reference = order;
    else if (outcome !== 'succeeded') return;
  }
  const amounts = chance() < 0.5 ? [4, 4, 4] : [1, 4, 16];
  const move = async (
    /** @type {'CAPTURE' | 'REFUND'} */ command,
    /** @type {string} */ key,
    /** @type {number} */ amount,
  ) => {
    const call = () =>
      pay.send(command, { operation: key, merchant_reference: reference, amount: aed(amount) }, options);
    const calls = chance() < 0.3 ? [persist(call), persist(call)] : [persist(call)];
    const [told] = await Promise.all(calls);
    // Somebody who knows no better tries again under another key: it must not be done twice while the first is in doubt.
    if (told !== 'succeeded' && chance() < 0.4)
      await persist(() =>
        pay.send(command, { operation: `${key} again`, merchant_reference: reference, amount: aed(amount) }, options),
      );
  };
  if (!isPurchase && chance() < 0.1) {
    await persist(() => pay.void({ operation: `${order} void`, merchant_reference: reference }, options));
    return;
  }
  if (isOutside && !isPurchase && chance() < 0.3) {
    await aps.capture({ merchant_reference: reference, amount: aed(4), order_description: 'outside' }).catch(() => {});
  }
  if (!isPurchase)
    await Promise.all(amounts.map((amount, number) => move('CAPTURE', `${order} ship ${number}`, amount)));
  await Promise.all([1, 4].map((amount, number) => move('REFUND', `${order} refund ${number}`, amount)));
}

/** @type {Promise<{ pay: Journal, aps: PaymentServices, seed: number, isOutside: boolean }> | undefined} */
let shop;

process.on('message', async (/** @type {any} */ message) => {
  if (message.account) {
    const { account, where, seed, timeout, isOutside } = message;
    shop = (async () => {
      const store = await openStore(where, { max: 8, patience: 60_000 });
      const aps = new PaymentServices(account, { timeout, retries: 1 });
      return { pay: journaled(aps, store), aps, seed, isOutside };
    })();
    await shop;
    tell({ ready: true });
  } else if (message.order !== undefined) {
    try {
      await play(/** @type {any} */ (await shop), message.order);
      tell({ played: message.order });
    } catch (error) {
      tell({ played: message.order, error: String(/** @type {Error} */ (error)?.stack ?? error) });
    }
  } else if (message.notification !== undefined) {
    try {
      await (await shop)?.pay.notification(message.body);
      tell({ notified: message.notification, isGenuine: true });
    } catch (error) {
      const isTheirs = /** @type {Error} */ (error)?.name === 'SignatureError';
      tell({ notified: message.notification, isGenuine: !isTheirs, error: isTheirs ? undefined : String(error) });
    }
  }
});
process.on('disconnect', () => process.exit());
