import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBytesMemory } from '../../src/panel/bytes-memory.ts'

describe('bytes memory', () => {
  it('keeps what fits, and lets go of what was used least recently', () => {
    const memory = createBytesMemory(3 * (64 + 10))
    for (const seq of [1, 2, 3]) memory.set(seq, new Uint8Array(10))
    memory.get(1)
    memory.set(4, new Uint8Array(10))
    expect([1, 2, 3, 4].map((seq) => memory.get(seq)?.length)).toEqual([10, undefined, 10, 10])
    memory.clear()
    expect(memory.get(1)).toBeUndefined()
  })

  it('does not keep what is too large by itself, and forgets what it replaces', () => {
    const memory = createBytesMemory(100)
    memory.set(1, new Uint8Array(10))
    memory.set(1, new Uint8Array(1000))
    expect(memory.get(1)).toBeUndefined()
    memory.set(2, new Uint8Array(36))
    expect(memory.get(2)).toBeDefined()
  })

  it('never holds more than its limit, and always what was set last if that fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ seq: fc.nat({ max: 20 }), size: fc.nat({ max: 400 }), read: fc.nat({ max: 20 }) })),
        (steps) => {
          const memory = createBytesMemory(1000)
          for (const { seq, size, read } of steps) {
            memory.get(read)
            memory.set(seq, new Uint8Array(size))
            expect(memory.get(seq)?.length).toBe(size)
            const held = Array.from({ length: 21 }, (_, i) => memory.get(i)).filter((bytes) => bytes !== undefined)
            expect(held.reduce((sum, { length }) => sum + length + 64, 0)).toBeLessThanOrEqual(1000)
          }
        },
      ),
    )
  })
})
