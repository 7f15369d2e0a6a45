import {
  applyDelta,
  decodeDelta,
  decodeState,
  type Delta,
  encodeDelta,
  encodeState,
  type StoreDef,
} from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FleetStore, makeBoat, makeFleet } from '../../../client/test/support/fleet.ts'
import { sample } from '../../../wire/test/support/arbitrary-delta.ts'
import { changedPaths, historyOf } from '../../src/recording/history.ts'
import { diffMoments, encodeRecording, readRecording, stateAt, takeRecording } from '../../src/recording.ts'
import { buildRing, pathText } from '../support/ring-builder.ts'

const defs = { stores: [FleetStore] }

/** Random traffic of one store, and what its state is after every entry. */
const traffic = sample.chain(({ def, state, delta }) => {
  const step = fc.oneof(
    { weight: 8, arbitrary: delta.map((it) => ({ kind: 'partial' as const, it })) },
    { weight: 1, arbitrary: state.map((it) => ({ kind: 'full' as const, it })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('checkpoint', 'gap', 'resync', 'other', 'unapplied').map((kind) => ({ kind })),
    },
  )
  return fc.record({
    def: fc.constant(def),
    begin: fc.option(state),
    first: fc.integer({ min: 1, max: 5000 }),
    steps: fc.array(step, { maxLength: 40 }),
    order: fc.array(fc.nat(60), { maxLength: 40 }),
  })
})

type Step = { readonly kind: string; readonly it?: unknown }

/** Builds the ring and, with the plainest code there is, the state after each entry; `undefined` = not known. */
function play(def: StoreDef, begin: unknown, first: number, steps: readonly Step[]) {
  const builder = buildRing(first)
  const states = new Map<number, unknown>()
  let state: unknown
  const normal = (value: unknown): unknown => decodeState(def, encodeState(def, value))
  if (begin !== null) {
    state = normal(begin)
    builder.checkpoint(def, state)
  }
  let seq = first - 1
  states.set(seq, state)
  for (const { kind, it } of steps) {
    if (kind === 'full') {
      state = normal(it)
      seq = builder.full(def, it)
    } else if (kind === 'partial') {
      let next: unknown
      try {
        // Deltas that cannot be applied do not come from an engine.
        next =
          state === undefined
            ? undefined
            : applyDelta(def, state, decodeDelta(def, encodeDelta(def, it as Delta))).state
      } catch {
        continue
      }
      state = next
      seq = builder.partial(def, it as Delta)
    } else if (kind === 'checkpoint') {
      if (state === undefined) continue
      builder.checkpoint(def, state)
      // A list of `any` that was filled up has other nulls after the wire.
      state = normal(state)
      states.set(seq, state)
      continue
    } else if (kind === 'gap') {
      builder.gap(def)
      state = undefined
      states.set(seq, state)
      continue
    } else if (kind === 'resync') {
      seq = builder.entry({ type: 'resync', store: def.name, error: { code: 'malformed', what: 'nonsense' } })
    } else if (kind === 'unapplied') {
      seq = builder.frame(
        { dir: 'in', kind: 'storeupdate', store: def.name, update: 'partial', unapplied: true },
        new Uint8Array([9, 9]),
      )
    } else seq = builder.frame({ dir: 'out', kind: 'storesub', store: def.name, key: '', action: 'subscribe' })
    states.set(seq, state)
  }
  return { ring: builder.ring(), states }
}

describe('stateAt', () => {
  test('is the state at every entry, in whatever order it is asked, also after a file', () => {
    fc.assert(
      fc.property(traffic, ({ def, begin, first, steps, order }) => {
        const { ring, states } = play(def, begin, first, steps)
        const recording = takeRecording(ring, { stores: [def] })
        const again = readRecording(encodeRecording(recording))
        const seqs = [...states.keys()]
        const visits = [...order.map((n) => seqs[n % seqs.length] as number), ...seqs, ...seqs.toReversed()]
        for (const seq of visits) {
          expect(stateAt(recording, def, seq)).toEqual(states.get(seq))
          expect(stateAt(again, def, seq)).toEqual(states.get(seq))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('two moments differ in exactly the places that diffMoments lists', () => {
    fc.assert(
      fc.property(traffic, fc.nat(), fc.nat(), ({ def, begin, first, steps }, i, j) => {
        const { ring, states } = play(def, begin, first, steps)
        const recording = takeRecording(ring, { stores: [def] })
        const seqs = [...states.keys()]
        const [a, b] = [seqs[i % seqs.length] as number, seqs[j % seqs.length] as number]
        const { changes } = diffMoments(recording, a, b)
        const same = JSON.stringify(text(states.get(a))) === JSON.stringify(text(states.get(b)))
        expect(changes.length === 0).toBe(same)
        expect(new Set(changes.map(({ path }) => pathText(path))).size).toBeLessThanOrEqual(changes.length)
        const back = diffMoments(recording, b, a).changes
        expect(new Set(back.map(({ path }) => pathText(path)))).toEqual(
          new Set(changes.map(({ path }) => pathText(path))),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('takes nothing back that it gave: a state stays as it was while others are built', () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    for (let i = 0; i < 100; i++) ring.partial(FleetStore, { count: { set: i }, at: { mod: { lat: { set: i } } } })
    const recording = takeRecording(ring.ring(), defs)
    const early = stateAt(recording, FleetStore, 5)
    const copy = structuredClone(early)
    stateAt(recording, FleetStore, 101)
    stateAt(recording, FleetStore, 50)
    stateAt(recording, FleetStore, 5)
    expect(early).toEqual(copy)
  })

  test('neighbours share what did not change, also around a whole state', () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    ring.partial(FleetStore, { count: { set: 7 } })
    ring.full(FleetStore, makeFleet({ count: 8 }))
    const recording = takeRecording(ring.ring(), defs)
    const [one, two, three] = [1, 2, 3].map((seq) => stateAt(recording, FleetStore, seq))
    expect(two?.boats).toBe(one?.boats)
    expect(three?.boats).toBe(one?.boats)
    expect(three?.count).toBe(8)
  })

  test('a delta before any state, and after a gap, goes nowhere', () => {
    const ring = buildRing()
    ring.partial(FleetStore, { count: { set: 3 } })
    ring.gap(FleetStore)
    ring.partial(FleetStore, { count: { set: 4 } })
    ring.checkpoint(FleetStore, makeFleet({ count: 9 }))
    ring.partial(FleetStore, { open: { set: false } })
    const recording = takeRecording(ring.ring(), defs)
    expect(stateAt(recording, FleetStore, 0)).toBeUndefined()
    expect(stateAt(recording, FleetStore, 1)).toBeUndefined()
    expect(stateAt(recording, FleetStore, 2)?.count).toBe(9)
    expect(stateAt(recording, FleetStore, 3)).toMatchObject({ count: 9, open: false })
  })

  test('a message whose bytes were not kept is a gap', () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    ring.frame({ dir: 'in', kind: 'storeupdate', store: 'fleet', update: 'full' })
    ring.partial(FleetStore, { count: { set: 4 } })
    ring.full(FleetStore, makeFleet({ count: 5 }))
    const recording = takeRecording(ring.ring(), defs)
    expect([1, 2, 3, 4].map((seq) => stateAt(recording, FleetStore, seq)?.count)).toEqual([2, undefined, undefined, 5])
  })

  test('a store without a descriptor, and a message that does not fit', () => {
    const ring = buildRing()
    ring.frame({ dir: 'in', kind: 'storeupdate', store: 'fleet', update: 'full' }, new Uint8Array([0x63, 1]))
    const recording = takeRecording(ring.ring(), defs)
    expect(() => stateAt(recording, 'ghost', 1)).toThrow(
      expect.objectContaining({ code: 'unknown-store', store: 'ghost' }),
    )
    expect(() => stateAt(recording, 'fleet', 1)).toThrow(expect.objectContaining({ store: 'fleet' }))
  })

  test('back and forth through 10,000 deltas: few are applied again', () => {
    const ring = buildRing()
    const boats = new Map(Array.from({ length: 1000 }, (_, i) => [`b${i}`, makeBoat(`Boat ${i}`)]))
    ring.full(FleetStore, makeFleet({ boats }))
    for (let i = 0; i < 10_000; i++)
      ring.partial(FleetStore, { boats: { mods: new Map([[`b${i % 1000}`, { at: { mod: { lat: { set: i } } } }]]) } })
    const recording = takeRecording(ring.ring(), defs)
    const began = performance.now()
    expect(stateAt(recording, FleetStore, 10_001)?.boats?.get('b999')?.at.lat).toBe(9999)
    const once = performance.now() - began
    const jumps = performance.now()
    for (let i = 0; i < 100; i++) {
      const seq = 2 + ((i * 6421) % 10_000)
      expect(stateAt(recording, FleetStore, seq)?.boats?.get(`b${(seq - 2) % 1000}`)?.at.lat).toBe(seq - 2)
    }
    const jump = (performance.now() - jumps) / 100
    // 10,000 deltas against at most 40.
    expect(jump).toBeLessThan(once / 3)
    console.log(`10,000 deltas once: ${once.toFixed(0)} ms, a jump after that: ${jump.toFixed(2)} ms`)
  })
})

describe('what changed', () => {
  test('the paths of one delta', () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    ring.partial(FleetStore, {
      count: { set: 7 },
      boats: { mods: new Map([['a', { at: { mod: { lat: { set: 40 } } } }]]) },
    })
    ring.partial(FleetStore, { count: { set: 7 } })
    const history = historyOf(takeRecording(ring.ring(), defs), 'fleet')
    const changed = (a: number, b: number): unknown => changedPaths(FleetStore, history.at(a), history.at(b))
    expect(changed(0, 1)).toEqual([[]])
    expect(changed(1, 2)).toEqual([['count'], ['boats', 'a', 'at', 'lat']])
    expect(changed(2, 3)).toEqual([])
    expect(history.changes).toEqual([1, 2, 3])
  })

  test('before and after; undefined where a place does not exist', () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    ring.partial(FleetStore, { boats: { deletes: new Set(['b']), sets: new Map([['c', makeBoat('Cy')]]) } })
    const recording = takeRecording(ring.ring(), defs)
    expect(diffMoments(recording, 1, 2)).toEqual({
      changes: [
        { store: 'fleet', path: ['boats', 'c'], before: undefined, after: makeBoat('Cy') },
        { store: 'fleet', path: ['boats', 'b'], before: makeBoat('Bo', 2), after: undefined },
      ],
      more: 0,
    })
    expect(diffMoments(recording, 1, 2, { limit: 1 })).toMatchObject({ changes: [{ path: ['boats', 'c'] }], more: 1 })
    expect(diffMoments(recording, 1, 2, { store: 'other' }).changes).toEqual([])
    expect(diffMoments(recording, 0, 1).changes).toEqual([
      { store: 'fleet', path: [], before: undefined, after: makeFleet() },
    ])
  })
})

/** A value as text in which equal states are equal, whatever the order of map keys. */
function text(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return String(value)
  if (value instanceof Date) return `at ${value.getTime()}`
  if (value instanceof Uint8Array) return [...value]
  if (value instanceof Map) return [...value].map(([k, v]) => JSON.stringify([text(k), text(v)])).toSorted()
  if (value instanceof Set) return [...value].map((k) => JSON.stringify(text(k))).toSorted()
  if (Array.isArray(value)) return value.map(text)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, text(v)]))
  return value ?? null
}
