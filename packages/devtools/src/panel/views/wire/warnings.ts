/** A kind of warning. */
export type WarningCode = 'error' | 'key' | 'large' | 'again' | 'whole' | 'all' | 'wide' | 'nothing'

/** What can be wrong with a message that passed: short, and what to do about it. */
export const WARNINGS: Readonly<Record<WarningCode, readonly [title: string, advice: string]>> = {
  error: [
    'error',
    'The message could not be used; the error says which byte or name. Compare the schema on both sides.',
  ],
  key: [
    'key matches no field',
    'The key names no field of the store, so the host answers with the whole state and nothing live. Correct the path, or generate the schema again.',
  ],
  large: [
    'unusually large',
    'The message is far larger than its like. Subscribe to less of the store, or split what changes often from what is large.',
  ],
  again: [
    'whole state again',
    'A full state came although one had come and nothing new was asked for. Let the host send partials: they carry only what changed.',
  ],
  whole: [
    're-sends a whole collection',
    'The delta replaces a map or list with all its elements. Set and delete single keys on the host, so that only those travel.',
  ],
  all: [
    'gives every key again',
    'The delta sets every key that the map or list is known to have. Write only the elements that changed.',
  ],
  wide: [
    'integer beyond 2^53',
    'A 64-bit integer does not fit a JavaScript number, and reading it as one fails. Declare the field as bigint.',
  ],
  nothing: [
    'changes nothing',
    'The delta has no operation in it. Let the host skip it: it costs a message and a wake-up.',
  ],
}

/** A warning about one message. */
export interface Warning {
  readonly code: WarningCode
  /** Where in it. */
  readonly path?: string
  readonly detail?: string
}
