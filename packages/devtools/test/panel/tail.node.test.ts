import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLog } from '../../src/panel/log.ts'
import { createTail } from '../../src/panel/tail.ts'

it('reads everything once, except what the log has let go of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant('read'), fc.constant('clear'))),
      (steps) => {
        const log = createLog<number>(5)
        log.add(-1)
        const tail = createTail(log)
        const expected: number[] = [-1]
        const read: number[] = []
        let next = 0
        for (const step of [...steps, 'read'] as const) {
          if (step === 'clear') {
            log.clear()
            expected.length = read.length
          } else if (step === 'read') tail((item) => read.push(item))
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
