import { RivuletError } from '@rivulet/wire'
import type {
  NamedType,
  SchemaEnum,
  SchemaField,
  SchemaModel,
  SchemaPackage,
  SchemaPacket,
  SchemaStruct,
} from '../model/schema-model.ts'

/** A struct or packet and where it is declared. */
interface Placed<T> {
  readonly pkg: SchemaPackage
  readonly def: T
}

/** A struct or a packet. */
export type AnyStruct = SchemaStruct | SchemaPacket

/** A model's declarations by `package.Name`. */
export interface ModelIndex {
  readonly model: SchemaModel
  /** Throws `schema` when there is no such struct. */
  readonly struct: (ref: string) => Placed<AnyStruct>
  /** The enum or named primitive; undefined when the model does not have it. */
  readonly named: (ref: string) => Placed<SchemaEnum | NamedType> | undefined
  /** Every struct and packet that is not generic, by reference. */
  readonly structsOf: (pkg: SchemaPackage) => readonly (readonly [string, AnyStruct])[]
}

/** Indexes a model. */
export function indexModel(model: SchemaModel): ModelIndex {
  const structs = new Map<string, Placed<AnyStruct>>()
  const named = new Map<string, Placed<SchemaEnum | NamedType>>()
  for (const pkg of model.packages) {
    for (const def of [...pkg.structs, ...pkg.packets]) structs.set(`${pkg.name}.${def.name}`, { pkg, def })
    for (const def of [...pkg.enums, ...pkg.namedTypes]) named.set(`${pkg.name}.${def.name}`, { pkg, def })
  }
  return {
    model,
    struct: (ref) => {
      const found = structs.get(ref)
      if (found === undefined) throw new RivuletError('schema', `the model has no struct "${ref}"`)
      return found
    },
    named: (ref) => named.get(ref),
    structsOf: (pkg) =>
      [...pkg.structs, ...pkg.packets].flatMap((def) =>
        typeParamsOf(def).length > 0 ? [] : [[`${pkg.name}.${def.name}`, def] as const],
      ),
  }
}

/** The type parameters of a struct; a packet has none. */
export const typeParamsOf = (def: AnyStruct): readonly string[] => ('typeParams' in def ? (def.typeParams ?? []) : [])

/** A field's name in options and messages: `package.Struct.Field`. */
export const fieldName = (ref: string, field: SchemaField): string => `${ref}.${field.goName}`
