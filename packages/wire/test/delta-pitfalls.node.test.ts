import { describe, expect, test } from 'vitest'
import {
  affects,
  applyDelta,
  applyDeltaWith,
  applyMessage,
  decodeDelta,
  type Delta,
  encodeDelta,
  filterDelta,
  formatKey,
  isRivuletError,
  OWNS_ALL,
  parseKey,
  type Path,
  type PathPart,
  pruneDelta,
  reducePaths,
  snapshotDelta,
  valueAt,
} from '../src/index.ts'
import { deepFreeze } from './support/deep-freeze.ts'
import { bedOf, type Garden, gardenOf, GardenStore } from './support/garden.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (e) {
    return e
  }
  throw new Error('nothing was thrown')
}

describe('what the reference gets wrong', () => {
  test('pitfall 5: feature 27: setting a nested pointer struct to null clears it and reports its path', () => {
    const bytes = hexToBytes('06040400000101')
    const before = gardenOf({ spare: bedOf({ kind: 'k' }) })
    expect(decodeDelta(GardenStore, bytes)).toEqual({ spare: { whole: null } })
    const { state, changed } = applyDelta(GardenStore, before, decodeDelta(GardenStore, bytes))
    expect(state.spare).toBeNull()
    expect(changed).toEqual([['spare']])
    expect(applyMessage(GardenStore, before, bytes).spare).toBeNull()
  })

  test('pitfall 6: feature 24: setting one element does not replace the list', () => {
    const delta: Delta = { nums: { sets: new Map([[0, 1]]) } }
    expect(bytesToHex(encodeDelta(GardenStore, delta))).toBe('0707050001000101')
    const { state } = applyDelta(GardenStore, gardenOf({ nums: [9, 9, 9] }), delta)
    expect(state.nums).toEqual([1, 9, 9])
  })

  test('pitfall 7: a list of 200,000 elements is replaced', () => {
    const nums = Array.from({ length: 200_000 }, (_, i) => i)
    const bytes = encodeDelta(GardenStore, { nums: { whole: nums } })
    expect(applyMessage(GardenStore, gardenOf({ nums: [1] }), bytes).nums).toEqual(nums)
    expect(applyDelta(GardenStore, gardenOf({ nums: [1] }), { nums: { whole: nums } }).state.nums).toEqual(nums)
  })

  test('pitfall 8: feature 190: property names become the names that a host knows, and only those are understood', () => {
    expect(formatKey(GardenStore, ['urlPath'])).toBe('URLPath')
    expect(formatKey(GardenStore, ['byId', 5n])).toBe('ByID%&5')
    expect(parseKey(GardenStore, 'URLPath')).toEqual(['urlPath'])
    expect(parseKey(GardenStore, 'uRLPath')).toEqual(['urlPath'])
    expect(parseKey(GardenStore, 'urlPath')).toBeNull()
  })

  test('pitfall 22: a delta that fails half way leaves the state as it was', () => {
    const before = deepFreeze(gardenOf({ name: 'old', nums: [1] }))
    const delta: Delta = {
      name: { set: 'new' },
      nums: {
        sets: new Map([
          [0, 2],
          [2 ** 40, 3],
        ]),
      },
    }
    const bytes = encodeDelta(GardenStore, delta)
    for (const run of [() => applyDelta(GardenStore, before, delta), () => applyMessage(GardenStore, before, bytes)]) {
      const e = thrownBy(run)
      expect(isRivuletError(e)).toBe(true)
      expect(e).toMatchObject({ code: 'index', store: 'Garden', path: ['nums', 2 ** 40] })
      expect(before).toEqual(gardenOf({ name: 'old', nums: [1] }))
    }
  })

  const wide = (n: number): { readonly before: Garden; readonly bytes: Uint8Array } => {
    const keys = Array.from({ length: n }, (_, i) => `bed ${i}`)
    const mods = new Map(keys.map((key, i) => [key, { x: { set: i + 1 }, y: { set: i + 2 } }]))
    return {
      before: gardenOf({ beds: new Map(keys.map((key) => [key, bedOf({ kind: key })])) }),
      bytes: encodeDelta(GardenStore, { beds: { mods } }),
    }
  }

  test('pitfall 32: feature 121: the steps of applying and reducing grow in proportion to the changes', () => {
    const stepsPerRow = (n: number): number => {
      const { before, bytes } = wide(n)
      let steps = 0
      const owned = { has: (): boolean => ++steps > 0, add: (): void => void steps++ }
      const paths: Path[] = []
      const counted = (path: PathPart[]): Path =>
        Object.assign(path, {
          *[Symbol.iterator](): Generator<PathPart> {
            for (let i = 0; i < path.length; i++, steps++) yield path[i] as PathPart
          },
        })
      applyMessage(GardenStore, before, bytes, {
        owned,
        report: (path, depth) => void paths.push(counted(path.slice(0, depth))),
      })
      expect(reducePaths(paths).length).toBe(2 * n)
      return steps / n
    }
    const few = stepsPerRow(100)
    expect(few).toBeLessThan(20)
    expect(stepsPerRow(10_000)).toBeLessThan(few * 1.1)
    expect(stepsPerRow(100_000)).toBeLessThan(few * 1.1)
  }, 60_000)

  test('pitfall 32: 10,000 modifications of two fields each take less than 20 ms of processor time', () => {
    const { before, bytes } = wide(10_000)
    let state = before
    const times = Array.from({ length: 12 }, () => {
      const paths: Path[] = []
      const start = process.cpuUsage()
      state = applyMessage(GardenStore, state, bytes, {
        owned: OWNS_ALL,
        report: (path, depth) => void paths.push(path.slice(0, depth)),
      })
      reducePaths(paths)
      return process.cpuUsage(start).user / 1000
    })
    expect(Math.min(...times)).toBeLessThan(20)
  }, 60_000)

  test('pitfall 33: feature 104: one report per changed path, reduced, so that a message is one notification per subscriber', () => {
    const paths: Path[] = []
    applyDeltaWith(
      GardenStore,
      gardenOf({ main: bedOf({ kind: 'a' }), beds: new Map([['k', bedOf()]]) }),
      {
        main: { whole: bedOf({ kind: 'b' }), mod: { count: { set: 2 } } },
        beds: { sets: new Map([['k', bedOf({ count: 1 })]]), mods: new Map([['k', { x: { set: 3 } }]]) },
      },
      { report: (path, depth) => void paths.push(path.slice(0, depth)) },
    )
    expect(paths).toEqual([['main'], ['beds', 'k']])
    expect(affects(['beds'], ['beds', 'k', 'x'])).toBe(true)
  })

  test('pitfall 37: the state is never changed, and what a delta does not touch keeps its identity', () => {
    const before = deepFreeze(
      gardenOf({
        beds: new Map([
          ['a', bedOf()],
          ['b', bedOf()],
        ]),
        rows: [bedOf(), bedOf()],
        nums: [1],
      }),
    )
    const { state } = applyDelta(GardenStore, before, {
      beds: { mods: new Map([['a', { count: { set: 1 } }]]) },
      rows: { mods: new Map([[1, { count: { set: 1 } }]]) },
    })
    expect(state).not.toBe(before)
    expect(state.beds).not.toBe(before.beds)
    expect(state.beds?.get('a')).not.toBe(before.beds?.get('a'))
    expect(state.beds?.get('b')).toBe(before.beds?.get('b'))
    expect(state.rows?.[0]).toBe(before.rows?.[0])
    expect(state.nums).toBe(before.nums)
    expect(state.main).toBe(before.main)
    expect(before.beds?.get('a')).toEqual(bedOf())
  })

  test('pitfall 44: the catch-up of a null list or map is a full state, because no delta resets a stale viewer', () => {
    expect(snapshotDelta(GardenStore, gardenOf(), ['nums'])).toBeNull()
    expect(snapshotDelta(GardenStore, gardenOf(), ['beds'])).toBeNull()
    expect(snapshotDelta(GardenStore, gardenOf({ nums: [] }), ['nums'])).toEqual({ nums: { whole: [] } })
    expect(snapshotDelta(GardenStore, gardenOf(), ['beds', 'k'])).toEqual({ beds: { deletes: new Set(['k']) } })
  })

  const viewed = (before: Garden, delta: Delta, path: Path): unknown => {
    const part = filterDelta(GardenStore, before, delta, [path])
    return valueAt(part === null ? before : applyDelta(GardenStore, before, part).state, path)
  }

  test('pitfall 81: keyed delivery keeps replacements above a path, all operations on a key, and the loss of an index', () => {
    const before = gardenOf({ main: bedOf({ kind: 'old' }), beds: new Map([['k', bedOf()]]), nums: [1, 2, 3] })
    expect(viewed(before, { main: { whole: bedOf({ kind: 'new' }) } }, ['main', 'kind'])).toBe('new')
    const setAndMod: Delta = {
      beds: { sets: new Map([['k', bedOf({ count: 1 })]]), mods: new Map([['k', { kind: { set: 'm' } }]]) },
    }
    expect(viewed(before, setAndMod, ['beds', 'k'])).toEqual(bedOf({ count: 1, kind: 'm' }))
    const deleteAndMod: Delta = { beds: { deletes: new Set(['k']), mods: new Map([['k', { kind: { set: 'm' } }]]) } }
    expect(viewed(before, deleteAndMod, ['beds', 'k'])).toEqual(bedOf({ kind: 'm' }))
    expect(viewed(before, { nums: { whole: [1] } }, ['nums', 2])).toBeUndefined()
    const wholeAndMore: Delta = { nums: { whole: [5], sets: new Map([[0, 6]]) } }
    expect(viewed(before, wholeAndMore, ['nums', 0])).toBe(6)
  })

  test('pitfall 82: pruning looks at what earlier operations leave, so "set, then modify back" and "delete, then modify" keep their effect', () => {
    const before = gardenOf({ beds: new Map([['k', bedOf({ count: 1, kind: 'n' })]]) })
    const back: Delta = {
      beds: { sets: new Map([['k', bedOf({ count: 2, kind: 'n' })]]), mods: new Map([['k', { count: { set: 1 } }]]) },
    }
    expect(pruneDelta(GardenStore, before, back)).toBeNull()
    expect(applyDelta(GardenStore, before, back).state).toEqual(before)
    const fresh: Delta = { beds: { deletes: new Set(['k']), mods: new Map([['k', { count: { set: 1 } }]]) } }
    expect(pruneDelta(GardenStore, before, fresh)).toEqual(fresh)
    expect(applyDelta(GardenStore, before, fresh).state.beds?.get('k')).toEqual(bedOf({ count: 1 }))
  })
})

