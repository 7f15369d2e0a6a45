import type { BinaryReader } from './binary-reader.ts'
import type { BinaryWriter } from './binary-writer.ts'
import { deserializeValue } from './decoders.ts'
import { serializeValue } from './encoders.ts'
import { applyPartial, genericsOf, indexPaths, putElement, refill } from './partial-list.ts'
import {
  type AppliableOnTopPartial,
  type AppliablePartial,
  type FieldPath,
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoMap,
  VarInfoPrimitive,
  type VarInfoStruct,
} from './var-info.ts'
import { zeroValue } from './zero-value.ts'

const INDEX = new VarInfoPrimitive(SerializationType.Int64, 'int')

const setsOf = (elem: VarInfo): VarInfo => new VarInfoMap(true, INDEX, elem)
const wholeOf = (elem: VarInfo): VarInfo => new VarInfoArray(false, elem)
// One that was made by the app does not know the type of its elements.
const unknownZero = (): unknown => undefined

/**
 * What has changed in a list of values that are replaced as a whole. `whole` is undefined unless the list was replaced; the reference makes it an empty list, which wipes what "set index 2" is applied to (pitfall 6).
 *
 * @example
 * BoardStoreStatePartial.fromValues(PartialArray.fromValues(new Map([[1, ['X', '', 'O']]])))
 */
export class PartialArray<V> {
  dataSets!: Map<number, V>
  whole: V[] | undefined
  #zero: () => V = unknownZero as () => V

  private constructor() {}

  static fromValues<V>(dataSets: Map<number, V> = new Map(), whole?: V[]): PartialArray<V> {
    return Object.assign(new PartialArray<V>(), { dataSets, whole })
  }

  static deserialized<V>(r: BinaryReader, vi: VarInfoStruct | undefined): PartialArray<V> {
    const [elem] = genericsOf('PartialArray', vi) as [VarInfo]
    const o = PartialArray.fromValues<V>(deserializeValue(r, setsOf(elem)), deserializeValue(r, wholeOf(elem)))
    o.#zero = () => zeroValue(elem) as V
    return o
  }

  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void {
    const [elem] = genericsOf('PartialArray', vi) as [VarInfo]
    serializeValue(this.dataSets, w, setsOf(elem))
    serializeValue(this.whole, w, wholeOf(elem))
  }

  /** Changes `por`; the paths that have changed in it. */
  applyTo(por: V[]): FieldPath[] {
    if (this.whole !== undefined) refill(por, this.whole)
    for (const [index, value] of this.dataSets) putElement(por, index, value, this.#zero)
    return this.whole !== undefined ? [[]] : indexPaths(this.dataSets.keys())
  }
}

/** What has changed in a list of structs that are changed in place. */
export class PartialModArray<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>> {
  dataSets!: Map<number, V>
  dataMods!: Map<number, P>
  whole: V[] | undefined
  #zero: () => V = unknownZero as () => V

  private constructor() {}

  static fromValues<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    dataSets: Map<number, V> = new Map(),
    dataMods: Map<number, P> = new Map(),
    whole?: V[],
  ): PartialModArray<V, P> {
    return Object.assign(new PartialModArray<V, P>(), { dataSets, dataMods, whole })
  }

  static deserialized<V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    r: BinaryReader,
    vi: VarInfoStruct | undefined,
  ): PartialModArray<V, P> {
    const [elem, partial] = genericsOf('PartialModArray', vi) as [VarInfo, VarInfo]
    const o = PartialModArray.fromValues<V, P>(
      deserializeValue(r, setsOf(elem)),
      deserializeValue(r, setsOf(partial)),
      deserializeValue(r, wholeOf(elem)),
    )
    o.#zero = () => zeroValue(elem) as V
    return o
  }

  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void {
    const [elem, partial] = genericsOf('PartialModArray', vi) as [VarInfo, VarInfo]
    serializeValue(this.dataSets, w, setsOf(elem))
    serializeValue(this.dataMods, w, setsOf(partial))
    serializeValue(this.whole, w, wholeOf(elem))
  }

  /** Changes `por`; the paths that have changed in it. */
  applyTo(por: V[]): FieldPath[] {
    const paths: FieldPath[] = indexPaths(this.dataSets.keys())
    if (this.whole !== undefined) refill(por, this.whole)
    for (const [index, value] of this.dataSets) putElement(por, index, value, this.#zero)
    for (const [index, partial] of this.dataMods) {
      if (index < 0) continue
      const [value, below] = applyPartial(partial, por[index] as V, index)
      putElement(por, index, value, this.#zero)
      for (const path of below) paths.push([index, ...path])
    }
    return this.whole !== undefined ? [[]] : paths
  }
}
