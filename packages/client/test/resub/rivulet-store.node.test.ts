import { StoreBase } from 'resub'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { makeBoat, makeFleet } from '../support/fleet.ts'
import { resubOptions } from '../support/decorate.ts'
import { boatKey, FleetResub } from '../support/fleet-resub.ts'
import { closePages, openPage, type TestPage } from '../support/page.ts'
import { FleetStore } from '../support/fleet.ts'

// Getters are called outside of components here, which its development mode probes with a hook, and React complains about.
const { development } = resubOptions
beforeAll(() => {
  resubOptions.development = false
})
afterAll(() => {
  resubOptions.development = development
})

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

function openFleet(options = {}): TestPage & { readonly boats: FleetResub } {
  const page = openPage(options)
  return { ...page, boats: new FleetResub(page.store) }
}

/** What the page asked of the engine about paths, in order. */
const requests = (log: readonly string[]): string[] => log.filter((entry) => /^(?:un)?watch\(/.test(entry))

describe('tracking', () => {
  test('features 40, 109: the first subscriber of a key follows its path, the last one gives it back after the grace period', async () => {
    const { boats, fake } = openFleet({ graceMs: 10 })
    const first = boats.subscribe(() => undefined, boatKey('a'))
    const second = boats.subscribe(() => undefined, boatKey('a'))
    await eventually(() => expect(requests(fake.log)).toEqual(['watch(1:boats.a)']))
    boats.unsubscribe(first)
    boats.unsubscribe(second)
    await eventually(() => expect(requests(fake.log)).toEqual(['watch(1:boats.a)', 'unwatch(1)']))
  })

  test('a key that comes back within the grace period does not flap on the wire', async () => {
    const { boats, fake } = openFleet({ graceMs: 5000 })
    for (let i = 0; i < 5; i++) boats.unsubscribe(boats.subscribe(() => undefined, 'title'))
    boats.subscribe(() => undefined, 'count')
    await eventually(() => expect(requests(fake.log).join()).toContain('count'))
    expect(requests(fake.log).join(' ').match(/title/g)).toHaveLength(1)
    expect(requests(fake.log).join()).not.toContain('unwatch')
  })

  test('without a key the whole store is followed', async () => {
    const { boats, fake } = openFleet()
    boats.subscribe(() => undefined)
    await eventually(() => expect(requests(fake.log)).toEqual(['watch(1:)']))
  })

  test('automatic subscriptions (ComponentBase) count like manual ones', async () => {
    const { boats, fake } = openFleet({ graceMs: 10 })
    const heard: string[] = []
    const auto = { store: boats, key: 'title', used: true, callback: () => void heard.push('auto') }
    boats.trackAutoSubscription(auto)
    const token = boats.subscribe(() => heard.push('manual'), 'title')
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(heard.toSorted()).toEqual(['auto', 'manual']))
    boats.removeAutoSubscription(auto)
    boats.fire('title')
    expect(heard.splice(0).toSorted()).toEqual(['auto', 'manual', 'manual'])
    boats.unsubscribe(token)
    await eventually(() => expect(requests(fake.log).at(-1)).toBe('unwatch(1)'))
  })

  test('a key that leads nowhere is refused where it is used, and leaves nothing behind', async () => {
    const { boats, fake } = openFleet()
    expect(() => boats.subscribe(() => undefined, 'titel')).toThrow(/fleet\.titel.*title/)
    const auto = { store: boats, key: 'titel', used: true, callback: () => undefined }
    expect(() => boats.trackAutoSubscription(auto)).toThrow(/titel/)
    boats.subscribe(() => undefined, 'title')
    await eventually(() => expect(requests(fake.log)).toEqual(['watch(1:title)']))
  })

  test('a local key is nobody’s business but the page’s', async () => {
    const { boats, fake } = openFleet()
    const heard: unknown[] = []
    const before = boats.versionOf('selected')
    boats.subscribe((keys) => heard.push(keys), 'selected')
    boats.select('a')
    expect(heard).toEqual([['selected']])
    expect(boats.versionOf('selected')).not.toBe(before)
    boats.subscribe(() => undefined, 'count')
    await eventually(() => expect(requests(fake.log)).toEqual(['watch(1:count)']))
  })
})

