import { PROTOCOL_VERSION } from '../../protocol.ts'
import type { StartRequest } from '../engine-link.ts'

/**
 * A name that only those tabs have in common which may share an engine: same build of the protocol, same options, same identity. A digest, because the identity may hold a token, and names of workers, locks
 * and channels are seen by everything of the origin.
 */
export async function sharingName({ config, tabs }: Pick<StartRequest, 'config' | 'tabs'>): Promise<string> {
  // What devtools are kept for is no reason to keep apart: the tab that comes first decides.
  const { ringBytes: _, ...shared } = config
  const text = JSON.stringify([shared, tabs === 'own' ? null : tabs.identity])
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const hex = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `rivulet-${PROTOCOL_VERSION}-${hex}`
}
