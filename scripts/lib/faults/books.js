// Compares the journal with the gateway's ledger.

/**
 * @typedef {{ merchant_reference: string, operation_key: string, command: string, amount: string, status: string,
 *   evidence: string | null, tag: string | null, reference: string | null }} Row
 */
/** @typedef {import('aps-payops/sandbox').SandboxPayment} Books */

const DEFINITE = ['succeeded', 'failed', 'rejected'];
const IDENTITY = ['reply', 'notification', 'reference'];
const SUCCESS = {
  AUTHORIZATION: '02000',
  PURCHASE: '14000',
  CAPTURE: '04000',
  VOID_AUTHORIZATION: '08000',
  REFUND: '06000',
};

/**
 * @param {Row[]} rows all operations of the journal
 * @param {Books[]} books
 * @param {Set<string>} seen names of operations that happened, from notifications
 */
export function compare(rows, books, seen) {
  const found = { twice: 0, lost: 0, overLimit: 0, wrong: 0, sums: 0, identity: 0 };
  /** @type {{ kind: keyof typeof found, payment: string, text: string }[]} */
  const details = [];
  const note = (/** @type {keyof typeof found} */ kind, /** @type {string} */ payment, /** @type {string} */ text) => {
    found[kind] += 1;
    details.push({ kind, payment, text });
  };
  /** @type {Map<string, Row[]>} */
  const byPayment = new Map();
  for (const row of rows)
    byPayment.set(row.merchant_reference, [...(byPayment.get(row.merchant_reference) ?? []), row]);
  for (const payment of books) {
    const { merchant_reference: name } = payment;
    compareSums(payment, byPayment.get(name) ?? [], (kind, text) => note(kind, name, text));
    const [authorized, captured, refunded] = [payment.authorized, payment.captured, payment.refunded].map(BigInt);
    if (captured > authorized || refunded > captured) note('overLimit', name, `${captured} of ${authorized} captured`);
  }
  const booked = new Map(books.map((payment) => [payment.merchant_reference, payment]));
  for (const row of rows) {
    if (!DEFINITE.includes(row.status)) continue;
    const didHappen = tookPlace(row, booked.get(row.merchant_reference), seen);
    if (didHappen === undefined || didHappen === (row.status === 'succeeded')) continue;
    const text = `${row.operation_key}: ${row.status} by ${row.evidence}, and it ${didHappen ? 'took' : 'did not take'} place`;
    note('wrong', row.merchant_reference, text);
    if (didHappen) note('lost', row.merchant_reference, text);
    if (IDENTITY.includes(`${row.evidence}`)) note('identity', row.merchant_reference, text);
  }
  return { found, details };
}

/**
 * @param {Books} payment
 * @param {Row[]} own its operations
 * @param {(kind: 'sums' | 'twice', text: string) => void} note
 */
function compareSums(payment, own, note) {
  const sum = (/** @type {string[]} */ ...commands) =>
    own
      .filter(({ command, status }) => status === 'succeeded' && commands.includes(command))
      .reduce((all, { amount }) => all + BigInt(amount), 0n);
  const pairs = /** @type {const} */ ([
    ['authorized', sum('AUTHORIZATION', 'PURCHASE')],
    ['captured', sum('CAPTURE', 'PURCHASE')],
    ['refunded', sum('REFUND')],
  ]);
  for (const [name, recorded] of pairs) {
    const inBooks = BigInt(payment[name]);
    if (inBooks !== recorded)
      note('sums', `${payment.merchant_reference} ${name}: books ${inBooks}, journal ${recorded}`);
    if (inBooks > recorded)
      note('twice', `${payment.merchant_reference} ${name}: ${inBooks - recorded} more than the journal knows`);
  }
  const isVoided = own.some(({ command, status }) => command === 'VOID_AUTHORIZATION' && status === 'succeeded');
  if (isVoided !== payment.voided) note('sums', `${payment.merchant_reference}: voided ${payment.voided}`);
}

/**
 * Whether an operation happened: the ledger has its reference, or a notification its tag.
 * @param {Row} row
 * @param {Books | undefined} payment
 * @param {Set<string>} seen
 * @returns {boolean | undefined} nothing if it has no name
 */
function tookPlace({ command, tag, reference, merchant_reference }, payment, seen) {
  if (command === 'CAPTURE') return tag ? seen.has(`${merchant_reference} ${tag}`) : undefined;
  if (command === 'VOID_AUTHORIZATION') return payment?.voided ?? false;
  const done = payment?.operations.filter((own) => own.command === command && own.carriedOut) ?? [];
  if (command !== 'REFUND') return done.length > 0;
  return done.some((own) => own.maintenance_reference === reference);
}

/**
 * The name of the capture that a genuine notification reports as successful.
 * @param {Record<string, string>} params
 * @returns {string | undefined}
 */
export function nameIn({ command = '', merchant_reference, order_description = '', response_code }) {
  if (/** @type {Record<string, string>} */ (SUCCESS)[command] !== response_code) return undefined;
  const tag = /#([0-9a-z]{14})$/.exec(order_description)?.[1];
  return tag && `${merchant_reference} ${tag}`;
}

/**
 * Orders with two attempts that hold money, and that `uncertain` does not list.
 * @param {import('aps-payops/journal').Journal} pay
 * @param {Books[]} books
 */
export async function chargedTwice(pay, books) {
  const listed = new Set();
  for await (const { kind, references = [] } of pay.uncertain()) {
    if (kind === 'paid_twice') listed.add([...references].sort().join());
  }
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const { merchant_reference, authorized, captured, refunded, voided } of books) {
    const held = voided ? 0 : Math.max(Number(authorized), Number(captured)) - Number(refunded);
    const order = merchant_reference.replace(/-b$/, '');
    if (held > 0) holders.set(order, [...(holders.get(order) ?? []), merchant_reference]);
  }
  const twice = [...holders.values()].filter((own) => own.length > 1);
  return { twice: twice.length, unreported: twice.filter((own) => !listed.has(own.sort().join())) };
}

/**
 * Payments for which the journal reported a problem.
 * @param {import('aps-payops/journal').Journal} pay
 * @param {Iterable<string>} payments
 */
export async function reportedOf(pay, payments) {
  const reported = new Set();
  for await (const { merchant_reference } of pay.uncertain()) reported.add(merchant_reference);
  for (const name of payments) {
    const history = await pay.history(name);
    if (history?.entries.some(({ reports = [] }) => reports.length > 0)) reported.add(name);
  }
  return reported;
}
