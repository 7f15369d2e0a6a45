import { applyDelta, decodeDelta, encodeDelta, equalValues, pruneDelta, stateNode } from '@rivulet/wire'
import { array, assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { runRecipe } from '../../src/draft/run-recipe.ts'
import { canonical } from '../support/canonical.ts'
import { RichStore, type RichState, someRichState } from '../support/rich-store.ts'
import { chooser, randomRecipe } from './random-recipe.ts'

const entropy = array(nat({ max: 5039 }), { minLength: 40, maxLength: 40 })

function equal(a: unknown, b: unknown): boolean {
  return equalValues(RichStore.types, stateNode(RichStore), a, b)
}

test('any recipe: applying what was recorded equals doing the same to a plain copy', () => {
  let effective = 0
  assert(
    property(entropy, integer({ min: 1, max: 8 }), (numbers, steps) => {
      const before = someRichState()
      const plain = someRichState()
      randomRecipe(plain, chooser(numbers), steps)
      const delta = runRecipe<RichState>(RichStore, before, (draft) => randomRecipe(draft, chooser(numbers), steps))
      expect(canonical(before)).toBe(canonical(someRichState()))
      // As followers see it: through bytes.
      const seen =
        delta === null
          ? before
          : applyDelta(RichStore, before, decodeDelta(RichStore, encodeDelta(RichStore, delta))).state
      expect(equal(seen, plain) || `${canonical(seen)} is not ${canonical(plain)}`).toBe(true)
      // Nothing in it could be left out.
      const least = delta === null ? null : pruneDelta(RichStore, before, delta)
      expect(canonical(least)).toBe(canonical(delta))
      if (delta !== null) effective++
    }),
    { numRuns: 1500 },
  )
  expect(effective).toBeGreaterThan(500)
})
