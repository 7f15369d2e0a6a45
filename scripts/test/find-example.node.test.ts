import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findExample } from '../lib/find-example.mjs'
import { root } from '../lib/root.mjs'
import { tempTree } from './temp-tree.ts'

test('finds an example, and nothing else in its folder', () => {
  const tree = tempTree({ 'examples/tide/scripts/dev.mjs': '', 'examples/shared/page.css': '' })
  expect(findExample(tree, 'tide')).toBe(join(tree, 'examples/tide'))
  for (const name of ['shared', '..', '', undefined]) {
    expect(() => findExample(tree, name)).toThrow(/Try: npm run example -- tide$/)
  }
})

test('finds the examples of this repository', () => {
  expect(findExample(root, 'radio')).toBe(join(root, 'examples/radio'))
  expect(findExample(root, 'audio-frames')).toBe(join(root, 'examples/audio-frames'))
})
