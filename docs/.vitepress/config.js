// The site: static, without anything from elsewhere, searched in the browser.

import { defineConfig } from 'vitepress';
import { pathOf, sections } from '../pages.js';

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
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  // The home page and the 404 page have no landmark of their own.
  transformHtml: (html) => (/<main\b|role="main"/.test(html) ? html : html.replace('id="VPContent"', '$& role="main"')),
  themeConfig: {
    search: { provider: 'local' },
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
