import { describe, expect, test } from 'vitest'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { isServable, recordings } from '../src/recording.ts'
import { replayClient } from '../src/replay-client.ts'
import { withSilentSockets } from '../src/silent-socket.ts'

/**
 * Conversations that a client of ours cannot have, and why. The recorded viewer was hostile on purpose; these are replayed against the host, where the hostile side is ours to play.
 */
const HOSTILE: Readonly<Record<string, string>> = {
  'keyed-event-empty-key': 'an empty key is refused at the call, before anything is sent',
  'keyed-event-name-too-long': 'so is a name of 257 bytes',
  'rpc-request-not-binary': 'requests are encoded from typed arguments, so they are bytes',
  'rpc-undecodable-request': 'and complete ones',
  'session-manifest-invalid':
    'refused keys and names never get into a manifest, and several attaches that list other things follow on one connection',
  'session-resume-unknown': 'a client resumes only sessions that it was given',
}

const replayable = recordings.filter((r) => isServable(r) && HOSTILE[r.name] === undefined)

let compared = 0
let attached = 0

describe('features 31, 32, 35, 36, 48, 49, 54 and 170: a Rivulet client in conversations recorded from the real Go server', () => {
  test('the recordings are there', () => {
    expect(replayable.length).toBeGreaterThanOrEqual(71)
    expect(Object.keys(HOSTILE).filter((name) => !recordings.some((r) => r.name === name))).toEqual([])
  })

  test.each(replayable.map((r) => [r.name, r.description, r] as const))(
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
