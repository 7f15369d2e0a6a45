import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { siteLinks } from './links.mjs'
import { GROUPS, sitePages } from './pages.mjs'

/** A page may be opened under both names, so the one without its ending is the address. */
const addressOf = (page) => `/${page.replace(/(?:^|(?<=\/))index\.md$/, '').replace(/\.md$/, '')}`

function writePage(folder, page, text) {
  const file = join(folder, page)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function referenceItems(folder, at = '') {
  const within = join(folder, 'reference', at)
  if (!existsSync(within)) return []
  return readdirSync(within, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return referenceItems(folder, `${at}${entry.name}/`)
    const name = entry.name.slice(0, -3)
    return at === '' ? [] : [{ text: `${at}${name}`, link: `/reference/${at}${name}` }]
  })
}

/**
 * Writes what the generator reads: the repository's pages with the links of the site, their images, and the menu. The reference has to be there.
 *
 * @param {string} root the repository's folder
 * @param {string} folder where to
 * @param {string | undefined} repository the address of the repository's files, if there is one
 */
export function stagePages(root, folder, repository) {
  const pages = sitePages(root)
  const pageOf = new Map(pages.map(({ source, page }) => [source, page]))
  for (const { source, page } of pages) {
    const { text, images } = siteLinks({
      text: readFileSync(join(root, source), 'utf8'),
      source,
      page,
      root,
      pageOf,
      repository,
    })
    writePage(folder, page, text)
    for (const image of images) cpSync(join(root, image), join(folder, image))
  }
  const items = referenceItems(folder).toSorted((a, b) => (a.text < b.text ? -1 : 1))
  const groups = GROUPS.map((group) => ({
    text: group,
    items: pages.filter((page) => page.group === group).map(({ page, text }) => ({ text, link: addressOf(page) })),
  }))
  const menu = { sidebar: [...groups, { text: 'Reference', collapsed: false, items }], reference: '/reference/' }
  writeFileSync(join(folder, 'menu.json'), JSON.stringify(menu))
}

/** An empty folder for the pages. */
export function emptyFolder(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}
