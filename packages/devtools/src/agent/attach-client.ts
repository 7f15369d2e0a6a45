import type { FeedMessage, FeedRequest, Probe } from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef } from '@rivulet/wire'
import type { AgentMessage } from '../protocol.ts'
import { buffersOf } from './buffers-of.ts'
import type { AgentPage } from './agent-page.ts'
import type { EventEars } from './event-ears.ts'
import { createPageBatch } from './page-batch.ts'

/** One client that a panel looks into. */
export interface Attachment {
  /** To the engine, as it is. */
  request(request: FeedRequest): void
  listen(listener: number, def: EventDef | KeyedEventDef, key: string | undefined): void
  unlisten(listener: number): void
  end(): void
}

/** How long to wait for an engine before asking again, when nothing else says that there is one. */
const RETRY_MS = 1000

/** Tells a panel what a client's engine and page do, until `end`. Another engine that takes the place of the one before is attached by itself. */
export function attachClient(
  probe: Probe,
  page: Pick<AgentPage, 'track' | 'values'>,
  send: (message: AgentMessage, transfer?: readonly Transferable[]) => void,
  isBusy: () => boolean,
): Attachment {
  const { id: client, client: of } = probe
  let port: MessagePort | undefined
  let isGreeted = false
  let gone: string | undefined
  let isOver = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const open = (): void => {
    clearTimeout(timer)
    timer = undefined
    const { port1, port2 } = new MessageChannel()
    port = port1
    isGreeted = false
    port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => {
      if (port !== port1) return
      if (data.type === 'hello') {
        isGreeted = true
        gone = undefined
      }
      send({ type: 'feed', client, message: data }, buffersOf(data))
    })
    port1.start()
    probe.inspect(port2).catch((error: unknown) => {
      port1.close()
      if (port === port1) lost(error)
    })
  }

  const lost = (error: unknown): void => {
    port = undefined
    const why = error instanceof Error ? error.message : String(error)
    if (gone !== why) send({ type: 'engine-gone', client, why })
    gone = why
    // One that was there is followed by another at once; otherwise there is something to wait for.
    if (isGreeted) open()
    else timer ??= setTimeout(open, RETRY_MS)
  }

  const stopConnection = of.connection.subscribe(() => {
    if (timer !== undefined) open()
  })
  const batch = createPageBatch((events) => send({ type: 'page', client, events }), isBusy)
  const stopPage = probe.observe(batch.observer)
  let ears: EventEars | undefined
  /** What is to be listened to, also while the code for that is on its way. */
  const wanted = new Set<number>()
  const hear = async (...[listener, def, key]: Parameters<Attachment['listen']>): Promise<void> => {
    try {
      const { createEventEars } = await page.values.get()
      if (isOver || !wanted.has(listener)) return
      ears ??= createEventEars(of, (event) => batch.add(event))
      ears.listen(listener, def, key)
    } catch (error) {
      if (!isOver && wanted.delete(listener))
        batch.add({ type: 'deaf', listener, why: error instanceof Error ? error.message : String(error) })
    }
  }
  const stopTrack = page.track(probe)
  open()

  return {
    request(request) {
      if (isGreeted && port !== undefined) port.postMessage(request)
      else if ('id' in request) {
        const error = { code: 'worker', what: gone ?? 'there is no engine yet' } as const
        send({ type: 'feed', client, message: { type: 'answer', id: request.id, answer: { type: 'error', error } } })
      }
    },
    listen(listener, def, key) {
      wanted.add(listener)
      void hear(listener, def, key)
    },
    unlisten(listener) {
      wanted.delete(listener)
      ears?.unlisten(listener)
    },
    end() {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      stopConnection()
      stopPage()
      stopTrack()
      ears?.end()
      batch.end()
      const last = port
      port = undefined
      const bye: FeedRequest = { type: 'bye' }
      last?.postMessage(bye)
      last?.close()
    },
  }
}
