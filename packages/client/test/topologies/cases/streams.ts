import { expect, vi } from 'vitest'
import type { DataStream, PostToHandler } from '../../../src/index.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case, Rig } from '../case.ts'
import { Camera, Radar } from '../host/schema.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

async function live(stream: DataStream, host: Rig['host'], readers = 1): Promise<void> {
  await eventually(() => expect(stream.status.get().state).toBe('live'))
  await eventually(async () => expect((await host.report()).readers).toBe(readers))
}

/** Data streams. */
export const streams: readonly Case[] = [
  {
    name: 'a stream brings every unit once and in order, and gives its lease back',
    covers: [
      'Client.stream',
      'DataStream.def',
      'DataStream.key',
      'DataStream.status',
      'DataStream.close',
      'StreamOptions.onUnit',
      'StreamOptions.maxUnits',
      'StreamOptions.maxBytes',
      'StreamOptions.maxSilenceMs',
    ],
    async run({ client, host }) {
      const got: [n: number, size: number, lost: number][] = []
      const stream = client.stream(Camera, 'bow', {
        onUnit: ({ sequence, payload }, { lost }) => got.push([Number(sequence), payload.length, lost]),
        maxUnits: 512,
        maxBytes: 1 << 25,
        maxSilenceMs: 60_000,
      })
      expect([stream.def, stream.key]).toEqual([Camera, 'bow'])
      await live(stream, host)
      expect(await host.units('bow', 1, 100, 1000)).toBe(1)
      await eventually(() => expect(got).toEqual(upTo(100).map((n) => [n, 1000, 0])))
      stream.close()
      expect(stream.status.get().state).toBe('closed')
      await eventually(async () => expect((await host.report()).leases).toBe(0))
    },
  },
  {
    name: 'two uses of a stream share it, and one that ends leaves the other',
    covers: ['Client.stream'],
    async run({ client, host }) {
      const got: number[][] = [[], []]
      const [one, two] = got.map((list) =>
        client.stream(Camera, 'port', { onUnit: ({ sequence }) => list.push(Number(sequence)) }),
      ) as [DataStream, DataStream]
      await live(one, host)
      await host.units('port', 1, 3, 10)
      await eventually(() => expect(got).toEqual([upTo(3), upTo(3)]))
      one.close()
      await host.units('port', 4, 5, 10)
      await eventually(() => expect(got).toEqual([upTo(3), upTo(5)]))
      two.close()
    },
  },
  {
    name: 'a stream that nobody in the worker handles says so when the page posts to it',
    covers: ['DataStream.post', 'StreamOptions.onStart'],
    async run({ client, host, errors }) {
      const onStart = vi.fn<(post: PostToHandler) => void>()
      const stream = client.stream(Camera, 'stern', { onStart })
      await live(stream, host)
      expect(onStart).toHaveBeenCalledTimes(1)
      expect(stream.post('hello')).toBe(true)
      await eventually(() => expect(errors.splice(0)).toMatchObject([{ code: 'config', store: 'BoardStore' }]))
      stream.close()
      expect(stream.post('late')).toBe(false)
    },
  },
  {
    name: "a handler in the app's worker takes the units, and talks to the page",
    covers: ['StreamOptions.onMessage', 'StreamOptions.onStart', 'DataStream.post'],
    where: ({ mode }) => mode === 'custom',
    async run({ client, host }) {
      const messages: unknown[] = []
      const onUnit = vi.fn<() => void>()
      const stream = client.stream(Radar, 'mast', {
        onUnit,
        onStart: (post) => post('from the page'),
        onMessage: (message) => messages.push(message),
      })
      await live(stream, host)
      await host.units('mast', 1, 3, 10)
      await eventually(() => expect(messages).toEqual(upTo(3).map((n) => ({ n, sent: 'from the page' }))))
      expect(stream.post('again')).toBe(true)
      await eventually(async () => {
        await host.units('mast', messages.length + 1, messages.length + 1, 10)
        expect(messages.at(-1)).toMatchObject({ sent: 'again' })
      })
      expect(onUnit).not.toHaveBeenCalled()
      stream.close()
    },
  },
  {
    name: 'a stream that cannot be shows why',
    covers: ['DataStream.status'],
    async run({ client }) {
      const stream = client.stream(Camera, ' ', { onUnit: () => undefined })
      await eventually(() =>
        expect(stream.status.get()).toMatchObject({ state: 'error', error: { code: 'invalid-value' } }),
      )
      const bounded = client.stream(Camera, 'x', { maxUnits: 0 })
      await eventually(() => expect(bounded.status.get()).toMatchObject({ state: 'error', error: { code: 'config' } }))
      stream.close()
      bounded.close()
    },
  },
  {
    name: 'the data goes on while the connection of the host is away',
    covers: ['Client.stream'],
    async run({ client, host }) {
      const got: number[] = []
      const stream = client.stream(Camera, 'aft', { onUnit: ({ sequence }) => got.push(Number(sequence)) })
      await live(stream, host)
      await host.units('aft', 1, 2, 10)
      await eventually(() => expect(got).toEqual([1, 2]))
      await host.cut()
      let n = 2
      await eventually(async () => {
        n++
        await host.units('aft', n, n, 10)
        expect(got.length).toBeGreaterThan(3)
      })
      expect(got).toEqual(got.toSorted((a, b) => a - b))
      stream.close()
    },
  },
]
