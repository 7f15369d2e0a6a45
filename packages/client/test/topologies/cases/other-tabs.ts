import { expect } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { Add, BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'
import { ADD, Camera } from '../host/schema.ts'

const shares: Case['where'] = ({ otherMode }) => otherMode !== undefined

/** What the tabs that share an engine are to each other. */
export const otherTabs: readonly Case[] = [
  {
    name: 'two tabs share one connection, and each gets its own paths and answers',
    covers: ['Client.mode', 'Client.call', 'PageStore.status'],
    where: shares,
    options: () => ({}),
    async run({ client, board, other, host, topology }) {
      const theirs = other?.store(BoardStore)
      const stops = [
        board.subscribe(['items', 'a'], () => undefined),
        theirs?.subscribe(['items', 'b'], () => undefined),
      ]
      await Promise.all([board.ready(['items', 'a']), theirs?.ready(['items', 'b'])])
      expect([board.status(['items', 'b']), theirs?.status(['items', 'a'])]).toEqual(['idle', 'idle'])
      const waiting = client.call(Add, { x: ADD.waits, y: 1 })
      expect(await other?.call(Add, { x: 2, y: 2 })).toBe(4)
      await host.release()
      expect(await waiting).toBe(1)
      expect((await host.report()).accepted).toBe(1)
      expect(await other?.mode).toBe(topology.otherMode)
      for (const stop of stops) stop?.()
    },
  },
  {
    name: 'somebody else, and a tab that shares with nobody, have connections of their own',
    covers: ['ClientOptions.tabs', 'ClientOptions.identity'],
    where: shares,
    options: () => ({ identity: 'ann' }),
    async run({ client, host, open, atEnd }) {
      const bob = await open({ identity: 'bob' })
      expect(await Promise.all([client.call(Add, { x: 1, y: 1 }), bob.client.call(Add, { x: 2, y: 2 })])).toEqual([
        2, 4,
      ])
      await eventually(async () => expect((await host.report()).connections).toBe(2))
      const alone = createClient({
        url: host.url,
        path: '/game',
        tabs: 'own',
        identity: 'ann',
        workerStartTimeoutMs: 20_000,
      })
      atEnd(() => alone.dispose())
      expect(await alone.mode).toBe('worker')
      expect(await alone.call(Add, { x: 3, y: 3 })).toBe(6)
      expect((await host.report()).connections).toBe(3)
    },
  },
  {
    name: 'tabs share a data stream: one lease and one data connection, every unit for each',
    covers: ['Client.stream', 'DataStream.close'],
    where: shares,
    async run({ client, other, host }) {
      const got: number[][] = [[], []]
      const [mine, theirs] = [client, other].map((one, i) =>
        one?.stream(Camera, 'both', {
          onUnit: ({ sequence, payload }) => got[i]?.push(Number(sequence) * 1000 + payload.length),
        }),
      )
      await eventually(() => expect([mine?.status.get().state, theirs?.status.get().state]).toEqual(['live', 'live']))
      await eventually(async () => expect(await host.report()).toMatchObject({ readers: 1, leases: 1 }))
      await host.units('both', 1, 50, 100)
      const all = Array.from({ length: 50 }, (_, i) => (i + 1) * 1000 + 100)
      await eventually(() => expect(got).toEqual([all, all]))
      mine?.close()
      await host.units('both', 51, 51, 100)
      await eventually(() => expect(got[1]?.at(-1)).toBe(51_100))
      expect(got[0]).toEqual(all)
      theirs?.close()
      await eventually(async () => expect((await host.report()).leases).toBe(0))
    },
  },
  {
    name: 'the other tab is closed in the middle of a call: nothing hangs, and all goes on',
    covers: ['Client.call'],
    where: shares,
    async run({ open, openTab, host, topology }) {
      const tab = await openTab()
      const { client, board, other } = await open({}, tab)
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      const theirs = other?.store(BoardStore)
      theirs?.subscribe(['items', 'b'], () => undefined)
      await theirs?.ready(['items', 'b'])
      const mine = client.call(Add, { x: ADD.waits, y: 3 }).catch((e: { readonly code: string }) => e.code)
      void other?.call(Add, { x: ADD.waits, y: 4 }).catch(() => undefined)
      await eventually(async () => expect((await host.report()).waiting).toBe(2))
      tab.close()
      await eventually(async () => expect((await host.report()).keys).toEqual(['Title']))
      await host.title('after')
      await eventually(() => expect([board.get('title'), board.status('title')]).toEqual(['after', 'live']))
      await host.release()
      // With the tab that held the connection goes the connection.
      expect(await mine).toBe(topology.mode === 'follower' ? 'disconnected' : 3)
      expect(await client.call(Add, { x: 5, y: 5 })).toBe(10)
      stop()
    },
  },
]
