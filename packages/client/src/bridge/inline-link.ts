import type { EngineControl } from '../protocol.ts'
import type { EngineLink, StartRequest } from './engine-link.ts'

/** Two ends that hear each other, as those of a `MessageChannel`. */
export interface Channel {
  readonly port1: MessagePort
  readonly port2: MessagePort
}

/** Starts an engine on this thread. */
export async function inlineLink(
  control: EngineControl,
  { config, hooks }: StartRequest,
  { port1, port2 }: Channel,
): Promise<EngineLink> {
  await control.start(config, port2, hooks)
  const terminate = (): void => {
    port1.close()
    // No thread ends here, so the engine has to be told; it answers to nobody any more.
    void control.dispose()
  }
  return { mode: 'inline', control, port: port1, serve: (channel) => control.serve(channel), terminate }
}
