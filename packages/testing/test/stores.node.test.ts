import { describe, expect, test, vi } from 'vitest'
import { createTestServer } from '@rivulet/testing'
import { HarborStore } from './support/schema.ts'

describe('set', () => {
  test('three lines: a page sees what the server sets', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { title: 'North', open: true })
    const listener = vi.fn<() => void>()
    harbor.subscribe('title', listener)
    await server.settled()
    expect(harbor.get('title')).toBe('North')
    expect(harbor.status('title')).toBe('live')
    expect(listener).toHaveBeenCalled()
    await server.dispose()
  })

  test('fields that are not named keep their value, at first zero', async () => {
    const server = createTestServer()
    server.set(HarborStore, { title: 'North' })
    server.set(HarborStore, { ticks: 3 })
    expect(server.state(HarborStore)).toEqual({
      title: 'North',
      open: false,
      ticks: 3,
      log: null,
      boats: null,
      pilot: { name: '', draught: 0 },
    })
    await server.dispose()
  })

  test('a page that subscribes before the first state sees it load', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    harbor.subscribe('title', () => undefined)
    await server.settled()
    expect(harbor.status('title')).toBe('loading')
    expect(harbor.loaded('title')).toBe(false)
    server.set(HarborStore, { title: 'North' })
    await server.settled()
    expect(harbor.status('title')).toBe('live')
    expect(harbor.get('title')).toBe('North')
    await server.dispose()
  })

  test('what cannot be said as a delta arrives all the same: a list that becomes null', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { log: ['in'], boats: new Map(), title: 'North' })
    harbor.subscribe('log', () => undefined)
    harbor.subscribe(['boats', 'a', 'name'], () => undefined)
    await server.settled()
    expect(harbor.get('log')).toEqual(['in'])
    server.set(HarborStore, { log: null })
    await server.settled()
    expect(harbor.get('log')).toBe(null)
    await server.dispose()
  })

  test('what the schema cannot hold names store and field, and changes nothing', async () => {
    const server = createTestServer()
    server.set(HarborStore, { ticks: 1 })
    expect(() => server.set(HarborStore, { ticks: 2 ** 40 })).toThrow(
      expect.objectContaining({ code: 'out-of-range', store: 'HarborStore', path: ['ticks'] }),
    )
    const wrong = { title: 5 } as unknown as { title: string }
    expect(() => server.set(HarborStore, wrong)).toThrow(
      expect.objectContaining({ code: 'invalid-value', store: 'HarborStore', path: ['title'] }),
    )
    expect(server.state(HarborStore)).toMatchObject({ ticks: 1, title: '' })
    await server.dispose()
  })
})

describe('update', () => {
  test('wakes who reads what changed, and nobody else', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { boats: new Map([['a', { name: 'Anna', draught: 2 }]]) })
    const name = vi.fn<() => void>()
    const draught = vi.fn<() => void>()
    harbor.subscribe(['boats', 'a', 'name'], name)
    harbor.subscribe(['boats', 'a', 'draught'], draught)
    await server.settled()
    name.mockClear()
    draught.mockClear()
    server.update(HarborStore, (draft) => void draft.boats?.set('a', { name: 'Anna', draught: 2 }))
    await server.settled()
    expect(name).not.toHaveBeenCalled()
    server.update(HarborStore, (draft) => {
      const boat = draft.boats?.get('a')
      if (boat !== undefined) boat.draught = 3
    })
    await server.settled()
    expect(harbor.get(['boats', 'a', 'draught'])).toBe(3)
    expect(draught).toHaveBeenCalledTimes(1)
    expect(name).not.toHaveBeenCalled()
    await server.dispose()
  })

  test('several changes between two frames are one call of the listener, with the last value', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { ticks: 0 })
    harbor.subscribe('ticks', () => undefined)
    await server.settled()
    const seen: number[] = []
    harbor.subscribe('ticks', () => seen.push(harbor.get('ticks')))
    for (let i = 1; i <= 5; i++) server.update(HarborStore, (draft) => void (draft.ticks = i))
    await server.settled()
    expect(seen.at(-1)).toBe(5)
    // One patch for the credit that was there, one for the next.
    expect(seen.length).toBeLessThanOrEqual(2)
    await server.dispose()
  })

  test('before the first set: says what to do', async () => {
    const server = createTestServer()
    const error = expect.objectContaining({
      code: 'unknown-store',
      store: 'HarborStore',
      hint: expect.stringContaining('server.set'),
    })
    expect(() => server.update(HarborStore, () => undefined)).toThrow(error)
    expect(() => server.state(HarborStore)).toThrow(error)
    await server.dispose()
  })

  test('a recipe that throws, or is asynchronous, changes nothing', async () => {
    const server = createTestServer()
    server.set(HarborStore, { ticks: 1 })
    expect(() =>
      server.update(HarborStore, (draft) => {
        draft.ticks = 2
        throw new Error('no')
      }),
    ).toThrow('no')
    const later = async (draft: { ticks: number }): Promise<void> => void (draft.ticks = 3)
    expect(() => server.update(HarborStore, later as (draft: { ticks: number }) => void)).toThrow(
      expect.objectContaining({ code: 'config', store: 'HarborStore', hint: expect.any(String) }),
    )
    expect(server.state(HarborStore).ticks).toBe(1)
    await server.dispose()
  })

  test('a state that a test has read stays as it was', async () => {
    const server = createTestServer()
    server.set(HarborStore, { boats: new Map([['a', { name: 'Anna', draught: 2 }]]) })
    const before = server.state(HarborStore)
    server.update(HarborStore, (draft) => draft.boats?.clear())
    expect(before.boats?.size).toBe(1)
    expect(server.state(HarborStore).boats?.size).toBe(0)
    await server.dispose()
  })
})

describe('subscriptions', () => {
  test('are what the page reads, and go with the last reader', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { boats: new Map() })
    const stop = harbor.subscribe(['boats', 'a', 'name'], () => undefined)
    harbor.subscribe('title', () => undefined)
    await server.settled()
    expect(server.subscriptions()).toEqual([
      { store: 'HarborStore', key: expect.any(String), path: ['boats', 'a'] },
      { store: 'HarborStore', key: 'Title', path: ['title'] },
    ])
    stop()
    await server.settled()
    expect(server.subscriptions().map(({ path }) => path)).toEqual([['title']])
    await server.dispose()
  })

  test('the whole store, and a store without a state', async () => {
    const server = createTestServer()
    const harbor = server.client().store(HarborStore)
    harbor.subscribe([], () => undefined)
    await server.settled()
    expect(server.subscriptions()).toEqual([{ store: 'HarborStore', key: '', path: null }])
    server.set(HarborStore, {})
    await server.settled()
    expect(server.subscriptions()).toEqual([{ store: 'HarborStore', key: '', path: [] }])
    expect(harbor.status()).toBe('live')
    await server.dispose()
  })
})
