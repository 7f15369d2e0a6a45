import { expect } from 'vitest'
import { forgetOffline, keepOffline } from '../../../src/index.ts'
import { board as fresh, BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'

/** The last state, kept in the browser. */
export const offline: readonly Case[] = [
  {
    name: 'a store that is kept is shown without the host, as stale, until it is forgotten',
    covers: ['ClientOptions.offline', 'index.keepOffline', 'index.forgetOffline'],
    async run({ host, open, topology }) {
      const options = {
        offline: keepOffline({ stores: [BoardStore], scope: `user ${topology.name}`, saveEveryMs: 20 }),
      }
      const first = await open(options)
      first.board.subscribe([], () => undefined)
      await first.board.ready()
      await first.client.dispose()
      await first.other?.dispose()
      await host.refuse(true)
      const second = await open(options)
      second.board.subscribe([], () => undefined)
      await eventually(() => expect([second.board.status(), second.board.get()]).toEqual(['stale', fresh()]))
      await host.title('later')
      await host.refuse(false)
      await eventually(() => expect([second.board.status(), second.board.get('title')]).toEqual(['live', 'later']))
      await second.client.dispose()
      await second.other?.dispose()
      await forgetOffline(host.url)
      await host.refuse(true)
      const third = await open(options)
      third.board.subscribe([], () => undefined)
      await eventually(() => expect(third.client.connection.get().error).toBeDefined())
      expect([third.board.status(), third.board.loaded()]).toEqual(['loading', false])
    },
  },
]
