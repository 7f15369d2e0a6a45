import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { anchorsOf, linksOf } from './markdown.mjs'

const isElsewhere = (href) => /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(href)

/** The file of the repository that a link of `source` points at, and the anchor in it. */
function targetOf(source, href) {
  const [path, anchor] = href.split('#')
  return { file: path === '' ? source : posix.join(posix.dirname(source), decodeURI(path)), anchor }
}

/** A link to a folder means its README, where it has one. */
function asFile(root, file) {
  const path = join(root, file)
  if (!existsSync(path) || !statSync(path).isDirectory()) return file
  const readme = posix.join(file, 'README.md')
  return existsSync(join(root, readme)) ? readme : file
}

/**
 * What is wrong with the links of Markdown files: files that do not exist, and anchors that no heading has.
 *
 * @param {string} root the repository's folder
 * @param {readonly string[]} sources the files, relative to it
 * @returns {string[]} one line each, as `file:line what`
 */
export function linkProblems(root, sources) {
  const anchors = new Map()
  const anchorsIn = (file) => {
    if (!anchors.has(file)) anchors.set(file, anchorsOf(readFileSync(join(root, file), 'utf8')))
    return anchors.get(file)
  }
  return sources.flatMap((source) =>
    linksOf(readFileSync(join(root, source), 'utf8')).flatMap(({ href, line }) => {
      if (isElsewhere(href)) return []
      const target = targetOf(source, href)
      if (!existsSync(join(root, target.file))) return [`${source}:${line} links to ${href}, which does not exist`]
      const file = asFile(root, target.file)
      if (target.anchor === undefined || !file.endsWith('.md') || anchorsIn(file).has(target.anchor)) return []
      return [`${source}:${line} links to ${href}: ${file} has no heading for #${target.anchor}`]
    }),
  )
}

/**
 * A page's text with the links that it needs on the site: to other pages where there is one, to the repository where its address is known, and otherwise the words alone.
 *
 * @param {{ text: string, source: string, page: string, root: string, pageOf: ReadonlyMap<string, string>, repository?: string | undefined }} options
 *   `pageOf` gives the page of a file; `repository` is the address that paths are put behind
 * @returns {{ text: string, images: string[] }} `images` are the files that the page shows
 */
export function siteLinks({ text, source, page, root, pageOf, repository }) {
  const images = []
  let out = ''
  let from = 0
  for (const { href, at } of linksOf(text)) {
    if (isElsewhere(href)) continue
    const { file, anchor } = targetOf(source, href)
    const target = pageOf.get(asFile(root, file))
    const image = /\.(?:png|jpe?g|svg|gif)$/.test(file)
    if (image) images.push(file)
    let address
    if (target !== undefined) address = relativeTo(page, target) + (anchor === undefined ? '' : `#${anchor}`)
    else if (image) address = relativeTo(page, file)
    else if (repository !== undefined) address = `${repository.replace(/\/$/, '')}/${file}`
    if (address === undefined) {
      const open = openingOf(text, at - 2)
      out += text.slice(from, open) + text.slice(open + 1, at - 2)
      from = at + href.length + 1
    } else {
      out += text.slice(from, at) + address
      from = at + href.length
    }
  }
  return { text: out + text.slice(from), images }
}

function relativeTo(page, target) {
  const path = posix.relative(dirname(page), target)
  return path.startsWith('.') ? path : `./${path}`
}

/** Where the bracket opens that closes at `close`. */
function openingOf(text, close) {
  let depth = 0
  for (let at = close; at >= 0; at--) {
    if (text[at] === ']') depth++
    if (text[at] === '[' && --depth === 0) return at
  }
  throw new Error(`no bracket opens what closes at ${close}`)
}
