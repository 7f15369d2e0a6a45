import type { Transport } from '../src/protocol.ts'
import { jsonTransport } from '../src/transport/json-transport.ts'

/** A transport over something that carries text, and what its owner tells it. */
export interface TextLine<Out, In> {
  readonly transport: Transport<Out, In>
  /** Text has come. */
  hear(text: string): void
  /** The other end has gone. */
  gone(): void
}

/** Makes a line; `end` runs once, when this end closes it or the other has gone. */
export function textLine<Out, In>(post: (text: string) => void, end: () => void): TextLine<Out, In> {
  const listeners = new Set<(text: string) => void>()
  const ends = new Set<() => void>()
  let over = false
  const transport = jsonTransport<Out, In>({
    post(text) {
      if (!over) post(text)
    },
    listen: (heard) => void listeners.add(heard),
    closed: (heard) => void ends.add(heard),
    close() {
      if (over) return
      over = true
      end()
    },
  })
  return {
    transport,
    hear(text) {
      for (const heard of listeners) heard(text)
    },
    gone() {
      for (const heard of ends) heard()
    },
  }
}
