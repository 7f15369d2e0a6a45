import { array, assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { anchorsOf, codeBlocks, linksOf, slugOf } from '../src/markdown.mjs'

const FENCE = '```'

test('blocks have their language, what stands behind it, their code and the line of their fence', () => {
  const text = `# A\n\n${FENCE}ts no-check: a part\nconst a = 1\n\nconst b = 2\n${FENCE}\n\ntext\n\n${FENCE}\nplain\n${FENCE}\n`
  expect(codeBlocks(text)).toEqual([
    { language: 'ts', info: 'no-check: a part', code: 'const a = 1\n\nconst b = 2', line: 3 },
    { language: '', info: '', code: 'plain', line: 11 },
  ])
})

test('a longer fence holds a shorter one', () => {
  const text = `${FENCE}\`md\n${FENCE}ts\ninner\n${FENCE}\n${FENCE}\`\n`
  expect(codeBlocks(text)).toEqual([{ language: 'md', info: '', code: `${FENCE}ts\ninner\n${FENCE}`, line: 1 }])
})

test('any lines between fences come back as they are', () => {
  const line = string().filter((text) => !/[\n\r`~]/.test(text))
  assert(
    property(array(line), (lines) => {
      const [block] = codeBlocks(`${FENCE}ts\n${lines.map((one) => `${one}\n`).join('')}${FENCE}\n`)
      expect(block?.code).toBe(lines.join('\n'))
    }),
  )
})

test('links and images are found with their line and place, those in code are not', () => {
  const text = `see [a](a.md#b) and ![i](i.png)\n\`[no](no.md)\` [c](c.md)\n${FENCE}\n[no](no.md)\n${FENCE}\n<!-- [no](no.md) -->`
  const links = linksOf(text)
  expect(links.map(({ href, line }) => [href, line])).toEqual([
    ['a.md#b', 1],
    ['i.png', 1],
    ['c.md', 2],
  ])
  for (const { href, at } of links) expect(text.slice(at, at + href.length)).toBe(href)
})

test.each([
  ['What it costs', 'what-it-costs'],
  ['`useStore`, and more', 'usestore-and-more'],
  ['A & B', 'a--b'],
  ['ReStream’s wire', 'restreams-wire'],
  ['snake_case-name 2', 'snake_case-name-2'],
])('%s is called %s', (heading, slug) => {
  expect(slugOf(heading)).toBe(slug)
})

test('anchors are headings, numbered when they repeat, and elements with an id', () => {
  const text = `# Top\n## Same\n## Same\n### [Linked](x.md) word\n<a id="by-hand"></a>\n${FENCE}\n# no heading\n${FENCE}\n`
  expect([...anchorsOf(text)]).toEqual(['top', 'same', 'same-1', 'linked-word', 'by-hand'])
})
