import { stateNode } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rootDraft } from '../../src/page/optimistic-draft.ts'
import type { DraftScope } from '../../src/page/optimistic-place.ts'
import type { Draft } from '../../src/page/optimistic-types.ts'
import { type Write, written } from '../../src/page/optimistic-writes.ts'
import { typeAt } from '../../src/page/schema-walk.ts'
import { walk } from '../support/fake-engine.ts'
import { fleetEdit } from '../support/fleet-edits.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet, types } from '../support/fleet.ts'

const root = stateNode(FleetStore)

function scopeOver(state: Fleet, loaded: (path: readonly unknown[]) => boolean = () => true): DraftScope {
  const source = { name: 'fleet', types, loaded, read: (path: readonly never[]) => walk(FleetStore, state, path) }
  return { source, writes: [], missing: null, closed: false }
}

/** Runs `recipe` over a draft of `state`; what it has written, and the state then. */
function edit(state: Fleet, recipe: (draft: Draft<Fleet>) => unknown): { writes: readonly Write[]; after: Fleet } {
  const scope = scopeOver(state)
  recipe(rootDraft(scope, root) as Draft<Fleet>)
  return { writes: scope.writes, after: written(types, root, [], state, scope.writes) as Fleet }
}

/** Everything is frozen, so that a draft that wrote to the state itself would throw. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (value instanceof Map) {
    for (const part of value.values()) frozen(part)
    return value
  }
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

describe('a draft', () => {
  test('does what the same code does to a plain copy, and leaves the state alone', () => {
    fc.assert(
      fc.property(fc.array(fleetEdit, { minLength: 1, maxLength: 12 }), (edits) => {
        const state = frozen(makeFleet())
        const before = structuredClone(state)
        const plain = structuredClone(state) as Draft<Fleet>
        const { after } = edit(state, (draft) => {
          for (const { run } of edits) run(draft)
        })
        for (const { run } of edits) run(plain)
        expect(after).toEqual(plain)
        expect(state).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  test('every path shows the same as the whole', () => {
    const paths = [
      ['title'],
      ['at', 'lat'],
      ['boats'],
      ['boats', 'a'],
      ['boats', 'a', 'at', 'lon'],
      ['queue', 0],
      ['marks', 1],
    ]
    fc.assert(
      fc.property(fc.array(fleetEdit, { minLength: 1, maxLength: 8 }), (edits) => {
        const state = makeFleet()
        const { after, writes } = edit(state, (draft) => {
          for (const { run } of edits) run(draft)
        })
        for (const path of paths) {
          expect(written(types, typeAt(FleetStore, root, path), path, walk(FleetStore, state, path), writes)).toEqual(
            walk(FleetStore, after, path),
          )
        }
      }),
      { numRuns: 200 },
    )
  })

  test('writes no more than what was assigned', () => {
    const { writes, after } = edit(makeFleet(), (draft) => {
      const boat = draft.boats?.get('a')
      if (boat !== undefined) boat.at.lat = 9
    })
    expect(writes.map(({ path, value }) => [path.join('.'), value])).toEqual([['boats.a.at.lat', 9]])
    expect(after.boats?.get('a')?.at).toEqual({ lat: 9, lon: 0 })
  })

  test('copies each container once and keeps the rest', () => {
    const state = makeFleet()
    const { after } = edit(state, (draft) => {
      draft.boats?.set('c', makeBoat('Cy') as never)
      draft.boats?.delete('a')
    })
    expect([...(after.boats?.keys() ?? [])]).toEqual(['b', 'c'])
    expect(after.boats?.get('b')).toBe(state.boats?.get('b'))
    expect(after.queue).toBe(state.queue)
    expect(state.boats?.size).toBe(2)
  })

  test('looks like the data it stands for', () => {
    edit(makeFleet({ queue: [makeBoat('x'), makeBoat('y')] }), (draft) => {
      expect(draft.boats).toBeInstanceOf(Map)
      expect(draft.tags).toBeInstanceOf(Set)
      expect(Array.isArray(draft.marks)).toBe(true)
      expect(Object.keys(draft.at)).toEqual(['lat', 'lon'])
      expect({ ...draft.at }).toEqual({ lat: 1, lon: 2 })
      expect('lat' in draft.at && !('nope' in draft.at)).toBe(true)
      expect([...draft.marks]).toEqual([1, 2, 3])
      expect(Object.keys(draft.marks)).toEqual(['0', '1', '2'])
      expect(draft.marks.includes(2) && 2 in draft.marks && !(3 in draft.marks)).toBe(true)
      expect(draft.marks.at(-1)).toBe(3)
      expect(draft.marks[7]).toBeUndefined()
      expect(draft.queue?.map(({ name }) => name)).toEqual(['x', 'y'])
      expect(draft.queue?.find(({ name }) => name === 'y')?.at.lat).toBe(0)
      expect([...(draft.boats?.values() ?? [])].map(({ name }) => name)).toEqual(['Ada', 'Bo'])
      const names: string[] = []
      draft.boats?.forEach((boat, k) => names.push(k + boat.name))
      expect(names).toEqual(['aAda', 'bBo'])
      expect(draft.boats?.get(5 as never)).toBeUndefined()
      expect(draft.boats?.has(5 as never)).toBe(false)
      expect(draft.boats?.delete(5 as never)).toBe(false)
    })
  })

  test('refuses what the type does not have', () => {
    edit(makeFleet(), (draft) => {
      expect(() => Object.assign(draft, { nope: 1 })).toThrow(TypeError)
      expect(() => Reflect.deleteProperty(draft.at, 'lat') || fail()).toThrow('refused')
      expect(() => Object.defineProperty(draft.at, 'lat', { value: 1 })).toThrow(TypeError)
      expect(() => Object.defineProperty(draft.marks, '0', { value: 1 })).toThrow(TypeError)
      expect(() => draft.boats?.set(5 as never, makeBoat('x') as never)).toThrow('no key')
      expect(() => Object.assign(draft.marks, { nope: 1 })).toThrow(TypeError)
    })
  })

  test('dates, bytes and boxes are copies', () => {
    const state = makeFleet()
    const { writes } = edit(state, (draft) => {
      draft.since.setTime(5)
      draft.blob?.fill(9)
      if (draft.note !== null) draft.note.value = 'x'
    })
    expect(writes).toEqual([])
    expect([state.since, state.blob, state.note]).toEqual([new Date(1000), new Uint8Array([1, 2]), { value: null }])
  })

  test('what was assigned can change without changing what it was assigned to', () => {
    const crew = new Map([['x', 1]])
    const { after } = edit(makeFleet(), (draft) => {
      draft.flagship = { name: 'new', at: { lat: 1, lon: 1 }, crew }
      crew.set('y', 2)
      draft.flagship.crew?.set('z', 3)
    })
    expect(after.flagship?.crew).toEqual(
      new Map([
        ['x', 1],
        ['z', 3],
      ]),
    )
    expect(crew.has('z')).toBe(false)
  })

  test('asking for what is not loaded throws and is remembered; what is loaded or was written is there', () => {
    const state = makeFleet()
    const scope = scopeOver(state, (path) => path.join('.').startsWith('boats.a'))
    const draft = rootDraft(scope, root) as Draft<Fleet>
    const boat = draft.boats?.get('a')
    expect(boat?.name).toBe('Ada')
    draft.title = 'written'
    expect(draft.title).toBe('written')
    // Passing through asks for nothing.
    const other = draft.boats?.get('b')
    expect(scope.missing).toBeNull()
    expect(() => other?.name).toThrow('not loaded')
    expect(() => draft.boats?.size).toThrow(expect.objectContaining({ code: 'path', store: 'fleet', path: ['boats'] }))
    expect(scope.missing).toEqual(['boats', 'b', 'name'])
    expect(draft.boats?.delete('b')).toBe(true)
    expect(draft.boats?.get('b')).toBeUndefined()
  })

  test('is of no use after the recipe', () => {
    const scope = scopeOver(makeFleet())
    const draft = rootDraft(scope, root) as Draft<Fleet>
    const { at, boats } = draft
    scope.closed = true
    expect(() => at.lat).toThrow('had returned')
    expect(() => (at.lat = 1)).toThrow('had returned')
    expect(() => boats?.delete('a')).toThrow('had returned')
  })
})

function fail(): never {
  throw new Error('refused')
}
