import type { AgentAnswer, AgentMessage, PageEvent, PanelMessage, PanelTransport } from '../../src/protocol.ts'
import { eventually } from '../../../client/test/support/eventually.ts'

/** A panel without a face: it remembers what the agent says, and asks. */
export interface PanelEnd {
  readonly messages: readonly AgentMessage[]
  readonly of: <T extends AgentMessage['type']>(type: T) => Extract<AgentMessage, { readonly type: T }>[]
  /** Page events of one type, of all batches. */
  readonly events: <T extends PageEvent['type']>(type: T) => Extract<PageEvent, { readonly type: T }>[]
  send(message: PanelMessage): void
  /** Sends a request that is answered. */
  ask(message: Asked): Promise<AgentAnswer>
  close(): void
}

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never
type Asked = WithoutId<PanelMessage>

/** Listens at the panel's end of a transport. */
export function panelEnd(transport: PanelTransport): PanelEnd {
  const messages: AgentMessage[] = []
  let lastId = 0
  transport.listen((message) => messages.push(message))
  const of = <T extends AgentMessage['type']>(type: T): Extract<AgentMessage, { readonly type: T }>[] =>
    messages.filter((message): message is Extract<AgentMessage, { readonly type: T }> => message.type === type)
  return {
    messages,
    of,
    events: <T extends PageEvent['type']>(type: T) =>
      of('page')
        .flatMap(({ events }) => events)
        .filter((event): event is Extract<PageEvent, { readonly type: T }> => event.type === type),
    send: (message) => transport.send(message),
    async ask(message) {
      const id = ++lastId
      transport.send({ ...message, id })
      return eventually(() => {
        const found = of('answer').find((answer) => answer.id === id)
        if (found === undefined) throw new Error(`no answer to ${message.type}`)
        return found.answer
      })
    },
    close: () => transport.close(),
  }
}
