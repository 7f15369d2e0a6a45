import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRequests } from '../../src/page/requests.ts'
import type { PageStore } from '../../src/page/types.ts'
import type { PathStatus } from '../../src/protocol.ts'

/** A store in which the test says what is there. */
interface Scripted {
  readonly store: PageStore<unknown>
  set(status: PathStatus, loaded: boolean): void
  readonly followed: number
}

function scripted(): Scripted {
  const listeners = new Set<() => void>()
  let followed = 0
  let status: PathStatus = 'idle'
  let loaded = false
  const listen = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const store = {
    subscribe(_: unknown, listener: () => void) {
      followed += 1
      const stop = listen(listener)
      return () => {
        followed -= 1
        stop()
      }
    },
    subscribeStatus: (_: unknown, listener: () => void) => listen(listener),
    status: () => status,
    loaded: () => loaded,
  } as unknown as PageStore<unknown>
  return {
    store,
    set(next, there) {
      status = next
      loaded = there
      for (const listener of listeners) listener()
    },
    get followed() {
      return followed
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

async function isPending(promise: Promise<void>): Promise<boolean> {
  let done = false
  void promise.then(() => (done = true))
  await settle()
  return !done
}

describe('a request', () => {
  test('follows the path, but not before the caller has returned', async () => {
    const s = scripted()
    const asked = createRequests().ask(s.store, ['a'])
    expect(s.followed).toBe(0)
    expect(await isPending(asked)).toBe(true)
    expect(s.followed).toBe(1)
  })

  test('resolves with the data, and with an error', async () => {
    const requests = createRequests()
    for (const [status, loaded] of [
      ['live', true],
      ['error', false],
    ] as const) {
      const s = scripted()
      const asked = requests.ask(s.store, ['a'])
      await settle()
      s.set('loading', false)
      expect(await isPending(asked)).toBe(true)
      s.set(status, loaded)
      expect(await isPending(asked)).toBe(false)
    }
  })

  test('is one for all who ask for the same path', async () => {
    const s = scripted()
    const requests = createRequests()
    expect(requests.ask(s.store, ['a'])).toBe(requests.ask(s.store, ['a']))
    expect(requests.ask(s.store, ['b'])).not.toBe(requests.ask(s.store, ['a']))
    await settle()
    expect(s.followed).toBe(2)
  })

  test('resolves at once for what is there', async () => {
    const s = scripted()
    s.set('live', true)
    const requests = createRequests()
    expect(await isPending(requests.ask(s.store, ['a']))).toBe(false)
    expect(await isPending(requests.ask(s.store, ['a']))).toBe(false)
  })

  test('that nobody makes again ends within seconds, and wakes who waited', async () => {
    const s = scripted()
    const asked = createRequests().ask(s.store, ['a'])
    await settle()
    await vi.advanceTimersByTimeAsync(3000)
    expect(await isPending(asked)).toBe(false)
    // Whoever was woken has time to ask again.
    expect(s.followed).toBe(1)
    await vi.advanceTimersByTimeAsync(3000)
    expect(s.followed).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is made again each time it resolves goes on for as long as that, without a gap', async () => {
    const s = scripted()
    const requests = createRequests()
    for (let i = 0; i < 50; i++) {
      const asked = requests.ask(s.store, ['a'])
      await vi.advanceTimersByTimeAsync(3000)
      expect(await isPending(asked)).toBe(false)
      expect(s.followed).toBe(1)
    }
    await vi.advanceTimersByTimeAsync(6000)
    expect(s.followed).toBe(0)
  })

  test('outlives its data for a while, so that a commit that takes its time finds it', async () => {
    const s = scripted()
    void createRequests().ask(s.store, ['a'])
    await settle()
    s.set('live', true)
    await vi.advanceTimersByTimeAsync(1500)
    expect(s.followed).toBe(1)
    await vi.advanceTimersByTimeAsync(3000)
    expect(s.followed).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is prolonged by a renewal, which starts nothing by itself', async () => {
    const s = scripted()
    const requests = createRequests()
    requests.renew(s.store, ['a'])
    await settle()
    expect(s.followed).toBe(0)
    void requests.ask(s.store, ['a'])
    await settle()
    s.set('live', true)
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(1500)
      requests.renew(s.store, ['a'])
    }
    expect(s.followed).toBe(1)
  })

  test('is kept for as long as it is asked for', async () => {
    const s = scripted()
    void createRequests().ask(s.store, ['a'], 30_000)
    await settle()
    s.set('live', true)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(s.followed).toBe(1)
    await vi.advanceTimersByTimeAsync(3000)
    expect(s.followed).toBe(0)
  })

  test('one timer, however many', async () => {
    const s = scripted()
    const requests = createRequests()
    for (let i = 0; i < 1000; i++) void requests.ask(s.store, ['rows', i])
    await settle()
    expect(s.followed).toBe(1000)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(6000)
    expect(s.followed).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
