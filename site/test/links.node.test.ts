import { expect, test } from 'vitest'
import { linkProblems, siteLinks } from '../src/links.mjs'
import { sitePages } from '../src/pages.mjs'
import { tempTree } from '../../scripts/test/temp-tree.ts'

test('links to files and anchors that are there are no problem', () => {
  const root = tempTree({
    'README.md':
      '# Top\n[guide](docs/guide.md#what-holds) [folder](room) [self](#top) [away](https://example.com/nothing)',
    'docs/guide.md': '## What holds\n[up](../README.md#top) [source](../src/a.ts#L3)',
    'room/README.md': '# Room',
    'src/a.ts': '',
  })
  expect(linkProblems(root, ['README.md', 'docs/guide.md'])).toEqual([])
})

test('a file that is missing and an anchor that no heading has are named with their lines', () => {
  const root = tempTree({
    'docs/guide.md': 'text\n[gone](gone.md)\n[other](other.md#nowhere) [own](#nowhere)',
    'docs/other.md': '# Somewhere',
  })
  expect(linkProblems(root, ['docs/guide.md'])).toEqual([
    'docs/guide.md:2 links to gone.md, which does not exist',
    'docs/guide.md:3 links to other.md#nowhere: docs/other.md has no heading for #nowhere',
    'docs/guide.md:3 links to #nowhere: docs/guide.md has no heading for #nowhere',
  ])
})

test('an anchor in the README of a folder is checked', () => {
  const root = tempTree({ 'a.md': '[room](room#door) [room](room#wall)', 'room/README.md': '# Door' })
  expect(linkProblems(root, ['a.md'])).toEqual(['a.md:1 links to room#wall: room/README.md has no heading for #wall'])
})

const pageOf = new Map([
  ['packages/room/README.md', 'packages/room.md'],
  ['docs/guide.md', 'guide.md'],
  ['README.md', 'index.md'],
])

function onSite(text: string, repository?: string): { text: string; images: string[] } {
  const root = tempTree({ 'packages/room/README.md': '', 'src/a.ts': '', 'docs/pic.png': '' })
  return siteLinks({ text, source: 'docs/guide.md', page: 'guide.md', root, pageOf, repository })
}

test('links to pages are those of the site, also through a folder', () => {
  expect(onSite('[a](../packages/room#x) [b](../packages/room/README.md) [c](../README.md) [d](#here)').text).toBe(
    '[a](./packages/room.md#x) [b](./packages/room.md) [c](./index.md) [d](./guide.md#here)',
  )
})

test('a link to what is no page is its words, or leads to the repository where that is known', () => {
  const text = 'see [the `source` [of it]](../src/a.ts), then [c](../README.md)'
  expect(onSite(text).text).toBe('see the `source` [of it], then [c](./index.md)')
  expect(onSite(text, 'https://code.example/tree/').text).toBe(
    'see [the `source` [of it]](https://code.example/tree/src/a.ts), then [c](./index.md)',
  )
})

test('images are named and shown, other addresses stay', () => {
  expect(onSite('![pic](pic.png) [x](https://example.com)')).toEqual({
    text: '![pic](./docs/pic.png) [x](https://example.com)',
    images: ['docs/pic.png'],
  })
})

test('pages that the menu does not know come along', () => {
  const root = tempTree({
    'README.md': '',
    'docs/errors.md': '',
    'docs/a-new-guide.md': '',
    'packages/new/README.md': '',
  })
  const pages = sitePages(root).map(({ page, text, group }) => [page, text, group])
  expect(pages).toEqual([
    ['index.md', 'What it is', 'Start'],
    ['errors.md', 'Errors', 'On the page'],
    ['a-new-guide.md', 'A new guide', 'On the page'],
    ['packages/new.md', '@rivulet/new', 'Packages'],
  ])
})
