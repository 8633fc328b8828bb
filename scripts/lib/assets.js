// The files that the sandbox reads, as a module: they would be missing next to a user's own bundle.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { at } from './paths.js';
import { step } from './step.js';

const files = [
  'pkg/generated/dictionary.json',
  ...['css', 'js', 'svg'].map((kind) => `pkg/sandbox/pages/sandbox.${kind}`),
];
const output = 'pkg/generated/assets.js';

/** Writes pkg/generated/assets.js. */
export async function packAssets() {
  await step('files of the sandbox', { inputs: [...files, 'scripts/lib/assets.js'], outputs: [output] }, async () => {
    const texts = files.map(
      (file) => `  ${JSON.stringify(basename(file))}: ${JSON.stringify(readFileSync(at(file), 'utf8'))},\n`,
    );
    writeFileSync(at(output), `/** @type {Record<string, string>} */\nexport const ASSETS = {\n${texts.join('')}};\n`);
  });
}
