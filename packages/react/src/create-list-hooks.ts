import type { Client, KeysOptions, Path, SizeOptions, StoreDef, StoreDiff } from '@rivulet/client'
import { useStoreDiffOf, type useStoreDiff } from './use-store-diff.ts'
import {
  type useStoreKeys,
  useStoreKeysOf,
  type useStoreSize,
  useStoreSizeOf,
  type useStoreWindow,
  useStoreWindowOf,
} from './use-store-keys.ts'

/** The hooks for lists, of one client; see the hooks of the same names. */
export interface ListHooks {
  readonly useStoreKeys: typeof useStoreKeys
  readonly useStoreWindow: typeof useStoreWindow
  readonly useStoreSize: typeof useStoreSize
  readonly useStoreDiff: typeof useStoreDiff
}

/**
 * The hooks for lists, bound to one client like those of `createHooks`; apart from it, so that a page without lists does not load them.
 *
 * @example
 * export const { useStoreKeys, useStoreDiff } = createListHooks(client)
 */
export function createListHooks(client: Client): ListHooks {
  // The implementations know nothing of the types of a store; the hooks of the same names say what they are.
  return {
    useStoreKeys: ((def: StoreDef, path: Path, options?: KeysOptions) =>
      useStoreKeysOf(client, def, path, options)) as typeof useStoreKeys,
    useStoreWindow: ((def: StoreDef, path: Path, options?: KeysOptions) =>
      useStoreWindowOf(client, def, path, options)) as typeof useStoreWindow,
    useStoreSize: ((def: StoreDef, path: Path, options?: SizeOptions) =>
      useStoreSizeOf(client, def, path, options)) as typeof useStoreSize,
    useStoreDiff: ((def: StoreDef, path: Path, listener: (diff: StoreDiff<never>) => void) =>
      useStoreDiffOf(client, def, path, listener)) as typeof useStoreDiff,
  }
}
