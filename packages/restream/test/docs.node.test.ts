import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// The code in the guide is code in ./steps, which types.node.test.ts compiles and steps.browser.test.tsx runs.

const guide = readFileSync(new URL('../../../docs/migrate-from-restream.md', import.meta.url), 'utf8')
const folder = new URL('steps/', import.meta.url)
const steps = readdirSync(folder)
  .filter((name) => /\.(ts|tsx|json)$/.test(name))
  .map((name) => readFileSync(new URL(name, folder), 'utf8').trimEnd())
const blocks = [...guide.matchAll(/```\w+\n([\s\S]*?)\n```/g)].map(([, code]) => code)

test('there are code blocks in the guide', () => {
  expect(blocks.length).toBeGreaterThan(8)
})

test.each(blocks)('is a file that is compiled: %s', (code) => {
  expect(steps).toContain(code)
})
