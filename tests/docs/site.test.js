// The documentation site as it was built (npm run docs): nothing from elsewhere, every link and anchor there, searched
// without a network, and the texts for tools beside it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, posix, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { pathOf, sections } from '../../docs/pages.js';
import { launchChromium } from '../chromium.js';

const dist = resolve(import.meta.dirname, '..', '..', 'docs', 'dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
const pages = files.filter((file) => file.endsWith('.html'));
const read = (file) => readFileSync(join(dist, file), 'utf8');
const attributes = (html, name) =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value);

let browser;
let server;
let origin;

/** As any static server serves a folder, with `/x` for `/x.html`. */
function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const path = join(dist, decodeURIComponent(pathname));
  const file = [path, `${path}.html`, join(path, 'index.html')].find(
    (each) => existsSync(each) && statSync(each).isFile(),
  );
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
  if (!file) return response.writeHead(404, { 'content-type': 'text/html' }).end(read('404.html'));
  response
    .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    .end(readFileSync(file));
}

before(async () => {
  server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

test('every guide and every recipe is in the list', () => {
  const listed = sections.flatMap(({ pages: own }) => own.map(({ file }) => file));
  const docs = resolve(import.meta.dirname, '..', '..', 'docs');
  for (const name of readdirSync(join(docs, 'guide')).filter((each) => each.endsWith('.md'))) {
    assert.ok(listed.includes(`guide/${name}`), `docs/pages.js lists docs/guide/${name}`);
  }
  assert.ok(listed.includes('../examples/express/README.md'));
  assert.match(read('examples/express.md'), /^## server\.js$/m);
});

test('every page of the list is there, and nothing is loaded from elsewhere', () => {
  for (const { pages: listed } of sections) {
    for (const { title, file } of listed) {
      const path = `${pathOf(file)}.html`;
      assert.ok(files.includes(path), path);
      assert.ok(title.length > 0);
    }
  }
  for (const page of pages) {
    const html = read(page);
    const loaded = [
      ...attributes(html, 'src'),
      ...[...html.matchAll(/<link[^>]* href="([^"]*)"/g)].map(([, href]) => href),
    ];
    for (const url of loaded) assert.match(url, /^(\/|data:)/, `${page} loads ${url}`);
  }
  for (const file of files.filter((each) => each.endsWith('.css'))) {
    assert.doesNotMatch(read(file), /url\(\s*["']?(?:https?:)?\/\//, file);
  }
});

test('every link and every anchor of the site leads somewhere', () => {
  const ids = new Map(pages.map((page) => [page, new Set(attributes(read(page), 'id').map(decodeURIComponent))]));
  for (const page of pages) {
    const links = [...read(page).matchAll(/<a[^>]*\shref="([^"]*)"/g)].map(([, href]) => href.replaceAll('&amp;', '&'));
    for (const link of links.filter((href) => !/^(https?:|mailto:)/.test(href))) {
      const [path = '', anchor = ''] = link.split('#');
      const target = path === '' ? `/${page}` : posix.resolve('/', posix.dirname(page), path);
      const found = [target.slice(1), `${target.slice(1)}.html`, posix.join(target.slice(1), 'index.html')].find(
        (each) => ids.has(each),
      );
      assert.ok(found, `${page}: ${link}`);
      if (anchor) assert.ok(ids.get(found).has(decodeURIComponent(anchor)), `${page}: ${link}`);
    }
  }
});

test('the search finds a guide, a command and a code, without a network', async () => {
  const page = await browser.newPage();
  const strangers = [];
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.route(
    (url) => url.origin !== origin,
    (route) => {
      if (!route.request().url().startsWith('data:')) strangers.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(`${origin}/guide/getting-started`);
  for (const [words, target] of [
    ['lost answers', '/guide/lost-answers'],
    ['signature mismatch', '/guide/signature-mismatch'],
    ['wasm-unsafe-eval', '/guide/security'],
    ['VOID_AUTHORIZATION', '/reference/VOID_AUTHORIZATION'],
    ['insufficient funds', '/reference/codes'],
  ]) {
    await page.locator('#local-search button').click();
    await page.locator('.VPLocalSearchBox input').fill(words);
    await page.locator(`.VPLocalSearchBox a.result[href^="${target}"]`).first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.VPLocalSearchBox').waitFor({ state: 'detached' });
  }
  assert.deepEqual([strangers, errors], [[], []]);
  await page.close();
});

test('headings skip no level, columns have names, and what stands in braces is there', () => {
  for (const page of pages) {
    const html = read(page);
    const levels = [...html.slice(html.indexOf('<main')).matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    for (const [index, level] of levels.entries())
      assert.ok(level <= (levels[index - 1] ?? 1) + 1, `${page}: h${level}`);
  }
  for (const page of pages) assert.doesNotMatch(read(page), /<th[^>]*><\/th>/, page);
  assert.match(read('checkout-sentences.html'), /This shop does not take \{brand\}/);
});

test('a command shows all columns of its parameters on a desktop, and leads to no next page', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  for (const command of ['AUTHORIZATION', 'PURCHASE', 'PAYMENT_LINK']) {
    await page.goto(`${origin}/reference/${command}`);
    const [width, room] = await page
      .locator('.vp-doc table')
      .first()
      .evaluate((table) => [table.scrollWidth, table.clientWidth]);
    assert.ok(width <= room, `${command}: ${width} px in ${room}`);
    assert.equal(await page.locator('.pager-link').count(), 0, command);
  }
  await page.close();
});

test('axe-core finds nothing on each kind of page, in the search, and where no page is', async () => {
  const assertAccessible = async (page, name) => {
    await page.evaluate(`${axe.source};0`);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`),
      [],
      name,
    );
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is too wide`);
  };
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1440, 'light'],
  ]) {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    for (const path of ['/', '/guide/journal', '/reference/', '/reference/codes', '/checkout-sentences', '/nowhere']) {
      await page.goto(origin + path);
      await page.waitForLoadState('networkidle');
      await assertAccessible(page, `${path} at ${width} px, ${colorScheme}`);
    }
    await page.goto(`${origin}/guide/journal`);
    await page.locator('#local-search button').click();
    await page.locator('.VPLocalSearchBox input').fill('refund');
    await page.locator('.VPLocalSearchBox a.result').first().waitFor();
    await assertAccessible(page, `the search at ${width} px, ${colorScheme}`);
    await page.close();
  }
});

test('llms.txt lists every page, and llms-full.txt has them', () => {
  const short = read('llms.txt');
  assert.match(short, /^# aps-payops\n\n> /);
  const links = [...short.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  for (const link of links) assert.ok(files.includes(link), link);
  const whole = read('llms-full.txt');
  for (const { pages: listed } of sections) {
    for (const { file } of listed) {
      const text = read(`${pathOf(file)}.md`).trim();
      assert.ok(links.includes(`${pathOf(file)}.md`), file);
      assert.ok(text.length > 150 && whole.includes(text), file);
    }
  }
  assert.ok(links.includes('reference/CAPTURE.md') && whole.includes('# CAPTURE'));
});
