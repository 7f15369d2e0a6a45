import { describe, expect, test } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { recordings } from '../src/recording.ts'
import { type LiveReplay, replayClient } from '../src/replay-client.ts'
import { type OpenedSocket, withSilentSockets } from '../src/silent-socket.ts'

// What becomes of data streams in the conversations of the real Go server. That they are asked for as recorded is checked by the replay itself, there and in all other recordings.

/** Replays a recording and hands over its client, and the data connections that it opened. */
async function replay(
  name: string,
  inspect: (replay: LiveReplay, opened: readonly OpenedSocket[]) => Promise<void>,
): Promise<void> {
  const recording = recordings.find((r) => r.name === name)
  if (recording === undefined) throw new Error(`there is no recording ${name}`)
  await withSilentSockets((opened) => replayClient(recording, (live) => inspect(live, opened)))
}

describe('a Rivulet client in data-stream conversations recorded from the real Go server', () => {
  test('feature 162: datastream-endpoint: endpoints are read as they come, one lease per stream, refusals have the text of the broker', async () => {
    await replay('datastream-endpoint', async ({ streams: { streams, answers, shared }, sent, errors }, opened) => {
      expect(shared).toEqual(new Set(['stream-2']))
      expect(sent.map((m) => [m.action, m.key])).toEqual([
        [0, 'bow'],
        [0, 'brief é'],
        [0, 'fail-1'],
      ])
      expect(opened).toEqual(
        ['stream-1', 'stream-3'].map((id) => {
          const { url, token } = answers.get(id)?.endpoint ?? {}
          return { url, protocols: ['rsd1', token] }
        }),
      )
      expect(streams.get('stream-4')?.status.get().error).toMatchObject({
        code: 'denied',
        what: 'no such camera: fail-1',
      })
      expect(streams.get('stream-1')?.status.get().state).toBe('closed')
      await eventually(() => expect(streams.get('stream-3')?.status.get().state).toBe('reconnecting'))
      expect(errors).toEqual([])
    })
  })

  test('feature 162: datastream-errors: what the host refuses is `denied`, what every host refuses is not asked; the connection stays', async () => {
    await replay('datastream-errors', async ({ client, streams: { streams, answers }, sent, errors }) => {
      const codes = (): unknown => Array.from(streams.values(), (s) => s.status.get().error?.code)
      await eventually(() =>
        expect(codes()).toEqual([
          'denied',
          'denied',
          ...Array.from({ length: 5 }, () => 'invalid-value'),
          'denied',
          'denied',
        ]),
      )
      expect(sent).toHaveLength(3)
      for (const [id, { error }] of answers) expect(streams.get(id)?.status.get().error?.what).toBe(error)
      expect(client.connection.get().state).toBe('connected')
      expect(errors).toEqual([])
    })
  })

  test('datastream-duplicate-id: closed and opened again, it is another lease', async () => {
    await replay('datastream-duplicate-id', async ({ streams: { streams }, sent }) => {
      expect(sent.map((m) => m.action)).toEqual([0, 1, 0])
      expect(new Set(sent.map((m) => m.subscriptionID)).size).toBe(2)
      expect(streams.get('stream-1')?.status.get()).toMatchObject({ state: 'live', lease: { leaseID: 'lease-2' } })
    })
  })

  test('datastream-no-broker: the host says that it has none', async () => {
    await replay('datastream-no-broker', async ({ streams: { streams }, client }) => {
      expect(streams.get('stream-1')?.status.get()).toMatchObject({
        state: 'error',
        error: { code: 'denied', what: 'data streaming is not available' },
      })
      expect(client.connection.get().state).toBe('connected')
    })
  })

  test('datastream-unsubscribe-while-opening: given up in time, the next one opens', async () => {
    await replay('datastream-unsubscribe-while-opening', async ({ streams: { streams }, sent }) => {
      expect(sent.map((m) => [m.action, m.key])).toEqual([
        [0, 'slow-1'],
        [1, 'slow-1'],
        [0, 'slow-2'],
      ])
      expect(sent[1]?.subscriptionID).toBe(sent[0]?.subscriptionID)
      expect(streams.get('stream-2')?.status.get()).toMatchObject({ state: 'live', lease: { leaseID: 'lease-1' } })
    })
  })

  test('features 152 and 162: session-data-streams: a lease that is kept is not opened again, and another key is another stream', async () => {
    await replay('session-data-streams', async ({ streams: { streams, answers }, sent, errors }, opened) => {
      // Everything went with the attaches.
      expect(sent).toEqual([])
      expect(Array.from(answers.keys()).toSorted()).toEqual(['stream-1', 'stream-2', 'stream-3', 'stream-4'])
      const urls = opened.map(({ url }) => url).toSorted()
      expect(urls).toEqual(['bow', 'keel', 'mast', 'stern'].map((key) => `wss://streams.example/v1/${key}`))
      expect(streams.get('stream-4')?.status.get().error).toMatchObject({
        code: 'denied',
        what: 'no such camera: fail-x',
      })
      expect(errors).toEqual([])
    })
  })
})
