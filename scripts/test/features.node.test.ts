import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AWAITED, FEATURE_ROWS, ROOMS_TO_COME, THERE_ALREADY } from '../lib/feature-rows.mjs'
import { type Evidence, featureEvidence, featurePage, featureProblems } from '../lib/feature-table.mjs'
import { featureTags } from '../lib/feature-tags.mjs'
import { root } from '../lib/root.mjs'
import { testTitles } from '../lib/test-titles.mjs'
import { tempTree } from './temp-tree.ts'

const found = featureEvidence(root)

describe('the feature list', () => {
  test('every required row has a test of each area, and every tag names a row', () => {
    expect(featureProblems(found)).toEqual([])
  })

  test('docs/features.md is what `node scripts/features.mjs` writes', () => {
    expect(readFileSync(join(root, 'docs', 'features.md'), 'utf8')).toBe(featurePage(found))
  })

  test('has each row once, in order, and awaits only what it has', () => {
    expect(FEATURE_ROWS.map(([row]) => row)).toEqual(Array.from({ length: 198 }, (_, i) => i + 1))
    for (const [row, areas, what] of FEATURE_ROWS) {
      expect(areas, `row ${row}`).toMatch(/^(?=.)W?S?C?R?G?E?$/)
      expect(what, `row ${row}`).toMatch(/^[A-Z].*\.$/)
    }
    expect(Object.keys(ROOMS_TO_COME).join('')).toBe('RE')
    const areasOf = new Map(FEATURE_ROWS.map(([row, areas]) => [row, areas]))
    for (const [area, rows] of [...Object.entries(AWAITED), ...Object.entries(THERE_ALREADY)]) {
      expect(rows.filter((row) => areasOf.get(row)?.includes(area) !== true)).toEqual([])
    }
  })
})

describe('problems', () => {
  const by = (shows: string): Evidence => ({ file: `${shows}.test.ts`, title: 'shows it', shows })
  const without = (row: number, ...evidence: Evidence[]): string[] =>
    featureProblems(new Map([...found, [row, evidence]]))

  test('a required row without a test', () => {
    expect(without(1)).toEqual(['row 1 has no test for wire'])
  })

  test('a row that two areas have to show, shown by one', () => {
    expect(without(31, by('S'))).toEqual(['row 31 has no test for browser'])
    expect(without(31, by('S'), by('C'))).toEqual([])
  })

  test('a test of an area that cannot show it', () => {
    expect(without(1, by('S'))).toEqual(['row 1 has no test for wire'])
  })

  test('a tag of a row that does not exist', () => {
    expect(without(199, by('W'))).toEqual(['W.test.ts: "shows it" names row 199, which does not exist'])
  })

  test('a row that is said to be awaited and is there', () => {
    const shown = new Map([...found, [31, [by('S'), by('C')]]])
    expect(featureProblems(shown, { ...AWAITED, C: [...(AWAITED['C'] ?? []), 31] })).toEqual([
      'row 31 is shown for browser: take it out of AWAITED',
    ])
  })

  test('rows of rooms to come are none, and may be there early; some are there to stay', () => {
    expect(without(66)).toEqual([])
    expect(without(66, by('R'))).toEqual([])
    expect(without(101)).toEqual(['row 101 has no test for examples'])
  })
})

describe('the page', () => {
  test('names the tests of a row by file, what is missing, and how far it is', () => {
    const page = featurePage(
      new Map([
        [1, [{ file: 'packages/wire/test/a.node.test.ts', title: 'one | two', shows: 'W' }]],
        [
          31,
          [
            { file: 'packages/server/test/b.node.test.ts', title: 'first', shows: 'S' },
            { file: 'packages/server/test/b.node.test.ts', title: '<second>', shows: 'S' },
          ],
        ],
      ]),
    )
    expect(page).toContain('1 of 198 rows are complete')
    expect(page).toContain('[packages/wire/test/a.node.test.ts](../packages/wire/test/a.node.test.ts): one \\| two |')
    expect(page).toMatch(/\| 31 \| host, browser \| .* first · &lt;second><br>not there yet \(browser\) \|/)
    expect(page).toMatch(/\| 66 \| relay \| .* \| room not there yet \(relay\) \|/)
  })
})

