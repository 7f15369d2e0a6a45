/** What every place that shows the panel is made of. Loaded when somebody opens it, and only here: an app that never does loads none of it. */
export { createAgent } from './agent/create-agent.ts'
export { definePanel } from './panel/panel-element.ts'
export { localTransports } from './transport/local-transport.ts'
