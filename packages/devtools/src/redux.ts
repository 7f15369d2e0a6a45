import { PROBE_VERSION, PROBES, type Probe, type Probes } from '@rivulet/client/inspect'
import type { Client } from '@rivulet/client'
import { bridge } from './redux/bridge.ts'
import { reduxExtension } from './redux/extension.ts'

/**
 * How {@link connectReduxDevtools} shows clients.
 *
 * @example
 * connectReduxDevtools(client, { name: 'Game', maxValues: 5_000 })
 */
export interface ReduxDevtoolsOptions {
  /** In the extension's instance menu; `Rivulet` and the host's address when absent. */
  readonly name?: string
  /** Of a store with more values than this the extension is told only that it is too large; 20 000 when absent. */
  readonly maxValues?: number
}

/**
 * Shows stores in the Redux DevTools extension: one action per store and frame, such as `BoardStore/partial board[1]`, with the state as this page knows it. Its jumps show an earlier state on this page, over the host's
 * values; jumping to the newest, reset, or ending the bridge shows the host's again.
 *
 * Does nothing where the extension is not installed, and while its panel is closed nothing is observed or serialised. Only clients made with `devtools` on can be shown.
 *
 * @param client the one to show; absent: all of the page, also those made later
 * @returns what ends it; safe to call twice
 *
 * @example
 * if (import.meta.env.DEV) connectReduxDevtools()
 */
export function connectReduxDevtools(client?: Client, options: ReduxDevtoolsOptions = {}): () => void {
  const extension = reduxExtension()
  if (extension === undefined) return () => {}
  const page = globalThis as { [PROBES]?: Probes }
  const probes = (page[PROBES] ??= { clients: new Set(), listeners: new Set() })
  const ends = new Map<Probe, () => void>()

  const heard = (probe: Probe, step: 'made' | 'ended'): void => {
    ends.get(probe)?.()
    ends.delete(probe)
    if (step === 'ended' || probe.version !== PROBE_VERSION) return
    if (client !== undefined && probe.client !== client) return
    ends.set(probe, bridge(extension, probe, options.name ?? `Rivulet ${probe.url}`, options.maxValues ?? 20_000))
  }
  for (const probe of probes.clients) heard(probe, 'made')
  probes.listeners.add(heard)
  return () => {
    probes.listeners.delete(heard)
    for (const end of ends.values()) end()
    ends.clear()
  }
}
