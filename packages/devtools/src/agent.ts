/**
 * The page's end of the devtools, and the lines to a panel: for what shows the panel in a place of its own. Apps have no use for it but for `registerSchema` and `trackInProfiler`, and the rest may change with any version.
 */
export { type Agent, createAgent } from './agent/create-agent.ts'
export { trackInProfiler } from './agent/profiler-track.ts'
export { registerSchema } from './agent/register-schema.ts'
export { jsonTransport, type TextLine } from './transport/json-transport.ts'
export { portTransport } from './transport/port-transport.ts'
export { type WindowSide, windowTransport } from './transport/window-transport.ts'
