import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUnit, frameUnit, RivuletError, decodeUnit } from '../../src/index.ts'
import { inspectUnit } from '../../src/inspect/index.ts'

const FRAME = Buffer.from(
  '525344310103000002000000000000000b000000000000002a000000000000000700000000000000000000000000000000000000030004000300000063616d68323634010203',
  'hex',
)

const rows = (bytes: Uint8Array) =>
  inspectUnit(bytes, 'Cam').parts.map(({ offset, length, path, value }) => [offset, length, path, value])

describe('a unit', () => {
  test('has a name for each of its bytes', () => {
    expect(inspectUnit(FRAME, 'Cam').error).toBeUndefined()
    expect(rows(FRAME)).toEqual([
      [0, 4, 'Cam.magic', 'RSD1'],
      [4, 1, 'Cam.type', 1],
      [5, 1, 'Cam.flags', 3],
      [6, 2, 'Cam.reserved', 0],
      [8, 8, 'Cam.generation', 2],
      [16, 8, 'Cam.sequence', 11],
      [24, 8, 'Cam.timestamp', 42],
      [32, 8, 'Cam.frameID', 7],
      [40, 4, 'Cam.firstIndex', 0],
      [44, 4, 'Cam.itemCount', 0],
      [48, 4, 'Cam.totalItemCount', 0],
      [52, 2, 'Cam.streamID', 3],
      [54, 2, 'Cam.format', 4],
      [56, 4, 'Cam.payload', 3],
      [60, 3, 'Cam.streamID', 'cam'],
      [63, 4, 'Cam.format', 'h264'],
      [67, 3, 'Cam.payload', undefined],
    ])
  })

  test('that is refused still has its header named', () => {
    const zero = Uint8Array.from(FRAME)
    zero[8] = 0
    const { parts, error } = inspectUnit(zero, 'Cam')
    expect(error).toMatchObject({ code: 'malformed' })
    expect(parts).toHaveLength(17)
    expect(parts.find(({ path }) => path === 'Cam.generation')?.value).toBe(0)
  })

  test('that ends early says what is incomplete', () => {
    const { parts, error } = inspectUnit(FRAME.subarray(0, 65), 'Cam')
    expect(error).toMatchObject({ code: 'truncated' })
    expect(parts.at(-1)).toEqual({ offset: 63, length: 2, path: 'Cam', meaning: 'incomplete' })
    expect(inspectUnit(FRAME.subarray(0, 10), 'Cam').parts.at(-1)).toMatchObject({ offset: 8, meaning: 'incomplete' })
  })

  test('with something behind it says so', () => {
    const { parts, error } = inspectUnit(Buffer.concat([FRAME, Buffer.of(1)]), 'Cam')
    expect(error).toMatchObject({ code: 'malformed', offset: 70 })
    expect(parts.at(-1)).toEqual({ offset: 70, length: 1, path: 'Cam', meaning: 'not read' })
  })

  test('that says its texts are longer than it is does not have them', () => {
    const long = Uint8Array.from(FRAME)
    long[52] = 200
    expect(inspectUnit(long, 'Cam').parts.at(-1)).toMatchObject({ offset: 60, length: 10, path: 'Cam' })
  })

  test('with a text that is none has no value for it, and the decoder’s error', () => {
    const wrong = Uint8Array.from(FRAME)
    wrong[60] = 0xff
    const { parts, error } = inspectUnit(wrong, 'Cam')
    expect(error).toMatchObject({ code: 'malformed', offset: 60 })
    expect(parts[14]).toEqual({ offset: 60, length: 3, path: 'Cam.streamID', meaning: 'text' })
  })

  test('has numbers that are exact', () => {
    const unit = frameUnit({
      streamID: 's',
      format: 'f',
      generation: (1n << 64n) - 1n,
      sequence: 1n,
      timestamp: -5n,
      frameID: 1n,
      payload: Uint8Array.of(1),
    })
    const { parts } = inspectUnit(encodeUnit(unit), 'S')
    const valueOf = (path: string) => parts.find((part) => part.path === path)?.value
    expect(valueOf('S.generation')).toBe((1n << 64n) - 1n)
    expect(valueOf('S.timestamp')).toBe(-5)
  })

  test('is refused where it is no binary data', () => {
    expect(() => inspectUnit('52', 'Cam')).toThrow(RivuletError)
  })
})

function refuses(bytes: Uint8Array): boolean {
  try {
    decodeUnit(bytes, Number.MAX_SAFE_INTEGER)
    return false
  } catch (error) {
    if (error instanceof RivuletError) return true
    throw error
  }
}

test('whatever the bytes, each is in one part, and the error is the decoder’s', () => {
  const mutated = fc
    .tuple(fc.array(fc.tuple(fc.nat(75), fc.nat(255)), { maxLength: 6 }), fc.nat(75), fc.uint8Array({ maxLength: 4 }))
    .map(([edits, length, more]) => {
      const bytes = Uint8Array.from([...FRAME.subarray(0, length), ...more])
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
      return bytes
    })
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 120 })), (bytes) => {
      const { parts, error } = inspectUnit(bytes, 'U')
      let at = 0
      for (const { offset, length } of parts) {
        expect(offset).toBe(at)
        expect(length).toBeGreaterThan(0)
        at += length
      }
      expect(at).toBe(bytes.length)
      expect(error !== undefined).toBe(refuses(bytes))
    }),
  )
})
