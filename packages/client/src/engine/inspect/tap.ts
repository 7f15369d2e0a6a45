import type { RpcDef, SendDef } from '@rivulet/wire'
import { FEED_VERSION, type FeedEntry, type FrameEntry } from '../../feed-protocol.ts'
import type { CallResult, ConnectionStatus, EngineConfig, PlainError } from '../../protocol.ts'
import type { Clock } from '../clock.ts'
import type { StoreFeed } from '../store-feed.ts'
import { answerTo } from './answers.ts'
import type { Defs } from './defs.ts'
import { frameEntry, type Open } from './frame-entry.ts'
import { createInspector, type Inspector } from './inspector.ts'
import { createRing, type Ring } from './ring.ts'

/** Calls whose method is remembered until their responses come. */
const MAX_CALLS = 4096

/** A clock that was set is followed, one that ticks coarsely is not. */
const CLOCK_SET_MS = 100

/** What a tap is put on. */
export interface TapHost {
  readonly config: EngineConfig
  readonly clock: Clock
  /** Milliseconds from anywhere, with fractions. */
  readonly stopwatch: () => number
  /** When the engine began, Unix milliseconds. */
  readonly since: number
  readonly feeds: ReadonlyMap<string, StoreFeed>
  readonly defs: Defs
  status(): ConnectionStatus
  /** Seats of the pages. */
  pages(): readonly number[]
  /** Nobody inspects and nothing is kept: the tap can go. */
  idle(): void
}

/** Hears what passes through an engine, keeps it for a while and tells it to inspectors. While there is none the engine has no tap, and pays a comparison with null. */
export interface Tap {
  /** A message of the host has come; `took` is to be told when it has been dealt with. */
  received(event: string, message: unknown): void
  took(): void
  /** One that the engine's handlers of messages do not see. */
  receivedOther(event: string): void
  sent(event: string, message: unknown): void
  patched(page: number, patch: number, bytes: number): void
  /** A call begins; what is returned hears of its end. */
  asked(page: number, id: number, rpc: RpcDef): (result: CallResult) => void
  requested(def: SendDef): void
  connection(status: ConnectionStatus): void
  error(error: PlainError, resynced?: StoreFeed): void
  page(page: number, step: 'joined' | 'left'): void
  /** See `FeedHost.odd`. */
  odd(feed: StoreFeed): void
  inspect(port: MessagePort, page: number): void
  /** Ends it, with all its inspectors. */
  close(): void
}

