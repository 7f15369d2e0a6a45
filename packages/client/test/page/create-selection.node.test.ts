import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSelection } from '../../src/index.ts'
import type { FakeEngine } from '../support/fake-engine.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

const nothing = (): void => undefined

function watched(fake: FakeEngine): string[] {
  return [...fake.watches.values()].map((watch) => watch.path.join('.')).toSorted()
}

describe('createSelection', () => {
  test('feature 109: follows exactly what the selector reads, from the first run on', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(store, (s) => `${s.title} ${s.boats?.get('b')?.at.lat}`)
    expect(selection.get()).toBe(' 0')
    expect(fake.starts).toHaveLength(0)
    const heard = vi.fn<() => void>()
    selection.subscribe(heard)
    await eventually(() => expect(selection.get()).toBe('Harbour 2'))
    expect(watched(fake)).toEqual(['boats.b.at.lat', 'title'])
    expect(fake.log.filter((entry) => entry.startsWith('watch'))).toHaveLength(1)
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('an equality that throws fails the selection, as a selector that throws does', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(
      store,
      (s) => s.title,
      () => {
        throw new Error('no equal')
      },
    )
    const heard = vi.fn<() => void>()
    const other = vi.fn<() => void>()
    selection.subscribe(heard)
    store.subscribe('title', other)
    expect(selection.get()).toBe('')
    await eventually(() => expect(heard).toHaveBeenCalled())
    expect(() => selection.get()).toThrow('no equal')
    expect(other).toHaveBeenCalled()
  })

  test('feature 43: other changes neither run the selector nor wake anybody', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const selector = vi.fn<(s: Fleet) => string>((s) => s.title)
    const selection = createSelection(store, selector)
    const heard = vi.fn<() => void>()
    selection.subscribe(heard)
    store.subscribe('count', nothing)
    await eventually(() => expect(selection.get()).toBe('Harbour'))
    selector.mockClear()
    heard.mockClear()
    fake.load(FleetStore, makeFleet({ count: 50 }))
    await eventually(() => expect(store.get('count')).toBe(50))
    selection.get()
    expect(selector).not.toHaveBeenCalled()
    expect(heard).not.toHaveBeenCalled()
  })

  test('a selector that builds fresh objects gives the same one until a part differs', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(store, (s) => ({ title: s.title, even: s.count % 2 === 0 }))
    const heard = vi.fn<() => void>()
    selection.subscribe(heard)
    await eventually(() => expect(selection.get().title).toBe('Harbour'))
    const first = selection.get()
    expect(selection.get()).toBe(first)
    heard.mockClear()
    fake.load(FleetStore, makeFleet({ count: 4 }))
    store.subscribe('count', nothing)
    await eventually(() => expect(store.get('count')).toBe(4))
    expect(selection.get()).toBe(first)
    expect(heard).not.toHaveBeenCalled()
    fake.load(FleetStore, makeFleet({ count: 5 }))
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(selection.get()).toEqual({ title: 'Harbour', even: false })
  })

  test('an equality of your own decides', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet({ count: 10 }))
    const selection = createSelection(
      store,
      (s) => s.count,
      (a, b) => Math.abs(a - b) < 5,
    )
    selection.subscribe(nothing)
    await eventually(() => expect(selection.get()).toBe(10))
    fake.load(FleetStore, makeFleet({ count: 12 }))
    store.subscribe('count', nothing)
    await eventually(() => expect(store.get('count')).toBe(12))
    expect(selection.get()).toBe(10)
  })

  test('when it reads something else, the new path is followed before the old one is given up', async () => {
    const { store, fake } = openPage({ graceMs: 5 })
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(store, (s) => (s.open ? s.title : s.count))
    const stop = selection.subscribe(nothing)
    await eventually(() => expect(selection.get()).toBe('Harbour'))
    await eventually(() => expect(watched(fake)).toEqual(['open', 'title']))
    fake.load(FleetStore, makeFleet({ open: false }))
    await eventually(() => expect(watched(fake)).toEqual(['count', 'open']))
    expect(selection.get()).toBe(2)
    const order = fake.log.filter((entry) => /^(un)?watch/.test(entry))
    const opened = order.findIndex((entry) => /^watch.*count/.test(entry))
    const closed = order.findIndex((entry) => entry.startsWith('unwatch'))
    expect(opened).toBeLessThan(closed)
    stop()
    await eventually(() => expect(fake.watches.size).toBe(0))
  })

  test('several listeners share it; the last one to leave ends it', async () => {
    const { store, fake } = openPage({ graceMs: 5 })
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(store, (s) => s.title)
    const a = vi.fn<() => void>()
    const b = vi.fn<() => void>()
    const stopA = selection.subscribe(a)
    const stopB = selection.subscribe(b)
    await eventually(() => expect(b).toHaveBeenCalledTimes(1))
    stopA()
    stopA()
    fake.load(FleetStore, makeFleet({ title: 'T' }))
    await eventually(() => expect(b).toHaveBeenCalledTimes(2))
    expect(a).toHaveBeenCalledTimes(1)
    stopB()
    await eventually(() => expect(fake.watches.size).toBe(0))
  })

  test('one patch that changes all it reads wakes it once', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const selection = createSelection(store, (s) => [s.title, s.count, s.at.lat])
    const heard = vi.fn<() => void>()
    selection.subscribe(heard)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    fake.load(FleetStore, makeFleet({ title: 'n', count: 3, at: { lat: 9, lon: 9 } }))
    await eventually(() => expect(heard).toHaveBeenCalledTimes(2))
    expect(selection.get()).toEqual(['n', 3, 9])
  })

  test('a selector that throws throws from get, recovers with its data, and silences nobody', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet({ count: 13 }))
    const run = vi.fn<(s: Fleet) => number>((s) => {
      if (s.count === 13) throw new Error('unlucky')
      return s.count
    })
    const bad = createSelection(store, run)
    const good = createSelection(store, (s) => s.count)
    const heardBad = vi.fn<() => void>()
    const heardGood = vi.fn<() => void>()
    bad.subscribe(heardBad)
    good.subscribe(heardGood)
    await eventually(() => expect(heardGood).toHaveBeenCalledTimes(1))
    expect(() => bad.get()).toThrow('unlucky')
    const runs = run.mock.calls.length
    expect(() => bad.get()).toThrow('unlucky')
    expect(run.mock.calls.length).toBe(runs)
    expect(heardBad).toHaveBeenCalledTimes(1)
    fake.load(FleetStore, makeFleet({ count: 14 }))
    await eventually(() => expect(bad.get()).toBe(14))
    expect(heardBad).toHaveBeenCalledTimes(2)
  })

  test('what is absent appears, and goes again', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet({ flagship: null }))
    const selection = createSelection(store, (s) => (s.flagship === null ? 'none' : s.flagship.name))
    selection.subscribe(nothing)
    await eventually(() => expect(selection.get()).toBe('none'))
    fake.load(FleetStore, makeFleet({ flagship: makeBoat('Zoe') }))
    await eventually(() => expect(selection.get()).toBe('Zoe'))
    fake.load(FleetStore, makeFleet({ flagship: null }))
    await eventually(() => expect(selection.get()).toBe('none'))
  })

  test('a change between the first read and the subscription is not lost', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    await eventually(() => expect(store.get('title')).toBe('Harbour'))
    const selection = createSelection(store, (s) => s.title)
    expect(selection.get()).toBe('Harbour')
    fake.load(FleetStore, makeFleet({ title: 'between' }))
    await eventually(() => expect(store.get('title')).toBe('between'))
    selection.subscribe(nothing)
    expect(selection.get()).toBe('between')
  })
})
