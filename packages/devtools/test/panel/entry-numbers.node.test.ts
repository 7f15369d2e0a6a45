import type { FeedEntry, RingCopy } from '@rivulet/client/inspect'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEntryNumbers } from '../../src/panel/entry-numbers.ts'

const frame = (seq: number): FeedEntry => ({ type: 'frame', dir: 'in', kind: 'other', bytes: 0, at: 0, seq })
const patch = (seq: number, number: number, from?: number): FeedEntry => ({
  type: 'patch',
  page: 1,
  number,
  bytes: 0,
  at: 0,
  seq,
  ...(from === undefined ? {} : { from, to: seq - 1 }),
})

describe('numbers of entries', () => {
  it('are those of the first engine, whose entries are not copied', () => {
    const numbers = createEntryNumbers()
    expect(numbers.begin(1)).toBe(true)
    const entry = frame(5)
    expect(numbers.entry(entry)).toBe(entry)
    expect(numbers.inEngine(5)).toBe(5)
    expect(numbers.eras).toMatchObject([{ seq: 1 }])
  })

  it('go on behind it for the next, everywhere', () => {
    const numbers = createEntryNumbers()
    numbers.begin(1)
    numbers.entry(frame(7))
    expect(numbers.begin(2)).toBe(true)
    expect(numbers.begin(2)).toBe(false)
    expect(numbers.entry(patch(3, 1, 2))).toMatchObject({ seq: 10, from: 9, to: 9 })
    expect(numbers.entry(patch(4, 2))).not.toHaveProperty('from')
    expect(numbers.inEngine(7)).toBeUndefined()
    expect(numbers.inEngine(10)).toBe(3)
    expect(numbers.checkpoint({ store: 's', seq: 2, at: 0, state: new ArrayBuffer(0) }).seq).toBe(9)
    const store = { name: 's', keys: [], watches: [], fullStore: false, seq: 2 }
    expect(numbers.store(store).seq).toBe(9)
    expect(numbers.store({ ...store, seq: 0 }).seq).toBe(0)
    const ring: RingCopy = {
      first: 1,
      last: 2,
      entries: [frame(1), frame(2)],
      payloads: [[2, new ArrayBuffer(1)]],
      checkpoints: [{ store: 's', seq: 1, at: 0, state: new ArrayBuffer(0) }],
    }
    const { first, last, entries, payloads, checkpoints } = numbers.ring(ring)
    expect([first, last]).toEqual([8, 9])
    expect([entries[1]?.seq, payloads[0]?.[0], checkpoints[0]?.seq]).toEqual([9, 9, 8])
    expect(numbers.ring({ ...ring, first: 0, last: 0, entries: [] })).toMatchObject({ first: 0, last: 0 })
  })

  it('only grow, whatever engines come, and lead back into the engine that speaks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), { maxLength: 8 }),
        (engines) => {
          const numbers = createEntryNumbers()
          let highest = 0
          for (const [i, steps] of engines.entries()) {
            numbers.begin(i)
            const start = highest
            let seq = 0
            for (const step of steps) {
              seq += step
              const { seq: shown } = numbers.entry(frame(seq))
              expect(shown).toBeGreaterThan(highest)
              expect(numbers.inEngine(shown)).toBe(seq)
              highest = shown
            }
            expect(numbers.inEngine(start)).toBeUndefined()
            expect(numbers.eras.at(-1)?.seq).toBe(start + 1)
          }
        },
      ),
    )
  })

  it('are kept of the last 100 engines', () => {
    const numbers = createEntryNumbers()
    for (let i = 0; i < 250; i++) numbers.begin(i)
    expect(numbers.eras).toHaveLength(100)
  })
})

describe('numbers of patches', () => {
  const onPage = (number: number) =>
    ({
      type: 'patch',
      number,
      at: 0,
      bytes: 0,
      apply: 0,
      notify: 0,
      settle: 0,
      changes: [],
      more: 0,
      runs: [],
    }) as const

  it('are the same in the feed and on the page, whichever hears of the new engine first', () => {
    for (const pageFirst of [true, false]) {
      const numbers = createEntryNumbers()
      numbers.begin(1)
      numbers.entry(patch(1, 1))
      numbers.page(onPage(1))
      const heard: unknown[] = []
      if (pageFirst) heard.push(numbers.page(onPage(1)))
      numbers.begin(2)
      if (!pageFirst) heard.push(numbers.page(onPage(1)))
      const { number } = numbers.entry(patch(1, 1)) as { readonly number: number }
      expect(heard).toMatchObject([{ number }])
      expect(number).toBeGreaterThan(1)
      expect(numbers.page(onPage(2))).toMatchObject({ number: number + 1 })
    }
  })

  it('are none of other events', () => {
    const event = { type: 'lost', lost: 3 } as const
    expect(createEntryNumbers().page(event)).toBe(event)
  })
})
