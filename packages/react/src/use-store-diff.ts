import {
  asOrigin,
  storeDiff,
  type Client,
  type KeyAt,
  type ListPath,
  type Path,
  type PathOf,
  type StoreDef,
  type StoreDiff,
} from '@rivulet/client'
import { useDebugValue, useEffect, useInsertionEffect, useRef, useState } from 'react'
import { useClient } from './context.ts'
import { pathOf } from './path-of.ts'
import { samePath } from './same-path.ts'
import { describeQuery } from './store-query.ts'
import { countMemory, type OriginMemory, useOrigin } from './use-origin.ts'

/**
 * Calls `listener` with what happened to the rows of a map, list or set since the last call, `{ added, removed, changed, fields }`, at most once a frame: for canvases and charts. Renders nothing. The first call names
 * everything as added. Read the values with `client.store(Def).get([...path, key])`. The listener may be another function in every render: the latest one is called.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above; `path` where there is no map, list or set.
 *
 * @example
 * const fleet = useClient().store(FleetStore)
 * useStoreDiff(FleetStore, 'boats', ({ added, removed, changed }) => {
 *   for (const id of removed) map.erase(id)
 *   for (const id of [...added, ...changed]) map.draw(id, fleet.get(['boats', id]))
 * })
 */
export function useStoreDiff<S, const P extends PathOf<S>>(
  def: StoreDef<S>,
  path: P & ListPath<S, P>,
  listener: (diff: StoreDiff<KeyAt<S, P>>) => void,
): void
export function useStoreDiff(def: StoreDef, path: string | Path, listener: (diff: StoreDiff<never>) => void): void {
  useStoreDiffOf(useClient(), def, path, listener)
}

/** It renders nothing, so nothing of it can be a reason to render. */
const nothing = (): void => undefined
const createMemory = (): OriginMemory => ({ serial: countMemory() })

/** {@link useStoreDiff} with the client in hand. */
export function useStoreDiffOf(
  client: Client,
  def: StoreDef,
  path: string | Path,
  listener: (diff: StoreDiff<never>) => void,
): void {
  const store = client.store(def)
  const [memory] = useState(createMemory)
  useOrigin(client, memory, 'useStoreDiff')
  const latest = useRef(listener)
  // Before any layout or passive effect of this commit, so nothing ever reaches the listener of an older render.
  useInsertionEffect(() => {
    latest.current = listener
  }, [listener])
  // A path spelled anew in every render is the same path.
  const [place, setPlace] = useState(() => pathOf(path))
  const moved = !samePath(place, pathOf(path))
  if (moved) setPlace(pathOf(path))
  useEffect(
    () =>
      asOrigin(client, memory.origin, nothing, nothing, () =>
        storeDiff(store, place, (diff) => latest.current(diff as StoreDiff<never>)),
      ),
    [client, memory, store, place],
  )
  useDebugValue(path, (shown) => describeQuery(def.name, shown))
}
