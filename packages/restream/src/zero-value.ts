import {
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoMap,
  VarInfoPrimitive,
  VarInfoStruct,
} from './var-info.ts'

/** What a value of this type is before anything is known of it, as generated code has it. */
export function zeroValue(vi: VarInfo): unknown {
  if (vi instanceof VarInfoPrimitive) {
    if (vi.dataType === SerializationType.Bool) return false
    if (vi.dataType === SerializationType.String) return ''
    return vi.dataType === SerializationType.Time ? new Date(0) : 0
  }
  if (vi instanceof VarInfoArray && vi.notNil) return []
  if (vi instanceof VarInfoMap && vi.notNil) return vi.elemType === undefined ? new Set() : new Map()
  if (!(vi instanceof VarInfoStruct)) return undefined
  return (vi.deserializer as unknown as { readonly fromValues: () => unknown }).fromValues()
}
