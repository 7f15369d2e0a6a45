import { type Delta, RivuletError, type StoreDef } from '@rivulet/wire'
import { type DraftNode, type DraftScope, nodeOf } from './draft-node.ts'
import { rootDraft } from './draft-of.ts'
import type { Draft } from './draft-type.ts'
import { recordDelta } from './record-delta.ts'

/**
 * Runs `recipe` on a draft of `state` and returns what it changed as a delta, or null for nothing. `state` itself is never changed.
 *
 * Throws what the recipe throws; `config` when the recipe is asynchronous; `invalid-value` for a change that the schema cannot hold.
 */
export function runRecipe<S>(def: StoreDef<S>, state: S, recipe: (draft: Draft<S>) => void): Delta | null {
  const scope: DraftScope = { store: def.name, open: true, brought: new WeakMap() }
  const draft = rootDraft(scope, state as object)
  try {
    const result: unknown = recipe(draft as Draft<S>)
    if (isThenable(result)) {
      // Nobody else can: the caller never sees this promise.
      result.then(undefined, () => undefined)
      throw new RivuletError('config', 'an update recipe must be synchronous', {
        store: def.name,
        hint: 'Await first, then call store.update with what you got.',
      })
    }
  } finally {
    scope.open = false
  }
  return recordDelta(def, nodeOf(draft) as DraftNode)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}
