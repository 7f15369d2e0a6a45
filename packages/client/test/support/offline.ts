import { IDBFactory as FakeIndexedDB, IDBKeyRange as FakeKeyRange } from 'fake-indexeddb'
import { vi } from 'vitest'
import { type KeptState, createKeptStates, type Owner } from '../../src/engine/offline/kept-states.ts'
import type { OfflineConfig } from '../../src/protocol.ts'
import { CONFIG } from './rig.ts'

/** A database of its own, as a browser's profile has one. */
export function database(): IDBFactory {
  vi.stubGlobal('IDBKeyRange', FakeKeyRange)
  return new FakeIndexedDB()
}

export const OFFLINE: OfflineConfig = {
  stores: ['BoardStore', 'OtherStore'],
  scope: 'ann',
  maxBytes: 1 << 20,
  maxAgeMs: 1_000_000,
  saveEveryMs: 5000,
}

export const OWNER: Owner = { host: CONFIG.url, endpoint: CONFIG.path, scope: 'ann' }

/** What the database has of a store. */
export async function keptOf(
  factory: IDBFactory,
  store = 'BoardStore',
  owner = OWNER,
  now = 1_000_000,
): Promise<KeptState | undefined> {
  const kept = createKeptStates(factory, owner)
  const [found] = await kept.read([store], now)
  kept.close()
  return found
}
