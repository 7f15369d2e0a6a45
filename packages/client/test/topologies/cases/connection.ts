import { expect } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { Add, Tick } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { failureOf } from '../../support/page.ts'
import type { Case } from '../case.ts'
import { ADD } from '../host/schema.ts'

/** The connection: made, lost, hung up, ended. */
export const connection: readonly Case[] = [
  {
    name: 'the connection tells its state, and the clock of the host once that has been heard',
    covers: ['Client.connection', 'Client.mode'],
    async run({ client, board, topology }) {
      await board.ready('title')
      expect(await client.mode).toBe(topology.mode)
      expect(client.connection.get()).toMatchObject({ state: 'connected', attempt: expect.any(Number) as number })
      await eventually(() => expect(Math.abs(client.connection.get().clockOffset ?? Infinity)).toBeLessThan(60_000))
    },
  },
  {
    name: 'a connection that is lost comes back by itself: values stay, and are stale meanwhile',
    covers: ['Client.connection', 'ClientOptions.reconnect'],
    options: () => ({ reconnect: { minMs: 10, maxMs: 50 } }),
    async run({ client, board, host }) {
      const states: string[] = []
      const stopHearing = client.connection.subscribe(() => states.push(client.connection.get().state))
      const seen: string[] = []
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      const stopStatus = board.subscribeStatus('title', () =>
        seen.push(`${board.status('title')} ${board.get('title')}`),
      )
      await host.refuse(true)
      await host.cut()
      await eventually(() =>
        expect(client.connection.get()).toMatchObject({ error: { code: expect.any(String) as string } }),
      )
      await eventually(() =>
        expect([board.status('title'), board.get('title'), board.loaded('title')]).toEqual(['stale', 'first', true]),
      )
      await host.title('while away')
      await eventually(() => expect(client.connection.get().attempt).toBeGreaterThan(1))
      await host.refuse(false)
      await eventually(() => expect([board.status('title'), board.get('title')]).toEqual(['live', 'while away']))
      expect(seen[0]).toBe('stale first')
      expect(seen.join()).not.toContain('loading')
      expect(states).toContain('connected')
      stop()
      stopStatus()
      stopHearing()
    },
  },
  {
    name: 'a client that hangs up keeps its values, and follows on when it connects again',
    covers: ['Client.connect', 'Client.disconnect'],
    options: () => ({}),
    async run({ client, board, host }) {
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      client.disconnect()
      await eventually(() => expect(client.connection.get().state).toBe('disconnected'))
      await eventually(() => expect([board.status('title'), board.get('title')]).toEqual(['stale', 'first']))
      await host.title('second')
      client.connect()
      await eventually(() => expect([board.status('title'), board.get('title')]).toEqual(['live', 'second']))
      stop()
    },
  },
  {
    name: 'nothing is started before it is wanted',
    covers: ['ClientOptions.autoConnect', 'Client.connect'],
    options: () => ({ autoConnect: false }),
    async run({ client, board, errors, host, topology }) {
      const stop = board.subscribe('title', () => undefined)
      expect([client.connection.get().state, board.status('title')]).toEqual(['disconnected', 'loading'])
      // The other tab may be there already.
      expect((await host.report()).accepted).toBeLessThanOrEqual(topology.otherFirst === true ? 1 : 0)
      client.connect()
      await board.ready('title')
      expect(await client.mode).toBe(topology.mode)
      expect(errors.splice(0)).toHaveLength(topology.problems ?? 0)
      stop()
    },
  },
  {
    name: 'other transports than WebSocket work',
    covers: ['ClientOptions.transports'],
    options: () => ({ transports: ['polling'] }),
    async run({ client, board, host }) {
      await board.ready('title')
      expect((await host.report()).polling).toBe(1)
      expect(await client.call(Add, { x: 1, y: 2 })).toBe(3)
    },
  },
  {
    name: 'a client that ends settles all that is pending, and hears nothing more',
    covers: ['Client.dispose'],
    options: () => ({}),
    async run({ client, board, other, host }) {
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      const heard: number[] = []
      client.on(Tick, ({ n }) => heard.push(n))
      const call = failureOf(client.call(Add, { x: ADD.waits, y: 1 }))
      await eventually(async () => expect((await host.report()).waiting).toBe(1))
      await Promise.all([client.dispose(), client.dispose()])
      expect(await call).toMatchObject({ code: 'disposed' })
      expect(await failureOf(client.call(Add, { x: 1, y: 1 }))).toMatchObject({ code: 'disposed' })
      expect([client.connection.get().state, board.get('title')]).toEqual(['disposed', 'first'])
      await host.tick(1)
      // Only the other tab still needs the connection.
      await eventually(async () => expect((await host.report()).keys).toEqual([]))
      if (other !== null) expect(await other.call(Add, { x: 2, y: 2 })).toBe(4)
      await eventually(async () => expect((await host.report()).connections).toBe(other === null ? 0 : 1))
      expect(heard).toEqual([])
      stop()
    },
  },
  {
    name: 'options that cannot work throw at once',
    covers: [
      'ClientOptions.url',
      'ClientOptions.path',
      'ClientOptions.worker',
      'ClientOptions.tabs',
      'ClientOptions.identity',
      'ClientOptions.graceMs',
      'ClientOptions.workerStartTimeoutMs',
      'index.createClient',
    ],
    async run({ host, topology: { options } }) {
      const config = expect.objectContaining({ code: 'config' })
      for (const wrong of [
        { url: 'ftp://x' },
        { path: 'socket' },
        { worker: 'elsewhere' },
        { tabs: 'some' },
        { identity: 5 },
        { graceMs: -1 },
        { workerStartTimeoutMs: 0 },
      ]) {
        expect(() => createClient({ url: host.url, ...options, ...(wrong as object) })).toThrow(config)
      }
    },
  },
]
