import { dynamic } from '@rivulet/wire'
import { isByte } from './is-byte.ts'
import { fieldsOf, parametersOf } from './fields-of.ts'
import { canBeNil } from './present.ts'
import { type VarInfo, VarInfoArray, VarInfoDynamic, VarInfoMap, VarInfoPointer, VarInfoStruct } from './var-info.ts'

/** What generated code holds → the value that Rivulet encodes: plain objects, `null` for nil, boxes where a pointee can be nil itself. */
export function plainArgs(vi: VarInfo, value: unknown): unknown {
  if (vi instanceof VarInfoDynamic) return value === undefined || value === null ? null : dynamic(value)
  if (vi instanceof VarInfoPointer) return pointer(vi, value)
  if (value === undefined || value === null) return null
  if (vi instanceof VarInfoArray) {
    if (isByte(vi.elemType)) return value instanceof Uint8Array ? value : Uint8Array.from(value as number[])
    return (value as readonly unknown[]).map((element) => plainArgs(vi.elemType, element))
  }
  if (vi instanceof VarInfoMap) {
    const { elemType } = vi
    if (elemType === undefined) return value
    const entries = [...(value as ReadonlyMap<unknown, unknown>)]
    return new Map(entries.map(([key, element]) => [key, plainArgs(elemType, element)] as const))
  }
  if (vi instanceof VarInfoStruct && vi.deserializer !== undefined) {
    return plainStruct(vi.deserializer, value, parametersOf(vi))
  }
  return value
}

function pointer({ subType, notNil }: VarInfoPointer, value: unknown): unknown {
  if (notNil) return plainArgs(subType, value ?? undefined)
  if (!canBeNil(subType)) return value === undefined || value === null ? null : plainArgs(subType, value)
  // `null` is a pointer to a pointer that points to nothing.
  if (value === null && subType instanceof VarInfoPointer) return { value: null }
  return value === undefined || value === null ? null : { value: plainArgs(subType, value) }
}

/** The fields of an instance of a generated class. */
export function plainStruct(
  type: object,
  value: unknown,
  parameters: Map<string, VarInfo> = new Map(),
): Readonly<Record<string, unknown>> {
  const from = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    fieldsOf(type).list.map(({ name, varInfo }) => [name, plainArgs(varInfo.fillGenerics(parameters), from[name])]),
  )
}
