import type { Endpoint } from './endpoint.ts'
import type { StreamIdentity } from './subscriptions.ts'

/** Ids that say which stream they are of begin like this (session.md §8). */
const DERIVED = 'restream:'

/** Whether a unit with this stream id belongs to the stream. */
export type IDCheck = (id: string) => boolean

/**
 * Makes the check for one data connection. The broker may say the id (`metadata.streamID`); derived ids are computed, where the browser can (only on secure pages); a data
 * plane may also use ids of its own, and then the first unit decides.
 */
export async function createIDCheck(identity: StreamIdentity, { metadata }: Endpoint): Promise<IDCheck> {
  let pinned = metadata['streamID']
  if (pinned !== undefined) return (id) => id === pinned
  const derived = await derivedID(identity)
  return (id) => {
    if (derived !== undefined && id.startsWith(DERIVED)) return id === derived
    pinned ??= id
    return id === pinned
  }
}

async function derivedID({ store, name, key }: StreamIdentity): Promise<string | undefined> {
  // Absent on pages that came over plain http; the type does not know.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (subtle === undefined) return undefined
  const utf8 = new TextEncoder()
  const text = [store, name, key].map((part) => `${utf8.encode(part).length}:${part}`).join('')
  const hash = new Uint8Array(await subtle.digest('SHA-256', utf8.encode(text)))
  return DERIVED + Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
