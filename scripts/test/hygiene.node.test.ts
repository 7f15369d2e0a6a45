import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { hygieneViolations } from '../lib/hygiene.mjs'
import { tempTree } from './temp-tree.ts'

function violationsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = tempTree(files)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  return hygieneViolations(folder)
}

// Assembled here, because the checker reads this file too.
const path = (...parts: string[]): string => ['', ...parts].join('/')
const host = (...parts: string[]): string => parts.join('.')
const address = (...parts: string[]): string => `https:${path('', host(...parts))}/x`

test.each([
  ['a temporary folder', `const folder = '${path('tmp', 'x')}'`, 'a path of one machine'],
  ['a temporary folder, bare', `cd ${path('tmp')}`, 'a path of one machine'],
  ['a home folder', `see ${path('home', 'alice', 'notes.md')}`, 'a path of one machine'],
  ['a home folder of a Mac', `(${path('Users', 'alice')})`, 'a path of one machine'],
  ['a home folder of Windows', ['C:', 'Users', 'alice'].join('\\'), 'a path of one machine'],
  ['a known registry', `host ${host('registry', 'npmjs', 'org')}`, 'a package registry or mirror'],
  ['a private registry', address('registry', 'example', 'com'), 'a package registry or mirror'],
  ['a mirror', address('mirror', 'example', 'com'), 'a package registry or mirror'],
  ['a lockfile entry', `"resolved": "${address('example', 'com')}",`, "a package's download address in a lockfile"],
])('finds %s', (_, line, what) => {
  const violations = violationsOf({ 'notes.txt': `first line\n${line}\n` })
  expect(violations).toHaveLength(1)
  expect(violations[0]).toMatch(/^notes\.txt:2 /)
  expect(violations[0]).toContain(what)
})

test.each([
  ['a path inside a URL', `${address('example', 'com')}${path('work', 'tmp')}`],
  ['a relative path', `.${path('tmp', 'x')}`],
  ['a system program', path('usr', 'bin', 'chromium')],
  ['a longer word', path('workers', 'x')],
  ['a workspace link in a lockfile', '"resolved": "packages/client",'],
  ['a registry object in code', "registry.get('x')"],
])('allows %s', (_, line) => {
  expect(violationsOf({ 'notes.txt': line })).toEqual([])
})

test('passes over ignored and binary files', () => {
  const line = path('tmp', 'x')
  const files = { '.gitignore': 'ignored.txt\n', 'ignored.txt': line, 'image.bin': `\0${line}` }
  expect(violationsOf(files)).toEqual([])
})
