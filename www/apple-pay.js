// The merchant session of Apple Pay: by the merchant's certificate, or a stand-in in the offline sandbox.
import { readFile } from 'node:fs/promises';
import { ConfigurationError } from 'aps-payops';
import { createApplePaySession } from 'aps-payops/apple-pay';

/** @typedef {import('./server/apple-pay-routes.js').ApplePay} ApplePay */

/** Apple Pay requires a country: that of the shop. */
const COUNTRY = 'AE';

/** In the offline sandbox the stand-in gets a session without any value. */
export const standIn = /** @type {ApplePay} */ ({
  country: COUNTRY,
  isStandIn: true,
  openSession: async () => ({ merchantSessionIdentifier: crypto.randomUUID(), displayName: 'Sandbox' }),
});

const NAMES = ['APPLE_PAY_CERTIFICATE', 'APPLE_PAY_KEY', 'APPLE_PAY_MERCHANT', 'APPLE_PAY_DOMAIN'];

/**
 * @param {Record<string, string | undefined>} env `APPLE_PAY_CERTIFICATE` and `APPLE_PAY_KEY` name PEM files
 * @returns {Promise<ApplePay | null>} null if none is set
 * @throws {ConfigurationError} `incomplete_apple_pay`
 */
export async function readApplePay(env) {
  const missing = NAMES.filter((name) => !env[name]);
  if (missing.length === NAMES.length) return null;
  if (missing.length > 0) {
    throw new ConfigurationError('incomplete_apple_pay', `Apple Pay needs ${missing.join(', ')}, too.`);
  }
  const [certificate = '', key = '', merchantIdentifier = '', domainName = ''] = NAMES.map((name) => env[name]);
  const [certificatePem, keyPem] = await Promise.all([certificate, key].map((file) => readFile(file, 'utf8')));
  const own = { certificate: certificatePem ?? '', key: keyPem ?? '', merchantIdentifier, domainName };
  return {
    country: env.APPLE_PAY_COUNTRY || COUNTRY,
    isStandIn: false,
    openSession: (url) => createApplePaySession(url, { ...own, displayName: 'Qandil Lamps' }),
  };
}
