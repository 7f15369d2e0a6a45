import {
  decodeState,
  type Delta,
  diffStates,
  encodeState,
  isRivuletError,
  RivuletError,
  type StoreDef,
  stateNode,
  withPlace,
  zeroOf,
} from '@rivulet/wire'
import type { Draft } from './draft.ts'

/** How a state changed. `delta` is null when no delta can say it (a list that became null): then viewers get the state as a whole. */
export interface StateChange {
  readonly before: unknown
  readonly after: unknown
  readonly delta: Delta | null
}

/** A store of the test server. */
export interface HeldStore<S = unknown> {
  readonly def: StoreDef<S>
  readonly state: S
  /** Puts fields over the state; null when nothing has changed by it. */
  put(fields: Partial<S>): StateChange | null
  /** Runs a recipe on a copy of the state; null when nothing has changed by it. */
  update(recipe: (draft: Draft<S>) => void): StateChange | null
}

/** Makes a store whose fields are zero but for `fields`. Throws `invalid-value` or `out-of-range`, naming the field, for what the schema cannot hold. */
export function createHeldStore<S>(def: StoreDef<S>, fields: Partial<S>): HeldStore<S> {
  let state = copyOf(def, { ...(zeroOf(def.types, stateNode(def)) as S), ...fields })

  const change = (next: S): StateChange | null => {
    const before = state
    const after = copyOf(def, next)
    const delta = deltaOf(def, before, after)
    if (delta === null) return null
    state = after
    return { before, after, delta: delta === UNSAYABLE ? null : delta }
  }

  return {
    def,
    get state() {
      return state
    },
    put: (more) => change({ ...state, ...more }),
    update(recipe) {
      const draft = copyOf(def, state)
      const returned: unknown = recipe(draft as Draft<S>)
      if (returned instanceof Promise) {
        throw new RivuletError('config', 'a recipe cannot be asynchronous', {
          store: def.name,
          hint: 'Wait first, then call update().',
        })
      }
      return change(draft)
    },
  }
}

const UNSAYABLE = Symbol('unsayable')

function deltaOf<S>(def: StoreDef<S>, before: S, after: S): Delta | null | typeof UNSAYABLE {
  try {
    return diffStates(def, before, after)
  } catch (e) {
    // Both states have been through the encoder, so what cannot be said is all that can be wrong.
    if (isRivuletError(e) && e.code === 'invalid-value') return UNSAYABLE
    throw e
  }
}

/** The state as it comes out of the wire: checked, with nothing in it that belongs to somebody else, and with numbers as the wire holds them. */
function copyOf<S>(def: StoreDef<S>, state: S): S {
  try {
    return decodeState(def, encodeState(def, state))
  } catch (e) {
    throw isRivuletError(e) && e.store === undefined ? withPlace(e, { store: def.name }) : e
  }
}
