import type { RivuletError, StreamDef } from '@rivulet/wire'
import { toPlainError } from '../plain-error.ts'
import type { StreamStatus } from '../stream-protocol.ts'
import type { LiveGate } from './live-gate.ts'
import { type Cell, createCell } from './readable.ts'
import type { DataStream, PostToHandler, StreamOptions } from './types.ts'

/** One use of a stream. All uses of the same stream share its units. */
export interface StreamEntry {
  readonly def: StreamDef
  readonly key: string
  readonly options: StreamOptions
  readonly status: Cell<StreamStatus>
  /** Null while there is no worker to post to. */
  post: PostToHandler | null
}

/** Opens a stream as soon as the live part is there, which has all the rest. */
export function openStream(gate: LiveGate, def: StreamDef, key: string, options: StreamOptions): DataStream {
  const status = createCell<StreamStatus>({ state: 'opening', since: Date.now() })
  const entry: StreamEntry = { def, key, options, status, post: null }
  gate.run(
    entry,
    (live) => live.openStream(entry),
    (error) => failStream(entry, error),
  )
  return {
    def,
    key,
    status,
    post(message, transfer) {
      entry.post?.(message, transfer)
      return entry.post !== null
    },
    close() {
      if (!gate.forget(entry)) gate.live()?.closeStream(entry)
      entry.post = null
      if (status.get().state !== 'closed') status.set({ state: 'closed', since: Date.now() })
    },
  }
}

/** Shows why there is no stream. */
export function failStream({ status }: StreamEntry, error: RivuletError): void {
  const state = error.code === 'disposed' ? 'closed' : 'error'
  status.set({ state, since: Date.now(), error: toPlainError(error, error.code) })
}
