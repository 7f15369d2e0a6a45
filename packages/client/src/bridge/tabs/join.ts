import { type Endpoint, proxy, releaseProxy, type Remote, transfer, wrap } from 'comlink'
import type { ClientMode } from '../../page/types.ts'
import type { EngineControl } from '../../protocol.ts'
import type { EngineLink, StartRequest } from '../engine-link.ts'
import { within } from '../within.ts'

/** How a page reaches an engine that others use too. */
export interface Way {
  readonly mode: ClientMode
  readonly line: Endpoint
  /** The Web Lock by which the engine notices the end of this page, where it does not know it already. */
  readonly lock?: string
  /** Runs once, with the end of the link: closes the line, releases the lock. */
  readonly close: () => void
}

/** Joins the engine at the other end of a line. Rejects with `worker`, and closes the line, when it does not answer in time. */
export async function join({ config, hooks, timeoutMs }: StartRequest, way: Way): Promise<EngineLink> {
  const control: Remote<EngineControl> = wrap<EngineControl>(way.line)
  const { port1, port2 } = new MessageChannel()
  let ended = false
  const terminate = (): void => {
    if (ended) return
    ended = true
    // The others keep the engine, so it has to be told. Whether it answers is of no interest any more: the lock tells it too.
    control.dispose().catch(() => undefined)
    port1.close()
    control[releaseProxy]()
    way.close()
  }
  try {
    await within(control.start(config, transfer(port2, [port2]), proxy(hooks), way.lock), timeoutMs)
  } catch (e) {
    terminate()
    throw e
  }
  return { mode: way.mode, control, port: port1, terminate }
}
