import { nodeAt, type Path, parseKey, stateNode, type StoreDef } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { covers, deliveryKeys, MAX_KEY_BYTES } from '../../src/engine/delivery-keys.ts'
import { isPrefix, pathKey } from '../../src/engine/path-key.ts'
import type { Delivery } from '../../src/protocol.ts'
import { BoardStore, types } from '../support/board.ts'
import { rig } from '../support/rig.ts'

const wires = (paths: readonly Path[], delivery: Delivery, limit?: number): string[] =>
  Array.from(deliveryKeys(BoardStore, paths, delivery, limit).values(), (k) => k.wire).toSorted()

describe('keys for paths', () => {
  const paths: Path[] = [
    ['title'],
    ['items', 'a', 'x'],
    ['items', 'a'],
    ['weather', 'wind'],
    ['log', 3],
    ['byId', 7, 'name'],
    ['pilot', 'x'],
  ]

  test('exact: each path as it is, except those that another covers', () => {
    expect(wires(paths, 'exact')).toEqual(['ByID%&7%&Name', 'Items%&a', 'Log%&3', 'Pilot%&X', 'Title', 'Weather%&Wind'])
  })

  test('safe: fields and elements of top-level maps, where a reference host loses nothing', () => {
    expect(wires(paths, 'safe')).toEqual(['ByID%&7', 'Items%&a', 'Log', 'Pilot', 'Title', 'Weather'])
  })

  test('field and store', () => {
    expect(wires(paths, 'field')).toEqual(['ByID', 'Items', 'Log', 'Pilot', 'Title', 'Weather'])
    expect(wires(paths, 'store')).toEqual([''])
    expect(wires([], 'store')).toEqual([])
  })

  test('20,000 paths that share no parents collapse level by level, not one by one', () => {
    const rows = Array.from({ length: 20_000 }, (_, i): Path => ['items', `k${i}`, 'x'])
    expect(wires(rows, 'exact')).toEqual(['Items'])
  })

  test('the whole store covers everything', () => {
    expect(wires([['title'], []], 'safe')).toEqual([''])
  })

  test('pitfall 8: feature 190: acronyms go out as the host spells them', () => {
    expect(wires([['urlPath']], 'safe')).toEqual(['URLPath'])
  })

  test('what the wire cannot spell falls back to what holds it', () => {
    expect(wires([['items', 'a%&b']], 'safe')).toEqual(['Items'])
    expect(wires([['items', 'x'.repeat(MAX_KEY_BYTES)]], 'safe')).toEqual(['Items'])
    expect(wires([['items', 'é'.repeat(MAX_KEY_BYTES / 2)]], 'safe')).toEqual(['Items'])
    expect(wires([['items', 'x'.repeat(MAX_KEY_BYTES - 7)]], 'safe')).toHaveLength(1)
    expect(wires([['items', 'x'.repeat(MAX_KEY_BYTES - 7)]], 'safe')[0]?.length).toBe(MAX_KEY_BYTES)
  })

  test('elements of maps with bool or float keys are not addressed', () => {
    const odd: StoreDef = {
      kind: 'store',
      name: 'Odd',
      state: 'odd.State',
      types: [
        {
          'odd.State': {
            form: 'partial',
            fields: [
              { name: 'flags', id: 1, type: { kind: 'map', key: { kind: 'bool' }, value: { kind: 'string' } } },
              { name: 'floats', id: 2, type: { kind: 'map', key: { kind: 'float64' }, value: { kind: 'string' } } },
            ],
          },
        },
      ],
    }
    expect(
      Array.from(
        deliveryKeys(
          odd,
          [
            ['flags', true],
            ['floats', 1.5],
          ],
          'safe',
        ).values(),
        (k) => k.wire,
      ),
    ).toEqual(['Flags', 'Floats'])
  })

  test('too many keys collapse to their parents, the largest group first', () => {
    const many: Path[] = Array.from({ length: 300 }, (_, i) => ['items', `k${i}`])
    expect(wires([...many, ['byId', 1], ['byId', 2], ['title']], 'safe', 256)).toEqual([
      'ByID%&1',
      'ByID%&2',
      'Items',
      'Title',
    ])
    expect(wires([...many, ['byId', 1], ['byId', 2], ['title']], 'safe', 3)).toEqual(['ByID', 'Items', 'Title'])
    expect(wires([...many, ['byId', 1], ['title']], 'safe', 1)).toEqual([''])
  })

  test('a field that does not exist is no reason to fail: the store is then subscribed as a whole', () => {
    expect(wires([['nowhere']], 'safe')).toEqual([''])
  })

  const text = fc.oneof(fc.constantFrom('a', 'b', '', '%&', 'x%&y', 'é'), fc.string({ maxLength: 5 }))
  const anyPath: fc.Arbitrary<Path> = fc.oneof(
    fc.constantFrom<Path>(
      [],
      ['title'],
      ['urlPath'],
      ['weather'],
      ['weather', 'wind'],
      ['weather', 'gusts', 1],
      ['pilot', 'x'],
      ['log', 0],
    ),
    text.map((k): Path => ['items', k]),
    text.map((k): Path => ['items', k, 'x']),
    fc.nat(400).map((k): Path => ['byId', k]),
  )
  const delivery = fc.constantFrom<Delivery>('exact', 'safe', 'field', 'store')

  test('feature 35: always: every path is covered, no key covers another, within the limit, and hosts read them as they are meant', () => {
    fc.assert(
      fc.property(
        fc.array(anyPath, { maxLength: 40 }),
        delivery,
        fc.integer({ min: 1, max: 20 }),
        (list, how, limit) => {
          const keys = deliveryKeys(BoardStore, list, how, limit)
          expect(keys.size).toBeLessThanOrEqual(limit)
          for (const path of list) expect(covers(keys, path)).toBe(true)
          const all = [...keys.values()]
          for (const a of all) {
            expect(all.some((b) => a !== b && isPrefix(b.path, a.path))).toBe(false)
            expect(parseKey(BoardStore, a.wire)).toEqual(a.path)
            expect(keys.get(pathKey(a.path))).toBe(a)
            expect(nodeAt(types, stateNode(BoardStore), a.path)).not.toBeNull()
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a broken definition is a typed error', () => {
    const broken = { ...BoardStore, state: 'test.Nothing' }
    expect(() => deliveryKeys(broken, [['items', 'a']], 'safe')).toThrow(
      expect.objectContaining({ name: 'RivuletError', code: 'schema' }),
    )
  })
})

describe('path keys', () => {
  test('keep the types of parts apart', () => {
    const paths: Path[] = [[1], ['1'], [1n], [true], ['true'], ['a', 'b'], ['ab'], ['a:b'], ['a', ''], ['', 'a'], []]
    expect(new Set(paths.map(pathKey)).size).toBe(paths.length)
  })

  test('are equal for equal paths only', () => {
    const part = fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.bigInt(), fc.boolean())
    const some = fc.array(part, { maxLength: 4 })
    fc.assert(
      fc.property(some, some, (a, b) => {
        const same = a.length === b.length && a.every((p, i) => p === b[i] || (p === 0 && b[i] === 0))
        expect(pathKey(a) === pathKey(b)).toBe(same)
      }),
    )
  })
})

describe('limits of the host', () => {
  test('feature 169: many stores together never hold more subscriptions than one viewer may have', async () => {
    const stores = Array.from({ length: 60 }, (_, i): StoreDef => ({ ...BoardStore, name: `Store${i}` }))
    let most = 0
    let held = 0
    const r = await rig({
      stores,
      prepare: (socket) => {
        socket.react = (event, m) => {
          if (event !== 'storesub') return
          held += m['action'] === 0 ? 1 : -1
          most = Math.max(most, held)
        }
      },
    })
    await r.open()
    let id = 0
    for (let store = 0; store < 60; store++) {
      const watches = Array.from({ length: 250 }, (_, i) => ({ id: id++, store, path: ['items', `k${i}`] }))
      await r.engine.watch(watches)
    }
    expect(most).toBeGreaterThan(1000)
    expect(most).toBeLessThanOrEqual(4096)
  })
})
