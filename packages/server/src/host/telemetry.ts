import type { RivuletErrorCode } from '@rivulet/wire'

type Attributes = Readonly<Record<string, string | number | boolean>>

interface Adder {
  add(value: number, attributes?: Attributes): void
}

interface Observed {
  addCallback(callback: (result: { observe(value: number, attributes?: Attributes): void }) => void): void
}

interface InstrumentOptions {
  readonly description?: string
  readonly unit?: string
  readonly advice?: { explicitBucketBoundaries?: number[] }
}

/** As much of an OpenTelemetry `Meter` as the host uses: pass `metrics.getMeter('my-app')` of `@opentelemetry/api`. */
export interface HostMeter {
  createCounter(name: string, options?: InstrumentOptions): Adder
  createHistogram(name: string, options?: InstrumentOptions): { record(value: number, attributes?: Attributes): void }
  createObservableUpDownCounter(name: string, options?: InstrumentOptions): Observed
}

/** How a call ended: with a result, with the handler's error, refused before the handler, or given up because the handler took too long. */
export type CallOutcome = 'ok' | 'error' | 'refused' | 'timeout'

/** What the host holds now. */
export interface HostLoad {
  /** Connected pages. */
  readonly viewers: number
  /** Sessions, attached or waiting. */
  readonly sessions: number
  /** Sessions whose viewer is away. */
  readonly detachedSessions: number
  /** Store and keyed-event subscriptions of all viewers. */
  readonly subscriptions: number
  /** Messages that wait for slow viewers. */
  readonly queuedMessages: number
  /** Calls that have not been answered. */
  readonly callsInFlight: number
  /** Calls without response that have not ended. */
  readonly sendsInFlight: number
}

/** A packet of Engine.IO. */
interface Packet {
  readonly type: string
  readonly data?: unknown
}

/** Totals since the host was created. */
export interface HostTotals {
  /** Payload bytes and messages sent to viewers so far. */
  readonly sentBytes: number
  readonly sentMessages: number
  /** Bytes and messages received from viewers so far. */
  readonly receivedBytes: number
  readonly receivedMessages: number
  /** Updates that were merged into one that waited for a slow viewer. */
  readonly conflations: number
  /** Connections that the host closed because of a violation or a limit. */
  readonly dropped: number
}

/** Counts what happens, for {@link HostMeter} and for `host.health()`. */
export interface Telemetry {
  readonly totals: HostTotals
  sent(bytes: number): void
  readonly received: (packet: Packet) => void
  readonly conflated: () => void
  /** A connection was closed by the host. */
  drop(code: RivuletErrorCode): void
  called(method: string, outcome: CallOutcome, ms: number): void
}

/** Seconds, as the semantic conventions advise for calls: the default buckets are made for milliseconds. */
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Makes the instruments; `load` is asked whenever the meter reads what is held. Names, units and attributes follow OpenTelemetry's semantic conventions: calls are `rpc.server.call.duration`, all else is
 * below `rivulet.host`.
 */
export function createTelemetry(meter: HostMeter | undefined, load: () => HostLoad): Telemetry {
  const counter = (name: string, unit: string, description: string): Adder | undefined =>
    meter?.createCounter(`rivulet.host.${name}`, { unit, description })
  const sentBytes = counter('sent.size', 'By', 'Payload sent to viewers')
  const sentMessages = counter('sent.messages', '{message}', 'Messages sent to viewers')
  const receivedBytes = counter('received.size', 'By', 'Payload received from viewers')
  const receivedMessages = counter('received.messages', '{message}', 'Messages received from viewers')
  const conflations = counter('conflations', '{update}', 'Updates merged into one that waited for a slow viewer')
  const drops = counter('drops', '{viewer}', 'Connections that the host closed, by reason')
  const calls = meter?.createHistogram('rpc.server.call.duration', {
    unit: 's',
    description: 'Time from a call to its answer, by method',
    advice: { explicitBucketBoundaries: CALL_BUCKETS },
  })
  const held = (name: string, unit: string, description: string, read: (now: HostLoad) => number): void =>
    meter
      ?.createObservableUpDownCounter(`rivulet.host.${name}`, { unit, description })
      .addCallback((result) => result.observe(read(load())))
  held('viewers', '{viewer}', 'Connected viewers', (now) => now.viewers)
  held('sessions', '{session}', 'Viewer sessions, attached or waiting', (now) => now.sessions)
  held('sessions.detached', '{session}', 'Viewer sessions whose viewer is away', (now) => now.detachedSessions)
  held('subscriptions', '{subscription}', 'Store and keyed-event subscriptions', (now) => now.subscriptions)
  held('queued', '{message}', 'Messages that wait for slow viewers', (now) => now.queuedMessages)
  held('calls', '{call}', 'Calls that have not ended', (now) => now.callsInFlight + now.sendsInFlight)
  const totals = {
    sentBytes: 0,
    sentMessages: 0,
    receivedBytes: 0,
    receivedMessages: 0,
    conflations: 0,
    dropped: 0,
  }

  return {
    totals,
    sent(size) {
      totals.sentBytes += size
      totals.sentMessages++
      sentBytes?.add(size)
      sentMessages?.add(1)
    },
    received({ type, data }) {
      if (type !== 'message') return
      const size = sizeOf(data)
      totals.receivedBytes += size
      receivedBytes?.add(size)
      // Attachments belong to the text before them.
      if (typeof data !== 'string') return
      totals.receivedMessages++
      receivedMessages?.add(1)
    },
    conflated() {
      totals.conflations++
      conflations?.add(1)
    },
    drop(code) {
      totals.dropped++
      drops?.add(1, { 'error.type': code })
    },
    called(method, outcome, ms) {
      calls?.record(ms / 1000, {
        'rpc.system.name': 'rivulet',
        'rpc.method': method,
        ...(outcome === 'ok' ? {} : { 'error.type': outcome }),
      })
    },
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data)
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0
}
