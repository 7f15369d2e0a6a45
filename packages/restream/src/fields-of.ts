import { RivuletError } from '@rivulet/wire'
import type { FieldInfo, VarInfo, VarInfoStruct } from './var-info.ts'
import { VarInfoStruct as Struct } from './var-info.ts'
import { BinaryReader } from './binary-reader.ts'

/** A generated class, as far as its tables go. Older ones keep them under private names, which exist all the same at run time. */
interface Tables {
  readonly name?: string
  readonly fieldInfo?: readonly FieldInfo[]
  readonly _fieldInfo?: readonly FieldInfo[]
  readonly _fieldMap?: ReadonlyMap<number, FieldInfo>
}

/** One field of a generated class. */
interface Field {
  /** The property. */
  readonly name: string
  /** The name in Go. */
  readonly wire: string
  readonly id: number | undefined
  readonly varInfo: VarInfo
}

/** The fields of a generated class, and whether they travel with ids. */
export interface Fields {
  readonly list: readonly Field[]
  readonly withIds: boolean
}

const known = new WeakMap<object, Fields>()

/** The fields of a generated class. Throws `schema` for a class that no generator has made. */
export function fieldsOf(type: object): Fields {
  let fields = known.get(type)
  if (fields === undefined) known.set(type, (fields = readFields(type)))
  return fields
}

function readFields(type: Tables): Fields {
  const list = type.fieldInfo ?? type._fieldInfo
  if (!Array.isArray(list)) {
    throw new RivuletError('schema', `${type.name ?? 'a class'} has no fieldInfo`, {
      hint: 'Pass classes that the generator emitted, or give the store its definition: new ReStreamSocket(socket, { stores: [MyStore] }).',
    })
  }
  const fields = (list as readonly FieldInfo[]).map(({ name, fieldID, varInfo }): Field => ({
    name: foldName(name),
    wire: name,
    id: fieldID,
    varInfo,
  }))
  return { list: fields, withIds: type._fieldMap !== undefined || fields.some(({ id }) => id !== undefined) }
}

/**
 * A Go name as the generator spells the property: the leading run of capitals is folded, keeping the last one when a lower-case letter follows (`ID` → `id`, `URLPath` → `urlPath`); digits and `_` count as
 * lower-case (codegen.md §2).
 */
export function foldName(go: string): string {
  const run = /^[A-Z]*/.exec(go)?.[0].length ?? 0
  if (run <= 1 || run === go.length) return go.slice(0, run).toLowerCase() + go.slice(run)
  return go.slice(0, run - 1).toLowerCase() + go.slice(run - 1)
}

class Found extends Error {
  readonly types: Map<string, VarInfo>

  constructor(types: Map<string, VarInfo>) {
    super('found')
    this.types = types
  }
}

/**
 * The names of a generic struct's parameters, with their types at this place. Nothing but the generated `deserialized` knows which argument belongs to which name; so it is run on nothing, up to the
 * moment when it fills them in.
 */
export function parametersOf(vi: VarInfoStruct): Map<string, VarInfo> {
  const type = vi.deserializer as Tables | undefined
  const first = (type?.fieldInfo ?? type?._fieldInfo)?.[0]
  if (vi.genericTypes === undefined || first === undefined || vi.deserializer === undefined) return new Map()
  const probe: VarInfo = {
    getSerializationData: () => new Uint8Array(),
    fillGenerics(types) {
      throw new Found(types)
    },
  }
  const { varInfo } = first
  first.varInfo = probe
  try {
    vi.deserializer.deserialized(
      new BinaryReader(new ArrayBuffer(0)),
      new Struct(vi.name, vi.packageName, vi.deserializer, undefined, vi.genericTypes),
    )
  } catch (e) {
    if (e instanceof Found) return e.types
    throw new RivuletError('schema', `the type parameters of ${vi.name} cannot be told`, { cause: e })
  } finally {
    first.varInfo = varInfo
  }
  return new Map()
}