describe('triggers', () => {
  test('feature 43: only who listens to what changed is told; a patch is one trigger', async () => {
    const { boats, fake } = openFleet()
    const heard: unknown[] = []
    const both = (keys?: string[]): unknown => heard.push(['both', keys?.toSorted()])
    boats.subscribe((keys) => heard.push(['a', keys]), boatKey('a'))
    boats.subscribe(both, 'title')
    boats.subscribe(both, 'count')
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(heard).toHaveLength(2))
    heard.length = 0
    fake.load(FleetStore, makeFleet({ title: 'Port', count: 9, boats: makeFleet().boats }))
    await eventually(() => expect(heard).toContainEqual(['both', ['count', 'title']]))
    heard.length = 0
    const boats2 = new Map([['a', makeBoat('Other')]])
    fake.load(FleetStore, makeFleet({ title: 'Port', count: 9, boats: boats2 }))
    await eventually(() => expect(heard).toEqual([['a', [boatKey('a')]]]))
  })

  test('who listens to everything hears of every change, without keys', async () => {
    const { boats, fake } = openFleet()
    const heard: unknown[] = []
    boats.subscribe((keys) => heard.push(keys))
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(heard).toEqual([undefined]))
    fake.load(FleetStore, makeFleet({ count: 3 }))
    await eventually(() => expect(heard).toEqual([undefined, undefined]))
  })

  test('a subscriber that throws silences neither this store nor another, whichever of them it listens to', async () => {
    // Reference: `StoreBase._isTriggering` is static and stays set; see deliveries.node.test.ts. Here the other store is a plain one of ReSub itself.
    class Plain extends StoreBase {
      fire(): void {
        this.trigger()
      }
    }
    vi.stubGlobal('reportError', () => undefined)
    const { boats, fake } = openFleet()
    const plain = new Plain()
    const heard: string[] = []
    boats.subscribe(() => {
      throw new Error('broken')
    }, 'title')
    boats.subscribe(() => heard.push('ours'), 'title')
    plain.subscribe(() => heard.push('plain'))
    boats.fire('title')
    plain.fire()
    expect(heard).toEqual(['ours', 'plain'])

    const broken = plain.subscribe(() => {
      throw new Error('broken elsewhere')
    })
    expect(() => plain.fire()).toThrow('broken elsewhere')
    // The plain store is silent now, and that is ReSub's.
    heard.length = 0
    plain.fire()
    expect(heard).toEqual([])
    fake.load(FleetStore, makeFleet({ title: 'Port' }))
    await eventually(() => expect(heard).toEqual(['ours']))
    plain.unsubscribe(broken)
    unstick()
  })

  test('a trigger block that is never popped holds nothing back', async () => {
    // Reference: the counter is static; one block too many and no store of the page triggers again.
    const { boats, fake } = openFleet()
    const heard: string[] = []
    boats.subscribe(() => heard.push('title'), 'title')
    StoreBase.pushTriggerBlock()
    try {
      fake.load(FleetStore, makeFleet())
      await eventually(() => expect(heard).toEqual(['title']))
    } finally {
      StoreBase.popTriggerBlock()
    }
  })

  test('unsubscribing one of two subscriptions of a callback does not lose the other’s pending call', async () => {
    // Reference: `unsubscribe` forgets the callback’s pending calls whatever key they are for.
    const { boats, fake } = openFleet()
    const heard: unknown[] = []
    const callback = (keys?: string[]): unknown => heard.push(keys)
    const title = boats.subscribe(callback, 'title')
    boats.subscribe(callback, 'count')
    fake.load(FleetStore, makeFleet())
    const watched = boats.subscribe(() => undefined, 'open')
    await eventually(() => expect(heard).toHaveLength(1))
    heard.length = 0
    const stop = boats.subscribe(() => boats.unsubscribe(title), 'count')
    boats.fire(['count', 'title'])
    expect(heard.flat()).toContain('count')
    boats.unsubscribe(stop)
    boats.unsubscribe(watched)
  })

  test('`trigger()` and `trigger("")` reach everybody, `trigger(key)` also those who listen to everything', () => {
    const { boats } = openFleet()
    const heard: unknown[] = []
    boats.subscribe((keys) => heard.push(['title', keys]), 'title')
    boats.subscribe((keys) => heard.push(['all', keys]))
    boats.fire()
    boats.fire('')
    boats.fire('title')
    boats.fire(['count', 'open'])
    expect(heard).toEqual([
      ['title', undefined],
      ['all', undefined],
      ['title', undefined],
      ['all', undefined],
      ['title', ['title']],
      ['all', ['title']],
      ['all', ['count', 'open']],
    ])
  })
})

