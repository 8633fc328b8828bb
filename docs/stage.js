// Brings the documents together as the site wants them, in docs/.site: links of the repository become links of the site,
// and the reference, which is one file in the repository, becomes a page for each command.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { pathOf, sections } from './pages.js';
import { filesOf } from './recipes.js';

const docs = import.meta.dirname;
export const site = join(docs, '.site');

const files = sections.flatMap(({ pages }) => pages.map(({ file }) => file));

/** @returns {Map<string, string>} the text of each page by its path, as `guide/amounts` */
export function stage() {
  const pages = new Map();
  for (const file of files) {
    const text = readFileSync(join(docs, file), 'utf8');
    if (file === 'reference.md') for (const [path, page] of splitReference(text)) pages.set(path, page);
    else {
      const linked = text.replaceAll(LINK, (all, link) => `](${linkOf(file, link) ?? refuse(file, all)})`);
      pages.set(pathOf(file), /examples\/.+\//.test(file) ? `${linked}\n${filesOf(file)}` : linked);
    }
  }
  rmSync(site, { recursive: true, force: true });
  cpSync(join(docs, 'index.md'), join(site, 'index.md'));
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, `${path}.md`), text);
  }
  for (const name of readdirSync(join(docs, 'guide'))) {
    if (name.endsWith('.svg')) cpSync(join(docs, 'guide', name), join(site, 'guide', name));
  }
  return pages;
}

const LINK = /\]\((?!https?:|#)([^)\s]+)\)/g;

/**
 * The link of the site for one of the repository; null if the site has no such page.
 * @param {string} from the file that it stands in
 * @param {string} link
 */
function linkOf(from, link) {
  const [path = '', anchor] = link.split('#');
  if (path.endsWith('.svg')) return link;
  // A recipe's own files stand on its page, under headings.
  if (/^\.\.\/examples\/.+\//.test(from) && !path.includes('..'))
    return `#${path.toLowerCase().replace(/[^\w]+/g, '-')}`;
  const named = posix.relative('/docs', posix.join('/docs', posix.dirname(from), path));
  // The folder of the guides begins with the first.
  const folder = `${named}/README.md`;
  const target = named === 'guide' ? 'guide/getting-started.md' : files.includes(folder) ? folder : named;
  if (!files.includes(target)) return null;
  const to = relative(dirname(pathOf(from)), pathOf(target)).replaceAll('\\', '/');
  return `${to.startsWith('.') ? to : `./${to}`}.md${anchor ? `#${anchor}` : ''}`;
}

/** @returns {never} */
function refuse(/** @type {string} */ file, /** @type {string} */ link) {
  throw new Error(`${file} has the link ${link}, which is no page of the site: see docs/pages.js`);
}

/**
 * A page for each command and each chapter.
 * @param {string} text docs/reference.md
 * @returns {Map<string, string>}
 */
function splitReference(text) {
  const pages = new Map();
  const [head = '', ...chapters] = text.split(/^## /m);
  const contents = [head.replace(/^- \[.*\n/gm, '').trimEnd(), ''];
  for (const chapter of chapters) {
    const [name = '', ...rest] = chapter.split('\n');
    const body = rest.join('\n').trim();
    if (name !== 'Commands') {
      // A chapter of the reference, under ##, is a page of its own: its parts come a level higher, too.
      pages.set(`reference/${name.toLowerCase()}`, `# ${name}\n\n${body.replace(/^###/gm, '##')}\n`);
      contents.push(`- [${name}](./${name.toLowerCase()}.md)`);
      continue;
    }
    const [about = '', ...commands] = body.split(/^### /m);
    const names = commands.map((command) => command.slice(0, command.indexOf('\n')));
    // What a command does is told in front of its name in messages.
    const notes = commands.map((command) => command.split('\n\n')[1]?.split(' Named by ')[0] ?? '');
    const list = names.map((own, index) => `- [${own}](./${own}.md): ${notes[index]}`);
    contents.push('## Commands', '', about.trim(), '', ...list, '', '## More', '');
    for (const [index, command] of commands.entries()) pages.set(`reference/${names[index]}`, `# ${command.trim()}\n`);
  }
  return pages.set('reference/index', `${contents.join('\n')}\n`);
}
