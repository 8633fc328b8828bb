// Maps the outcome and response code of a payment to the sentence for customers (`strings-shop.js`). The desk shows
// `describe()` instead.

/**
 * Reasons by the last three digits of the response code. Other codes have no reason that helps a customer; suspected fraud
 * and lost cards are for the bank to explain.
 *
 * @type {Record<string, readonly string[]>}
 */
const MESSAGES = {
  funds: ['029', '747'],
  limit: ['050', '057', '058', '746', '221', '181'],
  expired: ['012', '100'],
  number: ['016', '031', '121'],
  identity: ['030', '151', '152', '787'],
  cancelled: ['072', '083'],
  late: ['102', '115', '778'],
  often: ['123'],
  plan: ['084', '085', '086', '087', '094', '095', '096', '104', '783'],
  password: ['098', '748', '983'],
  not_taken: ['003', '014', '021', '022', '023', '024', '046', '049', '080'],
  technical: ['006', '051', '054', '071', '077', '099'],
};

const REASONS = new Map(
  Object.entries(MESSAGES).flatMap(([reason, messages]) => messages.map((message) => [message, reason])),
);

/** The sentence without a reason: declined by the bank, or never attempted. */
const BY_OUTCOME = /** @type {const} */ ({ failed: 'bank', rejected: 'nothing' });

/** Reasons that apply to every way to pay. */
const OF_ANY = new Set(['cancelled', 'late', 'password', 'technical']);

/** Whether an attempt to pay ended without money. @param {{ outcome: string }} record */
export const isDeclined = ({ outcome }) => outcome in BY_OUTCOME;

/**
 * The sentence for a payment that did not go through.
 *
 * @param {{ outcome: string, code: string | null, chosen?: Record<string, string> }} record `chosen`: what was to pay, if
 *   not a card
 * @returns {string} the key of a sentence: `reason_funds`, or `reason_bank` and `reason_nothing` where no reason helps
 */
export function reasonOf({ outcome, code, chosen = {} }) {
  const reason = REASONS.get(code?.slice(-3) ?? '');
  const isCard = !chosen.payment_option && !chosen.digital_wallet;
  if (!isCard && !OF_ANY.has(reason ?? '')) return outcome === 'rejected' ? 'reason_nothing' : 'reason_method';
  return `reason_${reason ?? BY_OUTCOME[outcome === 'rejected' ? outcome : 'failed']}`;
}

/**
 * What a customer reads about a payment that may still succeed.
 *
 * @param {{ outcome: string, code: string | null, how?: string, link?: { until: number } }} record `started`,
 *   `action_required`, `pending`, `uncertain`
 * @param {number} now milliseconds since 1970
 * @returns {'started' | 'link' | 'link_over' | 'action' | 'pending' | 'unknown'} the family of sentences
 */
export function waitingFor({ outcome, how, link }, now) {
  if (outcome === 'started' && how === 'link') return link && link.until <= now ? 'link_over' : 'link';
  if (outcome === 'started' || outcome === 'pending') return outcome;
  return outcome === 'action_required' ? 'action' : 'unknown';
}
