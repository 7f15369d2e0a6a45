/** What passes in a second of the stream, to the page; a call more goes back for each answer. */
export const STREAM = { messages: 10_000, events: 900, answers: 100 } as const

/** Rows of the store: React shows all of them, and all of them change. */
export const ROWS = 50

/** What a host has sent. */
export interface Sent {
  readonly messages: number
  /** Updates that were merged into others because the page did not take them in time. */
  readonly merged: number
  /** When it says so, milliseconds by its own clock. */
  readonly at: number
}
