import type { RivuletError } from '@rivulet/wire'
import { asRivuletError } from '../plain-error.ts'
import type { Session } from './session.ts'
import { failStream, type StreamEntry } from './stream-entry.ts'
import type { Streams } from './streams.ts'

/** The data streams of a client, whose code is loaded with the first of them. */
export function createStreamGate(session: Session, graceMs: number, report: (error: RivuletError) => void): Streams {
  const waiting = new Set<StreamEntry>()
  let streams: Streams | undefined
  let loading = false
  let ended: RivuletError | undefined

  async function load(): Promise<void> {
    loading = true
    try {
      const { createStreams } = await import('./streams.ts')
      if (ended !== undefined) return
      streams = createStreams(session, graceMs, report)
      for (const entry of waiting) streams.open(entry)
    } catch (e) {
      const error = asRivuletError(e, 'worker')
      report(error)
      for (const entry of waiting) failStream(entry, error)
    } finally {
      loading = false
      waiting.clear()
    }
  }

  return {
    open(entry) {
      if (ended !== undefined) return failStream(entry, ended)
      if (streams !== undefined) return streams.open(entry)
      waiting.add(entry)
      if (!loading) void load()
    },
    close(entry) {
      if (!waiting.delete(entry)) streams?.close(entry)
    },
    replay: () => streams?.replay(),
    lost: (state, error) => streams?.lost(state, error),
    clear(error) {
      ended = error
      for (const entry of waiting) failStream(entry, error)
      waiting.clear()
      streams?.clear(error)
    },
  }
}
