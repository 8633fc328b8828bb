// Searches everything that npm run faults wrote for card data and phrases.

/** Everything in the journal's tables. @param {import('../../../pkg/journal/store.js').SqlStore} store */
export async function dumpOf(store) {
  const tables = `SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'aps_journal_%'`;
  let text = '';
  for (const { table_name } of (await store.query(tables, [])).rows) {
    const { rows } = await store.query(`SELECT * FROM ${table_name}`, []);
    text += JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  }
  return text;
}

/**
 * Texts that must not be in any table.
 * @param {string} dump
 * @param {any} account
 */
export function leaksIn(dump, account) {
  if (!/\bo\d+\b/.test(dump)) return ['nothing was dumped'];
  const phrases = [account.sha_request_phrase, account.sha_response_phrase].flat();
  const secrets = ['4005550000000001', '400555******0001', ...phrases.map((phrase) => phrase?.value ?? phrase)];
  const names = ['card_number', 'card_security_code', 'expiry_date', 'apple_', 'network_token', 'otp', '\\w*_phrase'];
  const isNamed = (/** @type {string} */ name) => new RegExp(`[\\\\"]${name}\\w*[\\\\"]+:`).test(dump);
  return [...secrets.filter((secret) => secret && dump.includes(secret)), ...names.filter(isNamed)];
}
