// The desk has no user accounts, so it refuses every account that could move real money.
import { ConfigurationError } from 'aps-payops';

/** APS's own sandbox, and this machine. */
const HOSTS =
  /^(?:sbpaymentservices\.payfort\.com|sbcheckout\.payfort\.com|sbbatch\.payfort\.com|localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * @param {import('aps-payops/server').Account} account
 * @throws {ConfigurationError} `production_refused` if it is, or may be, a production account
 */
export function requireSandbox({ environment }) {
  const urls = typeof environment === 'object' && environment !== null ? Object.values(environment) : [];
  const safe = environment === 'sandbox' || urls.length > 0;
  if (safe && urls.every((url) => HOSTS.test(new URL(url).hostname))) return;
  throw new ConfigurationError(
    'production_refused',
    'The demo shop refuses production: it moves money for anyone who opens it. Set APS_ENVIRONMENT to sandbox, or unset APS_* for the offline sandbox.',
  );
}
