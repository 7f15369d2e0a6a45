import type { AgentMessage, AgentTransport, PanelTransport, Transport } from './protocol.ts'
import { PANEL_VERSION } from './protocol.ts'
import { h, text } from './panel/h.ts'
import { PROBES, type Probe, type Probes } from '@rivulet/client/inspect'

/*
 * The smallest agent, panel and transports that speak the protocol, so that the places where the panel lives work before those are merged. `parts.ts` says what is used; this file goes with the merge.
 */

export interface Agent {
  connect(transport: AgentTransport): () => void
  dispose(): void
}

function probesOfPage(): Probes {
  const page = globalThis as { [PROBES]?: Probes }
  return (page[PROBES] ??= { clients: new Set(), listeners: new Set() })
}

const infoOf = (probe: Probe) => ({ id: probe.id, url: probe.url, page: document.title || location.href })

export function createAgent(): Agent {
  const ends = new Set<() => void>()
  return {
    connect(transport) {
      const probes = probesOfPage()
      const heard = (probe: Probe, step: 'made' | 'ended'): void =>
        transport.send({ type: 'client', client: infoOf(probe), step })
      probes.listeners.add(heard)
      transport.listen(() => {})
      transport.send({ type: 'hello', version: PANEL_VERSION, clients: [...probes.clients].map(infoOf) })
      const end = (): void => {
        if (!ends.delete(end)) return
        probes.listeners.delete(heard)
        transport.close()
      }
      ends.add(end)
      transport.closed(end)
      return end
    },
    dispose() {
      for (const end of ends) end()
    },
  }
}

export function definePanel(): void {
  if (customElements.get('rivulet-devtools') !== undefined) return
  customElements.define(
    'rivulet-devtools',
    class extends HTMLElement {
      readonly #line = h('p', {}, 'no page')
      readonly #filter = h('input', { 'aria-label': 'Filter' })
      readonly #clients = new Map<string, string>()
      #transport: PanelTransport | undefined

      constructor() {
        super()
        this.attachShadow({ mode: 'open' }).append(this.#line, this.#filter)
      }

      get transport(): PanelTransport | undefined {
        return this.#transport
      }

      set transport(next: PanelTransport | undefined) {
        this.#transport = next
        this.#clients.clear()
        text(this.#line, 'no page')
        next?.listen((message) => this.#hear(message))
        next?.closed(() => text(this.#line, 'no page'))
      }

      #hear(message: AgentMessage): void {
        if (message.type === 'hello') for (const { id, url } of message.clients) this.#clients.set(id, url)
        else if (message.type !== 'client') return
        else if (message.step === 'made') this.#clients.set(message.client.id, message.client.url)
        else this.#clients.delete(message.client.id)
        text(this.#line, `clients: ${[...this.#clients.values()].join(', ')}`)
      }
    },
  )
}

function transportOver<Out, In>(
  post: (message: Out, transfer?: readonly Transferable[]) => void,
  listen: (hear: (message: In) => void) => void,
  end: () => void,
): Transport<Out, In> & { gone(): void } {
  const closed = new Set<() => void>()
  let over = false
  return {
    send: (message, transfer) => {
      if (!over) post(message, transfer)
    },
    listen: (hear) => listen((message) => !over && hear(message)),
    closed: (listener) => void closed.add(listener),
    close() {
      if (over) return
      over = true
      end()
    },
    gone() {
      if (over) return
      over = true
      for (const listener of closed) listener()
    },
  }
}

export function portTransport<Out, In>(port: MessagePort): Transport<Out, In> {
  return transportOver<Out, In>(
    (message, transfer) => port.postMessage(message, [...(transfer ?? [])]),
    (hear) => {
      port.addEventListener('message', ({ data }) => hear(data as In))
      port.start()
    },
    () => port.close(),
  )
}

export interface TextLine {
  post(text: string): void
  listen(heard: (text: string) => void): void
  closed?(listener: () => void): void
  close(): void
}

export function jsonTransport<Out, In>(line: TextLine): Transport<Out, In> {
  const waiting: string[] = []
  let heard: ((text: string) => void) | undefined
  line.listen((said) => (heard === undefined ? waiting.push(said) : heard(said)))
  const transport = transportOver<Out, In>(
    (message) => line.post(JSON.stringify(message)),
    (hear) => {
      heard = (said) => hear(JSON.parse(said) as In)
      for (const said of waiting.splice(0)) heard(said)
    },
    () => line.close(),
  )
  line.closed?.(() => transport.gone())
  return transport
}
