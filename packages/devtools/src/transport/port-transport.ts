import type { Transport } from '../protocol.ts'
import { openLine } from './line.ts'

/**
 * A transport over one end of a `MessageChannel`: for a panel on the agent's page, and for any frame or worker that can be sent the other end. Buffers that are listed move over.
 *
 * @example
 * const { port1, port2 } = new MessageChannel()
 * agent.connect(portTransport(port1))
 * panel.transport = portTransport(port2)
 */
export function portTransport<Out, In>(port: MessagePort): Transport<Out, In> {
  const until = new AbortController()
  const line = openLine<Out, In>({
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    listen(heard) {
      port.addEventListener('message', (event: MessageEvent<unknown>) => heard(event.data), { signal: until.signal })
      // Where browsers say that the other end is gone without having closed.
      port.addEventListener('close', () => heard(['x']), { signal: until.signal })
      port.start()
    },
    close() {
      until.abort()
      port.close()
    },
  })
  return line
}
