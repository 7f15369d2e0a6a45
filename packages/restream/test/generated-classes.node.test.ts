import {
  applyDelta,
  decodeDelta,
  decodeState,
  encodeDelta,
  encodeState,
  encodeValue,
  isRivuletError,
} from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BinaryReader, BinaryWriter, PartialArray, PartialMap, PartialModMap, PartialValue } from '../src/index.ts'
import {
  Boat,
  BoatPartial,
  Crate,
  HarbourRenameRequest,
  HarbourRenameResponse,
  HarbourStoreState,
  HarbourStoreStatePartial,
  HornEvent,
  Light,
  Mode,
  Pair,
  Position,
} from './emitted/PackageHarbour.ts'
import { boatNamed, HarbourDef, Rename, someHarbour } from './support/harbour-schema.ts'

type Writable = { serialize(w: BinaryWriter, vi: undefined): void }

function bytesOf(value: Writable): Uint8Array {
  const w = new BinaryWriter()
  value.serialize(w, undefined)
  return w.getBytes()
}

const boat = (name: string, lat = 0): Boat => Boat.fromValues(name, Position.fromValues(lat, 0), `/${name}`, undefined)

/** {@link someHarbour} as generated code holds it. */
function harbour(): HarbourStoreState {
  const ada = boat('Ada', 1)
  ada.tags = new Map([['k', 'v']])
  return HarbourStoreState.fromValues(
    'Hafen → 🛥',
    2,
    Light.Blue,
    Mode.Manual,
    new Map([
      ['a', ada],
      ['b', boat('Bo')],
    ]),
    boat('Cy'),
    [boat('Dee')],
    [1, -2, 2 ** 40],
    new Map([[7, 'seven']]),
    5,
    '/harbour',
    new Uint8Array([1, 2, 3]),
    new Date(1000),
    [7],
    Pair.fromValues('sand', new Map([['t', 12]])),
    [Crate.fromValues(3, 'Eve'), Crate.fromValues(4, undefined)],
    [['x', ''], undefined],
  )
}

