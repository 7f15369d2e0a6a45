import { encodeState, encodeValue } from '@rivulet/wire'
import { expose } from 'comlink'
import {
  createPatchWriter,
  finishPatch,
  type PatchWriter,
  putChanges,
  putStatus,
  putValue,
} from '../../../../packages/client/src/write-patch.ts'
import {
  type EngineControl,
  type EngineMessage,
  type PageMessage,
  PROTOCOL_VERSION,
  type Watch,
  type WorkerReady,
} from '../../../../packages/client/src/protocol.ts'
import type { RowState } from '../table.ts'
import { RowsStore, type RowsStoreState } from '../../generated/schema.ts'

/** An engine without a network: it answers watches from a table in memory and patches the page on request. */
export interface PatchingEngine {
  /** What the client takes for its worker. It lives on the page, so that a patch's whole way is measured from the moment it is handed over. */
  readonly worker: () => Worker
  /** Changes rows and writes what the real engine would send: the changed field of each watched row. In an app a worker does this. */
  readonly change: (ids: readonly string[], value: number) => void
  /** Sends what has been written, as one patch. */
  readonly send: () => void
}

const { types } = RowsStore
const VALUE = { kind: 'int32' } as const
const ROWS = {
  kind: 'map',
  key: { kind: 'string' },
  value: { kind: 'struct', ref: 'bench.Row' },
  notNull: true,
} as const

/** An engine that serves `rows`. */
export function patchingEngine(rows: readonly RowState[]): PatchingEngine {
  const table = new Map(rows.map((row) => [row.id, row]))
  const watches = new Map<number, Watch>()
  const rowWatches = new Map<string, number>()
  /** The watch of all rows, if there is one: each watch gets what changes below it, whatever others get. */
  let allRows: number | undefined
  const writer = createPatchWriter()
  let port: MessagePort | undefined
  let credits = 0

  // As the real engine: at most one patch per credit, at once when there is one.
  const flush = (): void => {
    if (port === undefined || writer.pos === 0 || credits === 0) return
    credits--
    const buffer = finishPatch(writer)
    port.postMessage({ type: 'patch', buffer } satisfies EngineMessage, [buffer])
  }

  const answer = (w: PatchWriter, { id, path }: Watch): void => {
    const [, key, field] = path
    putStatus(w, id, 'live')
    if (path.length === 1) return putValue(w, id, encodeValue(types, ROWS, table))
    if (path.length === 0) return putValue(w, id, encodeState(RowsStore, { rows: table } satisfies RowsStoreState))
    const row = table.get(String(key))
    if (row === undefined) throw new Error(`This benchmark does not watch ${path.join('.')}.`)
    if (field === 'value') return putValue(w, id, encodeValue(types, VALUE, row.value))
    if (field === 'name') return putValue(w, id, encodeValue(types, { kind: 'string' }, row.name))
    if (path.length !== 2) throw new Error(`This benchmark does not watch ${path.join('.')}.`)
    putValue(w, id, encodeValue(types, { kind: 'struct', ref: 'bench.Row' }, row))
  }

  const done = Promise.resolve()
  const control: Pick<EngineControl, 'start' | 'define' | 'watch' | 'unwatch' | 'connect' | 'disconnect' | 'dispose'> =
    {
      start(_config, given) {
        port = given
        port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
          if (data.type === 'credit') credits++
          flush()
        })
        port.start()
        return done
      },
      define: () => done,
      watch(added) {
        for (const watch of added) {
          watches.set(watch.id, watch)
          if (watch.path.length === 1) allRows = watch.id
          // Of a row followed field by field, the value is all that ever changes.
          else if (watch.path.length === 2 || watch.path[2] === 'value') rowWatches.set(String(watch.path[1]), watch.id)
          answer(writer, watch)
        }
        flush()
        return done
      },
      unwatch(ids) {
        for (const id of ids) {
          const key = String(watches.get(id)?.path[1])
          watches.delete(id)
          if (allRows === id) allRows = undefined
          if (rowWatches.get(key) === id) rowWatches.delete(key)
        }
        return done
      },
      connect: () => done,
      disconnect: () => done,
      dispose: () => done,
    }

  return {
    worker() {
      const { port1, port2 } = new MessageChannel()
      expose(control, port2)
      port1.start()
      port2.postMessage({ rivulet: 'ready', version: PROTOCOL_VERSION } satisfies WorkerReady)
      return Object.assign(port1, { terminate: () => port1.close() }) as object as Worker
    },
    change(ids, value) {
      const bytes = encodeValue(types, VALUE, value)
      for (const id of ids) {
        const row = table.get(id)
        if (row === undefined) continue
        table.set(id, { ...row, value })
        const watch = rowWatches.get(id)
        if (watch === undefined) continue
        if (watches.get(watch)?.path.length === 3) putValue(writer, watch, bytes)
        else putChanges(writer, watch, [{ path: ['value'], bytes }])
      }
      if (allRows !== undefined) {
        putChanges(
          writer,
          allRows,
          ids.map((id) => ({ path: [id, 'value'], bytes })),
        )
      }
    },
    send: flush,
  }
}
