import { applyMessage, equalValues, stateNode } from '@rivulet/wire'
import { array, assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { pendingUpdate } from '../../src/host/pending-update.ts'
import { createStore } from '../../src/index.ts'
import { chooser, randomRecipe } from '../draft/random-recipe.ts'
import { canonical } from '../support/canonical.ts'
import { type RichState, RichStore, someRichState } from '../support/rich-store.ts'

const entropy = array(nat({ max: 5039 }), { minLength: 40, maxLength: 40 })

function equal(a: RichState, b: RichState): boolean {
  return equalValues(RichStore.types, stateNode(RichStore), a, b)
}

// A session sends again what was on its way, merged with what came later; nobody knows how much of it the viewer has already.
test('updates that were sent, sent again as one: a viewer that has any of them ends where the host is', () => {
  let longest = 0
  assert(
    property(array(entropy, { minLength: 1, maxLength: 6 }), integer({ min: 1, max: 4 }), (recipes, steps) => {
      const store = createStore(RichStore, someRichState())
      const bytes: Uint8Array[] = []
      const seen: RichState[] = [store.state]
      store.onChange((change) => {
        bytes.push(change.bytes)
        seen.push(store.state)
      })
      for (const numbers of recipes) store.update((draft) => randomRecipe(draft, chooser(numbers), steps))
      const [first, ...later] = bytes.map((one) => ({ def: RichStore, bytes: one, whole: false, full: () => one }))
      if (first === undefined) return
      const pending = pendingUpdate(first)
      for (const update of later) pending.add(update)
      const again = pending.message().body['partial']
      longest = Math.max(longest, bytes.length)
      for (const [arrived, base] of seen.entries()) {
        const after = applyMessage(RichStore, base, again)
        expect(
          equal(after, store.state) || `having ${arrived}: ${canonical(after)} is not ${canonical(store.state)}`,
        ).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
  expect(longest).toBeGreaterThan(3)
})
