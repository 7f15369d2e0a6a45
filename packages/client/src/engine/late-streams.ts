import type { StreamEngineMessage } from '../stream-protocol.ts'
import { type Extra, withExtra } from './extra.ts'
import type { CreateStreams } from './extras.ts'
import { text } from './incoming.ts'
import { plainError } from './plain-error.ts'
import type { Streams, StreamsOptions } from './streams/streams.ts'

type Opening = Parameters<Streams['open']>

/**
 * The data streams of an engine, made when the first of them is opened: until then there is nothing that a connection could mean to them. What is opened while their part is on its way waits for it; the pages'
 * messages wait in the ports.
 */
export function createLateStreams(extra: Extra<CreateStreams>, options: StreamsOptions): Streams {
  let streams: Streams | undefined
  let offset: number | null = null
  let over = false
  // In the order in which they were opened. One a stream of a page: the newest replaces the others, as it does later.
  let waiting = new Map<string, Opening>()

  const drop = (id: string): void => {
    waiting.get(id)?.[2].close()
    waiting.delete(id)
  }

  const begin = (create: CreateStreams): void => {
    if (over) return
    if (streams === undefined) {
      streams = create(options)
      streams.clockOffset(offset)
    }
    const openings = [...waiting.values()]
    waiting = new Map()
    for (const opening of openings) streams.open(...opening)
  }

  const fail = (e: unknown): void => {
    if (waiting.size === 0) return
    const openings = [...waiting.values()]
    waiting = new Map()
    for (const [{ store, name }, key, port] of openings) {
      const error = plainError(e, 'worker', { store, path: [name, key] })
      const status = { state: 'error', since: options.clock.now(), error } as const
      port.postMessage({ type: 'status', status } satisfies StreamEngineMessage)
      port.close()
    }
    options.report(plainError(e, 'worker'))
  }

  return {
    open(def, key, port, config, seat = 0) {
      if (streams !== undefined) return streams.open(def, key, port, config, seat)
      const id = JSON.stringify([def.store, def.name, key, seat])
      drop(id)
      waiting.set(id, [def, key, port, config, seat])
      withExtra(extra, begin, fail)
    },
    leave(seat) {
      for (const [id, opening] of waiting) if (opening[4] === seat) drop(id)
      streams?.leave(seat)
    },
    answer(message) {
      if (streams !== undefined) streams.answer(message)
      // Nobody has asked, so it is for nobody; garbage it may be all the same.
      else text(message['subscriptionID'])
    },
    opened: (carried) => streams?.opened(carried),
    closed: () => streams?.closed(),
    hangUp: () => streams?.hangUp(),
    manifest: () => streams?.manifest() ?? [],
    clockOffset(now) {
      offset = now
      streams?.clockOffset(now)
    },
    dispose() {
      over = true
      const ids = [...waiting.keys()]
      for (const id of ids) drop(id)
      streams?.dispose()
    },
  }
}
