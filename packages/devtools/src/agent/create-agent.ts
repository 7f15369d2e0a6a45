import { pageProbes, PROBE_VERSION, type Probe } from '@rivulet/client/inspect'
import { onceLoaded } from '../once-loaded.ts'
import type { AgentTransport } from '../protocol.ts'
import { type AgentPage, clientOf, type PanelLine } from './agent-page.ts'
import { trackInProfiler } from './profiler-track.ts'
import { servePanel } from './serve-panel.ts'
import { onSchema } from './register-schema.ts'

/** What stands between the clients of a page and the panels that look into them. */
export interface Agent {
  /** Serves a panel; returns what ends that. It also ends when the transport closes, and with it everything that the panel asked for. */
  connect(transport: AgentTransport): () => void
  dispose(): void
}

/**
 * Makes the agent of a page: it finds all clients with the option `devtools`, whenever they are made and by whichever copy of the package, and serves any number of panels. It measures nothing, and opens no feed, before a
 * panel attaches. `values` loads what calls and events need.
 *
 * @example
 * const { port1, port2 } = new MessageChannel()
 * const agent = createAgent(() => import('./values.ts'))
 * agent.connect(portTransport(port1))
 * panel.transport = portTransport(port2)
 */
export function createAgent(values: () => ReturnType<AgentPage['values']['get']>): Agent {
  const { clients, listeners } = pageProbes()
  const lines = new Set<PanelLine>()
  const tracks = new Map<Probe, { wanted: number; readonly stop: () => void }>()

  const page: AgentPage = {
    find: (client) => [...clients].find(({ id, version }) => id === client && version === PROBE_VERSION),
    showing: new Map(),
    values: onceLoaded(values),
    track(probe) {
      const track = tracks.get(probe) ?? { wanted: 0, stop: trackInProfiler(probe) }
      tracks.set(probe, track)
      track.wanted++
      return () => {
        if (--track.wanted > 0) return
        tracks.delete(probe)
        track.stop()
      }
    },
  }

  const onProbe = (probe: Probe, step: 'made' | 'ended'): void => {
    // With it, whatever it showed has ended.
    if (step === 'ended')
      for (const key of page.showing.keys()) if (clientOf(key) === probe.id) page.showing.delete(key)
    for (const line of lines) {
      if (probe.version === PROBE_VERSION) line.client(probe, step)
      else if (step === 'made') line.send(mismatch(probe))
    }
  }
  listeners.add(onProbe)
  const offSchema = onSchema((schema) => {
    for (const line of lines) line.send({ type: 'schema', ...schema })
  })

  return {
    connect(transport) {
      const all = [...clients]
      const line = servePanel(transport, page, all.filter(isKnown), () => lines.delete(line))
      lines.add(line)
      for (const probe of all) if (!isKnown(probe)) line.send(mismatch(probe))
      return () => line.end()
    },
    dispose() {
      listeners.delete(onProbe)
      offSchema()
      for (const line of lines) line.end()
    },
  }
}

function isKnown({ version }: Probe): boolean {
  return version === PROBE_VERSION
}

function mismatch({ url, version }: Probe): { type: 'mismatch'; url: string; version: number; expected: number } {
  return { type: 'mismatch', url, version, expected: PROBE_VERSION }
}
