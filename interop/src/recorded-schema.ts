import { readFileSync } from 'node:fs'
import type {
  EventDef,
  FieldDef,
  KeyedEventDef,
  RpcDef,
  SendDef,
  StoreDef,
  StructDef,
  TypeNode,
  Types,
} from '@rivulet/wire'
import { foldName } from './fold-name.ts'

interface RecordedNode {
  readonly kind: string
  readonly elem?: RecordedNode
  readonly key?: RecordedNode
  readonly value?: RecordedNode
  readonly name?: string
}

interface RecordedField {
  readonly name: string
  readonly id?: number
  readonly type: RecordedNode
}

interface RecordedSchema {
  readonly structs: Readonly<Record<string, { readonly fields: readonly RecordedField[] }>>
  readonly stores: Readonly<Record<string, { readonly state: string; readonly minimumAccess: number }>>
  readonly rpcs: Readonly<
    Record<
      string,
      { readonly access: number; readonly args: readonly RecordedField[]; readonly result: RecordedNode | null }
    >
  >
  readonly ffrpcs: Readonly<Record<string, { readonly access: number; readonly args: readonly RecordedField[] }>>
  readonly events: Readonly<Record<string, readonly RecordedField[]>>
  readonly keyedEvents: Readonly<Record<string, { readonly store: string; readonly args: readonly RecordedField[] }>>
}

/** Everything a peer of one of the recorded servers needs, as descriptors. */
export interface RecordedDefs {
  readonly types: Types
  readonly stores: ReadonlyMap<string, StoreDef>
  readonly rpcs: ReadonlyMap<string, RpcDef>
  readonly sends: ReadonlyMap<string, SendDef>
  readonly events: ReadonlyMap<string, EventDef>
  readonly keyedEvents: ReadonlyMap<string, KeyedEventDef>
}

/** The folder of the recordings. */
export const recordingsFolder: URL = new URL('../../vectors/sessions/', import.meta.url)

/** The recorded schemas: the tic-tac-toe demo's, and one with something of everything. */
export type SchemaName = 'game' | 'harbor'

const schemas = JSON.parse(readFileSync(new URL('schema.json', recordingsFolder), 'utf8')) as Readonly<
  Record<SchemaName, RecordedSchema>
>

/**
 * The descriptors of a recorded schema; 64-bit integers are bigints, so that nothing is lost. Made from what was recorded rather than generated: the
 * recordings come with the programs' own description of themselves, and not with their sources.
 */
export function recordedDefs(name: SchemaName): RecordedDefs {
  const schema = schemas[name]
  const structs: Record<string, StructDef> = {}
  const types: Types = [structs]
  for (const [struct, { fields }] of Object.entries(schema.structs)) {
    structs[struct] = { form: 'partial', fields: fields.map(fieldDef) }
  }
  const flat = (ref: string, fields: readonly RecordedField[]): string => {
    structs[ref] = {
      form: 'flat',
      fields: fields.map(({ name: field, type }) => ({ name: foldName(field), wire: field, type: nodeOf(type) })),
    }
    return ref
  }
  const stores = entries(
    schema.stores,
    (store, s) => ({ kind: 'store', name: store, state: s.state, types, access: s.minimumAccess }) as const,
  )
  const rpcs = entries(schema.rpcs, (rpc, r) => {
    const result = r.result === null ? [] : [{ name: 'Result', type: r.result }]
    const error = { name: 'Error', type: { kind: 'pointer', elem: { kind: 'string' } } }
    const request = flat(`${rpc} request`, r.args)
    return {
      kind: 'rpc',
      name: rpc,
      request,
      response: flat(`${rpc} response`, [...result, error]),
      types,
      access: r.access,
    } as const
  })
  const sends = entries(
    schema.ffrpcs,
    (send, s) =>
      ({ kind: 'send', name: send, request: flat(`${send} request`, s.args), types, access: s.access }) as const,
  )
  const events = entries(
    schema.events,
    (event, args) => ({ kind: 'event', name: event, packet: flat(`${event} packet`, args), types }) as const,
  )
  const keyedEvents = entries(
    schema.keyedEvents,
    (event, e) =>
      ({ kind: 'keyedEvent', name: event, store: e.store, packet: flat(`${event} packet`, e.args), types }) as const,
  )
  return { types, stores, rpcs, sends, events, keyedEvents }
}

function entries<A, B>(from: Readonly<Record<string, A>>, make: (name: string, value: A) => B): Map<string, B> {
  return new Map(Object.entries(from).map(([name, value]) => [name, make(name, value)]))
}

function fieldDef(field: RecordedField): FieldDef {
  const base = { name: foldName(field.name), wire: field.name, id: field.id as number, type: nodeOf(field.type) }
  return holdsStruct(field.type) ? { ...base, mod: true } : base
}

/** All structs of a recorded schema were declared together, so each is changed in place by the others' deltas. */
function holdsStruct(node: RecordedNode): boolean {
  const isStruct = (n: RecordedNode | undefined): boolean =>
    n?.kind === 'struct' || (n?.kind === 'pointer' && n.elem?.kind === 'struct')
  return (
    isStruct(node) || (node.kind === 'array' && isStruct(node.elem)) || (node.kind === 'map' && isStruct(node.value))
  )
}

function nodeOf(n: RecordedNode): TypeNode {
  const sub = (x: RecordedNode | undefined): TypeNode => nodeOf(x as RecordedNode)
  switch (n.kind) {
    case 'pointer':
      return { kind: 'pointer', elem: sub(n.elem) }
    case 'array':
      return { kind: 'array', elem: sub(n.elem) }
    case 'map':
      return { kind: 'map', key: sub(n.key) as never, value: sub(n.value) }
    case 'struct':
      return { kind: 'struct', ref: n.name as string }
    case 'int64':
    case 'uint64':
      return { kind: n.kind, as: 'bigint' }
    default:
      return { kind: n.kind } as TypeNode
  }
}
