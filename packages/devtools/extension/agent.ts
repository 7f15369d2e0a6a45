import { createAgent } from '../src/agent.ts'
import type { AgentMessage, PanelMessage } from '../src/protocol.ts'
import { AGENT_LINE } from './names.ts'
import { textLine } from './text-line.ts'

/*
 * In the page, in its own world, where its clients are. It does nothing until a relay brings a line.
 */

const AGENT: unique symbol = Symbol.for('rivulet.devtools.extension')

const page = globalThis as { [AGENT]?: true }

if (page[AGENT] === undefined) {
  page[AGENT] = true
  const agent = createAgent()
  addEventListener('message', ({ source, data, ports: [port] }: MessageEvent<{ readonly type?: unknown } | null>) => {
    if (source !== window || data?.type !== AGENT_LINE || port === undefined) return
    const line = textLine<AgentMessage, PanelMessage>(
      (text) => port.postMessage(text),
      () => {
        port.postMessage(null)
        port.close()
      },
    )
    port.addEventListener('message', (message: MessageEvent<unknown>) => {
      if (typeof message.data === 'string') line.hear(message.data)
      else line.gone()
    })
    port.start()
    agent.connect(line.transport)
  })
}
