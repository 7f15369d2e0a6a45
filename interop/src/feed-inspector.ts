import type { FeedAnswer, FeedEntry, FeedMessage, FeedRequest } from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'

type Answered<T extends FeedAnswer['type']> = Extract<FeedAnswer, { readonly type: T }>
type Question = FeedRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never

/** What has heard an engine out from its beginning. */
export interface FeedInspector {
  /** The number of the first entry that it was to hear of. */
  readonly first: number
  /** All that came in batches. */
  readonly entries: readonly FeedEntry[]
  readonly lost: number
  /** Descriptors, as the engine has told them. */
  readonly stores: readonly StoreDef[]
  readonly requests: readonly (RpcDef | SendDef)[]
  readonly events: readonly (EventDef | KeyedEventDef)[]
  /** Asks, and resolves with the answer; rejects with what is answered as an error. */
  ask<T extends Question['type']>(question: Question & { readonly type: T }): Promise<Answered<T>>
  close(): void
}

/** Inspects an engine over a real channel, as the devtools' agent does. */
export async function inspectEngine(engine: { inspect(port: MessagePort): Promise<void> }): Promise<FeedInspector> {
  const { port1, port2 } = new MessageChannel()
  const entries: FeedEntry[] = []
  const stores: StoreDef[] = []
  const requests: (RpcDef | SendDef)[] = []
  const events: (EventDef | KeyedEventDef)[] = []
  const asked = new Map<number, PromiseWithResolvers<FeedAnswer>>()
  let first = 0
  let lost = 0
  let lastID = 0
  const post = (request: FeedRequest): void => port1.postMessage(request)

  port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => {
    switch (data.type) {
      case 'hello':
        first = data.seq
        post({ type: 'more' })
        return
      case 'entries':
        entries.push(...data.entries)
        lost += data.lost
        post({ type: 'more' })
        return
      case 'defs':
        stores.push(...data.stores)
        requests.push(...data.requests)
        events.push(...data.events)
        return
      case 'answer': {
        const waiting = asked.get(data.id)
        asked.delete(data.id)
        if (data.answer.type === 'error') waiting?.reject(new Error(data.answer.error.what))
        else waiting?.resolve(data.answer)
      }
    }
  })
  port1.start()
  await engine.inspect(port2)

  return {
    get first() {
      return first
    },
    entries,
    get lost() {
      return lost
    },
    stores,
    requests,
    events,
    ask(question) {
      const id = ++lastID
      const waiting = Promise.withResolvers<FeedAnswer>()
      asked.set(id, waiting)
      post({ ...question, id })
      return waiting.promise as Promise<never>
    },
    close: () => post({ type: 'bye' }),
  }
}
