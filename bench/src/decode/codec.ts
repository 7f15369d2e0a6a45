import type { Entity, Move, World } from './world.ts'

/** The sending side of one contestant: may keep state between messages, as a real server would. */
export interface Sender {
  readonly full: Uint8Array
  /** The message that moves entities; absent where the contestant has no deltas. */
  readonly delta?: (moves: readonly Move[]) => Uint8Array
}

/** One way to get the workload across. `State` is whatever it decodes into. */
export interface Codec<State = unknown> {
  readonly name: string
  readonly packageName: string | null
  readonly ours: boolean
  readonly note?: string
  /** Its full states are those of another contestant, and not measured twice. */
  readonly deltasOnly?: boolean
  readonly send: (world: World) => Sender
  readonly decode: (full: Uint8Array) => State
  /** Applies a delta and returns the state to go on with; the same object when it is changed in place. */
  readonly apply?: (state: State, delta: Uint8Array) => State
  /** The entity of that id in `state`, to check that everybody decoded the same. */
  readonly entity: (state: State, id: string) => Entity | undefined
  /** How many entities there are. */
  readonly count: (state: State) => number
}
