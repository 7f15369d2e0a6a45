/** What every place that shows the panel is made of. Loaded when somebody opens it, and only here: an app that never does loads none of it. */
export { createAgent, definePanel, jsonTransport, portTransport } from './stand-ins.ts'
