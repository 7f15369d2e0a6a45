import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { siteFolder } from '../src/folders.mjs'
import { slugOf } from '../src/markdown.mjs'
import { externalScripts } from '../src/external-scripts.mjs'

/** Written by `npm run docs`, beside the pages. */
const menu = JSON.parse(readFileSync(join(siteFolder, '.pages', 'menu.json'), 'utf8'))

const scripts = externalScripts()

export default defineConfig({
  title: 'Rivulet',
  description: 'Live server state in React, without the page paying for the stream',
  lang: 'en',
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: '.cache',
  base: process.env.RIVULET_DOCS_BASE ?? '/',
  // Checked by `npm run check`, on the files of the repository and with their lines.
  ignoreDeadLinks: true,
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    // So that an anchor is the same here and where the repository is shown.
    anchor: { slugify: slugOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
  },
  themeConfig: {
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Reference', link: menu.reference },
      { text: 'Comparison', link: '/comparison' },
    ],
    sidebar: menu.sidebar,
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    externalLinkIcon: true,
  },
  // Under `script-src 'self'` a page may hold no script.
  transformHtml: (html) => scripts.moveOut(html),
  buildEnd: ({ outDir }) => scripts.write(outDir),
})