describe('what may be changed in place', () => {
  test('an owner of everything keeps its containers, and the delta stays out of them', () => {
    const delta: Delta = deepFreeze({
      beds: { sets: new Map([['k', bedOf({ count: 1 })]]) },
      nums: { whole: [1] },
      raw: { whole: new Uint8Array([1]) },
    })
    const state = gardenOf({ beds: new Map() })
    const after = applyDeltaWith(GardenStore, state, delta, { owned: OWNS_ALL })
    expect(after).toBe(state)
    const later: Delta = {
      beds: { mods: new Map([['k', { count: { set: 9 } }]]) },
      nums: { sets: new Map([[0, 9]]) },
      raw: { sets: new Map([[0, 9]]) },
    }
    expect(applyDeltaWith(GardenStore, after, later, { owned: OWNS_ALL }).beds?.get('k')).toEqual(bedOf({ count: 9 }))
    expect(delta['nums']?.whole).toEqual([1])
    expect(delta['raw']?.whole).toEqual(new Uint8Array([1]))
  })

  test('what has been copied once is not copied again under the same ownership', () => {
    const owned = new Set<object>()
    const before = gardenOf({ nums: [1, 2] })
    const one = applyDeltaWith(GardenStore, before, { nums: { sets: new Map([[0, 5]]) } }, { owned })
    const two = applyDeltaWith(GardenStore, one, { nums: { sets: new Map([[1, 6]]) } }, { owned })
    expect(two).toBe(one)
    expect(two.nums).toBe(one.nums)
    expect(before.nums).toEqual([1, 2])
    expect(two.nums).toEqual([5, 6])
  })
})

