import type { Client, DataStream, StreamDef, StreamOptions, StreamStatus } from '@rivulet/client'
import { useDebugValue, useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import { useClient } from './context.ts'
import type { Source } from './source.ts'

/**
 * Opens a data stream while the component is mounted and visible, and returns its status. The functions in `options` may be others in every render: the latest are called, and the stream
 * stays open, through StrictMode's second mount too (which runs `onStart` again). Components with the same definition and key share one stream. Units cause no render. A `key` of null opens nothing.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const { state, error } = useDataStream(CameraVideo, 'bow', { onUnit: (unit) => decoder.current.decode(unit.payload) })
 */
export function useDataStream(def: StreamDef, key: string | null, options: StreamOptions = NONE): StreamStatus {
  return useDataStreamOf(useClient(), def, key, options)
}

/** {@link useDataStream} with the client in hand. */
export function useDataStreamOf(
  client: Client,
  def: StreamDef,
  key: string | null,
  options: StreamOptions = NONE,
): StreamStatus {
  // What cannot change while it is open.
  const { maxUnits, maxBytes, maxSilenceMs } = options
  const source = useMemo(
    () => streamSource(client, def, key, { maxUnits, maxBytes, maxSilenceMs }),
    [client, def, key, maxUnits, maxBytes, maxSilenceMs],
  )
  // Before any effect of this commit, so no unit ever reaches the function of an older render.
  useInsertionEffect(() => source.use(options), [source, options])
  useDebugValue(key)
  return useSyncExternalStore(source.subscribe, source.get, source.getServer)
}

type Bounds = Pick<StreamOptions, 'maxUnits' | 'maxBytes' | 'maxSilenceMs'>

const NONE: StreamOptions = Object.freeze({})
const OPENING: StreamStatus = Object.freeze({ state: 'opening', since: 0 })
const CLOSED: StreamStatus = Object.freeze({ state: 'closed', since: 0 })

interface StreamSource extends Source<StreamStatus> {
  /** The functions to call from now on. */
  readonly use: (options: StreamOptions) => void
}

/** A stream that is open for as long as React is subscribed to its status. */
function streamSource(client: Client, def: StreamDef, key: string | null, bounds: Bounds): StreamSource {
  let stream: DataStream | undefined
  let latest = NONE
  const idle = key === null ? CLOSED : OPENING
  return {
    use(options) {
      latest = options
    },
    subscribe(listener) {
      if (key === null) return () => undefined
      const opened = client.stream(def, key, {
        ...bounds,
        onUnit: (unit, info) => latest.onUnit?.(unit, info),
        onMessage: (message) => latest.onMessage?.(message),
        onStart: (post) => latest.onStart?.(post),
      })
      stream = opened
      const stop = opened.status.subscribe(listener)
      return () => {
        stop()
        opened.close()
        if (stream === opened) stream = undefined
      }
    },
    get: () => stream?.status.get() ?? idle,
    getServer: () => idle,
  }
}
