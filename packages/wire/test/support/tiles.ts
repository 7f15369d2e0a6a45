import { expect } from 'vitest'
import type { Inspection } from '../../src/inspect/index.ts'

/** Fails unless the parts cover `length` bytes, each exactly once and in order. */
export function expectTiles({ parts }: Inspection, length: number): void {
  let at = 0
  for (const part of parts) {
    expect(part.offset).toBe(at)
    expect(part.length).toBeGreaterThan(0)
    at += part.length
  }
  expect(at).toBe(length)
}
