import { describe, expect, test } from 'vitest'
import { isSameStore } from '../../client/src/page/same-store.ts'
import {
  eventDefOf,
  rpcDefOf,
  sendDefOf,
  SerializationType,
  storeDefOf,
  VarInfoArray,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
} from '../src/index.ts'
import { foldName } from '../src/fields-of.ts'
import {
  Boat,
  BoatPartial,
  HarbourNoteRequest,
  HarbourRenameRequest,
  HarbourRenameResponse,
  HarbourSoundEvent,
  HarbourStoreName,
  HarbourStoreState,
  HarbourStoreStatePartial,
} from './emitted/PackageHarbour.ts'
import { HarbourDef, Note, Rename, Sound } from './support/harbour-schema.ts'

const derived = storeDefOf(HarbourStoreName, HarbourStoreState, HarbourStoreStatePartial)

describe('a store definition from generated classes', () => {
  test('is the one that Rivulet generates from the same sources', () => {
    expect(isSameStore(derived, HarbourDef)).toBe(true)
  })

  test('is not that of another state', () => {
    expect(isSameStore(storeDefOf(HarbourStoreName, Boat, BoatPartial), HarbourDef)).toBe(false)
  })

  test('works for classes whose tables are private', () => {
    const { types } = storeDefOf('Boats', Boat, BoatPartial)
    expect(types[0]?.['Boat']?.fields.map(({ name, wire, id }) => [name, wire, id])).toEqual([
      ['name', undefined, 1],
      ['at', undefined, 2],
      ['urlPath', 'URLPath', 3],
      ['tags', undefined, 5],
    ])
  })

  test('of a class without tables is refused', () => {
    const strange = { deserialized: () => undefined }
    expect(() => storeDefOf('S', strange, strange)).toThrow(expect.objectContaining({ code: 'schema' }))
  })

  test('of calls and events', () => {
    const shape = (types: typeof Rename.types, ref: string): unknown =>
      types[0]?.[ref]?.fields.map(({ name, type }) => [name, type.kind])
    const rename = rpcDefOf('Harbour.Rename', HarbourRenameRequest, HarbourRenameResponse)
    expect([rename.name, shape(rename.types, rename.request), shape(rename.types, rename.response)]).toEqual([
      Rename.name,
      shape(Rename.types, Rename.request),
      shape(Rename.types, Rename.response),
    ])
    const note = sendDefOf('Harbour.Note', HarbourNoteRequest)
    expect(shape(note.types, note.request)).toEqual(shape(Note.types, Note.request))
    const sound = eventDefOf('Harbour.Sound', HarbourSoundEvent, 'HarbourStore')
    expect([sound.kind, sound.store, shape(sound.types, sound.packet)]).toEqual([
      'keyedEvent',
      'HarbourStore',
      shape(Sound.types, Sound.packet),
    ])
  })
})

test('notNil flags, sets and times keep their kinds', () => {
  const text = new VarInfoPrimitive(SerializationType.String)
  const Odd = {
    name: 'Odd',
    fieldInfo: [
      { name: 'Tight', fieldIdx: 0, varInfo: new VarInfoPointer(true, text) },
      { name: 'List', fieldIdx: 1, varInfo: new VarInfoArray(true, text) },
      { name: 'Keys', fieldIdx: 2, varInfo: new VarInfoMap(false, text, undefined) },
      { name: 'When', fieldIdx: 3, varInfo: new VarInfoPrimitive(SerializationType.Time) },
    ],
  }
  expect(eventDefOf('Odd', Odd).types[0]?.['Odd']?.fields.map(({ type }) => type)).toEqual([
    { kind: 'pointer', elem: { kind: 'string' }, notNull: true },
    { kind: 'array', elem: { kind: 'string' }, notNull: true },
    { kind: 'set', key: { kind: 'string' } },
    { kind: 'time' },
  ])
  expect(() => new VarInfoStruct('S', 'p').getSerializationData()).toThrow(/S cannot travel/)
})

test.each([
  ['ID', 'id'],
  ['URLPath', 'urlPath'],
  ['DevicePGNs', 'devicePGNs'],
  ['UserID', 'userID'],
  ['Name', 'name'],
  ['A1', 'a1'],
  ['AB1', 'aB1'],
  ['My_F', 'my_F'],
  ['x', 'x'],
])('%s is the property %s', (go, property) => {
  expect(foldName(go)).toBe(property)
})
