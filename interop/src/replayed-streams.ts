import type { Client, DataStream } from '@rivulet/client'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { until } from '../../packages/server/test/support/until.ts'

/** A data stream as an attach lists it. */
export interface ListedStream {
  readonly subscriptionID: string
  readonly storeName: string
  readonly streamName: string
  readonly key: string
}

/** A `datastreamsub` message. */
export interface StreamSub extends ListedStream {
  readonly action: 0 | 1
}

/** A `datastreamendpoint` message. */
export interface StreamAnswer {
  readonly subscriptionID: string
  readonly endpoint?: { readonly leaseID: string; readonly url: string; readonly token: string }
  readonly error?: string
}

/** The data streams of one client in a replay. It chooses ids of its own, so they are matched, not compared. */
export interface ViewerStreams {
  /** By recorded id. */
  readonly streams: ReadonlyMap<string, DataStream>
  /** What each recorded id was answered last; those that our client could not ask are left out. */
  readonly answers: ReadonlyMap<string, StreamAnswer>
  /** Recorded ids whose stream our client had open already: it shares that one's subscription (row 163). */
  readonly shared: ReadonlySet<string>
  /** Subscribes or unsubscribes as the recorded viewer did, and waits until that is on the wire. */
  datastreamsub(step: StreamSub): Promise<void>
  /** Opens and closes streams until what is open is what the recorded attach lists. */
  want(listed: readonly ListedStream[]): void
  /** Throws unless our attach lists what the recorded one lists. */
  expectListed(ours: readonly ListedStream[], recorded: readonly ListedStream[]): void
  /** Passes an answer of the recorded host on, and waits until the client has taken it. */
  answer(answer: StreamAnswer, emit: (translated: StreamAnswer) => void): Promise<void>
}

/** Makes the streams of `client`; `asked` = the `datastreamsub` messages that it has sent on its newest connection. */
export function createViewerStreams(client: Client, asked: () => readonly StreamSub[]): ViewerStreams {
  const streams = new Map<string, DataStream>()
  const answers = new Map<string, StreamAnswer>()
  const shared = new Set<string>()
  const ourIDs = new Map<string, string>()

  const isOpen = (id: string): boolean => (streams.get(id)?.status.get().state ?? 'closed') !== 'closed'
  const isHeld = (sub: ListedStream): boolean => [...streams].some(([id, s]) => isOpen(id) && isSame(s, sub))

  function open({ subscriptionID, storeName: store, streamName: name, key }: ListedStream): void {
    streams.set(subscriptionID, client.stream({ kind: 'stream', store, name }, key, {}))
  }

  async function subscribe({ action, ...sub }: StreamSub): Promise<void> {
    const { subscriptionID: id, storeName, streamName, key } = sub
    // With an id that is taken the recorded viewer wanted to see an error; our client never uses one twice.
    if (isOpen(id)) {
      ourIDs.delete(id)
      return
    }
    const isShared = isHeld(sub)
    if (isShared) shared.add(id)
    const before = asked().length
    open(sub)
    if (isShared || isRefusedHere(sub)) return
    const message = await until(() => asked()[before], `a subscription of the data stream ${id}`)
    ourIDs.set(id, message.subscriptionID)
    expectMessage(message, { subscriptionID: message.subscriptionID, storeName, streamName, action, key })
  }

  async function unsubscribe(sub: StreamSub): Promise<void> {
    const { subscriptionID: id } = sub
    const before = asked().length
    streams.get(id)?.close()
    if (isHeld(sub)) return
    const message = await until(() => asked()[before], `the end of the data stream ${id}`)
    expectMessage(message, { ...sub, subscriptionID: ourIDs.get(id) ?? message.subscriptionID })
  }

  return {
    streams,
    answers,
    shared,
    datastreamsub: (step) => (step.action === 0 ? subscribe(step) : unsubscribe(step)),
    want(listed) {
      for (const [id, stream] of streams) {
        const again = listed.find(({ subscriptionID }) => subscriptionID === id)
        if (again !== undefined && isSame(stream, again)) continue
        stream.close()
        streams.delete(id)
      }
      for (const one of listed) if (!isOpen(one.subscriptionID)) open(one)
    },
    expectListed(ours, recorded) {
      const names = (list: readonly ListedStream[]): string[] => [...new Set(list.map(nameOf))].toSorted()
      const [got, expected] = [names(ours), names(recorded.filter((one) => !isRefusedHere(one)))]
      if (canonical(got) !== canonical(expected)) {
        throw new Error(`the attach lists the data streams ${got.join(', ')}, recorded were ${expected.join(', ')}`)
      }
      for (const one of recorded) {
        const same = ours.find((other) => nameOf(other) === nameOf(one))
        if (same !== undefined) ourIDs.set(one.subscriptionID, same.subscriptionID)
      }
    },
    async answer(answer, emit) {
      const { subscriptionID: id } = answer
      const subscriptionID = ourIDs.get(id)
      if (subscriptionID === undefined) return
      answers.set(id, answer)
      emit({ ...answer, subscriptionID })
      // Before the next step, which may be about it.
      const expected = answer.error === undefined ? 'live' : 'error'
      await until(() => streams.get(id)?.status.get().state === expected, `the data stream ${id} to be ${expected}`)
    },
  }
}

function nameOf({ storeName, streamName, key }: ListedStream): string {
  return JSON.stringify([storeName, streamName, key])
}

function isSame({ def, key }: DataStream, sub: ListedStream): boolean {
  return def.store === sub.storeName && def.name === sub.streamName && key === sub.key
}

function expectMessage(got: StreamSub, expected: StreamSub): void {
  if (canonical(got) === canonical(expected)) return
  throw new Error(`sent ${JSON.stringify(got)}, recorded ${JSON.stringify(expected)}`)
}

/** Names and keys that every host refuses: our client does not even ask. */
function isRefusedHere({ storeName, streamName, key }: ListedStream): boolean {
  return [storeName, streamName, key].some((text, i) => text.trim() === '' || text.length > (i === 2 ? 4096 : 256))
}
