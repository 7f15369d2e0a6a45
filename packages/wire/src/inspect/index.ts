export type { Attribution, AttributedValue, InspectOptions, Inspection } from './attribution.ts'
export { inspectDelta, inspectMessage, inspectValue } from './inspect-message.ts'
export { inspectUnit } from './inspect-unit.ts'
