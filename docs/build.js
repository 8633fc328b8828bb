// `npm run docs` builds the site into docs/dist; `npm run docs -- --dev` serves it while it is edited, and
// `npm run docs -- --serve` as it was built. What it is built with is installed when it is asked for.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeTexts } from './llms.js';
import { stage } from './stage.js';

const docs = import.meta.dirname;
const out = join(docs, 'dist');
const { values } = parseArgs({ options: { dev: { type: 'boolean' }, serve: { type: 'boolean' } } });

/** Installs what package-lock.json names, unless that is there. */
function install() {
  const versionOf = (/** @type {string} */ file) =>
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages['node_modules/vitepress'].version : null;
  const have = versionOf(join(docs, 'node_modules', '.package-lock.json'));
  if (have === versionOf(join(docs, 'package-lock.json'))) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { status } = spawnSync(npm, args, { cwd: docs, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('npm ci failed in docs/');
}

/** Brings edits of the documents to the server of `--dev`. */
function follow() {
  const rebuild = () => {
    try {
      stage();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  };
  watch(join(docs, 'guide'), rebuild);
  watch(join(docs, '..'), (_, name) => name?.endsWith('.md') && rebuild());
}

install();
const vitepress = await import('vitepress');
if (values.serve) {
  await vitepress.serve({ root: docs });
} else {
  const pages = stage();
  if (values.dev) {
    const server = await vitepress.createServer(docs);
    await server.listen();
    server.printUrls();
    follow();
  } else {
    await vitepress.build(docs);
    writeTexts(pages, out);
    console.log(`The site is in ${out}: ${pages.size + 1} pages.`);
  }
}
