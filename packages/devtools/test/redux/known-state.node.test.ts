import { decodeValue, type Path, type StoreDef } from '@rivulet/wire'
import { describe, expect, test, vi } from 'vitest'
import type { Probe, ProbeSubscriber } from '@rivulet/client/inspect'
import { createKnownStates, TOO_LARGE, writesOf } from '../../src/redux/known-state.ts'

interface Fleet {
  readonly tide: number
  readonly boats: ReadonlyMap<string, { readonly name: string }> | null
  readonly log: readonly string[] | null
}

const Fleet: StoreDef<Fleet> = {
  kind: 'store',
  name: 'FleetStore',
  state: 'test.Fleet',
  types: [
    {
      'test.Boat': { form: 'partial', fields: [{ name: 'name', id: 1, type: { kind: 'string' } }] },
      'test.Fleet': {
        form: 'partial',
        fields: [
          { name: 'tide', id: 1, type: { kind: 'int32' } },
          {
            name: 'boats',
            id: 2,
            type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'test.Boat' } },
          },
          { name: 'log', id: 3, type: { kind: 'array', elem: { kind: 'string' } } },
        ],
      },
    },
  ],
}

/** A store of which these paths are followed, with these values. */
function page(values: readonly (readonly [path: Path, value: unknown])[], lists: readonly Path[] = []) {
  const at = new Map(values.map(([path, value]) => [JSON.stringify(path), value]))
  const subscriber = (path: Path, list?: true): ProbeSubscriber => ({
    path,
    status: 'live',
    version: 1,
    origins: [null],
    ...(list && { list }),
  })
  const subscribers = (): ProbeSubscriber[] => [
    ...values.map(([path]) => subscriber(path)),
    ...lists.map((path) => subscriber(path, true)),
  ]
  const get = vi.fn<(path?: Path) => unknown>((path = []) => at.get(JSON.stringify(path)))
  const store = { def: Fleet, get } as unknown as Probe['client']['stores'][number]
  return { probe: { subscribers } as unknown as Probe, store, at }
}

const read = (bytes: Uint8Array | null | undefined, node: Parameters<typeof decodeValue>[1]): unknown =>
  decodeValue(Fleet.types, node, bytes)

describe('what a page knows', () => {
  test('of a store that is followed as a whole is all of it', () => {
    const { probe, store } = page([
      [[], { tide: 1, boats: null, log: [] }],
      [['tide'], 1],
    ])
    expect(createKnownStates(probe, 100)(store)).toEqual({ tide: 1, boats: null, log: [] })
  })

  test('of another is what is followed, by its path; what is below of it is in it', () => {
    const { probe, store } = page(
      [
        [['boats', 'a b', 'name'], 'Ada'],
        [['boats', 'gone'], undefined],
        [['log', 2], 'two'],
        [['tide'], 3],
      ],
      [['boats']],
    )
    expect(createKnownStates(probe, 100)(store)).toEqual({
      tide: 3,
      'boats["a b"].name': 'Ada',
      'boats["gone"]': { $undefined: true },
      'log[2]': 'two',
    })
    const below = page([
      [['boats', 'a', 'name'], 'Ada'],
      [['boats'], new Map([['a', { name: 'Ada' }]])],
    ])
    expect(createKnownStates(below.probe, 100)(below.store)).toEqual({ boats: { $map: [['a', { name: 'Ada' }]] } })
  })

  test('is walked again only when it differs', () => {
    const { probe, store, at } = page([[['log'], ['one']]])
    const known = createKnownStates(probe, 100)
    const first = known(store)
    expect(known(store)).toBe(first)
    at.set('["log"]', ['one', 'two'])
    expect(known(store)).toEqual({ log: ['one', 'two'] })
  })

  test('may be too much', () => {
    const { probe, store } = page([[['log'], ['1', '2', '3', '4']]])
    expect(createKnownStates(probe, 3)(store)).toBe(TOO_LARGE)
  })
})

describe('what shows such a state', () => {
  test('is one write for a whole one', () => {
    const [write, ...others] = writesOf(Fleet, { tide: 5, boats: { $map: [['a', { name: 'Ada' }]] }, log: null })
    expect(others).toEqual([])
    expect(write?.path).toEqual([])
    expect(read(write?.bytes, { kind: 'struct', ref: 'test.Fleet' })).toEqual({
      tide: 5,
      boats: new Map([['a', { name: 'Ada' }]]),
      log: null,
    })
  })

  test('is one write per path for another; what is not in the schema is left out', () => {
    const writes = writesOf(Fleet, {
      tide: 3,
      'boats["a b"].name': 'Ada',
      'boats["gone"]': { $undefined: true },
      'log[2]': 'two',
      anchor: 1,
    })
    expect(writes.map(({ path }) => path)).toEqual([['tide'], ['boats', 'a b', 'name'], ['boats', 'gone'], ['log', 2]])
    const [tide, name, gone, line] = writes
    expect(read(tide?.bytes, { kind: 'int32' })).toBe(3)
    expect(read(name?.bytes, { kind: 'string' })).toBe('Ada')
    expect(gone?.bytes).toBeNull()
    expect(read(line?.bytes, { kind: 'string' })).toBe('two')
  })

  test('says what does not fit', () => {
    expect(() => writesOf(Fleet, { tide: 'high' })).toThrow('FleetStore.tide')
  })
})
