import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSequence } from '../audio/sequence.ts'

function taking(...numbers: readonly number[]) {
  const sequence = createSequence()
  const said = numbers.map((n) => sequence.take(n))
  return { said, ...sequence.arrivals }
}

describe('the numbers of frames', () => {
  test('may begin anywhere and count up', () => {
    expect(taking(88, 89, 90)).toEqual({
      said: ['next', 'next', 'next'],
      received: 3,
      lost: 0,
      gaps: 0,
      late: 0,
      duplicates: 0,
      restarts: 0,
      highest: 90,
    })
  })

  test('nothing taken, nothing known', () => {
    expect(taking()).toMatchObject({ received: 0, highest: null })
  })

  test('what is skipped is lost, until it comes late', () => {
    expect(taking(0, 3)).toMatchObject({ said: ['next', 'gap'], received: 2, lost: 2, gaps: 1 })
    expect(taking(0, 3, 1)).toMatchObject({ said: ['next', 'gap', 'late'], received: 3, lost: 1, late: 1 })
  })

  test('what comes again is a duplicate, late or not', () => {
    expect(taking(0, 0)).toMatchObject({ received: 1, duplicates: 1 })
    expect(taking(0, 2, 1, 1)).toMatchObject({ lost: 0, late: 1, duplicates: 1 })
  })

  test('what lies far back is a new beginning', () => {
    expect(taking(5000, 5001, 7, 8)).toMatchObject({
      said: ['next', 'next', 'restart', 'next'],
      received: 4,
      restarts: 1,
      lost: 0,
      highest: 8,
    })
  })

  test('a leap over everything costs neither time nor memory', () => {
    const { said, lost } = taking(0, Number.MAX_SAFE_INTEGER)
    expect(said).toEqual(['next', 'gap'])
    expect(lost).toBe(Number.MAX_SAFE_INTEGER - 1)
  })

  test('in any order, with any repeated and any left out, the counts are those of the sets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 200 }), (rest) => {
        const { received, lost, late, duplicates, highest, said } = taking(0, ...rest)
        const different = new Set([0, ...rest])
        const top = Math.max(...different)
        expect(highest).toBe(top)
        expect(received).toBe(different.size)
        expect(lost).toBe(top + 1 - different.size)
        expect(duplicates).toBe(rest.length + 1 - different.size)
        expect(late).toBe(said.filter((each) => each === 'late').length)
      }),
    )
  })

  test('with any numbers nothing is counted below zero, and every number is counted once', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5000), fc.maxSafeNat()), { maxLength: 100 }), (numbers) => {
        const { said, received, lost, late, duplicates } = taking(...numbers)
        expect(received + duplicates).toBe(numbers.length)
        expect(said).toHaveLength(numbers.length)
        expect(Math.min(lost, late, duplicates)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
