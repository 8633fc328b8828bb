// Searches the output of a test run, and every snapshot, for the secrets that the tests use (tests/secrets.js).

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withoutColours } from './lib/count.js';
import { main } from './lib/main.js';
import { at, root, testOutput } from './lib/paths.js';
import { Problem } from './lib/run.js';
import { filesBelow } from './lib/step.js';

/**
 * Every string in what tests/secrets.js exports.
 * @param {unknown} value
 * @returns {string[]}
 */
function strings(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/**
 * A pattern that finds a secret. Digits are also found with spaces or dashes in them; a text as short as a security
 * code would be found in any duration, so that counts only behind its name.
 * @param {string} secret
 */
function pattern(secret) {
  const quoted = /^\d+$/.test(secret)
    ? `(?<!\\d)${[...secret].join('[ -]?')}(?!\\d)`
    : secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(secret.length < 6 ? `(?:security_?code|cvv|cvc)["'\\s:=]{0,8}${quoted}` : quoted, 'i');
}

await main(async () => {
  const list = at('tests', 'secrets.js');
  if (!existsSync(list)) throw new Problem('tests/secrets.js, which names the secrets that tests use, is missing');
  const secrets = [...new Set(strings({ ...(await import(pathToFileURL(list).href)) }))];
  const outputs = filesBelow(testOutput);
  const snapshots = filesBelow(at('tests')).filter((file) => /\.(snap|snapshot)$/.test(file));
  if (secrets.length === 0 || outputs.length === 0) throw new Problem('nothing to search for, or nothing to search');

  const found = [...outputs, ...snapshots].flatMap((file) => {
    const text = withoutColours(readFileSync(file, 'utf8'));
    return secrets.flatMap((secret, index) => {
      const line = text.split('\n').findIndex((content) => pattern(secret).test(content));
      return line < 0 ? [] : [`${relative(root, file)}:${line + 1} shows secret ${index + 1} of tests/secrets.js`];
    });
  });
  if (found.length > 0) throw new Problem(found.join('\n'));
  console.log(`${secrets.length} secrets looked for in ${outputs.length + snapshots.length} files: none found`);
});
