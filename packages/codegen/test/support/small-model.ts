import type { SchemaField, SchemaModel, SchemaNode, SchemaPackage, SchemaStruct } from '../../src/index.ts'
import { tsFileName, tsName } from '../../src/index.ts'

/** A package with what is given, and nothing else. */
export function packageWith(name: string, parts: Partial<SchemaPackage> = {}): SchemaPackage {
  return {
    name,
    tsFile: tsFileName(name),
    enums: [],
    namedTypes: [],
    consts: [],
    ignoredConsts: [],
    structs: [],
    packets: [],
    stores: [],
    rpcs: [],
    ffrpcs: [],
    events: [],
    keyedEvents: [],
    ...parts,
  }
}

/** A model of some packages. */
export function modelWith(...packages: readonly SchemaPackage[]): SchemaModel {
  return { format: 'restream-schema/1', packages }
}

/** A field of a flat struct. */
export function flatField(goName: string, node: SchemaNode, doc?: string): SchemaField {
  return { goName, tsName: tsName(goName), node, ...(doc === undefined ? {} : { extra: { doc } }) }
}

/** A flat struct. */
export function flatStruct(name: string, fields: Readonly<Record<string, SchemaNode>>): SchemaStruct {
  const list = Object.entries(fields).map(([goName, node]) => flatField(goName, node))
  return { name, flavour: 'flat', file: 'a.go', fields: list }
}
