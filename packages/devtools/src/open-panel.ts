import { lateParts } from './panel/late-parts.ts'
import type { AgentMessage, PanelMessage, PanelTransport } from './protocol.ts'

/** The panel's element: shows what the agent at the other end of `transport` tells. */
export interface PanelElement extends HTMLElement {
  transport: PanelTransport | undefined
}

/** A panel beside its agent, on the page of the clients. */
export interface LocalPanel {
  readonly element: PanelElement
  /** Ends both, and with them whatever the panel showed over the host's values. */
  close(): void
}

/**
 * Loads panel and agent and joins them. The element is not on the page yet. Rejects when the files cannot be loaded.
 *
 * @example
 * const panel = await openPanel()
 * document.body.append(panel.element)
 */
export async function openPanel(): Promise<LocalPanel> {
  const { createAgent, definePanel, localTransports } = await import('./parts.ts')
  definePanel(lateParts)
  const agent = createAgent(() => import('./agent/values.ts'))
  const [agentEnd, panelEnd] = localTransports<AgentMessage, PanelMessage>()
  const disconnect = agent.connect(agentEnd)
  const element = document.createElement('rivulet-devtools') as PanelElement
  element.transport = panelEnd
  return {
    element,
    close() {
      element.remove()
      element.transport = undefined
      disconnect()
      agent.dispose()
    },
  }
}
