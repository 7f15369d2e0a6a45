import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaStore } from '../../model/schema-model.ts'
import { upperFirst } from '../../model/ts-name.ts'
import type { Declaration } from '../syntax/declarations.ts'
import { accessOf, type StoreTag } from './annotations.ts'
import type { ModuleNames } from './names.ts'
import { extraOf, placeText } from './places.ts'
import { paramsOf } from './struct-fields.ts'

/** What reading stores needs. */
interface StoreTools {
  readonly packageName: string
  readonly names: ModuleNames
  readonly diagnostics: Diagnostics
}

/** Reads the store that a struct is the state of. `stores` are those that are known. */
export function readStore(
  declared: Declaration,
  { name, type, at }: StoreTag,
  stores: readonly SchemaStore[],
  { packageName, names, diagnostics }: StoreTools,
): SchemaStore {
  const other = stores.find((store) => store.name === name)
  if (other !== undefined) {
    const message = `the store "${name}" is there already, at ${placeText(other.extra?.at)}`
    diagnostics.error('duplicate-name', at, message, 'Give one of them another name.')
  }
  if (paramsOf(declared).length > 0)
    diagnostics.error('generic-flavour', at, `${declared.name} is generic and a store`, 'Write the types out.')
  const goStruct = storeStruct(declared.name, name)
  names.take(goStruct, at)
  const minimumAccess = accessOf(declared.doc, declared.name, diagnostics) ?? 0
  const state = `${packageName}.${declared.name}`
  return { goStruct, name, type, minimumAccess, state, extra: extraOf(declared) }
}

/**
 * What generated code calls a store: the state's name without `State`, so that `BoardStoreState` is the state of `BoardStore`; else the store's
 * own name, if that can be one.
 */
function storeStruct(stateName: string, storeName: string): string {
  const stem = stateName.endsWith('State') ? stateName.slice(0, -'State'.length) : ''
  if (stem !== '') return upperFirst(stem)
  const own = upperFirst(storeName.replaceAll(/[^\p{L}\p{Nd}_]/gu, ''))
  return /^\p{L}/u.test(own) && own !== stateName ? own : `${stateName}Store`
}
