import vm from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, toBytes, type TypeNode } from '../src/index.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'

const STRING: TypeNode = { kind: 'string' }
const HELLO = hexToBytes('0568656c6c6f')

describe('strings', () => {
  test('pitfall 2: feature 9: the length is counted in UTF-8 bytes', () => {
    expect(bytesToHex(encodeValue([], STRING, 'héllo→😀'))).toBe('0d68c3a96c6c6fe28692f09f9880')
    expect(bytesToHex(encodeValue([], STRING, ''))).toBe('00')
    expect(decodeValue([], STRING, hexToBytes('0d68c3a96c6c6fe28692f09f9880'))).toBe('héllo→😀')
  })

  test('pitfall 2: feature 9: strings of every length around the edges come back, ASCII or not', () => {
    for (const n of [
      1, 3, 4, 5, 8, 9, 11, 12, 13, 15, 16, 17, 21, 22, 47, 48, 49, 62, 63, 64, 65, 2730, 8190, 8191, 8192, 100_000,
    ]) {
      for (const unit of ['a', 'é', '→', '😀']) {
        for (const s of [unit.repeat(n), `${'a'.repeat(n - 1)}${unit}`, `${unit}${'a'.repeat(n - 1)}`]) {
          expect(decodeValue([], STRING, encodeValue([], STRING, s)) === s, `${n} × ${unit}`).toBe(true)
        }
      }
    }
  })

  test('pitfall 14: a lone surrogate travels as U+FFFD', () => {
    for (const s of ['\ud800', 'a\udc00b', `${'x'.repeat(100)}\ud83d`]) {
      expect(decodeValue([], STRING, encodeValue([], STRING, s))).toBe(s.toWellFormed())
    }
  })

  test('pitfall 20: a byte order mark is data, and invalid UTF-8 reads as U+FFFD', () => {
    expect(decodeValue([], STRING, hexToBytes('03efbbbf'))).toBe('\ufeff')
    expect(decodeValue([], STRING, hexToBytes('02c328'))).toBe('\ufffd(')
    expect(decodeValue([], STRING, hexToBytes('03eda080'))).toBe('\ufffd\ufffd\ufffd')
  })

  test('strings that were seen before are told apart from all others', () => {
    const similar = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'é'), maxLength: 14 }), {
      minLength: 50,
      maxLength: 200,
    })
    fc.assert(
      fc.property(similar, (list) => {
        const node: TypeNode = { kind: 'array', elem: STRING }
        const bytes = encodeValue([], node, list)
        expect(decodeValue([], node, bytes)).toEqual(list)
        expect(decodeValue([], node, bytes)).toEqual(list)
      }),
      { numRuns: 50 },
    )
  })

  test('far more short strings than are remembered come back', () => {
    const node: TypeNode = { kind: 'array', elem: STRING }
    const list = Array.from({ length: 50_000 }, (_, i) => `k${i}`)
    expect(decodeValue([], node, encodeValue([], node, list))).toEqual(list)
  })
})

