import { createNames } from '../print/identifier.ts'
import type { SchemaPackage, SchemaStream } from '../../model/schema-model.ts'
import type { Instance } from './instances.ts'

/** What a module calls what it declares. */
export interface ModuleNames {
  /** Types by their names in the model, and generic structs with arguments by their references. */
  readonly types: ReadonlyMap<string, string>
  /** Constants and enums. */
  readonly values: ReadonlyMap<string, string>
  readonly stores: ReadonlyMap<string, string>
  readonly rpcs: ReadonlyMap<string, string>
  readonly sends: ReadonlyMap<string, string>
  readonly events: ReadonlyMap<string, string>
  readonly keyedEvents: ReadonlyMap<string, string>
  /** By {@link streamKey}. */
  readonly streams: ReadonlyMap<string, string>
  /** The struct table. */
  readonly structs: string
  /** The list of the struct tables that the descriptors need. */
  readonly tables: string
  /** Everything that the module declares. */
  readonly own: ReadonlySet<string>
}

/** What tells a stream from others: streams of two stores may have one name. */
export const streamKey = ({ store, name }: SchemaStream): string => JSON.stringify([store, name])

/** Gives names to everything that a package declares. They depend on nothing but the names in the model. */
export function moduleNames(pkg: SchemaPackage, instances: readonly Instance[]): ModuleNames {
  const typeNames = createNames()
  const valueNames = createNames()
  const types = new Map<string, string>()
  const values = new Map<string, string>()
  for (const { name } of pkg.enums) {
    // Both a type and a value, of one name.
    const given = valueNames.take(name)
    types.set(name, typeNames.take(given))
    values.set(name, given)
  }
  for (const { name } of pkg.namedTypes) types.set(name, typeNames.take(name))
  for (const { name } of pkg.structs) types.set(name, typeNames.take(name))
  for (const { name } of pkg.packets) types.set(name, typeNames.take(name))
  for (const { ref, name } of instances) types.set(ref, typeNames.take(name))
  for (const { name } of pkg.consts) if (!values.has(name)) values.set(name, valueNames.take(name))
  const descriptors = (names: readonly string[], kind: string): Map<string, string> =>
    new Map(names.map((name) => [name, valueNames.take(name, `${name}${kind}`)]))
  const structs = valueNames.take('structs')
  const tables = valueNames.take('types')
  const named = (list: readonly { readonly name: string }[], kind: string): Map<string, string> =>
    new Map(list.map(({ name }) => [name, valueNames.take(name.replaceAll('.', ''), `${name}${kind}`)]))
  const stores = descriptors(
    pkg.stores.map(({ goStruct }) => goStruct),
    'Store',
  )
  const rpcs = named(pkg.rpcs, 'Rpc')
  const sends = named(pkg.ffrpcs, 'Send')
  const events = named(pkg.events, 'Event')
  const keyedEvents = named(pkg.keyedEvents, 'KeyedEvent')
  const streams = new Map(
    (pkg.streams ?? []).map((one) => [
      streamKey(one),
      valueNames.take(one.name.replaceAll('.', ''), `${one.name}Stream`, `${one.store}${one.name}`),
    ]),
  )
  const declared = [values, stores, rpcs, sends, events, keyedEvents, streams, types].flatMap((map) => [
    ...map.values(),
  ])
  const own = new Set([...declared, structs, tables])
  return { types, values, stores, rpcs, sends, events, keyedEvents, streams, structs, tables, own }
}