describe('what a delta must not do', () => {
  test('fill in more elements than one message may, however many lists it names', () => {
    const rows: Delta = { nums: { sets: new Map([[600_000, 1]]) }, raw: { sets: new Map([[600_000, 1]]) } }
    expect(thrownBy(() => applyDelta(GardenStore, gardenOf(), rows))).toMatchObject({
      code: 'index',
      path: ['raw', 600_000],
    })
    const one = applyDelta(GardenStore, gardenOf(), { nums: { sets: new Map([[600_000, 1]]) } }).state
    expect(one.nums?.length).toBe(600_001)
  })

  test('name fields that do not exist', () => {
    const delta = { nmae: { set: 'x' } }
    expect(thrownBy(() => applyDelta(GardenStore, gardenOf(), delta))).toMatchObject({
      code: 'path',
      store: 'Garden',
      path: ['nmae'],
    })
    expect(thrownBy(() => encodeDelta(GardenStore, delta))).toMatchObject({
      code: 'path',
      store: 'Garden',
      path: ['nmae'],
    })
  })

  test('carry values of the wrong type', () => {
    const delta: Delta = { rows: { mods: new Map([[3, { count: { set: -1 } }]]) } }
    expect(thrownBy(() => encodeDelta(GardenStore, delta))).toMatchObject({
      code: 'out-of-range',
      path: ['rows', 3, 'count'],
    })
  })

  test('end early: the error names store, path and byte', () => {
    const bytes = encodeDelta(GardenStore, { beds: { mods: new Map([['k', { kind: { set: 'abc' } }]]) } })
    bytes[bytes.length - 5] = 9 // the length of 'abc'
    for (const run of [() => decodeDelta(GardenStore, bytes), () => applyMessage(GardenStore, gardenOf(), bytes)]) {
      expect(thrownBy(run)).toMatchObject({
        code: 'truncated',
        store: 'Garden',
        path: ['beds', 'k', 'kind'],
        offset: bytes.length - 5,
      })
    }
  })

  test('apply a field twice: the later entry counts', () => {
    const one = encodeDelta(GardenStore, { nums: { sets: new Map([[0, 1]]) } }).slice(1)
    const two = encodeDelta(GardenStore, { nums: { sets: new Map([[1, 2]]) } }).slice(1)
    const bytes = Uint8Array.from([one.length + two.length, ...one, ...two])
    expect(decodeDelta(GardenStore, bytes)).toEqual({ nums: { sets: new Map([[1, 2]]) } })
    expect(applyMessage(GardenStore, gardenOf({ nums: [7, 7] }), bytes).nums).toEqual([7, 2])
    const out = encodeDelta(GardenStore, { name: { set: 'n' } }).slice(1)
    const shuffled = Uint8Array.from([one.length + out.length, ...one, ...out])
    expect(applyMessage(GardenStore, gardenOf(), shuffled)).toMatchObject({ name: 'n', nums: [1] })
  })
})

describe('sets', () => {
  test('are changed key by key and travel like maps without values', () => {
    const delta: Delta = { tags: { sets: new Map([['new', true]]), deletes: new Set(['old', 'none']) } }
    const before = gardenOf({ tags: new Set(['old', 'kept']) })
    const { state, changed } = applyDelta(GardenStore, before, delta)
    expect(state.tags).toEqual(new Set(['kept', 'new']))
    expect(changed).toEqual([
      ['tags', 'new'],
      ['tags', 'old'],
    ])
    expect(decodeDelta(GardenStore, encodeDelta(GardenStore, delta))).toEqual(delta)
    expect(bytesToHex(encodeDelta(GardenStore, { tags: { whole: new Set(['a']) } }))).toBe('09090700000000010161')
  })
})
