import { toBytes } from '@rivulet/wire'
import type { PlainError } from '../protocol.ts'
import { failure, plainError } from './plain-error.ts'
import type { StoreFeed } from './store-feed.ts'
import { takeUpdate } from './store-updates.ts'

/** Finds the feed of a `storeupdate` and hands it the bytes. Throws a TypeError when there is no store name in it. */
export function takeStoreUpdate(
  byName: ReadonlyMap<string, StoreFeed>,
  proved: (store: string) => void,
  report: (error: PlainError) => void,
  { storeName, kind, state, partial }: Readonly<Record<string, unknown>>,
): void {
  const name = text(storeName)
  const feed = byName.get(name)
  if (feed === undefined) {
    report(failure('unknown-store', 'the host sent an update of a store that is not in use', { store: name }))
    return
  }
  proved(name)
  if (kind !== 0 && kind !== 2) {
    report(failure('protocol', `${String(kind)} is not a kind of store update`, { store: name }))
    return
  }
  let bytes: Uint8Array
  try {
    bytes = toBytes(kind === 0 ? state : partial)
  } catch (e) {
    // An update without its bytes is an update missed.
    bytes = new Uint8Array(0)
    report(plainError(e, 'protocol', { store: name }))
  }
  takeUpdate(feed, kind, bytes)
}

/** A name in a host's message; throws a TypeError for anything else. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`expected a name, got ${typeof value}`)
  return value
}

/** A time in a host's message; 0 for anything else. */
export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
