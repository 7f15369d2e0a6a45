import { RivuletError, type StreamDef, type StreamUnit } from '@rivulet/wire'
import type { UnitInfo } from '../../stream-protocol.ts'

/** One open stream, as a handler in a worker sees it. */
export interface WorkerStream {
  readonly def: StreamDef
  readonly key: string
  /** Sends something to the page, where `onMessage` of the stream gets it. Nothing is sent once the stream is closed. */
  post(message: unknown, transfer?: readonly Transferable[]): void
}

/** What a handler does with one stream. An error thrown by any of these is reported with code `handler`, and stops nothing. */
export interface WorkerStreamConsumer {
  /**
   * Gets each unit, in order. What it returns says when it is done: until a promise settles, the unit counts against the stream's bounds (`maxUnits`, `maxBytes`), so a decoder that does not keep
   * up loses frames instead of growing.
   */
  onUnit(unit: StreamUnit, info: UnitInfo): void | Promise<void>
  /** Gets what the page posts, such as an `OffscreenCanvas`. */
  onMessage?(message: unknown): void
  /** The stream is closed. */
  onClose?(): void
}

/** Called once for each stream that is opened, and for each tab that opens it. */
export type StreamHandler = (stream: WorkerStream) => WorkerStreamConsumer

/** The handlers of one worker. */
export interface StreamHandlers {
  readonly handle: (def: StreamDef, handler: StreamHandler) => void
  find(def: StreamDef): StreamHandler | undefined
}

/** Makes an empty set of handlers. */
export function createStreamHandlers(): StreamHandlers {
  const handlers = new Map<string, StreamHandler>()
  const nameOf = ({ store, name }: StreamDef): string => JSON.stringify([store, name])
  return {
    handle(def, handler) {
      const name = nameOf(def)
      if (handlers.has(name)) {
        throw new RivuletError('config', `the stream ${def.name} has a handler already`, {
          store: def.store,
          hint: 'Register one handler per stream; it is called for each key.',
        })
      }
      handlers.set(name, handler)
    },
    find: (def) => handlers.get(nameOf(def)),
  }
}
