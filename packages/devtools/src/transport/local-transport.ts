import type { Transport } from '../protocol.ts'
import { openLine } from './line.ts'

/**
 * Both ends of a transport within one page. What is sent is handed over as it is, in a task of its own as everywhere, and not copied: a panel beside its agent would pay for each of thousands of entries twice. Nobody may change what it has
 * sent, and buffers stay with both.
 *
 * @example
 * const [agentEnd, panelEnd] = localTransports<AgentMessage, PanelMessage>()
 * agent.connect(agentEnd)
 * panel.transport = panelEnd
 */
export function localTransports<Here, There>(): readonly [Transport<Here, There>, Transport<There, Here>] {
  const { port1, port2 } = new MessageChannel()
  const [toFirst, toSecond]: [unknown[], unknown[]] = [[], []]
  return [end(port1, toSecond, toFirst), end(port2, toFirst, toSecond)]
}

/** The port says only that there is something: its messages come in order, and so do those of the queue. */
function end<Out, In>(port: MessagePort, out: unknown[], arriving: unknown[]): Transport<Out, In> {
  const until = new AbortController()
  return openLine<Out, In>({
    post(message) {
      out.push(message)
      port.postMessage(null)
    },
    listen(heard) {
      port.addEventListener('message', () => heard(arriving.shift()), { signal: until.signal })
      port.start()
    },
    close() {
      until.abort()
      arriving.length = 0
      port.close()
    },
  })
}
