// esbuild: a function bundled for Node into one file, in both module systems, runs away from node_modules.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { params, phrase, signature } from '../expected.js';

const out = mkdtempSync(join(tmpdir(), 'aps-payops-esbuild-'));
after(() => rmSync(out, { recursive: true }));
process.env.APS_SHA_REQUEST_PHRASE = phrase;

const require = createRequire(import.meta.url);

for (const [format, file] of /** @type {const} */ ([
  ['esm', 'function.mjs'],
  ['cjs', 'function.cjs'],
])) {
  for (const minify of [false, true]) {
    test(`${format}${minify ? ', minified' : ''}`, async () => {
      const outfile = join(out, `${minify ? 'min-' : ''}${file}`);
      const { warnings } = await build({
        entryPoints: [join(import.meta.dirname, 'function.js')],
        outfile,
        bundle: true,
        platform: 'node',
        format,
        minify,
        logLevel: 'silent',
      });
      assert.deepEqual(warnings, []);
      const { handler } = format === 'cjs' ? require(outfile) : await import(pathToFileURL(outfile).href);
      const request = new Request('http://localhost/', { method: 'POST', body: JSON.stringify(params) });
      const response = await handler(request);
      assert.deepEqual(await response.json(), { amount: '49.99', signature });
    });
  }
}

test('nothing lies beside the bundles', () => {
  assert.deepEqual(readdirSync(out).sort(), ['function.cjs', 'function.mjs', 'min-function.cjs', 'min-function.mjs']);
});
