import { expect } from 'vitest'
import { isRivuletError, RivuletError } from '../../../src/index.ts'
import { Add, Poke, Upload } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { failureOf } from '../../support/page.ts'
import type { Case } from '../case.ts'
import { ADD } from '../host/schema.ts'

/** Calls and sends. */
export const calls: readonly Case[] = [
  {
    name: 'a call is answered; bytes go as they are',
    covers: ['Client.call'],
    async run({ client, host }) {
      expect(await client.call(Add, { x: 2, y: 3 })).toBe(5)
      expect(await client.call(Upload, { bytes: new Uint8Array(100_000) })).toBe(100_000)
      expect((await host.report()).calls).toEqual([[2, 3]])
    },
  },
  {
    name: "a handler's error arrives with its text",
    covers: ['Client.call', 'index.isRivuletError', 'index.RivuletError'],
    async run({ client }) {
      const error = await failureOf(client.call(Add, { x: ADD.fails, y: 0 }))
      expect(isRivuletError(error)).toBe(true)
      expect(error).toBeInstanceOf(RivuletError)
      expect(error).toMatchObject({ code: 'rpc', message: expect.stringContaining('no such square') as string })
    },
  },
  {
    name: 'arguments that the schema does not allow reject, and nothing is sent',
    covers: ['Client.call'],
    async run({ client, host }) {
      expect(await failureOf(client.call(Add, { x: 'two' as never, y: 3 }))).toMatchObject({ code: 'invalid-value' })
      expect((await host.report()).calls).toEqual([])
    },
  },
  {
    name: 'a call that takes too long rejects; its late answer harms nobody',
    covers: ['CallOptions.timeoutMs', 'ClientOptions.callTimeoutMs'],
    options: () => ({ callTimeoutMs: 150 }),
    async run({ client, host }) {
      const own = client.call(Add, { x: ADD.waits, y: 1 }, { timeoutMs: 50 })
      await expect(own).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('50 ms') as string })
      // The client's own limit, `callTimeoutMs`.
      await expect(client.call(Add, { x: ADD.waits, y: 2 })).rejects.toMatchObject({ code: 'timeout' })
      await host.release()
      expect(await client.call(Add, { x: 1, y: 1 }, { timeoutMs: 30_000 })).toBe(2)
    },
  },
  {
    name: 'a call is given up by a signal, before and while it runs',
    covers: ['CallOptions.signal'],
    async run({ client, host }) {
      const given = new AbortController()
      const running = failureOf(client.call(Add, { x: ADD.waits, y: 1 }, { signal: given.signal }))
      await eventually(async () => expect((await host.report()).waiting).toBe(1))
      given.abort()
      expect(await running).toMatchObject({ code: 'aborted' })
      expect(await failureOf(client.call(Add, { x: 1, y: 1 }, { signal: given.signal }))).toMatchObject({
        code: 'aborted',
      })
      await host.release()
      expect(await client.call(Add, { x: 1, y: 1 })).toBe(2)
    },
  },
  {
    name: 'hundreds of calls at once are all answered, in a queue that the host can bear',
    covers: ['Client.call'],
    async run({ client, host }) {
      const all = Array.from({ length: 600 }, (_, i) => client.call(Add, { x: i, y: 1 }))
      expect(await Promise.all(all)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1))
      expect((await host.report()).accepted).toBe(0)
    },
  },
  {
    name: 'a call under way when the connection dies rejects; one that is made meanwhile waits for the next',
    covers: ['Client.call'],
    async run({ client, host }) {
      const lost = failureOf(client.call(Add, { x: ADD.waits, y: 1 }))
      await eventually(async () => expect((await host.report()).waiting).toBe(1))
      await host.refuse(true)
      await host.cut()
      expect(await lost).toMatchObject({ code: 'disconnected' })
      const waiting = client.call(Add, { x: 20, y: 1 })
      await host.refuse(false)
      expect(await waiting).toBe(21)
    },
  },
  {
    name: 'a send arrives once, and an impossible one rejects',
    covers: ['Client.send'],
    async run({ client, host }) {
      await client.send(Poke, { x: 4, y: 5 })
      await eventually(async () => expect((await host.report()).pokes).toEqual([[4, 5]]))
      expect(await failureOf(client.send(Poke, { x: 1.5, y: 0 }))).toMatchObject({ code: 'invalid-value' })
    },
  },
]
