import type { BinaryReader } from './binary-reader.ts'
import type { BinaryWriter } from './binary-writer.ts'
import { deserializeValue } from './decoders.ts'
import { serializeValue } from './encoders.ts'
import { applyPartial, genericsOf } from './partial-list.ts'
import {
  type AppliableOnTopPartial,
  type AppliablePartial,
  type FieldPath,
  type VarInfo,
  VarInfoPointer,
  type VarInfoStruct,
} from './var-info.ts'

/**
 * What has changed in a nested struct. `whole` is the new struct, `null` when it was removed, `undefined` when it was not replaced; the reference takes `null` for "not replaced" and goes on showing what is gone
 * (pitfall 5).
 */
export class PartialValue<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>> {
  whole: V | null | undefined
  partial: P | undefined

  private constructor() {}

  static fromValues<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    whole?: V | null,
    partial?: P,
  ): PartialValue<V, P> {
    return Object.assign(new PartialValue<V, P>(), { whole, partial })
  }

  static deserialized<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    r: BinaryReader,
    vi: VarInfoStruct | undefined,
  ): PartialValue<V, P> {
    const [value, partial] = genericsOf('PartialValue', vi) as [VarInfo, VarInfo]
    return PartialValue.fromValues<V, P>(
      deserializeValue(r, new VarInfoPointer(false, value)),
      deserializeValue(r, new VarInfoPointer(false, partial)),
    )
  }

  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void {
    const [value, partial] = genericsOf('PartialValue', vi) as [VarInfo, VarInfo]
    serializeValue(this.whole, w, new VarInfoPointer(false, value))
    serializeValue(this.partial, w, new VarInfoPointer(false, partial))
  }

  /** The struct afterwards, and the paths that have changed in it. */
  applyOnTop(por: V): [V, FieldPath[]] {
    const replaced = this.whole !== undefined
    const value = replaced ? ((this.whole ?? undefined) as V) : por
    if (this.partial === undefined) return [value, replaced ? [[]] : []]
    const [changed, paths] = applyPartial(this.partial, value, 'partial')
    return [changed, replaced ? [[]] : paths]
  }
}