describe('the state', () => {
  test('reads as zero before anything is known', () => {
    const { boats } = openFleet()
    expect(boats.getTitle()).toBe('')
    expect(boats.seen().boats).toBeNull()
    expect(boats.seen().flagship).toBeNull()
    expect(boats.getBoatAt(boatKey('a'))).toBeUndefined()
    expect(boats.hasReceivedFullState()).toBe(false)
  })

  test('of a store that is followed by key, the parts that are followed are there', async () => {
    const { boats, fake } = openFleet()
    for (const key of [boatKey('a'), 'flagship%&name', 'queue%&0', 'title']) boats.subscribe(() => undefined, key)
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(boats.getBoatAt(boatKey('a'))?.name).toBe('Ada'))
    const state = boats.seen()
    expect(state.title).toBe('Harbour')
    expect(state.count).toBe(0)
    expect(state.boats).toBeInstanceOf(Map)
    expect(state.boats?.has('a')).toBe(true)
    expect(state.boats?.has('b')).toBe(false)
    expect([...(state.boats ?? [])]).toEqual([])
    expect(state.flagship?.name).toBe('Ada')
    expect(state.queue?.[0]?.name).toBe('Cy')
    expect(state.queue?.[1]).toBeUndefined()
    expect(Array.isArray(state.queue)).toBe(true)
    // A key of the wrong type is no place of the schema: nothing can be there.
    expect(state.boats?.get(7 as unknown as string)).toBeUndefined()
    expect(boats.hasReceivedFullState()).toBe(false)
  })

  test('a struct that is known to be absent is null, although only a field of it is followed', async () => {
    const { boats, fake } = openFleet()
    boats.subscribe(() => undefined, 'flagship%&name')
    fake.load(FleetStore, makeFleet({ flagship: null }))
    await eventually(() => expect(boats.versionOf('flagship%&name')).not.toBe(0))
    expect(boats.seen().flagship).toBeNull()
  })

  test('what is known as a whole is the real value, with its identity', async () => {
    const { boats, fake, store } = openFleet()
    boats.subscribe(() => undefined)
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(boats.hasReceivedFullState()).toBe(true))
    expect(boats.seen()).toBe(store.get())
    const before = boats.getBoatAt(boatKey('a'))
    fake.load(FleetStore, makeFleet({ count: 5, boats: makeFleet().boats }))
    await eventually(() => expect(boats.getCount()).toBe(5))
    expect(before).toEqual(makeBoat('Ada', 1))
    expect(boats.def).toBe(FleetStore)
    expect(boats.getName()).toBe('fleet')
  })
})

/** Puts the static flag back that ReSub left behind, for the tests after this one. */
function unstick(): void {
  ;(StoreBase as unknown as { _isTriggering: boolean })._isTriggering = false
}
