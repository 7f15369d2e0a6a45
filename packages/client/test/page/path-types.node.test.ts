import type { Path, StoreDef } from '@rivulet/wire'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { PathOf, ValueAt } from '../../src/index.ts'
import type { PageStore } from '../../src/page/types.ts'
import type { Boat, Fleet, Position } from '../support/fleet.ts'

// The compiler is the test: these functions are never called.
const store = undefined as unknown as PageStore<Fleet>
const loose = undefined as unknown as PageStore<unknown>
function typed(check: () => void): void {
  expect(check).toBeTypeOf('function')
}

describe('types of paths', () => {
  test('feature 44: values', () => {
    typed(() => {
      expectTypeOf(store.get()).toEqualTypeOf<Fleet>()
      expectTypeOf(store.get([])).toEqualTypeOf<Fleet>()
      expectTypeOf(store.get('title')).toEqualTypeOf<string>()
      expectTypeOf(store.get(['title'])).toEqualTypeOf<string>()
      expectTypeOf(store.get(['at', 'lat'])).toEqualTypeOf<number>()
      expectTypeOf(store.get(['flagship'])).toEqualTypeOf<Boat | null>()
      expectTypeOf(store.get(['flagship', 'at'])).toEqualTypeOf<Position | undefined>()
      expectTypeOf(store.get(['boats', 'a'])).toEqualTypeOf<Boat | undefined>()
      expectTypeOf(store.get(['boats', 'a', 'name'])).toEqualTypeOf<string | undefined>()
      expectTypeOf(store.get(['berths', 1])).toEqualTypeOf<string | undefined>()
      expectTypeOf(store.get(['marks', 0])).toEqualTypeOf<number | undefined>()
      expectTypeOf(store.get(['queue', 0, 'at', 'lon'])).toEqualTypeOf<number | undefined>()
      expectTypeOf(store.get(['next', 'next', 'title'])).toEqualTypeOf<string | undefined>()
      expectTypeOf(store.get('since')).toEqualTypeOf<Date>()
      const id: string = 'a'
      expectTypeOf(store.get(['boats', id])).toEqualTypeOf<Boat | undefined>()
    })
  })

  test('recursive states are followed as deep as anybody writes', () => {
    typed(() => {
      expectTypeOf(store.get(['next', 'next', 'next', 'next', 'next', 'title'])).toEqualTypeOf<string | undefined>()
    })
  })

  test('wrong paths', () => {
    typed(() => {
      expectTypeOf(store.get('title')).toBeString()
      // @ts-expect-error no such field
      store.get('nope')
      // @ts-expect-error no such field
      store.get(['at', 'height'])
      // @ts-expect-error keys of this map are numbers
      store.get(['berths', '1'])
      // @ts-expect-error keys of this map are texts
      store.get(['boats', 1])
      // @ts-expect-error a list index is a number
      store.get(['marks', 'first'])
      // @ts-expect-error a text has no parts
      store.get(['title', 'length'])
      // @ts-expect-error a date has no parts
      store.get(['since', 'getTime'])
      // @ts-expect-error a set has no parts
      store.get(['tags', 'x'])
      // @ts-expect-error subscribing checks too
      store.subscribe('nope', () => undefined)
    })
  })

  test('a store of unknown state takes any path', () => {
    typed(() => {
      expectTypeOf(loose.get(['a', 1])).toEqualTypeOf<unknown>()
      expectTypeOf<PathOf<unknown>>().toEqualTypeOf<string | Path>()
    })
  })

  test('the types by themselves', () => {
    expectTypeOf<ValueAt<Fleet, readonly ['boats', string, 'at', 'lat']>>().toEqualTypeOf<number | undefined>()
    expectTypeOf<StoreDef<Fleet>>().toExtend<StoreDef>()
    expectTypeOf<readonly ['boats', 'x', 'crew', 'y']>().toExtend<PathOf<Fleet>>()
    expectTypeOf<readonly ['boats', 'x', 'crew', 1]>().not.toExtend<PathOf<Fleet>>()
  })
})
