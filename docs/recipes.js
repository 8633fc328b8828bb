// The recipes: each project of examples/ as a page, its README and then its files. Tests run all of them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const examples = join(import.meta.dirname, '..', 'examples');
const LANGUAGES = { '.js': 'js', '.jsx': 'jsx', '.ts': 'ts', '.tsx': 'tsx', '.vue': 'vue', '.html': 'html' };
const OTHERS = { '.yaml': 'yaml', '.toml': 'toml', '.json': 'json' };
/** @type {Record<string, string>} */
const KNOWN = { ...LANGUAGES, ...OTHERS };
/** What is made or installed, what every project has, and what its README is. */
const LEFT_OUT = /(?:^|\/)(?:node_modules|dist|\.\w[^/]*|package(?:-lock)?\.json|tsconfig\.json|README\.md)(?:\/|$)/;

/** The pages of the recipes, as docs/pages.js lists pages. */
export function recipes() {
  const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'README.md')));
  return names.sort().map((name) => {
    const text = readFileSync(join(examples, name, 'README.md'), 'utf8');
    const [title = name, ...paragraphs] = text.split('\n\n');
    const first = paragraphs.find((paragraph) => /^[A-Z]/.test(paragraph)) ?? '';
    const [sentence = ''] = /^[\s\S]*?\.(?=\s|$)/.exec(first) ?? [first];
    const about = sentence
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/\s+/g, ' ')
      .replace(/:$/, '.');
    return { title: title.replace(/^# /, ''), file: `../examples/${name}/README.md`, about };
  });
}

/**
 * The files of a recipe as Markdown.
 * @param {string} file its README, below docs/
 */
export function filesOf(file) {
  const folder = join(import.meta.dirname, file, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return files
    .filter((path) => !LEFT_OUT.test(path) && KNOWN[extname(path)] !== undefined)
    .sort()
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8').trimEnd();
      return `## ${path}\n\n\`\`\`\`${KNOWN[extname(path)]}\n${text}\n\`\`\`\`\n`;
    })
    .join('\n');
}