/** Puts a tap on an engine. `first` = the number of its first entry: numbers go on when an engine gets another tap. */
export function createTap(host: TapHost, ringBytes: number, first: number): Tap & { readonly seq: number } {
  const { clock, stopwatch, feeds, defs } = host
  const inspectors = new Set<Inspector>()
  const methods = new Map<number, string>()
  const changedAt = new Map<string, number>()
  /** First update since the last patch, by page; those that have had none since wait for the next. */
  const updatedSince = new Map<number, number>()
  const upToDate = new Set<number>(host.pages())
  let lastUpdate = 0
  let seq = first - 1
  let offset = clock.now() - stopwatch()
  let ring: Ring | null = null
  /** The message that is being dealt with. */
  let current: {
    readonly frame: Open<FrameEntry>
    readonly began: number
    readonly feed: StoreFeed | undefined
    readonly applied: number
    readonly kept: boolean
  } | null = null

  const timeOf = (now: number): number => {
    const clockTime = clock.now()
    if (Math.abs(now + offset - clockTime) > CLOCK_SET_MS) offset = clockTime - now
    return now + offset
  }
  const now = (): number => timeOf(stopwatch())

  const keep = (bytes: number): void => {
    if (bytes === 0) ring = null
    else if (ring === null) ring = createRing(bytes, seq, { feeds, now, stopwatch })
    else ring.resize(bytes)
  }

  const add = (entry: FeedEntry, payload: Uint8Array | null = null): boolean => {
    seq = entry.seq
    const kept = ring?.add(entry, payload, current !== null) ?? true
    for (const inspector of inspectors) inspector.push(entry)
    return kept
  }

  const ended = (inspector: Inspector): void => {
    inspectors.delete(inspector)
    inspector.close()
    if (inspectors.size === 0 && ring === null) host.idle()
  }

  const noteCall = (frame: Open<FrameEntry>): void => {
    const { call, kind, name } = frame
    if (call === undefined) return
    if (kind === 'rpccall' && name !== undefined) {
      // What is never answered.
      if (methods.size >= MAX_CALLS) methods.clear()
      methods.set(call, name)
    } else if (kind === 'rpccallresp') {
      const method = methods.get(call)
      if (method !== undefined) frame.name = method
      methods.delete(call)
    }
  }

  const noteUpdate = (): void => {
    lastUpdate = seq
    for (const page of upToDate) updatedSince.set(page, seq)
    upToDate.clear()
  }

  keep(ringBytes)

  return {
    get seq() {
      return seq
    },
    received(event, message) {
      const began = stopwatch()
      const [frame, payload] = frameEntry(seq + 1, timeOf(began), 'in', event, message)
      noteCall(frame)
      const feed = frame.kind === 'storeupdate' ? feeds.get(frame.store ?? '') : undefined
      if (feed !== undefined) ring?.checkpoints.before(feed)
      const kept = add(frame, payload)
      if (frame.kind === 'storeupdate') noteUpdate()
      current = { frame, began, feed, applied: feed?.applied ?? 0, kept }
    },
    took() {
      if (current === null) return
      const { frame, began, feed, applied, kept } = current
      if (frame.kind === 'storeupdate') {
        if (feed === undefined || feed.applied === applied) frame.unapplied = true
        else {
          changedAt.set(feed.def.name, frame.seq)
          ring?.checkpoints.applied(feed, frame.seq)
          if (!kept) ring?.checkpoints.odd(feed, frame.seq, true)
        }
      }
      current = null
      frame.took = stopwatch() - began
    },
    receivedOther: (event) => void add(frameEntry(seq + 1, now(), 'in', event, null)[0]),
    sent(event, message) {
      const [frame, payload] = frameEntry(seq + 1, now(), 'out', event, message)
      noteCall(frame)
      add(frame, payload)
    },
    patched(page, patch, bytes) {
      const from = updatedSince.get(page)
      updatedSince.delete(page)
      upToDate.add(page)
      const made = from === undefined ? {} : { from, to: lastUpdate }
      add({ type: 'patch', seq: seq + 1, at: now(), page, number: patch, bytes, ...made })
    },
    asked(page, id, rpc) {
      defs.learn(rpc, true)
      const began = stopwatch()
      const call = { type: 'call', page, id, name: rpc.name } as const
      add({ ...call, seq: seq + 1, at: timeOf(began), step: 'asked' })
      return (result) => {
        const ends = stopwatch()
        const end = { ...call, seq: seq + 1, at: timeOf(ends), took: ends - began }
        if (result.ok) add({ ...end, step: 'answered' })
        else add({ ...end, step: result.error.code === 'aborted' ? 'cancelled' : 'failed', error: result.error })
      }
    },
    requested: (def) => defs.learn(def, true),
    connection: (status) => void add({ type: 'connection', seq: seq + 1, at: now(), status }),
    error(error, resynced) {
      // A notice is an error by itself; of other messages it says why they are of no use.
      const isNews = current === null || current.frame.kind === 'viewernotice' || current.frame.error !== undefined
      if (!isNews && current !== null) current.frame.error = error
      const entry = { seq: seq + 1, at: now(), error }
      if (resynced !== undefined) add({ ...entry, type: 'resync', store: resynced.def.name })
      else if (isNews) add({ ...entry, type: 'error' })
    },
    page(page, step) {
      add({ type: 'page', seq: seq + 1, at: now(), page, step })
      if (step === 'joined') upToDate.add(page)
      else {
        upToDate.delete(page)
        updatedSince.delete(page)
        for (const inspector of inspectors) if (inspector.page === page) ended(inspector)
      }
    },
    odd(feed) {
      changedAt.set(feed.def.name, current?.frame.seq ?? seq)
      ring?.checkpoints.odd(feed, current?.frame.seq ?? seq, current?.feed === feed)
    },
    inspect(port, page) {
      const upcoming = seq + 1
      const known = { feeds, seq: () => seq, now, changedAt: (store: string) => changedAt.get(store) ?? 0, keep }
      const inspector = createInspector(
        {
          clock,
          defs,
          ended,
          answer: (request) => answerTo({ ...known, ring }, request),
          past: () => ring?.entriesBefore(upcoming) ?? [],
        },
        page,
        port,
        {
          type: 'hello',
          version: FEED_VERSION,
          since: host.since,
          config: host.config,
          status: host.status(),
          pages: host.pages(),
          you: page,
          ringBytes: ring?.limit ?? 0,
          seq: upcoming,
        },
      )
      inspectors.add(inspector)
    },
    close() {
      for (const inspector of inspectors) inspector.close()
      inspectors.clear()
      ring = null
    },
  }
}
