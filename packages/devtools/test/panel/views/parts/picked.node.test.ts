import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog, type Log } from '../../../../src/panel/log.ts'
import { createTail } from '../../../../src/panel/tail.ts'
import { createPicked } from '../../../../src/panel/views/parts/picked.ts'

/** A log that counts how often it is read. */
function counted<T>(log: Log<T>): Log<T> & { reads: number } {
  return Object.assign(Object.create(log) as Log<T>, {
    reads: 0,
    at(this: { reads: number }, index: number) {
      this.reads++
      return log.at(index)
    },
  })
}

test('a million items through a log of 20,000 cost one read each, and what is picked stays as small', () => {
  const log = createLog<number>(20_000)
  const reading = counted(log)
  const picked = createPicked<number>()
  let forgotten = 0
  const read = createTail(reading, (item, position) => {
    if (item % 3 === 0) picked.add(item, position)
  })
  let dropped = 0
  for (let i = 0; i < 1_000_000; i++) {
    log.add(i)
    if (i % 170 === 169)
      dropped += picked.dropBefore(read(), () => {
        forgotten++
      })
  }
  dropped += picked.dropBefore(read())
  expect(reading.reads).toBe(1_000_000)
  expect(picked.size).toBeLessThanOrEqual(6667)
  expect(picked.at(0)).toBe(980_001)
  expect(picked.at(picked.size - 1)).toBe(999_999)
  expect(dropped).toBe(333_334 - picked.size)
  expect(forgotten).toBeGreaterThan(300_000)
})

test('picked items are those of a plain filter, whatever is added, dropped and cleared', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ drop: fc.integer({ min: 0, max: 900 }) }),
      fc.constant({ clear: true }),
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(steps, (sequence) => {
      const picked = createPicked<string>()
      let plain: (readonly [number, string])[] = []
      let position = 0
      let oldest = 0
      let dropped = 0
      for (const step of sequence) {
        if ('add' in step) {
          for (let i = 0; i < step.add; i++, position++) {
            picked.add(`i${position}`, position)
            plain.push([position, `i${position}`])
          }
        } else if ('drop' in step) {
          oldest = Math.min(position, oldest + step.drop)
          const before = plain.length
          plain = plain.filter(([at]) => at >= oldest)
          dropped = picked.dropBefore(oldest) - (before - plain.length)
        } else {
          picked.clear()
          plain = []
        }
        expect(dropped).toBe(0)
        expect(picked.size).toBe(plain.length)
        for (const i of [0, 1, plain.length >> 1, plain.length - 1]) expect(picked.at(i)).toBe(plain[i]?.[1])
        expect(picked.at(plain.length)).toBeUndefined()
        const all: (readonly [number, string])[] = []
        picked.forEach((item, at) => all.push([at, item]))
        expect(all).toEqual(plain)
        expect(picked.findLast((item) => item === plain.at(-1)?.[1])).toBe(plain.length - 1)
      }
    }),
  )
})
