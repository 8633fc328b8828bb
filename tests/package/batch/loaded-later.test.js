// The modules that read files are imported at first use: the server's entry imports none of them at start. What
// is shipped for Node has all of it at once.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The sources, of which what is shipped is made. */
const root = new URL('../../../', import.meta.url);
const STATIC = /^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';|^import '(\.[^']+)';/gm;
const LATER = /=> import\('(\.[^']+)'\);/g;

/** Every module that is reached by static imports, and all that these import later. */
function reached(entry) {
  const modules = new Set();
  const later = new Set();
  const visit = (url) => {
    if (modules.has(url.href)) return;
    modules.add(url.href);
    const text = readFileSync(url, 'utf8');
    for (const [, from, bare] of text.matchAll(STATIC)) visit(new URL(from ?? bare, url));
    for (const [, from] of text.matchAll(LATER)) later.add(new URL(from, url).href);
  };
  visit(new URL(entry, root));
  const short = (set) => [...set].map((href) => href.slice(root.href.length)).sort();
  return { modules: short(modules), later: short(later) };
}

test('the server’s entry reaches what writes files, and later what reads them', () => {
  const { modules, later } = reached('pkg/server.js');
  for (const name of ['client/index', 'message/reply', 'message/request', 'batch/write', 'batch/upload']) {
    assert.ok(modules.includes(`pkg/${name}.js`), name);
  }
  for (const name of ['batch/results', 'batch/csv']) assert.ok(!modules.includes(`pkg/${name}.js`), name);
  assert.deepEqual(later, ['pkg/batch/results.js']);
  assert.ok(reached('pkg/batch/results.js').modules.includes('pkg/batch/csv.js'));
});

test('Node loads it at once: another file would cost more than its contents', () => {
  const folder = new URL('.', import.meta.resolve('aps-payops/server'));
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  assert.ok(texts.length > 0);
  for (const text of texts) assert.doesNotMatch(text, /[^.*'] ?\bimport\(/);
  assert.ok(texts.some((text) => /async function\* ?readRows\(/.test(text)));
});
