/** What of the agent writes values in wire bytes: loaded when a panel first calls something or listens to an event. */
export { callFor } from './call-for.ts'
export { createEventEars } from './event-ears.ts'
