import type { Probe } from '@rivulet/client/inspect'
import { isRivuletError, RivuletError } from '@rivulet/wire'
import {
  type AgentAnswer,
  type AgentMessage,
  type AgentTransport,
  PANEL_VERSION,
  type PanelMessage,
} from '../protocol.ts'
import { attachClient, type Attachment } from './attach-client.ts'
import { type AgentPage, infoOf, type PanelLine, showKey } from './agent-page.ts'
import { knownSchema } from './register-schema.ts'
import { plainSubscriber } from './plain-origin.ts'

const MAX_CALLS = 256

/** Serves one panel until its transport closes. */
export function servePanel(
  transport: AgentTransport,
  page: AgentPage,
  probes: readonly Probe[],
  ended: () => void,
): PanelLine {
  const attached = new Map<string, Attachment>()
  let calls = 0
  let isOver = false

  const send = (message: AgentMessage, transfer?: readonly Transferable[]): void => {
    if (!isOver) transport.send(message, transfer)
  }
  const answer = (id: number, what: AgentAnswer): void => send({ type: 'answer', id, answer: what })
  const isBusy = (): boolean => (transport.pending?.() ?? 0) > MAX_PENDING

  const probeOf = (client: string): Probe => {
    const probe = page.find(client)
    if (probe === undefined) throw new RivuletError('disposed', 'this client has ended')
    return probe
  }

  const detach = (client: string): void => {
    attached.get(client)?.end()
    attached.delete(client)
  }

  const show = ({ client, store, writes }: Of<'show'>): AgentAnswer => {
    const key = showKey(client, store)
    probeOf(client).show(
      store,
      writes.map(({ path, bytes }) => ({ path, bytes: bytes === null ? null : new Uint8Array(bytes) })),
    )
    if (writes.length > 0) page.showing.set(key, line)
    else page.showing.delete(key)
    return { type: 'done' }
  }

  const call = async ({ client, def, args }: Of<'call'>): Promise<AgentAnswer> => {
    if (calls >= MAX_CALLS) throw new RivuletError('limit', `more than ${MAX_CALLS} calls are under way`)
    calls++
    try {
      const { callFor } = await page.values.get()
      return await callFor(probeOf(client).client, def, args)
    } finally {
      calls--
    }
  }

  const asked = async (message: PanelMessage & { readonly id: number }): Promise<AgentAnswer> => {
    switch (message.type) {
      case 'subscribers':
        return {
          type: 'subscribers',
          subscribers: probeOf(message.client).subscribers(message.store).map(plainSubscriber),
        }
      case 'show':
        return show(message)
      case 'call':
        return call(message)
      default:
        throw new RivuletError('protocol', 'this agent does not know that request')
    }
  }

  const told = (message: PanelMessage): void => {
    const here = attached.get(message.client)
    switch (message.type) {
      case 'attach': {
        const probe = page.find(message.client)
        if (here === undefined && probe !== undefined) attached.set(probe.id, attachClient(probe, page, send, isBusy))
        return
      }
      case 'detach':
        detach(message.client)
        return
      case 'feed':
        here?.request(message.request)
        return
      case 'listen':
        here?.listen(message.listener, message.def, message.key)
        return
      case 'unlisten':
        here?.unlisten(message.listener)
        return
      default:
      // Of a newer panel, which can do without.
    }
  }

  const end = (): void => {
    if (isOver) return
    for (const client of attached.keys()) detach(client)
    for (const [key, owner] of page.showing) {
      if (owner !== line) continue
      page.showing.delete(key)
      const [client, store] = JSON.parse(key) as [string, string]
      page.find(client)?.show(store, [])
    }
    transport.close()
    isOver = true
    ended()
  }

  const line: PanelLine = {
    send,
    client(probe, step) {
      if (step === 'ended') detach(probe.id)
      send({ type: 'client', client: infoOf(probe), step })
    },
    end,
  }

  transport.closed(end)
  send({ type: 'hello', version: PANEL_VERSION, clients: probes.map(infoOf) })
  const schema = knownSchema()
  if (schema !== undefined) send({ type: 'schema', ...schema })
  transport.listen((message) => {
    if (isOver) return
    if (!('id' in message)) {
      told(message)
      return
    }
    const { id } = message
    asked(message).then(
      (what) => answer(id, what),
      (error: unknown) => answer(id, failure(error)),
    )
  })
  return line
}

/** Messages that a panel may be behind before page events wait for it. */
const MAX_PENDING = 16

type Of<Type extends PanelMessage['type']> = Extract<PanelMessage, { readonly type: Type }>

/** An error as a panel shows it. */
function failure(error: unknown): Extract<AgentAnswer, { type: 'error' }> {
  const { code } = isRivuletError(error) ? error : new RivuletError('handler', 'failed')
  return { type: 'error', code, message: error instanceof Error ? error.message : String(error) }
}
