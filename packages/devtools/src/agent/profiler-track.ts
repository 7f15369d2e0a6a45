import type { Probe, ProbeObserver } from '@rivulet/client/inspect'

type Patch = Parameters<ProbeObserver['patch']>[0]

const NAMES = ['Rivulet apply', 'Rivulet notify', 'Rivulet settle'] as const
const COLORS = ['primary-light', 'primary', 'primary-dark'] as const
const MAX_PATHS = 5

/**
 * Shows a client's patches in the browser's profiler, as a track "Rivulet" of its own: reading each patch, telling its listeners, and the renders that followed, with stores, paths and bytes. Returns what ends that. Nothing
 * stays in the page's list of measures.
 *
 * @example
 * for (const probe of pageProbes().clients) trackInProfiler(probe)
 */
export function trackInProfiler(probe: Probe): () => void {
  let last: Patch | undefined
  return probe.observe({
    patch(patch) {
      last = patch
    },
    settled(number, at) {
      if (last?.number !== number) return
      const { began, applied, notified } = last
      const times = [began, applied, notified, Math.max(at, notified)]
      const properties = propertiesOf(last)
      const tooltipText = `Patch ${number}: ${last.changes.length + last.more} paths`
      last = undefined
      for (const [i, name] of NAMES.entries()) {
        const devtools = {
          dataType: 'track-entry',
          track: 'Rivulet',
          trackGroup: probe.url,
          color: COLORS[i],
          properties,
          tooltipText,
        }
        performance.measure(name, { start: times[i] as number, end: times[i + 1] as number, detail: { devtools } })
        // The profiler has it; in the page's list it would stay for ever.
        performance.clearMeasures(name)
      }
    },
    ran: () => undefined,
  })
}

function propertiesOf({ changes, more, bytes, number }: Patch): [string, string][] {
  const stores = [...new Set(changes.map(({ store }) => store))].join(', ')
  const shown = changes.slice(0, MAX_PATHS).map(({ path }) => path.join('.') || '(all)')
  const others = changes.length + more - shown.length
  const paths = `${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
  return [
    ['patch', `${number}`],
    ['store', stores],
    ['paths', paths],
    ['bytes', `${bytes}`],
  ]
}
