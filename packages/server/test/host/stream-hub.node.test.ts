import { isRivuletError } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { limitsOf } from '../../src/host/limits.ts'
import type { Message } from '../../src/host/outbox.ts'
import type { Peer } from '../../src/host/peer.ts'
import type { StreamLease } from '../../src/host/streams/stream-broker.ts'
import { createStreamHub, type StreamHub } from '../../src/host/streams/stream-hub.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Rig {
  readonly hub: StreamHub
  readonly peer: Peer
  readonly answers: Message['body'][]
  readonly failures: (readonly [string, unknown])[]
}

function rig(open: () => StreamLease | Promise<StreamLease>): Rig {
  const answers: Message['body'][] = []
  const failures: (readonly [string, unknown])[] = []
  const hub = createStreamHub({
    limits: limitsOf(),
    broker: { open },
    minimumOf: () => 0,
    failed: (what, error) => failures.push([what, error]),
  })
  const peer = {
    outbox: { put: ({ body }: Message) => void answers.push(body) },
    withLevel: (proceed: (level: number) => void) => proceed(0),
  } as unknown as Peer
  return { hub, peer, answers, failures }
}

const request = { subscriptionID: 's', store: 'Store', stream: 'Cam', key: 'k' }
const lease = (close: StreamLease['close']): StreamLease => ({
  leaseID: 'l',
  url: 'wss://x.test',
  token: 't',
  expiresAtUnixMilli: 0,
  close,
})

describe('feature 172: what hangs is given up', () => {
  test('a lease that does not close is reported after 30 s, and nobody waits for it longer', async () => {
    const { hub, peer, answers, failures } = rig(() => lease(() => new Promise(() => undefined)))
    void hub.open(peer, request)
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    hub.leave(peer)
    let isIdle = false
    void hub.idle().then(() => (isIdle = true))
    await vi.advanceTimersByTimeAsync(29_999)
    expect([isIdle, failures]).toEqual([false, []])
    await vi.advanceTimersByTimeAsync(1)
    expect(isIdle).toBe(true)
    const [[what, error]] = failures as [readonly [string, unknown]]
    expect(what).toContain('lease l')
    expect(isRivuletError(error) && error.code).toBe('timeout')
  })

  test('an opening that hangs is given up with its subscription, and its id is free', async () => {
    const arrivals: ((value: StreamLease) => void)[] = []
    const closed = vi.fn<() => void>()
    const { hub, peer, answers } = rig(() => new Promise((resolve) => arrivals.push(resolve)))
    void hub.open(peer, request)
    hub.release(peer, 's')
    void hub.open(peer, request)
    await vi.waitFor(() => expect(arrivals).toHaveLength(2))
    arrivals[1]?.(lease(() => undefined))
    await vi.waitFor(() => expect(answers).toMatchObject([{ subscriptionID: 's', endpoint: { leaseID: 'l' } }]))
    arrivals[0]?.(lease(closed))
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1))
    expect(answers).toHaveLength(1)
  })
})
