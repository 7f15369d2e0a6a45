export type { Attribution, AttributedValue, Inspection } from './attribution.ts'
export { inspectDelta, inspectMessage, inspectValue } from './inspect-message.ts'
export { inspectUnit } from './inspect-unit.ts'
