import type { FeedEntry, FeedMessage, FeedRequest, Probe } from '@rivulet/client/inspect'

/** What an engine has received of its host last, by its own account. */
export interface Received {
  readonly updates: number
  readonly others: number
  /** From the first to the last of them, milliseconds. */
  readonly over: number
}

/** The ring has not much more at 10,000 messages a second. */
const LAST_MS = 1000

/** Asks an engine for what it has received in the last second, and leaves again. */
export function received(probe: Probe): Promise<Received> {
  const { port1, port2 } = new MessageChannel()
  const say = (request: FeedRequest): void => port1.postMessage(request)
  return new Promise((resolve, reject) => {
    port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => {
      if (data.type === 'hello') say({ type: 'ring', id: 1 })
      if (data.type !== 'answer' || data.answer.type !== 'ring') return
      say({ type: 'bye' })
      port1.close()
      resolve(summaryOf(data.answer.ring.entries))
    })
    port1.start()
    probe.inspect(port2).catch(reject)
  })
}

function summaryOf(entries: readonly FeedEntry[]): Received {
  const since = (entries.at(-1)?.at ?? 0) - LAST_MS
  const frames = entries.filter((entry) => entry.type === 'frame' && entry.dir === 'in' && entry.at > since)
  const updates = frames.filter((frame) => frame.type === 'frame' && frame.kind === 'storeupdate').length
  const over = (frames.at(-1)?.at ?? 0) - (frames[0]?.at ?? 0)
  return { updates, others: frames.length - updates, over }
}
