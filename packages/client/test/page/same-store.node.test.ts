import { isRivuletError, type StoreDef, type StructDef } from '@rivulet/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { isSameStore } from '../../src/page/same-store.ts'
import { OtherStore } from '../support/board.ts'
import { FleetStore, types } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'

afterEach(closePages)

const [table] = types as readonly [Readonly<Record<string, StructDef>>]

/** The fleet with another table. */
function fleetWith(structs: Readonly<Record<string, StructDef>>): StoreDef {
  return { ...FleetStore, types: [{ ...table, ...structs }] }
}

describe('the stores of a client', () => {
  test('feature 105: are listed, each with its name', () => {
    const { client, store } = openPage()
    expect(client.stores).toEqual([store])
    const other = client.store(OtherStore)
    client.store({ ...FleetStore })
    expect(client.stores.map(({ def }) => def.name)).toEqual(['fleet', 'OtherStore'])
    expect(client.stores[1]).toBe(other)
  })

  test('feature 45: a name is one store: a copy of its definition gives the same one, another definition is refused', () => {
    const { client, store } = openPage()
    expect(client.store(structuredClone(FleetStore))).toBe(store)
    const boat: StructDef = { form: 'partial', fields: [] }
    for (const wrong of [fleetWith({ 'fleet.Boat': boat }), { ...FleetStore, state: 'fleet.Boat' }]) {
      const refusal = expect.objectContaining({ code: 'config', store: 'fleet' })
      expect(() => client.store(wrong)).toThrow(refusal)
      expect(() => client.store(wrong)).toThrow(refusal)
    }
    expect(client.store(FleetStore)).toBe(store)
    expect(client.stores).toEqual([store])
  })
})

describe('definitions are the same', () => {
  test('when their structs are, however they are spread over tables', () => {
    const { 'fleet.Fleet': fleet, ...rest } = table
    expect(isSameStore(FleetStore, { ...FleetStore, types: [rest, { 'fleet.Fleet': fleet as StructDef }] })).toBe(true)
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Unused': { form: 'flat', fields: [] } }))).toBe(true)
    // A level is the host's affair.
    expect(isSameStore(FleetStore, { ...FleetStore, access: 3 })).toBe(true)
  })

  test('when structs have other names, or names for their enums', () => {
    const renamed = JSON.parse(JSON.stringify(table).replaceAll('"fleet.', '"other.')) as typeof table
    expect(isSameStore(FleetStore, { ...FleetStore, state: 'other.Fleet', types: [renamed] })).toBe(true)
    const { form, fields } = table['fleet.Boat'] as StructDef
    const named = fields.map((field) =>
      field.type.kind === 'string' ? { ...field, type: { ...field.type, named: 'Name' } } : field,
    )
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Boat': { form, fields: named } }))).toBe(true)
  })

  test('when a struct that deltas do not reach could have deltas', () => {
    const { form, fields } = table['fleet.Fleet'] as StructDef
    // `next` is replaced as a whole, so what its type would do with deltas does not matter; that of the state itself does.
    const whole = { form, fields: fields.map((field) => ({ ...field, mod: false })) }
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Fleet': whole }))).toBe(false)
    const position: StructDef = { ...(table['fleet.Position'] as StructDef), form: 'fielded' }
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Position': position }))).toBe(true)
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Position': { ...position, form: 'flat' } }))).toBe(false)
  })

  test('and not when one value is held as another type', () => {
    const { form, fields } = table['fleet.Fleet'] as StructDef
    const millis = fields.map((field) =>
      field.name === 'since' ? { ...field, type: { kind: 'time' as const, as: 'millis' as const } } : field,
    )
    expect(isSameStore(FleetStore, fleetWith({ 'fleet.Fleet': { form, fields: millis } }))).toBe(false)
  })

  test('and not when one of them differs, also one deep inside', () => {
    expect(isSameStore(FleetStore, { ...FleetStore, name: 'other' })).toBe(false)
    for (const ref of ['fleet.Position', 'fleet.Boat', 'fleet.Fleet']) {
      const { form, fields } = table[ref] as StructDef
      const first = { ...(fields[0] as StructDef['fields'][number]), id: 77 }
      expect(isSameStore(FleetStore, fleetWith({ [ref]: { form, fields: [first, ...fields.slice(1)] } }))).toBe(false)
    }
  })

  test('a struct that is missing is a schema error', () => {
    const broken = { ...FleetStore, types: [{ 'fleet.Fleet': table['fleet.Fleet'] as StructDef }] }
    let caught: unknown
    try {
      isSameStore(FleetStore, broken)
    } catch (e) {
      caught = e
    }
    expect(isRivuletError(caught) && caught.code).toBe('schema')
  })
})
