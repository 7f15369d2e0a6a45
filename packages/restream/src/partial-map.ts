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
  VarInfoMap,
  type VarInfoStruct,
} from './var-info.ts'

function put<K, V>(por: Map<K, V>, whole: Map<K, V> | undefined, sets: Map<K, V>, deletes: Set<K>): FieldPath[] {
  if (whole !== undefined) {
    por.clear()
    for (const [key, value] of whole) por.set(key, value)
  }
  for (const [key, value] of sets) por.set(key, value)
  for (const key of deletes) por.delete(key)
  return [...sets.keys(), ...deletes].map((key) => [key as string | number])
}

/** What has changed in a map of values that are replaced as a whole. */
export class PartialMap<K, V> {
  dataSets!: Map<K, V>
  dataDeletes!: Set<K>
  whole: Map<K, V> | undefined

  private constructor() {}

  static fromValues<K, V>(
    dataSets: Map<K, V> = new Map(),
    dataDeletes: Set<K> = new Set(),
    whole?: Map<K, V>,
  ): PartialMap<K, V> {
    return Object.assign(new PartialMap<K, V>(), { dataSets, dataDeletes, whole })
  }

  static deserialized<K, V>(r: BinaryReader, vi: VarInfoStruct | undefined): PartialMap<K, V> {
    const [key, elem] = genericsOf('PartialMap', vi) as [VarInfo, VarInfo]
    return PartialMap.fromValues<K, V>(
      deserializeValue(r, new VarInfoMap(true, key, elem)),
      deserializeValue(r, new VarInfoMap(true, key, undefined)),
      deserializeValue(r, new VarInfoMap(false, key, elem)),
    )
  }

  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void {
    const [key, elem] = genericsOf('PartialMap', vi) as [VarInfo, VarInfo]
    serializeValue(this.dataSets, w, new VarInfoMap(true, key, elem))
    serializeValue(this.dataDeletes, w, new VarInfoMap(true, key, undefined))
    serializeValue(this.whole, w, new VarInfoMap(false, key, elem))
  }

  /** Changes `por`; the paths that have changed in it. */
  applyTo(por: Map<K, V>): FieldPath[] {
    const paths = put(por, this.whole, this.dataSets, this.dataDeletes)
    return this.whole !== undefined ? [[]] : paths
  }
}

/** What has changed in a map of structs that are changed in place. */
export class PartialModMap<K, V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>> {
  dataSets!: Map<K, V>
  dataDeletes!: Set<K>
  dataMods!: Map<K, P>
  whole: Map<K, V> | undefined

  private constructor() {}

  static fromValues<K, V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    dataSets: Map<K, V> = new Map(),
    dataDeletes: Set<K> = new Set(),
    dataMods: Map<K, P> = new Map(),
    whole?: Map<K, V>,
  ): PartialModMap<K, V, P> {
    return Object.assign(new PartialModMap<K, V, P>(), { dataSets, dataDeletes, dataMods, whole })
  }

  static deserialized<K, V, P extends AppliablePartial<V> | AppliableOnTopPartial<V>>(
    r: BinaryReader,
    vi: VarInfoStruct | undefined,
  ): PartialModMap<K, V, P> {
    const [key, elem, partial] = genericsOf('PartialModMap', vi) as [VarInfo, VarInfo, VarInfo]
    return PartialModMap.fromValues<K, V, P>(
      deserializeValue(r, new VarInfoMap(true, key, elem)),
      deserializeValue(r, new VarInfoMap(true, key, undefined)),
      deserializeValue(r, new VarInfoMap(true, key, partial)),
      deserializeValue(r, new VarInfoMap(false, key, elem)),
    )
  }

  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void {
    const [key, elem, partial] = genericsOf('PartialModMap', vi) as [VarInfo, VarInfo, VarInfo]
    serializeValue(this.dataSets, w, new VarInfoMap(true, key, elem))
    serializeValue(this.dataDeletes, w, new VarInfoMap(true, key, undefined))
    serializeValue(this.dataMods, w, new VarInfoMap(true, key, partial))
    serializeValue(this.whole, w, new VarInfoMap(false, key, elem))
  }

  /** Changes `por`; the paths that have changed in it. */
  applyTo(por: Map<K, V>): FieldPath[] {
    const paths = put(por, this.whole, this.dataSets, this.dataDeletes)
    for (const [key, partial] of this.dataMods) {
      const [value, below] = applyPartial(partial, por.get(key) as V, String(key))
      por.set(key, value)
      for (const path of below) paths.push([key as string | number, ...path])
    }
    return this.whole !== undefined ? [[]] : paths
  }
}
