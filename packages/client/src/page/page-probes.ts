import { type Probe, PROBES, type Probes } from './probe.ts'

/**
 * The probes of this page, made when nobody has made them yet: tools and clients come in any order, and from several copies of this package.
 *
 * @example
 * const { clients, listeners } = pageProbes()
 * for (const probe of clients) show(probe)
 * listeners.add((probe, step) => (step === 'made' ? show(probe) : hide(probe)))
 */
export function pageProbes(): Probes {
  const page = globalThis as { [PROBES]?: Probes }
  return (page[PROBES] ??= { clients: new Set(), listeners: new Set() })
}

/** Shows a client to the tools of the page; returns what ends that. A tool that throws harms nobody else. */
export function addProbe(probe: Probe, failed: (error: unknown) => void): () => void {
  const { clients, listeners } = pageProbes()
  const tell = (step: 'made' | 'ended'): void => {
    for (const listener of listeners) {
      try {
        listener(probe, step)
      } catch (error) {
        failed(error)
      }
    }
  }
  clients.add(probe)
  tell('made')
  return () => {
    if (clients.delete(probe)) tell('ended')
  }
}
