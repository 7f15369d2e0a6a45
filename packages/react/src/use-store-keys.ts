import type {
  Client,
  KeyAt,
  KeysOptions,
  KeysSnapshot,
  ListPath,
  Path,
  PathOf,
  PathPart,
  RowAt,
  SizeOptions,
  StoreDef,
} from '@rivulet/client'
import { useDebugValue, useEffect, useState, useSyncExternalStore } from 'react'
import { useClient } from './context.ts'
import { createKeysMemory, keysSource, type KeysSource } from './keys-source.ts'
import { pathOf } from './path-of.ts'
import { describeQuery } from './store-query.ts'
import { useOrigin } from './use-origin.ts'

/**
 * The keys of a map or set, or the indices of a list: renders again only when keys come, go or change their order, never for the contents of a row. With `orderBy`, `where`, `offset` and `limit` the worker keeps the order
 * and sends what changes about the window; other options than in the render before take effect when their keys are there, and until then the old keys stay.
 *
 * No keys until they are known, on the server, and while React hydrates; see {@link useStoreWindow} for what is known about them. What is subscribed at the host is the whole map.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above, and for a window or locale that cannot be; `path` where there is no map, list or set, or rows have no such field; `invalid-value` for a `where`
 * value of another type than the field.
 *
 * @example
 * const ids = useStoreKeys(FleetStore, 'boats', { orderBy: 'name', where: { field: 'speed', op: '>', value: 0 } })
 * return <ul>{ids.map((id) => <Boat key={id} id={id} />)}</ul>
 */
export function useStoreKeys<S, const P extends PathOf<S>>(
  def: StoreDef<S>,
  path: P & ListPath<S, P>,
  options?: KeysOptions<RowAt<S, P>>,
): readonly KeyAt<S, P>[]
export function useStoreKeys(def: StoreDef, path: string | Path, options?: KeysOptions): readonly PathPart[] {
  return useStoreKeysOf(useClient(), def, path, options)
}

/**
 * As {@link useStoreKeys}, with what a virtual list needs besides: `{ keys, total, offset, status, loaded, error }`. `offset` is that of the keys that are shown, which after scrolling are the old ones for a moment.
 * Renders again when any of it changes.
 *
 * @throws RivuletError as `useStoreKeys` does.
 *
 * @example
 * const { keys, total, offset } = useStoreWindow(FleetStore, 'boats', { orderBy: 'speed', offset: first, limit: 40 })
 */
export function useStoreWindow<S, const P extends PathOf<S>>(
  def: StoreDef<S>,
  path: P & ListPath<S, P>,
  options?: KeysOptions<RowAt<S, P>>,
): KeysSnapshot<KeyAt<S, P>>
export function useStoreWindow(def: StoreDef, path: string | Path, options?: KeysOptions): KeysSnapshot<PathPart> {
  return useStoreWindowOf(useClient(), def, path, options)
}

/**
 * How many rows a map, list or set has, or how many meet a condition. Renders again when the number changes; no key and no row crosses to the page for it. 0 until it is known.
 *
 * @throws RivuletError as `useStoreKeys` does.
 *
 * @example
 * const moored = useStoreSize(FleetStore, 'boats', { where: { field: 'speed', op: '=', value: 0 } })
 */
export function useStoreSize<S, const P extends PathOf<S>>(
  def: StoreDef<S>,
  path: P & ListPath<S, P>,
  options?: SizeOptions<RowAt<S, P>>,
): number
export function useStoreSize(def: StoreDef, path: string | Path, options?: SizeOptions): number {
  return useStoreSizeOf(useClient(), def, path, options)
}

const ALL: KeysOptions = {}
const NO_KEYS: readonly never[] = Object.freeze([])
const SERVER: KeysSnapshot<never> = Object.freeze({
  keys: NO_KEYS,
  total: 0,
  offset: 0,
  status: 'loading',
  loaded: false,
  error: undefined,
})
const noKeys = (): readonly never[] => NO_KEYS
const noTotal = (): number => 0
const noSnapshot = (): KeysSnapshot<never> => SERVER

/** {@link useStoreKeys} with the client in hand. */
export function useStoreKeysOf(
  client: Client,
  def: StoreDef,
  path: string | Path,
  options: KeysOptions = ALL,
): readonly PathPart[] {
  const source = useKeysSource(client, def, path, options, 'useStoreKeys')
  const keys = useSyncExternalStore(source.subscribe, source.keys, noKeys)
  useChange(source, options)
  return keys
}

/** {@link useStoreWindow} with the client in hand. */
export function useStoreWindowOf(
  client: Client,
  def: StoreDef,
  path: string | Path,
  options: KeysOptions = ALL,
): KeysSnapshot<PathPart> {
  const source = useKeysSource(client, def, path, options, 'useStoreWindow')
  const snapshot = useSyncExternalStore(source.subscribe, source.snapshot, noSnapshot)
  useChange(source, options)
  return snapshot
}

/** {@link useStoreSize} with the client in hand. */
export function useStoreSizeOf(client: Client, def: StoreDef, path: string | Path, options?: SizeOptions): number {
  const only = { ...options, limit: 0 }
  const source = useKeysSource(client, def, path, only, 'useStoreSize')
  const total = useSyncExternalStore(source.subscribe, source.total, noTotal)
  useChange(source, only)
  return total
}

function useKeysSource(
  client: Client,
  def: StoreDef,
  path: string | Path,
  options: KeysOptions,
  hook: string,
): KeysSource {
  const [memory] = useState(createKeysMemory)
  useOrigin(client, memory, hook)
  useDebugValue(path, (shown) => describeQuery(def.name, shown))
  return keysSource(memory, client.store(def), pathOf(path), options)
}

/** After the subscription of the same commit; options that say the same cost a comparison. */
function useChange(source: KeysSource, options: KeysOptions): void {
  useEffect(() => source.change(options))
}
