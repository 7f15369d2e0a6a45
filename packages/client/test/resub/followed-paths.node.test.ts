import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFollowedPaths } from '../../src/resub/followed-paths.ts'

const path = fc.array(fc.constantFrom('a', 'b', 1, '1'), { maxLength: 3 })

test('property: says what a list of the paths says, however they come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), path)), path, (changes, asked) => {
      const followed = createFollowedPaths()
      const list: (string | number)[][] = []
      for (const [add, one] of changes) {
        const at = list.findIndex((other) => JSON.stringify(other) === JSON.stringify(one))
        if (add) {
          list.push(one)
          followed.add(one)
        } else if (at >= 0) {
          list.splice(at, 1)
          followed.remove(one)
        }
      }
      const expected = list.some((one) => one.length > asked.length && asked.every((part, i) => part === one[i]))
      expect(followed.below(asked)).toBe(expected)
    }),
  )
})

test('removing what was never added changes nothing', () => {
  const followed = createFollowedPaths()
  followed.add(['a', 'b'])
  followed.remove(['c', 'd'])
  expect(followed.below(['a'])).toBe(true)
})
