// llms.txt, which lists the pages, and llms-full.txt, which is all of them: for tools that read documentation.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathOf, sections } from './pages.js';

const ABOUT = `# aps-payops

> Amazon Payment Services (APS, formerly PayFort) for JavaScript and Rust: validate, build, sign and verify payment
> operations. Amounts are exact minor units (\`Amount\`), never numbers. A command that moves money is never sent twice by
> itself. \`aps-payops\` is safe in pages; \`aps-payops/server\` signs and stays on servers.
`;

/**
 * @param {Map<string, string>} pages their texts by path
 * @param {string} out the folder of the built site
 */
export function writeTexts(pages, out) {
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, `${path}.md`), text);
  }
  const lists = sections.map(
    (section) =>
      `## ${section.title}\n\n${section.pages.map(({ title, file, about }) => `- [${title}](${pathOf(file)}.md): ${about}`).join('\n')}\n`,
  );
  const commands = [...pages.keys()].filter((path) => /^reference\/[A-Z0-9]/.test(path)).sort();
  const optional = `## Optional\n\n${commands.map((path) => `- [${path.slice('reference/'.length)}](${path}.md)`).join('\n')}\n`;
  writeFileSync(join(out, 'llms.txt'), [ABOUT, ...lists, optional].join('\n'));
  // The pages in the order of the sidebar, then what only the reference links to.
  const first = sections.flatMap((section) => section.pages.map(({ file }) => pathOf(file)));
  const order = [...new Set([...first, ...[...pages.keys()].sort()])];
  const texts = order.map((path) => `<!-- ${path}.md -->\n\n${(pages.get(path) ?? '').trim()}\n`);
  writeFileSync(join(out, 'llms-full.txt'), [ABOUT, ...texts].join('\n'));
}
