import type { StreamDef } from '@rivulet/wire'

// The stores, calls and events of these tests are those of ../../support/board.ts. Streams besides:

/** Its units reach the page. */
export const Camera: StreamDef = { kind: 'stream', store: 'BoardStore', name: 'Board.Camera' }

/** Its units are taken by a handler in the worker of the topology `custom`. */
export const Radar: StreamDef = { kind: 'stream', store: 'BoardStore', name: 'Board.Radar' }

/** What the first argument of the call `Add` makes the host do, besides adding. */
export const ADD = {
  /** The handler throws. */
  fails: -1,
  /** The answer comes when the test says `release`, and is the second argument. */
  waits: -2,
  /** The title becomes `at <second argument>` before the answer, which comes with `release`. */
  retitles: -3,
} as const
