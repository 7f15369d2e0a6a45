import { isDeepStrictEqual } from 'node:util'
import { isRivuletError } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shallowEqual } from '../../src/page/shallow-equal.ts'
import { type Crate, crate, tableRig, type TableRig } from '../support/table-rig.ts'

const plain = (rows: number): Map<string, Crate> => new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, crate(n)]))

function open(rows: number): TableRig<string, Crate> {
  const rig = tableRig<string, Crate>('crates', plain(rows))
  rig.patch()
  return rig
}

describe('a map of structs on the page', () => {
  test('is a Map in everything that goes through its methods', () => {
    const map = open(1000).read()
    const real = plain(1000)
    expect(map).toBeInstanceOf(Map)
    expect(map).toEqual(real)
    expect(real).toEqual(map)
    expect(map).toStrictEqual(real)
    expect(map).not.toEqual(plain(999))
    expect(map.size).toBe(1000)
    expect([...map]).toEqual([...real])
    expect([...map.keys()]).toEqual([...real.keys()])
    expect([...map.values()]).toEqual([...real.values()])
    expect(Array.from(map.entries())).toEqual([...real.entries()])
    expect(new Map(map)).toEqual(real)
    expect(new Set(map.keys())).toEqual(new Set(real.keys()))
    expect(Object.fromEntries(map)).toEqual(Object.fromEntries(real))
    expect(JSON.stringify([...map])).toBe(JSON.stringify([...real]))
    expect(Object.prototype.toString.call(map)).toBe('[object Map]')
    const each: unknown[] = []
    const self = {}
    map.forEach(function (this: unknown, value, key, whole) {
      expect(this).toBe(self)
      expect(whole).toBe(map)
      each.push([key, value])
    }, self)
    expect(each).toEqual([...real])
    for (const iterator of [map.entries(), map.keys(), map.values(), map[Symbol.iterator]()])
      expect(iterator[Symbol.iterator]()).toBe(iterator)
    expect(Object.keys(map)).toEqual([])
  })

  test('knows what it does not have', () => {
    const map = open(3).read()
    for (const key of ['', 'k3', 'K1', 'k1 ', 1, undefined, null, {}] as unknown as string[]) {
      expect(map.get(key)).toBeUndefined()
      expect(map.has(key)).toBe(false)
    }
  })

  test('reads a row once, whoever asks and in whatever version', () => {
    const rig = open(600)
    const first = rig.read()
    rig.state.set('k1', crate(100))
    rig.changed('k1')
    rig.patch()
    const second = rig.read()
    expect(second).not.toBe(first)
    expect(second.get('k2')).toBe(first.get('k2'))
    expect(first.get('k599')).toBe(second.get('k599'))
    expect(first.get('k1')).toEqual(crate(1))
    expect(second.get('k1')).toEqual(crate(100))
    expect([...second.values()][7]).toBe(first.get('k7'))
  })

  test('a row that is sent again as it was is the same object', () => {
    const rig = open(5)
    const before = rig.read().get('k3')
    rig.changed('k3', 'weight')
    rig.patch()
    expect(rig.read().get('k3')).toBe(before)
  })

  test('cannot be changed', () => {
    const map = open(3).read() as Map<string, Crate>
    for (const write of [() => map.set('x', crate(1)), () => map.delete('k1'), () => map.clear()])
      expect(write).toThrow(expect.objectContaining({ code: 'handler' }))
    expect([...map.keys()]).toEqual(['k0', 'k1', 'k2'])
  })

  test('native code, which cannot see its rows, refuses it and says why; a copy is an ordinary map', () => {
    const map = open(3).read()
    expect(() => structuredClone(map)).toThrow(/copy it first, new Map\(value\)/)
    expect(structuredClone(new Map(map))).toEqual(plain(3))
    expect(map.constructor).toBe(Map)
    // What compares natively may call equal maps different, never different ones equal.
    expect(isDeepStrictEqual(map, open(4).read())).toBe(false)
    expect(isDeepStrictEqual(map, new Map())).toBe(false)
    expect(isDeepStrictEqual(map, map)).toBe(true)
  })

  test('two versions are not shallowly equal, and asking that reads nothing', () => {
    const rig = open(50)
    const first = rig.read()
    rig.changed('k1')
    rig.patch()
    expect(shallowEqual(first, rig.read())).toBe(false)
    expect(shallowEqual(first, plain(50))).toBe(false)
    expect(shallowEqual(first, rig.read().get('k1'))).toBe(false)
    expect(shallowEqual(first, first)).toBe(true)
  })

  test('rows that come and go for ever cost what the rows cost that are there', () => {
    const rig = open(0)
    rig.read()
    let longest = 0
    for (let n = 0; n < 40_000; n++) {
      rig.state.set(`id-${n}`, crate(n))
      rig.changed(`id-${n}`)
      rig.state.delete(`id-${n - 20}`)
      rig.changed(`id-${n - 20}`)
      if (n % 10 !== 0) continue
      rig.patch()
      rig.read()
      longest = Math.max(longest, rig.entry.rows?.next ?? 0)
    }
    rig.patch()
    expect([...rig.read()]).toEqual([...rig.state])
    expect(longest).toBeLessThan(1100)
  })

  test('what nobody reads is bounded, in blocks and in bytes', () => {
    const rig = open(100)
    let patches = 0
    do rig.changed(`k${patches++}`)
    while (rig.patch().full !== true)
    expect(patches).toBe(65)
    rig.read()
    expect(rig.slot.rows).toEqual([])
    expect(rig.slot.changeBytes).toBe(0)
    const heavy = { ...crate(1), name: 'x'.repeat(600_000) }
    const fulls = [0, 1].map((n) => {
      rig.state.set(`k${n}`, heavy)
      rig.changed(`k${n}`)
      return rig.patch().full
    })
    expect(fulls).toEqual([false, true])
  })
})

