import type { SchemaModel, SchemaPacket, SchemaStruct } from '../model/schema-model.ts'

/** One of the two schemas, ready to be looked things up in. */
export interface Side {
  readonly model: SchemaModel
  readonly structs: ReadonlyMap<string, SchemaStruct>
  readonly packets: ReadonlyMap<string, SchemaPacket>
}

/** Indexes a model by `package.Name`. */
export function sideOf(model: SchemaModel): Side {
  const structs = new Map<string, SchemaStruct>()
  const packets = new Map<string, SchemaPacket>()
  for (const pkg of model.packages) {
    for (const struct of pkg.structs) structs.set(`${pkg.name}.${struct.name}`, struct)
    for (const packet of pkg.packets) packets.set(`${pkg.name}.${packet.name}`, packet)
  }
  return { model, structs, packets }
}
