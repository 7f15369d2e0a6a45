import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUnit, encodeUnit, frameUnit, isRivuletError, type StreamUnit, unitSize } from '../src/index.ts'

const FRAME_HEX =
  '525344310103000002000000000000000b000000000000002a000000000000000700000000000000000000000000000000000000030004000300000063616d68323634010203'
const COMMIT_HEX =
  '525344310204000004000000000000000d000000000000000000000000000000080000000000000000000000000000000008000001000100000000007266'

const frame = frameUnit({
  streamID: 'cam',
  format: 'h264',
  generation: 2n,
  sequence: 11n,
  timestamp: 42n,
  frameID: 7n,
  recovery: true,
  discontinuity: true,
  payload: Uint8Array.of(1, 2, 3),
})
const commit: StreamUnit = {
  type: 'blockSet',
  recovery: false,
  discontinuity: false,
  commit: true,
  generation: 4n,
  sequence: 13n,
  timestamp: 0n,
  frameID: 8n,
  firstIndex: 0,
  itemCount: 0,
  totalItemCount: 2048,
  streamID: 'r',
  format: 'f',
  payload: new Uint8Array(0),
}
const block: StreamUnit = { ...commit, commit: false, firstIndex: 10, itemCount: 5, payload: Uint8Array.of(9) }

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (e) {
    return isRivuletError(e) ? e.code : String(e)
  }
  return 'nothing'
}

describe('feature 165: RSD1 envelopes', () => {
  test.each([
    ['a frame', FRAME_HEX, frame],
    ['a commit', COMMIT_HEX, commit],
  ])('%s as Go writes it', (_, hex, unit) => {
    expect(Buffer.from(encodeUnit(unit)).toString('hex')).toBe(hex)
    expect(decodeUnit(bytesOf(hex))).toEqual(unit)
    expect(unitSize(unit)).toBe(hex.length / 2)
  })

  test('pitfall 26: the payload is a view, the texts are exact', () => {
    const bytes = bytesOf(FRAME_HEX)
    const { payload } = decodeUnit(bytes)
    expect(payload.buffer).toBe(bytes.buffer)
    const bom = { ...frame, streamID: '\uFEFFcam', format: 'é😀' }
    expect(decodeUnit(encodeUnit(bom))).toEqual(bom)
    const broken = bytesOf(FRAME_HEX)
    broken[60] = 0xff
    expect(codeOf(() => decodeUnit(broken))).toBe('malformed')
  })

  test.each(['', ' ', '\t\n'])('pitfall 26: a blank text is refused (%j)', (blank) => {
    expect(codeOf(() => encodeUnit({ ...frame, streamID: blank }))).toBe('invalid-value')
    expect(codeOf(() => encodeUnit({ ...frame, format: blank }))).toBe('invalid-value')
    const hex = FRAME_HEX.replace('63616d', '202020')
    expect(codeOf(() => decodeUnit(bytesOf(hex)))).toBe('malformed')
  })

  test.each<[string, Partial<StreamUnit>, string]>([
    ['generation 0', { generation: 0n }, 'invalid-value'],
    ['sequence 0', { sequence: 0n }, 'invalid-value'],
    ['frame id 0', { frameID: 0n }, 'invalid-value'],
    ['a negative generation', { generation: -1n }, 'out-of-range'],
    ['a sequence above 64 bits', { sequence: 1n << 64n }, 'out-of-range'],
    ['a time above 64 bits', { timestamp: 1n << 63n }, 'out-of-range'],
    ['a fraction as index', { firstIndex: 0.5 }, 'out-of-range'],
    ['a committed frame', { commit: true }, 'invalid-value'],
    ['a frame with items', { itemCount: 1 }, 'invalid-value'],
    ['an empty frame', { payload: new Uint8Array(0) }, 'invalid-value'],
    ['a long stream id', { streamID: 'é'.repeat(2049) }, 'invalid-value'],
    ['half a surrogate pair', { format: '\uD800' }, 'invalid-value'],
    ['a block set with recovery', { ...block, recovery: true }, 'invalid-value'],
    ['a block set of nothing', { ...block, totalItemCount: 0 }, 'invalid-value'],
    ['a block after its set', { ...block, firstIndex: 2044 }, 'invalid-value'],
    ['a block without items', { ...block, itemCount: 0 }, 'invalid-value'],
    ['a block without payload', { ...block, payload: new Uint8Array(0) }, 'invalid-value'],
    ['a commit with payload', { ...commit, payload: Uint8Array.of(1) }, 'invalid-value'],
    ['a commit with items', { ...commit, itemCount: 1 }, 'invalid-value'],
  ])('%s is not encoded', (_, wrong, code) => {
    expect(codeOf(() => encodeUnit({ ...frame, ...wrong }))).toBe(code)
  })

  test.each<[string, number, number, string]>([
    ['another magic', 0, 0x53, 'malformed'],
    ['an unknown type', 4, 3, 'malformed'],
    ['type 0', 4, 0, 'malformed'],
    ['an unknown flag', 5, 8, 'malformed'],
    ['a committed frame', 5, 4, 'malformed'],
    ['reserved bytes', 6, 1, 'malformed'],
    ['an index in a frame', 40, 1, 'malformed'],
    ['generation 0', 8, 0, 'malformed'],
    ['a longer stream id', 52, 4, 'truncated'],
    ['a shorter stream id', 52, 2, 'malformed'],
    ['a stream id above the limit', 53, 0xff, 'malformed'],
    ['a format above the limit', 55, 0xff, 'malformed'],
    ['a payload above the limit', 59, 0xff, 'limit'],
  ])('%s is not decoded', (_, at, value, code) => {
    const bytes = bytesOf(FRAME_HEX)
    bytes[at] = value
    expect(codeOf(() => decodeUnit(bytes))).toBe(code)
  })

  test('payloads have a limit on both sides', () => {
    expect(codeOf(() => encodeUnit(frame, 2))).toBe('limit')
    expect(codeOf(() => decodeUnit(bytesOf(FRAME_HEX), 2))).toBe('limit')
    expect(decodeUnit(bytesOf(FRAME_HEX), 3)).toEqual(frame)
  })

  test('whatever is encoded is decoded', () => {
    const u64 = fc.bigInt({ min: 1n, max: (1n << 64n) - 1n })
    const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((s) => s.trim() !== '')
    const units = fc.record({
      streamID: name,
      format: name,
      generation: u64,
      sequence: u64,
      frameID: u64,
      timestamp: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
      discontinuity: fc.boolean(),
      payload: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    })
    fc.assert(
      fc.property(units, fc.boolean(), (parts, recovery) => {
        const unit = frameUnit({ ...parts, recovery })
        expect(decodeUnit(encodeUnit(unit))).toEqual(unit)
        const set = { ...block, ...parts }
        expect(decodeUnit(encodeUnit(set))).toEqual(set)
      }),
    )
  })

  test('any damage ends in a typed error or in a unit that encodes to the same bytes', () => {
    const damage = fc.array(fc.tuple(fc.nat(70), fc.nat(255)), { maxLength: 4 })
    fc.assert(
      fc.property(damage, fc.nat(80), (changes, length) => {
        const bytes = new Uint8Array(length)
        bytes.set(bytesOf(FRAME_HEX).subarray(0, length))
        for (const [at, value] of changes) if (at < length) bytes[at] = value
        const code = codeOf(() => expect(encodeUnit(decodeUnit(bytes))).toEqual(bytes))
        expect(['nothing', 'truncated', 'malformed', 'limit']).toContain(code)
      }),
      { numRuns: 1000 },
    )
  })
})
