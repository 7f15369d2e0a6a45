import { expect } from 'vitest'
import { Add, Sound } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'
import { ADD } from '../host/schema.ts'

/** Viewer sessions, which outlive a connection. */
export const sessions: readonly Case[] = [
  {
    name: 'an outage: the session is resumed, with its events and the call that was under way',
    covers: ['ClientOptions.sessions', 'SessionOptions.attachTimeoutMs', 'SessionOptions.trustResume'],
    options: () => ({ path: '/resume', sessions: { attachTimeoutMs: 20_000, trustResume: false } }),
    async run({ client, board, host }) {
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'fresh' })
      const heard: number[] = []
      const stopEvents = client.on(Sound, 'bow', ({ n }) => heard.push(n))
      await eventually(async () => {
        await host.sound('bow', 1)
        expect(heard).toContain(1)
      })
      const call = client.call(Add, { x: ADD.waits, y: 42 })
      await eventually(async () => expect((await host.report()).waiting).toBe(1))
      await host.refuse(true)
      await host.cut()
      await eventually(() => expect(board.status('title')).toBe('stale'))
      await host.title('meanwhile')
      await host.sound('bow', 2)
      await host.release()
      await host.refuse(false)
      await eventually(() => expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'resumed' }))
      await eventually(() => expect([board.get('title'), board.status('title')]).toEqual(['meanwhile', 'live']))
      await eventually(() => expect(heard).toContain(2))
      expect(await call).toBe(42)
      expect((await host.report()).sessions).toBe(1)
      stop()
      stopEvents()
    },
  },
]
