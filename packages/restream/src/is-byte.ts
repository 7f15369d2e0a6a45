import { SerializationType, type VarInfo, VarInfoPrimitive } from './var-info.ts'

/** Whether lists of this type are raw bytes. */
export function isByte(type: VarInfo): boolean {
  return type instanceof VarInfoPrimitive && type.dataType === SerializationType.Uint8
}
