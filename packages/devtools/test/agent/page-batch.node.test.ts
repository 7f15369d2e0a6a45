import type { ProbeChange, ProbeOrigin } from '@rivulet/client/inspect'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPageBatch, type PageBatch } from '../../src/agent/page-batch.ts'
import type { PageEvent } from '../../src/protocol.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

interface Rig {
  readonly batch: PageBatch
  readonly sent: PageEvent[][]
  busy: boolean
}

function rig(): Rig {
  const out: Rig = {
    sent: [],
    busy: false,
    batch: createPageBatch(
      (events) => out.sent.push([...events]),
      () => out.busy,
    ),
  }
  return out
}

const origin = (id: number, more: Partial<ProbeOrigin> = {}): ProbeOrigin => ({ id, name: `C${id}`, runs: 1, ...more })

function patch({ batch }: Rig, number: number, changes: readonly ProbeChange[] = []): void {
  batch.observer.patch({ number, bytes: 10, began: 1, applied: 3, notified: 6, changes, more: 0 })
  batch.observer.settled(number, 10)
}

const change = (...origins: readonly (ProbeOrigin | null)[]): ProbeChange => ({ store: 's', path: ['a'], origins })

describe('a batch', () => {
  test('comes 50 ms after the first event, once, and not at all without', () => {
    const it = rig()
    vi.advanceTimersByTime(1000)
    expect(it.sent).toEqual([])
    patch(it, 1)
    vi.advanceTimersByTime(30)
    patch(it, 2)
    expect(it.sent).toEqual([])
    vi.advanceTimersByTime(20)
    expect(it.sent.map((events) => events.map(({ type }) => type))).toEqual([['patch', 'patch']])
    vi.advanceTimersByTime(1000)
    expect(it.sent).toHaveLength(1)
  })

  test('has times as the panel wants them', () => {
    const it = rig()
    patch(it, 1)
    vi.advanceTimersByTime(50)
    expect(it.sent[0]?.[0]).toMatchObject({ at: performance.timeOrigin + 1, apply: 2, notify: 3, settle: 4, bytes: 10 })
  })

  test('of a patch: the hooks that ran until the next, told by it or not', () => {
    const it = rig()
    patch(it, 1)
    it.batch.observer.ran(origin(1), 1)
    it.batch.observer.ran(origin(1), undefined)
    it.batch.observer.ran(origin(2), undefined)
    patch(it, 2)
    // Told by a patch before this one, late.
    it.batch.observer.ran(origin(1), 1)
    vi.advanceTimersByTime(50)
    const patches = it.sent[0]?.filter((event) => event.type === 'patch')
    expect(patches?.map(({ runs }) => runs)).toEqual([
      [
        { origin: 1, told: 1, other: 1 },
        { origin: 2, told: 0, other: 1 },
      ],
      [{ origin: 1, told: 0, other: 1 }],
    ])
  })

  test('of hooks without a patch: runs', () => {
    const it = rig()
    it.batch.observer.ran(origin(1), undefined)
    it.batch.observer.ran(origin(1), undefined)
    vi.advanceTimersByTime(50)
    expect(it.sent[0]).toMatchObject([{ type: 'origins' }, { type: 'runs', runs: [{ origin: 1, other: 2 }] }])
  })

  test('names each origin once, with where it is', () => {
    const it = rig()
    const one = origin(1, { source: 'a.ts:1:1', hook: 'useStore' })
    patch(it, 1, [change(one, null)])
    it.batch.observer.ran(one, undefined)
    vi.advanceTimersByTime(50)
    patch(it, 2, [change(one)])
    vi.advanceTimersByTime(50)
    const named = it.sent.flat().filter((event) => event.type === 'origins')
    expect(named).toEqual([{ type: 'origins', origins: [one] }])
    const patches = it.sent.flat().filter((event) => event.type === 'patch')
    expect(patches.map(({ changes }) => changes[0]?.origins)).toEqual([[one, null], [one]])
  })

  test('reads few names at a time: the others follow', () => {
    const it = rig()
    let read = 0
    const slow = (id: number): ProbeOrigin => ({
      id,
      runs: 1,
      get name() {
        read++
        return `C${id}`
      },
    })
    const origins = Array.from({ length: 1000 }, (_, i) => slow(i + 1))
    patch(it, 1, [change(...origins)])
    vi.advanceTimersByTime(50)
    // Each that is named is read for its event and for the change.
    expect(read).toBeLessThanOrEqual(2 * 300 + 300)
    vi.advanceTimersByTime(1000)
    const named = it.sent.flat().flatMap((event) => (event.type === 'origins' ? event.origins.map(({ id }) => id) : []))
    expect(named.toSorted((a, b) => a - b)).toEqual(origins.map(({ id }) => id))
    const first = it.sent.flat().find((event) => event.type === 'patch')
    expect(first?.changes[0]?.origins.filter((one) => one?.name === '')).toHaveLength(700)
  })

  test('waits for a panel that is behind', () => {
    const it = rig()
    it.busy = true
    patch(it, 1)
    vi.advanceTimersByTime(500)
    patch(it, 2)
    expect(it.sent).toEqual([])
    it.busy = false
    vi.advanceTimersByTime(50)
    expect(it.sent.map((events) => events.length)).toEqual([2])
  })

  test('ends with what it had', () => {
    const it = rig()
    patch(it, 1)
    it.batch.end()
    vi.advanceTimersByTime(500)
    expect(it.sent).toEqual([])
  })
})

describe('bounds', () => {
  test('of events, changes and hooks: the rest is counted', () => {
    const it = rig()
    it.busy = true
    const all = Array.from({ length: 200 }, () => change(null))
    for (let i = 0; i < 150; i++) patch(it, i, all)
    for (let i = 0; i < 5000; i++) patch(it, 1000 + i)
    for (let i = 0; i < 2500; i++) it.batch.observer.ran(origin(i), undefined)
    it.busy = false
    vi.advanceTimersByTime(100)
    const events = it.sent.flat()
    const patches = events.filter((event) => event.type === 'patch')
    expect(patches).toHaveLength(5000)
    expect(patches.filter(({ changes }) => changes.length > 0)).toHaveLength(100)
    // 50 patches with too many changes, 100 with too many before them, 500 hooks of the last.
    expect(events.filter((event) => event.type === 'lost')).toEqual([{ type: 'lost', lost: 650 }])
  })

  test('whatever happens, in whatever order: every patch and every run is there or counted', () => {
    const step = fc.oneof(
      fc.constant('patch' as const),
      fc.record({ id: fc.integer({ min: 1, max: 5 }), told: fc.boolean() }),
      fc.constant('wait' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const it = rig()
        let [patches, runs] = [0, 0]
        for (const one of steps) {
          if (one === 'patch') patch(it, ++patches)
          else if (one === 'wait') vi.advanceTimersByTime(60)
          else {
            runs++
            it.batch.observer.ran(origin(one.id), one.told ? patches : undefined)
          }
        }
        vi.advanceTimersByTime(1000)
        const events = it.sent.flat()
        expect(events.filter(({ type }) => type === 'patch')).toHaveLength(patches)
        const counted = events.flatMap((event) => {
          if (event.type === 'patch') return event.runs.map(({ told, other }) => told + other)
          return event.type === 'runs' ? event.runs.map(({ other }) => other) : []
        })
        expect(counted.reduce((a, b) => a + b, 0)).toBe(runs)
      }),
    )
  })
})
