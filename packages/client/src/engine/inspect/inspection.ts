import type { EventDef, KeyedEventDef, StoreDef } from '@rivulet/wire'
import type { EngineSocket, SocketFactory } from '../socket.ts'
import { createDefs } from './defs.ts'
import { createTap, type Tap, type TapHost } from './tap.ts'

/** What an inspection needs of its engine. */
export interface InspectionHost extends Omit<TapHost, 'defs' | 'since' | 'idle'> {
  /** From now on this tap is to hear everything; null: nobody listens and nothing is kept. */
  readonly tapped: (tap: Tap | null) => void
}

/** Whether and how an engine is inspected. */
export interface Inspection {
  /** The engine has learned a descriptor. Events' are kept without a tap too, because the engine itself keeps only names. */
  learn(def: StoreDef | EventDef | KeyedEventDef): void
  /** Whoever is at the other end of `port` hears everything from now on; `page` = the seat that asked. */
  inspect(port: MessagePort, page: number): void
  /** Makes sockets whose messages the tap hears; `handled` = those that the engine reports itself as they come. */
  overhear(factory: SocketFactory, handled: ReadonlySet<string>): SocketFactory
}

/** Makes it possible to inspect an engine. There is a ring from the start when the options ask for one. */
export function createInspection(host: InspectionHost): Inspection {
  const { config, clock, feeds } = host
  const defs = createDefs()
  const since = clock.now()
  let last = 0
  let tap: ReturnType<typeof createTap> | null = null
  let overheard: EngineSocket | null = null
  let other: (event: string) => void = () => undefined

  const begin = (ringBytes: number): Tap => {
    tap = createTap({ ...host, defs, since, idle }, ringBytes, last + 1)
    for (const { def } of feeds.values()) defs.learn(def, true)
    overheard?.onAny(other)
    host.tapped(tap)
    return tap
  }

  const idle = (): void => {
    if (tap === null) return
    last = tap.seq
    tap.close()
    tap = null
    host.tapped(null)
    overheard?.offAny(other)
  }

  const ringBytes = config.ringBytes ?? 0
  if (ringBytes > 0) begin(ringBytes)

  return {
    learn(def) {
      if (tap !== null || def.kind !== 'store') defs.learn(def, tap !== null)
    },
    inspect: (port, page) => (tap ?? begin(0)).inspect(port, page),
    overhear(factory, handled) {
      other = (event) => {
        if (!handled.has(event)) tap?.receivedOther(event)
      }
      return (options) => {
        const socket = factory(options)
        const emit = socket.emit.bind(socket)
        socket.emit = (event, ...args) => {
          tap?.sent(event, args[0])
          return emit(event, ...args)
        }
        overheard = socket
        if (tap !== null) socket.onAny(other)
        return socket
      }
    },
  }
}
