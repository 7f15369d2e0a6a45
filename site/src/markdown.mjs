/**
 * A fenced block of code: `info` is what stands behind the language, `line` that of the opening fence, counted from 1.
 *
 * @typedef {{ language: string, info: string, code: string, line: number }} CodeBlock
 */

/** A link or image: what it points at, on which line, and where in the text its address starts. @typedef {{ href: string, line: number, at: number }} Link */

const FENCE = /^(\s*)(```+|~~~+)\s*([\w-]*)\s*(.*)$/

function* linesOf(text) {
  let fence
  let at = 0
  for (const [index, line] of text.split('\n').entries()) {
    const match = FENCE.exec(line)
    const closes = fence !== undefined && match?.[2] === fence && match[3] === '' && match[4] === ''
    const opens = fence === undefined && match !== null
    if (opens) fence = match[2]
    yield { line, number: index + 1, at, opens, closes, inside: fence !== undefined, match }
    if (closes) fence = undefined
    at += line.length + 1
  }
}

/**
 * The fenced blocks of a Markdown text, in their order.
 *
 * @param {string} text
 * @returns {CodeBlock[]}
 */
export function codeBlocks(text) {
  const blocks = []
  let lines = []
  for (const { line, number, opens, closes, inside, match } of linesOf(text)) {
    if (opens) {
      lines = []
      blocks.push({ language: match[3], info: match[4].trim(), line: number, code: '' })
    } else if (closes) blocks.at(-1).code = lines.join('\n')
    else if (inside) lines.push(line)
  }
  return blocks
}

/** Same length, so that places stay what they are. */
const blank = (found) => ' '.repeat(found.length)

/**
 * The links and images of a Markdown text outside code.
 *
 * @param {string} text
 * @returns {Link[]}
 */
export function linksOf(text) {
  const links = []
  for (const { line, number, at, inside } of linesOf(text)) {
    if (inside) continue
    const prose = line.replace(/(`+).+?\1/g, blank).replace(/<!--.*?-->/g, blank)
    for (const match of prose.matchAll(/\]\(([^()\s]+)\)/g))
      links.push({ href: match[1], line: number, at: at + match.index + 2 })
  }
  return links
}

/**
 * What a heading is called in an address, as code hosts do it: lower case, no punctuation, dashes for spaces.
 *
 * @param {string} heading
 * @returns {string}
 */
export function slugOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * The anchors of a Markdown text: those of its headings, the second of a name with `-1`, and of elements with an `id`.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
export function anchorsOf(text) {
  const seen = new Map()
  const anchors = new Set()
  for (const { line, inside } of linesOf(text)) {
    if (inside) continue
    for (const [, id] of line.matchAll(/<[^>]*\bid="([^"]+)"/g)) anchors.add(id)
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    if (heading === undefined) continue
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', ''))
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    anchors.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return anchors
}
