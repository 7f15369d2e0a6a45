import { setTimeout as sleep } from 'node:timers/promises'
import { dataPlaneID, type StreamBroker } from '@rivulet/server'
import type { Observation } from './recorded-host.ts'

/** The broker of the recordings (vectors/sessions/README.md): what it does depends on how the key begins. */
export function recordedBroker(observed: Observation[]): StreamBroker {
  let last = 0
  return {
    async open({ store, stream, key, level, signal }) {
      if (key.startsWith('fail')) throw new Error(`no such camera: ${key}`)
      if (key.startsWith('slow')) {
        try {
          await sleep(250, undefined, { signal })
        } catch (e) {
          observed.push({ event: '$streamcancel', json: { key } })
          throw e
        }
      }
      const leaseID = `lease-${++last}`
      observed.push({ event: '$streamopen', json: { key, lease: leaseID, level, store, stream } })
      const metadata = { level: String(level), streamID: dataPlaneID(store, stream, key) }
      return {
        leaseID,
        url: `wss://streams.example/v1/${key}`,
        token: `token-${leaseID}`,
        ...(key.startsWith('brief') ? { expiresAtUnixMilli: 1_800_000_000_000 } : { expiresAtUnixMilli: 0, metadata }),
        close: () => void observed.push({ event: '$streamclose', json: { lease: leaseID } }),
      }
    },
  }
}
