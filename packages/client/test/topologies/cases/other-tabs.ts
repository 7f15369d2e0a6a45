import { expect } from 'vitest'
import { Add, BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'
import { ADD } from '../host/schema.ts'

const shares: Case['where'] = ({ otherMode }) => otherMode !== undefined

/** What the tabs that share an engine are to each other. */
export const otherTabs: readonly Case[] = [
  {
    name: 'two tabs share one connection, and each gets its own paths and answers',
    covers: ['ClientOptions.tabs', 'ClientOptions.identity'],
    where: shares,
    // `tabs` and `identity` are the topology's.
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
