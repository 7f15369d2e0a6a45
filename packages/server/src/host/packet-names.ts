import { type EventDef, type KeyedEventDef, RivuletError, type TypeNode, type Types, structOf } from '@rivulet/wire'

/** Remembers which packet belongs to which event. Returns the packet's type; throws `config` when the name has another packet already. */
export type ClaimPacket = (name: string, def: EventDef | KeyedEventDef) => TypeNode

/**
 * Makes a registry of event names. Pages know an event by its name alone, so two packets under one name would be read as each other. An event may be asked for any number
 * of times, also with a copy of its definition.
 */
export function createPacketNames(): ClaimPacket {
  const known = new Map<string, { readonly def: EventDef | KeyedEventDef; readonly node: TypeNode }>()
  return (name, def) => {
    const before = known.get(name)
    if (before !== undefined && isSame(before.def, def)) return before.node
    if (before !== undefined) {
      throw new RivuletError('config', `the event ${def.name} has another packet already, ${before.def.packet}`, {
        store: def.name,
        hint: 'Define each event once, and give another packet another name.',
      })
    }
    const node: TypeNode = { kind: 'struct', ref: def.packet }
    known.set(name, { def, node })
    return node
  }
}

function isSame(a: EventDef | KeyedEventDef, b: EventDef | KeyedEventDef): boolean {
  return a === b || shapeOf(a) === shapeOf(b)
}

/** Everything that decides over the packet's bytes, as one text. */
function shapeOf({ packet, types }: EventDef | KeyedEventDef): string {
  const structs = new Map<string, unknown>()
  collect(packet, types, structs)
  return JSON.stringify([...structs])
}

function collect(ref: string, types: Types, into: Map<string, unknown>): void {
  if (into.has(ref)) return
  const struct = structOf(types, ref)
  into.set(ref, struct)
  // Whatever a node looks like, what it refers to is called `ref`.
  JSON.stringify(struct, (key, value: unknown) => {
    if (key === 'ref' && typeof value === 'string') collect(value, types, into)
    return value
  })
}
