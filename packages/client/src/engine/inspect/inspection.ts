import type { EventDef, KeyedEventDef, StoreDef } from '@rivulet/wire'
import type { EngineSocket, SocketFactory } from '../socket.ts'
import { createDefs } from './defs.ts'
import { type Extra, withExtra } from '../extra.ts'
import type { CreateTap } from '../extras.ts'
import { plainError } from '../plain-error.ts'
import type { PlainError } from '../../protocol.ts'
import type { Tap, TapHost } from './tap.ts'

/** What an inspection needs of its engine. */
export interface InspectionHost extends Omit<TapHost, 'defs' | 'since' | 'idle'> {
  /** From now on this tap is to hear everything; null: nobody listens and nothing is kept. */
  readonly tapped: (tap: Tap | null) => void
  /** There already when the options ask for a ring. */
  readonly createTap: CreateTap | undefined
  readonly extra: Extra<CreateTap>
  readonly failed: (error: PlainError) => void
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
  let tap: ReturnType<CreateTap> | null = null
  let overheard: EngineSocket | null = null
  let other: (event: string) => void = () => undefined

  const begin = (createTap: CreateTap, ringBytes: number): Tap => {
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

  if (host.createTap !== undefined) begin(host.createTap, config.ringBytes ?? 0)

  return {
    learn(def) {
      if (tap !== null || def.kind !== 'store') defs.learn(def, tap !== null)
    },
    inspect(port, page) {
      withExtra(
        host.extra,
        (createTap) => {
          // The page may have left while it was on its way.
          if (host.pages().includes(page)) (tap ?? begin(createTap, 0)).inspect(port, page)
          else port.close()
        },
        (e) => {
          port.close()
          host.failed(plainError(e, 'worker'))
        },
      )
    },
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
