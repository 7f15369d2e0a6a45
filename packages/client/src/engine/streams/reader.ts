import { decodeUnit, type StreamUnit } from '@rivulet/wire'
import type { PlainError } from '../../protocol.ts'
import type { Clock } from '../clock.ts'
import { failure, plainError } from '../plain-error.ts'
import type { Endpoint } from './endpoint.ts'
import type { IDCheck } from './stream-id.ts'

/** The part of a WebSocket that a reader uses; a test can script it. */
type DataSocket = Pick<WebSocket, 'binaryType' | 'addEventListener' | 'close'>

/** Opens a data connection. Throws when the address or the protocols cannot be. */
export type OpenDataSocket = (url: string, protocols: string[]) => DataSocket

/** The real thing. */
export const webSocket: OpenDataSocket = (url, protocols) => new WebSocket(url, protocols)

/** A reader offers this subprotocol, followed by its token: unlike addresses, subprotocols are not written to logs. */
const PROTOCOL = 'rsd1'

const OPEN_MS = 20_000

/** How a data connection ended. */
export interface ReaderEnd {
  /** It was open before. */
  readonly opened: boolean
  /** The data plane ended it on purpose, so the lease is not worth another try. */
  readonly final: boolean
  readonly error: PlainError
}

export interface ReaderOptions {
  readonly endpoint: Endpoint
  readonly checkID: Promise<IDCheck>
  readonly clock: Clock
  readonly open: OpenDataSocket
  /** 0 = never. */
  readonly maxSilenceMs: number
  readonly onOpen: () => void
  readonly onUnit: (unit: StreamUnit) => void
  /** Once, unless it was closed. */
  readonly onEnd: (end: ReaderEnd) => void
}

/** One data connection, from its opening to its end. */
export interface Reader {
  readonly endpoint: Endpoint
  close(): void
}

/** Opens a data connection and decodes what comes. Anything that is no unit of this stream ends it: after a fault nothing can be trusted to continue what was before. */
export function openReader(options: ReaderOptions): Reader {
  const { endpoint, checkID, clock, maxSilenceMs, onOpen, onUnit, onEnd } = options
  let socket: DataSocket | null = null
  let opened = false
  const over = new AbortController()
  let heardAt = 0
  let stopTimer = clock.after(OPEN_MS, () => fail(failure('timeout', `no data connection within ${OPEN_MS} ms`)))

  function close(): void {
    over.abort()
    stopTimer()
    socket?.close()
  }

  function end(error: PlainError, final: boolean): void {
    if (over.signal.aborted) return
    close()
    onEnd({ opened, final, error })
  }

  const fail = (error: PlainError): void => end(error, false)

  function watchSilence(): void {
    if (maxSilenceMs === 0) return
    stopTimer = clock.after(Math.max(1, heardAt + maxSilenceMs - clock.now()), () => {
      if (clock.now() - heardAt < maxSilenceMs) watchSilence()
      else fail(failure('timeout', `the data connection was silent for ${maxSilenceMs} ms`))
    })
  }

  function take(data: unknown, check: IDCheck): void {
    let unit: StreamUnit
    try {
      if (typeof data === 'string') throw new TypeError('the data plane sent text')
      unit = decodeUnit(data)
    } catch (e) {
      return fail(plainError(e, 'protocol'))
    }
    if (!check(unit.streamID)) {
      return fail(
        failure('protocol', `the data plane sent a unit of another stream ("${unit.streamID.slice(0, 200)}")`),
      )
    }
    heardAt = clock.now()
    onUnit(unit)
  }

  function start(check: IDCheck): void {
    if (over.signal.aborted) return
    try {
      socket = options.open(endpoint.url, [PROTOCOL, endpoint.token])
    } catch (e) {
      return fail(
        plainError(e, 'protocol', { hint: "Look at the url and the token that the host's broker gives out." }),
      )
    }
    socket.binaryType = 'arraybuffer'
    const until = { signal: over.signal }
    socket.addEventListener(
      'open',
      () => {
        opened = true
        stopTimer()
        heardAt = clock.now()
        watchSilence()
        onOpen()
      },
      until,
    )
    socket.addEventListener('message', ({ data }) => take(data, check), until)
    // An `error` event says nothing that the `close` after it does not.
    socket.addEventListener(
      'close',
      ({ code, reason }) => {
        const why = reason === '' ? `code ${code}` : `${code} ${reason}`
        const what = opened ? `the data connection ended (${why})` : 'no data connection could be made'
        end(failure('disconnected', what), code === 1000)
      },
      until,
    )
  }

  checkID.then(start, (e) => fail(plainError(e, 'protocol')))
  return { endpoint, close }
}
