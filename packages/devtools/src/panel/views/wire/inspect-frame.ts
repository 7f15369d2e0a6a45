import type { FrameEntry } from '@rivulet/client/inspect'
import type { TypeNode, Types } from '@rivulet/wire'
import { type InspectOptions, type Inspection, inspectMessage, inspectValue } from '@rivulet/wire/inspect'
import type { ClientModel } from '../../client-model.ts'

/** What is known of every fielded struct without its schema: ids and lengths (wire.md §6.1). */
const UNKNOWN: Types = [{ unknown: { form: 'fielded', fields: [] } }]

/** The struct that a call's or event's message is, by the descriptors that are known. */
export function packetOf(
  model: ClientModel,
  entry: FrameEntry,
): { readonly types: Types; readonly node: TypeNode; readonly name: string } | undefined {
  const name = entry.name ?? ''
  const request = model.requests.get(name)
  const event = model.events.get(entry.kind === 'keyedevent' ? `${entry.store}.${name}` : name)
  const def = entry.kind === 'event' || entry.kind === 'keyedevent' ? event : request
  if (def === undefined) return undefined
  const response = entry.kind === 'rpccallresp'
  const ref = 'packet' in def ? def.packet : response ? ('response' in def ? def.response : undefined) : def.request
  return ref === undefined ? undefined : { types: def.types, node: { kind: 'struct', ref }, name }
}

/**
 * Attributes the bytes of a message. Without its schema a store's message still shows its entries, and everything else is one part.
 *
 * @example
 * inspectFrame(model, entry, bytes, { maxParts: 2000 }).parts
 */
export function inspectFrame(
  model: ClientModel,
  entry: FrameEntry,
  bytes: Uint8Array,
  options: InspectOptions,
): Inspection & { readonly known: boolean } {
  if (bytes.length === 0) return { parts: [], error: undefined, known: true }
  if (entry.kind === 'storeupdate') {
    const def = model.stores.get(entry.store ?? '')
    if (def !== undefined) return { ...inspectMessage(def, bytes, entry.update ?? 'partial', options), known: true }
    const found = inspectValue(UNKNOWN, { kind: 'struct', ref: 'unknown' }, bytes, entry.store ?? 'unknown', options)
    if (found.error === undefined) return { ...found, known: false }
  }
  const packet = packetOf(model, entry)
  if (packet !== undefined)
    return { ...inspectValue(packet.types, packet.node, bytes, packet.name, options), known: true }
  const path = entry.name ?? entry.store ?? entry.kind
  return { parts: [{ offset: 0, length: bytes.length, path, meaning: 'no schema' }], error: undefined, known: false }
}
