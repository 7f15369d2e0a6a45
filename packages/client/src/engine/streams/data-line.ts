import type { StreamUnit } from '@rivulet/wire'
import type { PlainError } from '../../protocol.ts'
import type { Clock } from '../clock.ts'
import { failure } from '../plain-error.ts'
import { createContinuity } from './continuity.ts'
import type { Endpoint } from './endpoint.ts'
import { createHandover, type Handover } from './handover.ts'
import { openReader, type OpenDataSocket, type Reader, type ReaderEnd } from './reader.ts'
import { createIDCheck } from './stream-id.ts'
import { placeOf, type StreamIdentity } from './subscriptions.ts'

export interface DataLineOptions {
  readonly identity: StreamIdentity
  readonly clock: Clock
  readonly openSocket: OpenDataSocket
  readonly maxSilenceMs: number
  readonly unit: (unit: StreamUnit, lost: number) => void
  /** The data comes from here now. */
  readonly tookOver: (endpoint: Endpoint) => void
  /** A data connection is gone that was not closed here. `wasLive`: it was the one that delivered. */
  readonly ended: (end: ReaderEnd, endpoint: Endpoint, wasLive: boolean) => void
  readonly report: (error: PlainError) => void
}

/** The units of one stream, over one data connection after the other. */
export interface DataLine {
  /** Where the data comes from; null while there is none. */
  live(): Endpoint | null
  /** Where it is to come from. */
  opening(): Endpoint | null
  /** Opens a data connection. One that delivers goes on until this one can. */
  read(endpoint: Endpoint): void
  /** Gives up the connection that is being opened. */
  abandon(): void
  stop(): void
}

/** Makes the data line of one stream, without any connection yet. No unit is delivered twice, and what is missing is counted. */
export function createDataLine(options: DataLineOptions): DataLine {
  const { identity, clock, openSocket, maxSilenceMs, tookOver, ended, report } = options
  const continuity = createContinuity(
    () => clock.now(),
    () =>
      report(
        failure('protocol', 'the source of a data stream began again without saying so', {
          store: identity.store,
          path: placeOf(identity),
          hint: 'A source that starts anew uses another generation.',
        }),
      ),
  )
  let active: Reader | null = null
  let pending: Reader | null = null
  let handover: Handover | null = null

  function abandon(): void {
    pending?.close()
    handover?.close()
    pending = null
    handover = null
  }

  function opened(reader: Reader): void {
    if (pending !== reader) return
    if (active !== null) handover = createHandover(clock, continuity, takeOver)
    else {
      continuity.reconnected()
      takeOver([])
    }
  }

  function takeOver(held: readonly StreamUnit[]): void {
    if (pending === null) return
    const reader = pending
    active?.close()
    active = reader
    pending = null
    handover = null
    tookOver(reader.endpoint)
    for (const unit of held) if (reader === active) deliver(unit)
  }

  function take(reader: Reader, unit: StreamUnit): void {
    if (reader === active) {
      deliver(unit)
      handover?.oldUnit()
    } else if (handover?.newUnit(unit) === false) deliver(unit)
  }

  function deliver(unit: StreamUnit): void {
    const admission = continuity.admit(unit)
    if (admission === null) return
    const { discontinuity, lost } = admission
    options.unit(discontinuity === unit.discontinuity ? unit : { ...unit, discontinuity }, lost)
  }

  function readerEnded(reader: Reader, end: ReaderEnd): void {
    const wasLive = reader === active
    if (wasLive) {
      active = null
      handover?.oldEnded()
    } else abandon()
    ended(end, reader.endpoint, wasLive)
  }

  return {
    live: () => active?.endpoint ?? null,
    opening: () => pending?.endpoint ?? null,
    read(endpoint) {
      abandon()
      const reader: Reader = openReader({
        endpoint,
        checkID: createIDCheck(identity, endpoint),
        clock,
        open: openSocket,
        maxSilenceMs,
        onOpen: () => opened(reader),
        onUnit: (unit) => take(reader, unit),
        onEnd: (end) => readerEnded(reader, end),
      })
      pending = reader
    },
    abandon,
    stop() {
      abandon()
      active?.close()
      active = null
    },
  }
}
