import { describe, expect, test } from 'vitest'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { HOSTILE, playable } from '../src/playable.ts'
import { recordings } from '../src/recording.ts'
import { replayClient } from '../src/replay-client.ts'
import { withSilentSockets } from '../src/silent-socket.ts'

let compared = 0
let attached = 0

describe('features 31, 32, 35, 36, 48, 49, 54 and 170: a Rivulet client in conversations recorded from the real Go server', () => {
  test('the recordings are there', () => {
    expect(playable.length).toBeGreaterThanOrEqual(71)
    expect(Object.keys(HOSTILE).filter((name) => !recordings.some((r) => r.name === name))).toEqual([])
  })

  test.each(playable.map((r) => [r.name, r.description, r] as const))(
    '%s: %s',
    async (_name, _description, recording) => {
      const { values, calls, events, errors, attaches } = await withSilentSockets(() => replayClient(recording))
      attached += attaches
      for (const { conn, store, path, got, expected } of values) {
        compared++
        expect(canonical(got), `${conn} ${store} ${path.join('.')}`).toBe(canonical(expected))
      }
      for (const { method, got, expected } of calls) expect({ method, got }).toEqual({ method, got: expected })
      for (const { event, got, expected } of events) expect({ event, got }).toEqual({ event, got: expected })
      expect(errors.filter((e) => e.code !== 'disconnected')).toEqual([])
    },
  )

  test('values that are still followed at the end were compared with the server’s', () => {
    expect(compared).toBeGreaterThanOrEqual(45)
  })

  test('sessions were attached as recorded', () => {
    expect(attached).toBeGreaterThanOrEqual(36)
  })
})
