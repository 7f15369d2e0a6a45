import { encodeValue, isRivuletError, type Path, type TypeNode } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { applyChanges } from '../../src/page/apply-change.ts'
import { structNode } from '../../src/page/struct-node.ts'
import type { PathChange } from '../../src/patch.ts'
import { makeBoat, makeFleet, types } from '../support/fleet.ts'

const root = structNode(types, 'fleet.Fleet')
const int: TypeNode = { kind: 'int32' }
const text: TypeNode = { kind: 'string' }

const set = (path: Path, node: TypeNode, value: unknown): PathChange => ({
  path,
  bytes: encodeValue(types, node, value),
})
const gone = (path: Path): PathChange => ({ path, bytes: null })
const apply = (value: unknown, ...changes: PathChange[]): ReturnType<typeof makeFleet> =>
  applyChanges(types, root, value, changes) as ReturnType<typeof makeFleet>

describe('applyChanges', () => {
  test('makes what is missing on the way', () => {
    const bare = makeFleet({ flagship: null, boats: null, queue: null })
    const after = apply(
      bare,
      set(['flagship', 'at', 'lat'], { kind: 'float64' }, 4),
      set(['boats', 'n', 'crew', 'x'], int, 5),
      set(['queue', 2, 'name'], text, 'late'),
    )
    expect(after.flagship).toEqual(makeBoat('', 4))
    expect(after.boats?.get('n')?.crew).toEqual(new Map([['x', 5]]))
    expect(after.queue).toEqual([makeBoat(''), makeBoat(''), makeBoat('late')])
    expect(bare).toEqual(makeFleet({ flagship: null, boats: null, queue: null }))
  })

  test('copies each container once for a whole batch', () => {
    const before = makeFleet({ berths: new Map(Array.from({ length: 1000 }, (_, i) => [i, 'x'])) })
    const started = performance.now()
    const after = apply(before, ...Array.from({ length: 20_000 }, (_, i) => set(['berths', i % 2000], text, `v${i}`)))
    expect(after.berths.size).toBe(2000)
    expect(before.berths.size).toBe(1000)
    // Twenty thousand copies of the map would take minutes.
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('removes keys and cuts lists', () => {
    const after = apply(
      makeFleet(),
      gone(['boats', 'a']),
      gone(['boats', 'zz']),
      gone(['marks', 2]),
      gone(['marks', 1]),
      gone(['marks', 9]),
    )
    expect([...(after.boats?.keys() ?? [])]).toEqual(['b'])
    expect(after.marks).toEqual([1])
  })

  test.each<[string, PathChange]>([
    ['a field that is none', set(['nope'], int, 1)],
    ['a field that goes', gone(['title'])],
    ['the value itself that goes', gone([])],
    ['a part of a leaf', set(['title', 'x'], int, 1)],
    ['an index that is none', set(['marks', 'x'], int, 1)],
    ['an index far away', set(['marks', 2 ** 40], int, 1)],
  ])('%s is a protocol error', (_name, change) => {
    let error: unknown
    try {
      apply(makeFleet(), change)
    } catch (e) {
      error = e
    }
    expect(isRivuletError(error) && error.code).toBe('protocol')
  })
})
