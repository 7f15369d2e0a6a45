import { encodeState, type Path } from '@rivulet/wire'
import { inspectMessage } from '@rivulet/wire/inspect'
import { describe, expect, it } from 'vitest'
import { bedOf, gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { attributedPath, parseAttributedPath } from '../../src/panel/attributed-path.ts'

const cases: readonly (readonly [Path, string])[] = [
  [[], 'Garden'],
  [['urlPath'], 'Garden.urlPath'],
  [['beds', 'a"] .x', 'kind'], 'Garden.beds["a\\"] .x"].kind'],
  [['rows', 3, 'x'], 'Garden.rows[3].x'],
  [['byId', 2n ** 63n], 'Garden.byId[9223372036854775808]'],
  [['small', -3], 'Garden.small[-3]'],
  [['flags', true], 'Garden.flags[true]'],
  [['list', 1], 'Garden.list[1]'],
  [['spare', 'count'], 'Garden.spare.count'],
]

describe('paths as the attribution of bytes has them', () => {
  it.each(cases.map(([path, text]) => ({ path, text })))('$text', ({ path, text }) => {
    expect(attributedPath(GardenStore, path)).toBe(text)
    expect(parseAttributedPath(GardenStore, text)).toEqual(path)
  })

  it.each([
    'Shed.name',
    'Garden.nothing',
    'Garden.beds[a]',
    'Garden.name.x',
    'Garden!',
    'Gardens.name',
    'Garden.rows["x"]',
  ])('%s is no place', (text) => expect(parseAttributedPath(GardenStore, text)).toBeUndefined())

  it('are read for every part of a message', () => {
    const garden = gardenOf({
      beds: new Map([['b', bedOf()]]),
      rows: [bedOf()],
      byId: new Map([[5n, 'x']]),
      flags: new Map([[false, '']]),
      list: { value: [1] },
    })
    const { parts } = inspectMessage(GardenStore, encodeState(GardenStore, garden), 'full')
    const paths = new Set(parts.map(({ path }) => path))
    expect(paths.size).toBeGreaterThan(10)
    for (const text of paths) {
      const path = parseAttributedPath(GardenStore, text)
      expect([text, path === undefined]).toEqual([text, false])
      expect(attributedPath(GardenStore, path ?? [])).toBe(text)
    }
  })
})
