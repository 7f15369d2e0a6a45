import type { AgentTransport, PanelTransport, Transport } from '../../src/protocol.ts'

/** A panel's and an agent's end of one line, over real ports: what cannot be cloned fails as it would in a browser. */
export function transportPair(): { readonly panel: PanelTransport; readonly agent: AgentTransport } {
  const { port1, port2 } = new MessageChannel()
  const ends: (() => void)[] = []
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    for (const end of ends) end()
    port1.close()
    port2.close()
  }
  const over = <Out, In>(port: MessagePort): Transport<Out, In> => ({
    send: (message, transfer) => {
      if (open) port.postMessage(message, [...(transfer ?? [])])
    },
    listen: (listener) => {
      port.addEventListener('message', (event: MessageEvent) => {
        if (open) listener(event.data as In)
      })
      port.start()
    },
    closed: (listener) => void ends.push(listener),
    close,
  })
  return { panel: over(port1), agent: over(port2) }
}
