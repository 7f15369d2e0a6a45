import type { SchemaModel, StoreType } from '../model/schema-model.ts'
import type { SchemaNode } from '../model/schema-node.ts'
import type { Peers } from './finding.ts'
import { type Side, sideOf } from './side.ts'

/** Which ways a struct travels: `down` from the host to pages, `up` from pages to the host, `relay` from a device to its relay. */
export type Way = 'down' | 'up' | 'relay'

/** Where the structs of two schemas travel, by `package.Name`; a struct that does not travel at all has no entry. */
export interface Uses {
  readonly ways: (ref: string) => ReadonlySet<Way>
  /** Whether pages name the struct's fields in subscription keys: it is a store's state, or changed in place somewhere below one. */
  readonly inKeys: (ref: string) => boolean
}

const RELAYED: ReadonlySet<StoreType> = new Set(['DeviceWithRelay', 'DeviceWithCloudSource', 'CloudSourceForDevice'])

/** Where structs travel, in either model. */
export function usesOf(models: readonly SchemaModel[]): Uses {
  const ways = new Map<string, Set<Way>>()
  const keyed = new Set<string>()
  for (const model of models) {
    const side = sideOf(model)
    for (const { name, stores, rpcs, ffrpcs, events, keyedEvents } of model.packages) {
      for (const store of stores) {
        mark(side, ways, store.state, 'down')
        if (RELAYED.has(store.type)) mark(side, ways, store.state, 'relay')
        markKeys(side, keyed, store.state)
      }
      for (const { request } of [...rpcs, ...ffrpcs]) mark(side, ways, qualified(name, request), 'up')
      for (const { response } of rpcs) mark(side, ways, qualified(name, response), 'down')
      for (const { packet } of [...events, ...keyedEvents]) mark(side, ways, qualified(name, packet), 'down')
    }
  }
  return { ways: (ref) => ways.get(ref) ?? new Set(), inKeys: (ref) => keyed.has(ref) }
}

/** A reference to a struct or packet, from inside package `pkg`. */
export const qualified = (pkg: string, name: string): string => (name.includes('.') ? name : `${pkg}.${name}`)

function mark(side: Side, ways: Map<string, Set<Way>>, ref: string, way: Way): void {
  const known = ways.get(ref) ?? new Set()
  if (known.has(way)) return
  ways.set(ref, known.add(way))
  const struct = side.structs.get(ref) ?? side.packets.get(ref)
  for (const { node } of struct?.fields ?? []) for (const inner of refsIn(node)) mark(side, ways, inner, way)
}

function markKeys(side: Side, keyed: Set<string>, ref: string): void {
  if (keyed.has(ref)) return
  keyed.add(ref)
  for (const { partial } of side.structs.get(ref)?.fields ?? []) {
    if (partial?.sub !== undefined) markKeys(side, keyed, partial.sub)
  }
}

function refsIn(node: SchemaNode): readonly string[] {
  switch (node.kind) {
    case 'pointer':
    case 'array':
      return refsIn(node.elem)
    case 'map':
      return refsIn(node.value)
    case 'struct':
      return [node.ref, ...(node.args ?? []).flatMap(refsIn)]
    default:
      return []
  }
}

/** Who notices that old readers, or new ones, cannot read what travels these ways. */
export function peersOf(ways: ReadonlySet<Way>, readers: 'old' | 'new'): readonly Peers[] {
  const isOld = readers === 'old'
  const found: Peers[] = []
  // What does not travel yet may: both ways are possible.
  if (ways.size === 0 || ways.has('down')) found.push(isOld ? 'old page with new host' : 'new page with old host')
  if (ways.has('up')) found.push(isOld ? 'new page with old host' : 'old page with new host')
  if (ways.has('relay')) found.push(isOld ? 'old relay with new device' : 'new relay with old device')
  return found
}