describe('a generated state class', () => {
  test('decodes what a host writes', () => {
    const bytes = encodeState(HarbourDef, someHarbour())
    expect(HarbourStoreState.deserialized(new BinaryReader(bytes))).toEqual(harbour())
  })

  test('writes what a host decodes', () => {
    const state = decodeState(HarbourDef, bytesOf(harbour()))
    // A list of equal types is written as such, a mixed one as `any`.
    expect({ ...state, extra: null }).toEqual({ ...someHarbour(), extra: null })
    expect(state.extra).toEqual({ type: { kind: 'array', elem: { kind: 'int64' } }, value: [7] })
  })

  test('reads defaults where a host writes nothing, and skips fields that it does not know', () => {
    const state = HarbourStoreState.deserialized(new BinaryReader(new Uint8Array([4, 0xfe, 2, 1, 1])))
    expect(state).toEqual(HarbourStoreState.fromValues())
  })

  test('pitfall 9: a view into a larger buffer is read from where it begins', () => {
    const bytes = encodeState(HarbourDef, someHarbour())
    const pool = new Uint8Array(bytes.length + 64).fill(0xff)
    pool.set(bytes, 31)
    const view = pool.subarray(31, 31 + bytes.length)
    expect(HarbourStoreState.deserialized(new BinaryReader(view))).toEqual(harbour())
  })

  test.each([
    ['pitfall 15: a negative length on an unknown field', '026342', 'malformed'],
    ['a field that ends too early', '0301050168', 'truncated'],
    ['pitfall 17: a count beyond the message', '0a080800808000800080ff01', undefined],
    ['a boolean of 7', '0405020007', undefined],
  ])('%s is an error, at once', (_what, hex, code) => {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
    const read = (): unknown => HarbourStoreState.deserialized(new BinaryReader(bytes))
    expect(read).toThrow(expect.objectContaining(code === undefined ? { name: 'RivuletError' } : { code }))
  })

  test('property: damaged bytes are read or refused, never anything else', () => {
    const good = encodeState(HarbourDef, someHarbour())
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.nat(good.length), (changes, cut) => {
        const bytes = good.slice(0, Math.max(1, cut))
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
        let outcome: unknown = 'read'
        try {
          HarbourStoreState.deserialized(new BinaryReader(bytes))
        } catch (e) {
          outcome = isRivuletError(e) ? 'refused' : e
        }
        expect(['read', 'refused']).toContain(outcome)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('packets', () => {
  test('a request has the bytes that the host expects, with more than ASCII and more than a kilobyte in it', () => {
    // Reference: the length of text counts UTF-16 units (pitfall 2), and a write of more than about 1 kB throws (pitfall 1).
    const long = '→'.repeat(3000)
    const request = HarbourRenameRequest.fromValues(long, boat('Ünal'))
    const expected = encodeValue(
      Rename.types,
      { kind: 'struct', ref: Rename.request },
      { id: long, boat: boatNamed('Ünal') },
    )
    expect(bytesOf(request)).toEqual(expected)
  })

  test('a response and an event are read', () => {
    const response = encodeValue(Rename.types, { kind: 'struct', ref: Rename.response }, { result: 7, error: 'no' })
    expect(HarbourRenameResponse.deserialized(new BinaryReader(response), undefined)).toEqual(
      HarbourRenameResponse.fromValues(7, 'no'),
    )
    const event = HornEvent.fromValues(new Date(5), 3)
    expect(HornEvent.deserialized(new BinaryReader(bytesOf(event)), undefined)).toEqual(event)
    expect(HornEvent.eventBoundName).toBe('Horn')
  })
})

describe('a generated partial class', () => {
  const before = (): HarbourStoreState => harbour()

  /** Applies the class's bytes as the engine does, and the class itself; both must agree. */
  function applied(partial: HarbourStoreStatePartial): { readonly state: HarbourStoreState; readonly paths: string[] } {
    const delta = decodeDelta(HarbourDef, bytesOf(partial))
    const result = applyDelta(HarbourDef, someHarbour(), delta)
    const state = before()
    const paths = HarbourStoreStatePartial.deserialized(new BinaryReader(bytesOf(partial))).applyTo(state)
    const back = HarbourStoreState.deserialized(new BinaryReader(encodeState(HarbourDef, result.state)))
    expect(state).toEqual(back)
    const names = (list: readonly (readonly unknown[])[]): string[] => list.map((path) => path.join('.')).toSorted()
    expect(names(paths)).toEqual(names(result.changed))
    return { state, paths: names(paths) }
  }

  test('changes fields, elements and nested structs, and says which', () => {
    const partial = HarbourStoreStatePartial.fromValues('Port', undefined, Light.Green)
    partial.boats = PartialModMap.fromValues(
      new Map([['c', boat('Cee')]]),
      new Set(['b']),
      new Map([['a', BoatPartial.fromValues('Eve')]]),
    )
    partial.flagship = PartialValue.fromValues<Boat | undefined, BoatPartial>(undefined, BoatPartial.fromValues('Flag'))
    partial.berths = PartialMap.fromValues(new Map([[9, 'nine']]))
    const { state, paths } = applied(partial)
    expect(paths).toEqual(['berths.9', 'boats.a.name', 'boats.b', 'boats.c', 'flagship.name', 'light', 'title'])
    expect(state.boats?.get('a')?.name).toBe('Eve')
    expect(state.flagship?.urlPath).toBe('/Cy')
  })

  test('pitfall 5: removing a nested struct removes it', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.flagship = PartialValue.fromValues<Boat | undefined, BoatPartial>(null)
    const { state, paths } = applied(partial)
    expect(state.flagship).toBeUndefined()
    expect(paths).toEqual(['flagship'])
  })

  test('pitfall 6: setting one element of a list changes that element', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.marks = PartialArray.fromValues(new Map([[1, 9]]))
    const { state, paths } = applied(partial)
    expect(state.marks).toEqual([1, 9, 2 ** 40])
    expect(paths).toEqual(['marks.1'])
  })

  test('pitfall 7: a replacement of 200,000 elements is no problem', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.marks = PartialArray.fromValues(
      new Map(),
      Array.from({ length: 200_000 }, (_, i) => i),
    )
    expect(applied(partial).state.marks).toHaveLength(200_000)
  })

  test('a pointer is cleared by null and left alone by undefined', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.opt = null
    expect(applied(partial).state.opt).toBeUndefined()
    expect(applied(HarbourStoreStatePartial.fromValues()).state.opt).toBe(5)
  })

  test('feature 138: changing a boat that is not there makes one first', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.boats = PartialModMap.fromValues(new Map(), new Set(), new Map([['new', BoatPartial.fromValues('New')]]))
    const state = before()
    expect(partial.applyTo(state)).toEqual([['boats', 'new', 'name']])
    expect(state.boats?.get('new')).toEqual(Boat.fromValues('New'))
  })

  test('an element far behind the end of a list is refused', () => {
    const partial = HarbourStoreStatePartial.fromValues()
    partial.marks = PartialArray.fromValues(new Map([[10_000_000, 1]]))
    expect(() => partial.applyTo(before())).toThrow(expect.objectContaining({ code: 'index' }))
  })

  test('reads what a host sends', () => {
    const bytes = encodeDelta(HarbourDef, decodeDelta(HarbourDef, bytesOf(HarbourStoreStatePartial.fromValues('x'))))
    expect(HarbourStoreStatePartial.deserialized(new BinaryReader(bytes)).title).toBe('x')
  })
})
