import type { ConnectionStatus } from '@rivulet/client'
import type { FeedEntry } from '@rivulet/client/inspect'
import { describe, expect, it } from 'vitest'
import {
  createRoundTrips,
  describeStretches,
  sessionLine,
  stretches,
} from '../../../src/panel/views/session/session-log.ts'

const connection = (at: number, status: Partial<ConnectionStatus>): FeedEntry => ({
  type: 'connection',
  seq: at,
  at,
  status: { state: 'connected', since: at, attempt: 0, clockOffset: null, ...status },
})

describe('lines', () => {
  it('of connections say what is known', () => {
    expect(sessionLine(connection(1, { session: 'resumed' }))).toEqual({
      kind: 'connection',
      text: 'connected, session resumed',
      class: 'good',
    })
    const error = { code: 'disconnected', what: 'transport close' } as const
    expect(sessionLine(connection(1, { state: 'disconnected', attempt: 3, error }))).toMatchObject({
      text: 'disconnected, attempt 3, transport close (disconnected)',
      class: 'bad',
    })
  })

  it('of resyncs, errors and pages', () => {
    const error = { code: 'index', what: 'beyond the end', hint: 'Report it.', store: 'S' } as const
    expect(sessionLine({ type: 'resync', store: 'S', error, seq: 1, at: 1 })?.text).toBe('S: beyond the end (index)')
    expect(sessionLine({ type: 'error', error, seq: 1, at: 1 })?.text).toBe('S: beyond the end (index). Report it.')
    expect(sessionLine({ type: 'page', page: 3, step: 'left', seq: 1, at: 1 })?.text).toBe('page 3 left')
  })

  it('are none for other entries', () => {
    expect(sessionLine({ type: 'frame', dir: 'in', kind: 'other', bytes: 0, seq: 1, at: 1 })).toBeUndefined()
  })
})

describe('stretches', () => {
  it('last until the state changes, the last until now', () => {
    const entries = [
      connection(10, { state: 'connecting' }),
      connection(30, {}),
      connection(35, { clockOffset: 5 }),
      connection(100, { state: 'disconnected' }),
    ]
    expect(stretches(entries, 150)).toEqual([
      { state: 'connecting', from: 10, to: 30 },
      { state: 'connected', from: 30, to: 100 },
      { state: 'disconnected', from: 100, to: 150 },
    ])
    expect(describeStretches(stretches(entries, 150))).toBe('connecting 20 ms, connected 70 ms, disconnected 50 ms')
  })

  it('are none without entries, and never end before they begin', () => {
    expect(stretches([], 5)).toEqual([])
    expect(stretches([connection(10, {})], 5)).toEqual([{ state: 'connected', from: 10, to: 10 }])
  })
})

describe('round trips', () => {
  const call = (id: number, dir: 'in' | 'out', at: number): FeedEntry => ({
    type: 'frame',
    dir,
    kind: dir === 'out' ? 'rpccall' : 'rpccallresp',
    bytes: 0,
    call: id,
    seq: at,
    at,
  })

  it('are from a call to its answer; the fastest counts', () => {
    const trips = createRoundTrips()
    expect(trips.fastest).toBeUndefined()
    for (const entry of [call(1, 'out', 0), call(2, 'out', 5), call(1, 'in', 30), call(2, 'in', 17), call(9, 'in', 18)])
      trips.add(entry)
    expect([trips.fastest, trips.count]).toEqual([12, 2])
  })

  it('are bounded: answers that never come, and answers', () => {
    const trips = createRoundTrips()
    for (let i = 0; i < 3000; i++) trips.add(call(i, 'out', 0))
    trips.add(call(0, 'in', 1))
    expect(trips.count).toBe(0)
    for (let i = 2000; i < 3000; i++) trips.add(call(i, 'in', i))
    expect([trips.count, trips.fastest]).toEqual([100, 2900])
  })
})
