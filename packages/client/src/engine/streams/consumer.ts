import type { StreamDef, StreamUnit } from '@rivulet/wire'
import type { PlainError } from '../../protocol.ts'
import type { StreamEngineMessage, StreamPageMessage, StreamStatus, UnitInfo } from '../../stream-protocol.ts'
import { failure, plainError } from '../plain-error.ts'
import type { StreamHandler, WorkerStreamConsumer } from './handlers.ts'

export interface ConsumerOptions {
  readonly def: StreamDef
  readonly key: string
  readonly port: MessagePort
  /** What takes the units here; without it they go to the page. */
  readonly handler: StreamHandler | undefined
  readonly taken: (units: number, bytes: number) => void
  /** The page does not want the stream any more. */
  readonly closed: () => void
  readonly report: (error: PlainError) => void
}

/** Who gets the units of one stream: the page at the other end of a port, or a handler in this worker. */
export interface Consumer {
  unit(unit: StreamUnit, info: UnitInfo): void
  status(status: StreamStatus): void
  close(): void
}

const noHandler = ({ store, name }: StreamDef): PlainError =>
  failure('config', 'the page posted to a data stream that has no handler in its worker', {
    store,
    path: [name],
    hint: 'Give the client a worker that calls handleStream for it.',
  })

/** Connects a stream with its page, and with its handler if there is one. */
export function createConsumer({ def, key, port, handler, taken, closed, report }: ConsumerOptions): Consumer {
  let over = false

  const post = (message: StreamEngineMessage, transfer: readonly Transferable[] = []): void => {
    if (!over) port.postMessage(message, [...transfer])
  }

  const failed = (error: unknown): void =>
    report(
      plainError(error, 'handler', {
        store: def.store,
        path: [def.name, key],
        hint: 'It came from the stream handler.',
      }),
    )

  /** Runs code of the app. */
  function attempt<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (e) {
      failed(e)
      return undefined
    }
  }

  function close(): void {
    if (over) return
    over = true
    port.removeEventListener('message', receive)
    port.close()
    attempt(() => worker?.onClose?.())
  }

  const receive = ({ data }: MessageEvent<StreamPageMessage>): void => {
    if (data.type === 'taken') taken(data.units, data.bytes)
    else if (data.type === 'close') closed()
    else if (handler === undefined) report(noHandler(def))
    else attempt(() => worker?.onMessage?.(data.message))
  }

  function handle(to: WorkerStreamConsumer, unit: StreamUnit, info: UnitInfo): void {
    // The handler may transfer the payload, which would then measure 0.
    const bytes = unit.payload.length
    const done = (): void => taken(1, bytes)
    const result = attempt(() => to.onUnit(unit, info))
    if (result instanceof Promise) result.catch(failed).finally(done)
    else done()
  }

  const worker =
    handler &&
    attempt(() => handler({ def, key, post: (message, transfer) => post({ type: 'post', message }, transfer) }))
  port.addEventListener('message', receive)
  port.start()

  return {
    unit(unit, info) {
      if (worker !== undefined) handle(worker, unit, info)
      else if (handler !== undefined) taken(1, unit.payload.length)
      else {
        // The whole message moves over, the payload stays where it is in it.
        post({ type: 'unit', unit, lost: info.lost }, [unit.payload.buffer as ArrayBuffer])
      }
    },
    status: (status) => post({ type: 'status', status }),
    close,
  }
}
