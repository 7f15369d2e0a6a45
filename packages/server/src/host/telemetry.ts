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
}

/** As much of an OpenTelemetry `Meter` as the host uses: pass `metrics.getMeter('my-app')` of `@opentelemetry/api`. */
export interface HostMeter {
  createCounter(name: string, options?: InstrumentOptions): Adder
  createHistogram(name: string, options?: InstrumentOptions): { record(value: number, attributes?: Attributes): void }
  createObservableGauge(name: string, options?: InstrumentOptions): Observed
}

/** How a call ended: with a result, with the handler's error, or refused before the handler. */
export type CallOutcome = 'ok' | 'error' | 'refused'

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
}

/** Counts what happens, for {@link HostMeter} and for `host.health()`. */
export interface Telemetry {
  readonly sentBytes: number
  readonly sentMessages: number
  readonly conflations: number
  readonly dropped: number
  sent(bytes: number): void
  readonly conflated: () => void
  /** A connection was closed by the host. */
  drop(code: RivuletErrorCode): void
  called(method: string, outcome: CallOutcome, ms: number): void
}

/** Makes the instruments; `load` is asked whenever the meter reads its gauges. */
export function createTelemetry(meter: HostMeter | undefined, load: () => HostLoad): Telemetry {
  const bytes = meter?.createCounter('rivulet.host.sent', { unit: 'By', description: 'Payload sent to viewers' })
  const messages = meter?.createCounter('rivulet.host.messages', { description: 'Messages sent to viewers' })
  const conflations = meter?.createCounter('rivulet.host.conflations', {
    description: 'Updates merged into one that waited for a slow viewer',
  })
  const drops = meter?.createCounter('rivulet.host.drops', {
    description: 'Connections that the host closed, by reason',
  })
  const calls = meter?.createHistogram('rivulet.host.call.duration', {
    unit: 's',
    description: 'Time from a call to its answer, by method and outcome',
  })
  const gauge = (name: string, description: string, read: (now: HostLoad) => number): void =>
    meter?.createObservableGauge(name, { description }).addCallback((result) => result.observe(read(load())))
  gauge('rivulet.host.viewers', 'Connected viewers', (now) => now.viewers)
  gauge('rivulet.host.sessions', 'Viewer sessions, attached or waiting', (now) => now.sessions)
  gauge('rivulet.host.subscriptions', 'Store and keyed-event subscriptions', (now) => now.subscriptions)
  gauge('rivulet.host.queued', 'Messages that wait for slow viewers', (now) => now.queuedMessages)
  gauge('rivulet.host.calls', 'Calls that have not been answered', (now) => now.callsInFlight)
  const counts = { sentBytes: 0, sentMessages: 0, conflations: 0, dropped: 0 }

  return {
    get sentBytes() {
      return counts.sentBytes
    },
    get sentMessages() {
      return counts.sentMessages
    },
    get conflations() {
      return counts.conflations
    },
    get dropped() {
      return counts.dropped
    },
    sent(size) {
      counts.sentBytes += size
      counts.sentMessages++
      bytes?.add(size)
      messages?.add(1)
    },
    conflated() {
      counts.conflations++
      conflations?.add(1)
    },
    drop(code) {
      counts.dropped++
      drops?.add(1, { code })
    },
    called: (method, outcome, ms) => calls?.record(ms / 1000, { method, outcome }),
  }
}
