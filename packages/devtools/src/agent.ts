import { type Agent, createAgent as createAgentWith } from './agent/create-agent.ts'

/**
 * The page's end of the devtools, and the lines to a panel: for what shows the panel in a place of its own. Apps have no use for it but for `registerSchema` and `trackInProfiler`, and the rest may change with any version.
 */
export { trackInProfiler } from './agent/profiler-track.ts'
export { registerSchema } from './agent/register-schema.ts'
export { jsonTransport, type TextLine } from './transport/json-transport.ts'
export { portTransport } from './transport/port-transport.ts'
export { type WindowSide, windowTransport } from './transport/window-transport.ts'
export type { Agent }

/**
 * Makes the agent of a page: it finds all clients with the option `devtools`, whenever they are made and by whichever copy of the package, and serves any number of panels. It measures nothing, and opens no feed, before a
 * panel attaches.
 *
 * @example
 * const { port1, port2 } = new MessageChannel()
 * const agent = createAgent()
 * agent.connect(portTransport(port1))
 * panel.transport = portTransport(port2)
 */
export function createAgent(): Agent {
  return createAgentWith(() => import('./agent/values.ts'))
}
