import type { FeedEntry } from '@rivulet/client/inspect'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTraffic } from '../../../../src/panel/views/wire/traffic.ts'

const frame = (at: number, dir: 'in' | 'out', bytes: number, kind: 'storeupdate' | 'event' = 'event'): FeedEntry => ({
  type: 'frame',
  seq: 1,
  at,
  dir,
  kind,
  bytes,
})
const patch = (at: number, page = 1): FeedEntry => ({ type: 'patch', seq: 1, at, page, number: 1, bytes: 1 })

test('counts messages and bytes per second in slots', () => {
  const traffic = createTraffic(500, 4)
  traffic.add(frame(10_000, 'in', 100), 1)
  traffic.add(frame(10_499, 'in', 50), 1)
  traffic.add(frame(10_500, 'out', 7), 1)
  traffic.add(patch(10_600), 1)
  expect([...traffic.rates('inMessages')]).toEqual([0, 0, 4, 0])
  expect([...traffic.rates('inBytes')]).toEqual([0, 0, 300, 0])
  expect([...traffic.rates('outMessages')]).toEqual([0, 0, 0, 2])
  expect([...traffic.rates('outBytes')]).toEqual([0, 0, 0, 14])
})

test('time goes on without messages, and what is late counts where it belongs', () => {
  const traffic = createTraffic(500, 4)
  traffic.add(frame(10_000, 'in', 1), 1)
  traffic.advance(11_000)
  traffic.add(frame(10_600, 'in', 1), 1)
  expect([...traffic.rates('inMessages')]).toEqual([0, 2, 2, 0])
  traffic.advance(11_500)
  expect([...traffic.rates('inMessages')]).toEqual([2, 2, 0, 0])
  // Too late to be shown.
  traffic.add(frame(9000, 'in', 1), 1)
  expect([...traffic.rates('inMessages')]).toEqual([2, 2, 0, 0])
  traffic.advance(1e9)
  expect([...traffic.rates('inMessages')]).toEqual([0, 0, 0, 0])
})

test('says how many updates a patch of this page stands for', () => {
  const traffic = createTraffic(500, 4)
  for (let i = 0; i < 6; i++) traffic.add(frame(1000, 'in', 1, 'storeupdate'), 1)
  traffic.add(frame(1000, 'in', 1), 1)
  // Of another page.
  traffic.add(patch(1000, 2), 1)
  traffic.add(patch(1001), 1)
  traffic.add(frame(1002, 'in', 1, 'storeupdate'), 1)
  traffic.add(frame(1003, 'in', 1, 'storeupdate'), 1)
  traffic.add(patch(1004), 1)
  expect([...traffic.conflation()]).toEqual([0, 0, 0, 4])
  expect(traffic.nowConflation).toBe(4)
})

test('the sum over the slots is what was counted in them', () => {
  const entries = fc.array(fc.record({ at: fc.integer({ min: 0, max: 20_000 }), bytes: fc.nat(1000) }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(entries, (all) => {
      const traffic = createTraffic(500, 8)
      const sorted = all.toSorted((a, b) => a.at - b.at)
      for (const { at, bytes } of sorted) traffic.add(frame(at, 'in', bytes), 1)
      const newest = Math.floor((sorted.at(-1)?.at ?? 0) / 500)
      const kept = sorted.filter(({ at }) => Math.floor(at / 500) > newest - 8)
      const sum = [...traffic.rates('inBytes')].reduce((a, b) => a + b, 0) / 2
      expect(sum).toBe(kept.reduce((a, { bytes }) => a + bytes, 0))
    }),
  )
})
