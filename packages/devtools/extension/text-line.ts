import { jsonTransport } from '../src/parts.ts'
import type { Transport } from '../src/protocol.ts'

/** A transport over something that carries text, and what its owner tells it. */
export interface TextLine<Out, In> {
  readonly transport: Transport<Out, In>
  /** Text has come. What comes before anybody listens waits. */
  hear(text: string): void
  /** The other end has gone. */
  gone(): void
}

/** Makes a line; `end` runs when this end closes it. */
export function textLine<Out, In>(post: (text: string) => void, end: () => void): TextLine<Out, In> {
  const closed = new Set<() => void>()
  const waiting: string[] = []
  let listener: ((text: string) => void) | undefined
  let over = false
  const json = jsonTransport<Out, In>(
    (text) => {
      if (!over) post(text)
    },
    (hear) => {
      listener = hear
      for (const text of waiting.splice(0)) hear(text)
    },
  )
  return {
    transport: {
      send: (message, transfer) => json.send(message, transfer),
      listen: (hear) => json.listen(hear),
      closed: (heard) => void closed.add(heard),
      close() {
        if (over) return
        over = true
        end()
      },
    },
    hear(text) {
      if (over) return
      if (listener === undefined) waiting.push(text)
      else listener(text)
    },
    gone() {
      if (over) return
      over = true
      for (const heard of closed) heard()
    },
  }
}
