// The site: static, without anything from elsewhere, searched in the browser.

import { defineConfig } from 'vitepress';
import { pathOf, sections } from '../pages.js';

/** What falls short in components of VitePress 1.6's theme: the file, what stands there, and what stands there instead. */
const MENDED = /** @type {[string, RegExp, string][]} */ ([
  // The home page and the 404 page have no landmark of their own.
  [
    'VPContent.vue',
    /id="VPContent"/,
    `$& :role="page.isNotFound || frontmatter.layout === 'home' ? 'main' : undefined"`,
  ],
  // The button is named by its text; the style shows its keys (contrast.css).
  ['VPNavBarSearchButton.vue', /class="DocSearch-Button-Keys"/, '$& aria-hidden="true"'],
  ['VPNavBarSearchButton.vue', /(class="DocSearch-Button-Key")>K</, '$1 data-key="K"><'],
  // What holds fields and links is a dialog, not a button.
  [
    'VPLocalSearchBox.vue',
    /role="button"[^>]*aria-haspopup="listbox"\s+aria-labelledby="localsearch-label"/,
    'role="dialog" aria-modal="true" aria-label="Search"',
  ],
  // The link is the option: an option holds no link.
  [
    'VPLocalSearchBox.vue',
    /:id="'localsearch-item-' \+ index"\s+:aria-selected="[^"]*"\s+role="option"/,
    'role="presentation"',
  ],
  [
    'VPLocalSearchBox.vue',
    /:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/,
    `:id="'localsearch-item-' + index" role="option" :aria-selected="selectedIndex === index"`,
  ],
  // Keys have no role that takes a name.
  ['VPLocalSearchBox.vue', /<kbd :aria-label/g, '<kbd role="img" :aria-label'],
]);

const mendTheme = {
  name: 'mend-theme',
  enforce: /** @type {const} */ ('pre'),
  transform(/** @type {string} */ code, /** @type {string} */ id) {
    const own = MENDED.filter(([file]) => id.endsWith(`/${file}`));
    return own.reduce((text, [file, there, instead]) => {
      if (text.search(there) < 0) throw new Error(`${file} of VitePress has changed: see docs/.vitepress/config.js`);
      return text.replace(there, instead);
    }, code);
  },
};

export default defineConfig({
  title: 'aps-payops',
  description: 'Amazon Payment Services (APS, formerly PayFort) for JavaScript',
  srcDir: '.site',
  outDir: 'dist',
  cacheDir: '.cache',
  // A folder that any static server serves, below any path: `DOCS_BASE=/aps-payops/ npm run docs`.
  base: /** @type {`/${string}/`} */ (process.env.DOCS_BASE ?? '/'),
  lang: 'en',
  metaChunk: true,
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Braces at the end of a cell are text, such as {brand}, not attributes of the cell.
    attrs: { disable: true },
  },
  vite: { plugins: [mendTheme] },
  transformPageData({ relativePath, frontmatter }) {
    // The page of a command has no parts to list beside it; its table of parameters takes that space.
    if (/^reference\/[A-Z0-9_]+\.md$/.test(relativePath)) frontmatter.aside = false;
    // Pages that the sidebar does not list have no next one.
    if (/^reference\/(?!index)/.test(relativePath)) frontmatter.next = false;
  },
  themeConfig: {
    search: { provider: 'local' },
    notFound: {
      title: 'Page not found',
      quote: 'The address may be wrong, or the page may have moved. The search knows every page.',
      linkText: 'Go to the start page',
      linkLabel: 'Go to the start page',
    },
    outline: 'deep',
    nav: [
      { text: 'Getting started', link: '/guide/getting-started' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: sections.map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({ text: page.title, link: `/${pathOf(page.file).replace(/index$/, '')}` })),
    })),
  },
});
