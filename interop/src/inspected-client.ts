import type { Client, ClientOptions } from '@rivulet/client'
import { createClientWith, createEngine, createLive, type SocketFactory } from '@rivulet/client/parts'
import { socketIo } from '../../packages/client/src/engine/socket.ts'
import { type FeedInspector, inspectEngine } from './feed-inspector.ts'

/** A message that passed a client's socket. */
interface PassedMessage {
  readonly dir: 'in' | 'out'
  readonly event: string
  /** Its binary part, a copy; empty without. */
  readonly bytes: Uint8Array
}

/** A client whose engine is inspected from its first message on. */
export interface InspectedClient {
  readonly client: Client
  /** What passed its sockets, seen there and not by the engine. */
  readonly passed: readonly PassedMessage[]
  /** Undefined until there is an engine. */
  readonly inspector: FeedInspector | undefined
}

/** Makes one: page, engine and real Socket.IO on this thread, as `createClient({ worker: 'inline' })` has them. */
export function createInspectedClient(options: ClientOptions, ringBytes: number): InspectedClient {
  const passed: PassedMessage[] = []
  let inspector: FeedInspector | undefined
  const client = createClientWith(
    { ...options, devtools: { ringBytes } },
    () => (setup) =>
      createLive(async ({ config, hooks }) => {
        if (inspector !== undefined) throw new Error('a replayed client needs one engine')
        const control = createEngine({ io: watched(passed) })
        const { port1, port2 } = new MessageChannel()
        await control.start(config, port2, hooks)
        inspector = await inspectEngine(control)
        return {
          mode: 'inline',
          control,
          port: port1,
          terminate() {
            inspector?.close()
            port1.close()
            void control.dispose()
          },
        }
      }, setup),
  )
  return {
    client,
    passed,
    get inspector() {
      return inspector
    },
  }
}

/** The real sockets, with a log of what passes them. */
function watched(passed: PassedMessage[]): SocketFactory {
  return (options) => {
    const socket = socketIo(options)
    const note = (dir: 'in' | 'out', event: string, message: unknown): void =>
      void passed.push({ dir, event, bytes: binaryPart(message) })
    socket.onAny((event, message) => note('in', event, message))
    const emit = socket.emit.bind(socket)
    socket.emit = (event, ...args) => {
      note('out', event, args[0])
      return emit(event, ...args)
    }
    return socket
  }
}

/** The one binary part that a message of ReStream has, wherever it is. */
function binaryPart(message: unknown): Uint8Array {
  const parts = Object.values(Object(message) as object).filter(
    (part): part is ArrayBuffer | Uint8Array => part instanceof ArrayBuffer || part instanceof Uint8Array,
  )
  if (parts.length > 1) throw new Error('a message with two binary parts')
  return new Uint8Array(parts[0] ?? []).slice()
}