describe('where bytes come from', () => {
  test('pitfall 9: a Node Buffer from the pool is read within its bounds, and what is read does not alias it', () => {
    const message = Buffer.from('00030102ff', 'hex')
    expect(message.byteOffset + message.buffer.byteLength).toBeGreaterThan(5)
    const read = decodeValue([], { kind: 'bytes' }, message) as Uint8Array
    expect(read).toEqual(Uint8Array.of(1, 2, 255))
    message.fill(0)
    expect(read).toEqual(Uint8Array.of(1, 2, 255))
    expect(decodeValue([], STRING, Buffer.from(HELLO))).toBe('hello')
  })

  test('pitfall 9: any view is read from its own offset', () => {
    const buffer = new ArrayBuffer(64)
    new Uint8Array(buffer).set(HELLO, 16)
    expect(decodeValue([], STRING, new DataView(buffer, 16, 6))).toBe('hello')
    expect(decodeValue([], STRING, new Uint16Array(buffer, 16, 3))).toBe('hello')
    expect(decodeValue([], STRING, HELLO.buffer)).toBe('hello')
  })

  test('pitfall 10: shared memory is read, from a copy', () => {
    const shared = new SharedArrayBuffer(8)
    const view = new Uint8Array(shared, 1, 6)
    view.set(HELLO)
    expect(decodeValue([], STRING, view)).toBe('hello')
    const long = new SharedArrayBuffer(102)
    new Uint8Array(long).set(encodeValue([], STRING, 'é'.repeat(50)))
    expect(decodeValue([], STRING, long)).toBe('é'.repeat(50))
    const copy = toBytes(view)
    view[0] = 0
    expect(copy).toEqual(HELLO)
  })

  test('pitfall 10: buffers of another realm are read', () => {
    const there = 'new Uint8Array([5, 104, 101, 108, 108, 111])'
    expect(decodeValue([], STRING, vm.runInNewContext(there))).toBe('hello')
    expect(decodeValue([], STRING, vm.runInNewContext(`${there}.buffer`))).toBe('hello')
    expect(encodeValue([], { kind: 'bytes' }, vm.runInNewContext('Uint8Array.of(1)'))).toEqual(Uint8Array.of(0, 1, 1))
    expect(encodeValue([], { kind: 'set', key: { kind: 'int8' } }, vm.runInNewContext('new Set([2])'))).toEqual(
      Uint8Array.of(0, 1, 2),
    )
  })

  test('a detached buffer reads as empty', () => {
    const buffer = new ArrayBuffer(8)
    const view = new Uint8Array(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    for (const input of [buffer, view]) {
      expect(() => decodeValue([], STRING, input)).toThrow(expect.objectContaining({ code: 'truncated', offset: 0 }))
    }
  })

  test.each([['text'], [null], [undefined], [5], [[1, 2]], [{ byteLength: 3 }]])('%s is not binary data', (input) => {
    expect(() => decodeValue([], STRING, input)).toThrow(expect.objectContaining({ code: 'invalid-value' }))
  })
})

describe('the writer', () => {
  test('pitfall 1: one large write finds room, at every size', () => {
    const sizes = [
      511,
      512,
      513,
      1023,
      1024,
      1025,
      1500,
      2000,
      3000,
      4095,
      4096,
      4097,
      8191,
      8192,
      1 << 20,
      (1 << 20) + 1,
    ]
    for (const size of sizes) {
      const bytes = new Uint8Array(size).fill(7)
      expect(decodeValue([], { kind: 'bytes' }, encodeValue([], { kind: 'bytes' }, bytes))).toEqual(bytes)
      const s = 'x'.repeat(size)
      expect(decodeValue([], STRING, encodeValue([], STRING, s)) === s).toBe(true)
    }
  })

  test('pitfall 1: results do not share memory with later ones', () => {
    const first = encodeValue([], STRING, 'first')
    encodeValue([], STRING, 'second')
    expect(decodeValue([], STRING, first)).toBe('first')
    expect(first.buffer.byteLength).toBe(first.length)
  })

  test('an encode that fails, or runs inside another, leaves no trace', () => {
    const types = [{ 't.S': { form: 'fielded', fields: [{ name: 'a', id: 1, type: STRING }] } }] as const
    const node: TypeNode = { kind: 'struct', ref: 't.S' }
    expect(() => encodeValue(types, node, { a: 5 })).toThrow(expect.objectContaining({ code: 'invalid-value' }))
    let inner: Uint8Array | undefined
    const value = {
      get a(): string {
        inner = encodeValue(types, node, { a: 'inner' })
        return 'outer'
      },
    }
    expect(decodeValue(types, node, encodeValue(types, node, value))).toEqual({ a: 'outer' })
    expect(decodeValue(types, node, inner)).toEqual({ a: 'inner' })
  })
})
