import { expect } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { Add } from '../../support/board.ts'
import type { Case } from '../case.ts'

let hanging = true

/** Who the host thinks the client is. */
export const login: readonly Case[] = [
  {
    name: 'auth as an object reaches the host',
    covers: ['ClientOptions.auth'],
    options: () => ({ auth: { token: 'fixed' } }),
    async run({ client, board, host }) {
      await board.ready('title')
      expect((await host.report()).auths).toEqual([{ token: 'fixed' }])
      expect(await client.call(Add, { x: 1, y: 1 })).toBe(2)
    },
  },
  {
    name: 'auth as a function is asked on every connect',
    covers: ['ClientOptions.auth'],
    options() {
      let asked = 0
      return { auth: async () => ({ token: `t${++asked}` }) }
    },
    async run({ board, host }) {
      await board.ready('title')
      await host.cut()
      await eventually(async () =>
        expect(JSON.stringify((await host.report()).auths)).toBe(JSON.stringify([{ token: 't1' }, { token: 't2' }])),
      )
    },
  },
  {
    name: 'authenticate runs before anything is subscribed, and again on every connect',
    covers: ['ClientOptions.authenticate'],
    options: () => ({
      async authenticate(link) {
        await link.emit('login', 'ann')
        expect(await link.once('welcome')).toEqual(['ann'])
      },
    }),
    async run({ board, host }) {
      await board.ready('title')
      expect((await host.report()).logins).toEqual(['ann'])
      await host.cut()
      await eventually(async () => expect((await host.report()).logins).toEqual(['ann', 'ann']))
    },
  },
  {
    name: 'a login that takes too long fails with timeout, and is tried again',
    covers: ['ClientOptions.authenticateTimeoutMs'],
    options() {
      hanging = true
      return {
        authenticateTimeoutMs: 200,
        authenticate: () => (hanging ? new Promise<void>(() => undefined) : Promise.resolve()),
      }
    },
    async run({ client, board, errors }) {
      const stop = board.subscribe('title', () => undefined)
      await eventually(() => expect(client.connection.get().error).toMatchObject({ code: 'timeout' }))
      expect(board.status('title')).toBe('loading')
      hanging = false
      await board.ready('title')
      stop()
      errors.splice(0)
    },
  },
]
