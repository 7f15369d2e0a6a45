import { applyMessage, decodeState, type StoreDef } from '@rivulet/wire'
import type { FeedAnswer, FeedEntry, FeedMessage, FeedRequest, RingCopy } from '../../src/feed-protocol.ts'
import type { EngineControl } from '../../src/protocol.ts'
import { zeroState } from '../../src/engine/forget.ts'

type Answered<T extends FeedAnswer['type']> = Extract<FeedAnswer, { readonly type: T }>
type Question = FeedRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never

/** An inspector at an engine on this thread: what is posted arrives at once, as a copy. */
export interface TestInspector {
  readonly messages: FeedMessage[]
  /** All that came in batches. */
  readonly entries: FeedEntry[]
  readonly lost: number
  readonly closed: boolean
  more(): void
  /** Asks, and returns the answer; throws what is answered with an error. */
  ask<T extends Question['type']>(question: Question & { readonly type: T }): Answered<T>
  /** Posts anything. */
  post(request: unknown): void
  /** Its page's side of the port is closed. */
  end(): void
}

/** Puts an inspector at the engine. */
export async function inspect(engine: Pick<EngineControl, 'inspect'>): Promise<TestInspector> {
  const listeners = new Map<string, Set<(event: { readonly data?: unknown }) => void>>()
  const messages: FeedMessage[] = []
  const entries: FeedEntry[] = []
  let lost = 0
  let closed = false
  let lastID = 0
  const tell = (type: string, data?: unknown): void => {
    for (const listener of listeners.get(type) ?? []) listener({ data })
  }
  const port = {
    addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void) {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener))
    },
    removeEventListener: (type: string, listener: (event: { readonly data?: unknown }) => void) =>
      void listeners.get(type)?.delete(listener),
    start: () => undefined,
    postMessage(message: FeedMessage, transfer: Transferable[]) {
      if (closed) throw new Error('posted to a closed port')
      const got = structuredClone(message, { transfer })
      messages.push(got)
      if (got.type !== 'entries') return
      entries.push(...got.entries)
      lost += got.lost
    },
    close() {
      closed = true
    },
  }
  await engine.inspect(port as unknown as MessagePort)
  return {
    messages,
    entries,
    get lost() {
      return lost
    },
    get closed() {
      return closed
    },
    more: () => tell('message', { type: 'more' }),
    ask(question) {
      const id = ++lastID
      tell('message', { ...question, id })
      const found = messages.find((m) => m.type === 'answer' && m.id === id)
      if (found?.type !== 'answer') throw new Error(`no answer to ${question.type}`)
      if (found.answer.type === 'error') throw new Error(found.answer.error.what)
      return found.answer as never
    },
    post: (request) => tell('message', request),
    end: () => tell('close'),
  }
}

/** The state of a store right after entry `seq`, as the ring has it and feed-protocol.ts says; `'unknown'` where it cannot be known. */
export function rebuilt(ring: RingCopy, def: StoreDef, seq: number): unknown {
  const checkpoint = ring.checkpoints.findLast((one) => one.store === def.name && one.seq <= seq)
  if (checkpoint === undefined) return 'unknown'
  const isGap = ring.gaps?.some((gap) => gap.store === def.name && gap.seq >= checkpoint.seq && gap.seq <= seq)
  if (isGap === true) return 'unknown'
  const payloads = new Map(ring.payloads)
  let state: unknown = decodeState(def, checkpoint.state)
  for (const entry of ring.entries) {
    if (entry.type !== 'frame' || entry.kind !== 'storeupdate' || entry.store !== def.name) continue
    if (entry.seq <= checkpoint.seq || entry.seq > seq || entry.unapplied === true) continue
    const payload = payloads.get(entry.seq)
    if (payload === undefined) return 'unknown'
    const bytes = new Uint8Array(payload)
    state = entry.update === 'full' ? decodeState(def, bytes) : applyMessage(def, state, bytes)
  }
  return state
}

/** What the engine has of a store, as a replay would say it. */
export function stateNow(inspector: TestInspector, def: StoreDef): unknown {
  const { checkpoint } = inspector.ask({ type: 'state', store: def.name })
  return checkpoint === null ? zeroState(def) : decodeState(def, checkpoint.state)
}
