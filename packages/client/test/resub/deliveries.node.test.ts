import * as fc from 'fast-check'
import { StoreBase } from 'resub'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDeliveries, type KeysCallback } from '../../src/resub/deliveries.ts'

const ALL = StoreBase.Key_All

/** ReSub's own store, with `trigger` for the test. */
class Plain extends StoreBase {
  fire(keys?: string[]): void {
    this.trigger(keys)
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('deliveries', () => {
  test('property: the same calls as ReSub, with one callback per subscription', () => {
    const key = fc.constantFrom('a', 'b', 'c', ALL)
    const action = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key }),
      fc.record({ do: fc.constant('drop' as const), at: fc.nat(20) }),
      fc.record({
        do: fc.constant('fire' as const),
        keys: fc.option(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), { nil: undefined }),
      }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const plain = new Plain()
        const ours = createDeliveries(ALL)
        const heard = { plain: [] as unknown[], ours: [] as unknown[] }
        const live: { token: number; stop: () => void }[] = []
        let count = 0
        for (const one of actions) {
          if (one.do === 'add') {
            const id = ++count
            live.push({
              token: plain.subscribe((keys) => heard.plain.push([id, keys]), one.key),
              stop: ours.add(one.key, (keys) => heard.ours.push([id, keys])),
            })
          } else if (one.do === 'drop') {
            const [gone] = live.splice(one.at, 1)
            if (gone === undefined) continue
            plain.unsubscribe(gone.token)
            gone.stop()
          } else {
            plain.fire(one.keys)
            ours.deliver(one.keys ?? null, one.keys)
          }
          // Within one trigger nobody may rely on the order.
          const sorted = (calls: unknown[]): string[] =>
            calls
              .splice(0)
              .map((c) => JSON.stringify(c))
              .toSorted()
          expect(sorted(heard.ours)).toEqual(sorted(heard.plain))
        }
      }),
    )
  })

  test('a callback that throws silences nobody, and its error is reported', () => {
    // Reference: `_resolveCallbacks` has no `finally`, `_isTriggering` stays true, and no store of the page triggers again.
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (e: unknown) => reported.push(e))
    const deliveries = createDeliveries(ALL)
    const heard: unknown[] = []
    deliveries.add('a', () => {
      throw new Error('broken')
    })
    deliveries.add('a', (keys) => heard.push(keys))
    deliveries.deliver(['a'])
    deliveries.deliver(['a'])
    expect(heard).toEqual([['a'], ['a']])
    expect(reported.map(String)).toEqual(['Error: broken', 'Error: broken'])
  })

  test('one callback on two keys: both keys in one call, and losing one does not lose the other', () => {
    // Reference: unsubscribing one of the two forgets the pending call of the other.
    const deliveries = createDeliveries(ALL)
    const heard: unknown[] = []
    let stopA = (): void => undefined
    deliveries.add('first', () => stopA())
    const callback: KeysCallback = (keys) => heard.push(keys)
    stopA = deliveries.add('a', callback)
    deliveries.add('b', callback)
    deliveries.deliver(['a', 'b'])
    expect(heard).toEqual([['a', 'b']])
    heard.length = 0
    deliveries.deliver(['first', 'a', 'b'])
    expect(heard).toHaveLength(1)
    expect(heard[0]).toContain('b')
  })

  test('who is unsubscribed while others are told is not told', () => {
    const deliveries = createDeliveries(ALL)
    const heard: string[] = []
    const stops: (() => void)[] = []
    deliveries.add('a', () => {
      heard.push('first')
      for (const stop of stops) stop()
    })
    stops.push(deliveries.add('a', () => heard.push('second')))
    deliveries.deliver(['a'])
    expect(heard).toEqual(['first'])
  })

  test('what is triggered meanwhile comes afterwards, once', () => {
    const deliveries = createDeliveries(ALL)
    const heard: string[] = []
    deliveries.add('a', () => {
      heard.push('a1')
      if (heard.length < 3) deliveries.deliver(['b'])
      heard.push('a2')
    })
    deliveries.add('b', () => heard.push('b'))
    deliveries.deliver(['a'])
    expect(heard).toEqual(['a1', 'a2', 'b'])
  })
})