describe('damage', () => {
  test('rows for a map that is no table, or that do not fit it, are an error of the path', () => {
    const rig = open(2)
    rig.read()
    const block = {
      keys: { bytes: new Uint8Array(), ends: new Uint32Array() },
      rows: { bytes: new Uint8Array(1), ends: Uint32Array.of(1) },
    }
    for (const bad of [
      { ...block, changed: Uint32Array.of(2), gone: new Uint32Array() },
      { ...block, changed: Uint32Array.of(4_000_000_000), gone: new Uint32Array() },
      { ...block, changed: new Uint32Array(), gone: Uint32Array.of(9) },
    ]) {
      rig.slot.rows.push(bad)
      expect(() => rig.read()).toThrow(expect.objectContaining({ code: 'protocol' }))
      expect([...rig.read().keys()]).toEqual(['k0', 'k1'])
    }
  })

  test('damaged bytes give a row or a typed error, never anything else', () => {
    const rig = open(20)
    const { table } = (() => {
      rig.replaced()
      return rig.patch()
    })()
    if (table === undefined) throw new Error('no table came')
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(255),
        fc.constantFrom('rows', 'keys', 'rowEnds', 'keyEnds', 'slots'),
        (at, byte, where) => {
          const copy = {
            keys: { bytes: table.keys.bytes.slice(), ends: table.keys.ends.slice() },
            rows: { bytes: table.rows.bytes.slice(), ends: table.rows.ends.slice() },
            slots: table.slots.slice(),
          }
          const target = {
            rows: copy.rows.bytes,
            keys: copy.keys.bytes,
            rowEnds: copy.rows.ends,
            keyEnds: copy.keys.ends,
            slots: copy.slots,
          }[where]
          target[at % target.length] = byte
          rig.slot.table = copy
          const map = rig.read()
          for (let n = 0; n < 21; n++) {
            let error: unknown
            try {
              map.get(`k${n}`)
            } catch (e) {
              error = e
            }
            expect(error === undefined || isRivuletError(error)).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