describe('tags', () => {
  test.each<[string, number[], string]>([
    ['feature 31: x', [31], 'x'],
    ['features 31 and 40: x', [31, 40], 'x'],
    ['features 1, 2 and 3: x: y', [1, 2, 3], 'x: y'],
    ['features 1, 2: x', [1, 2], 'x'],
    ['pitfall 5: feature 7: x', [7], 'x'],
    ['features 7 and 8: pitfalls 5 and 6: x', [7, 8], 'x'],
    ['pitfall 5: x', [], 'x'],
    ['about feature 5: x', [], 'about feature 5: x'],
    ['feature x: y', [], 'feature x: y'],
  ])('%s', (title, rows, text) => {
    expect(featureTags(title)).toEqual({ rows, text })
  })
})

describe('titles of tests', () => {
  const titlesOf = (source: string, file = 'a.test.ts'): string[] => testTitles(source, file)

  test('are found in every form', () => {
    const source = `
      describe('group', () => {
        test('plain', () => {})
        it("double", async () => {})
        test(\`a \${1 + 1} b\`, { timeout: 5 }, () => {})
        test.each([[1, f('test')]])('each %d', (n: number) => {})
        test.for<readonly [string]>([['x']])('for %s', ([x]) => {})
        for (const n of [1]) test('in a loop', function () {})
        test.each(rows)('by name', replay)
      })
      describe.each\`a\${1}\`('tagged', () => { test('inside', () => {}) })`
    expect(titlesOf(source)).toEqual([
      'group',
      'plain',
      'double',
      'a … b',
      'each %d',
      'for %s',
      'in a loop',
      'by name',
      'tagged',
      'inside',
    ])
    expect(titlesOf("test('with a tag', () => <p>{'x'}</p>)", 'a.test.tsx')).toEqual(['with a tag'])
  })

  test('and nowhere else', () => {
    const source = `
      // test('in a comment', () => {})
      /* test('in a block', () => {}) */
      const text = "test('in a text', () => {})"
      test.skip('skipped', () => {})
      test.todo('to do')
      test('without a body')
      test.skipIf(x)('skipped sometimes', () => {})
      describe.skip('skipped group', () => { test('in it', () => {}) })
      describe('empty group', () => {})
      describe('group of skipped tests', () => { test.skip('one', () => {}) })
      tests('another function', () => {})
      rows.test('a method', () => {})
      test(title, () => {})`
    expect(titlesOf(source)).toEqual([])
  })
})

test('evidence counts for the area of its folder', () => {
  const tree = tempTree({
    'packages/wire/test/a.node.test.ts': "test('feature 1: in wire', () => {})",
    'packages/react/test/a.browser.test.tsx': "test('feature 1: in a page', () => {})",
    'interop/test/a.node.test.ts': "describe('features 1 and 2: both', () => { test('x', () => {}) })",
    'interop/test/host-recordings.node.test.ts': "test('feature 2: on the host', () => {})",
    'packages/server/test/node_modules/x/a.node.test.ts': "test('feature 1: of somebody else', () => {})",
    'packages/server/test/support/a.ts': "test('feature 1: no test file', () => {})",
  })
  const evidence = featureEvidence(tree)
  expect(evidence.get(1)?.map(({ title, shows }) => [title, shows])).toEqual([
    ['both', 'SC'],
    ['in a page', 'C'],
    ['in wire', 'W'],
  ])
  expect(evidence.get(2)?.map(({ title, shows }) => [title, shows])).toEqual([
    ['both', 'SC'],
    ['on the host', 'S'],
  ])
  expect([...evidence.keys()].toSorted((a, b) => a - b)).toEqual([1, 2])
})
