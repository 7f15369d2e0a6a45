import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createLog } from '../../src/panel/log.ts'
import { createTail } from '../../src/panel/tail.ts'

it('reads everything once, except what the log has let go of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant('read'), fc.constant('clear'))),
      (steps) => {
        const log = createLog<number>(5)
        log.add(-1)
        const expected: number[] = [-1]
        const read: number[] = []
        const tail = createTail(log, (item) => read.push(item))
        let next = 0
        for (const step of [...steps, 'read'] as const) {
          if (step === 'clear') {
            log.clear()
            expected.length = read.length
          } else if (step === 'read') tail()
          else
            for (let i = 0; i < step; i++) {
              log.add(next)
              expected.push(next++)
              if (expected.length - read.length > 5) expected.splice(read.length, 1)
            }
        }
        expect(read).toEqual(expected)
      },
    ),
  )
})

it('hands on each item once, with its position, and skips what is gone', () => {
  const log = createLog<string>(3)
  const got: string[] = []
  const read = createTail(log, (item, position) => got.push(`${item}${position}`))
  for (const item of 'ab') log.add(item)
  expect(read()).toBe(0)
  for (const item of 'cdefg') log.add(item)
  expect(read()).toBe(4)
  expect(read()).toBe(4)
  expect(got).toEqual(['a0', 'b1', 'e4', 'f5', 'g6'])
  log.clear()
  expect(read()).toBe(7)
  log.add('h')
  expect(read()).toBe(7)
  expect(got.at(-1)).toBe('h7')
})

it('who reads seldom reads what is left, not what was', () => {
  const log = createLog<number>(20_000)
  const at = vi.spyOn(log, 'at')
  const read = createTail(log, () => undefined)
  for (let i = 0; i < 1_000_000; i++) log.add(i)
  read()
  expect(at).toHaveBeenCalledTimes(20_000)
})
