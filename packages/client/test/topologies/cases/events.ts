import { expect } from 'vitest'
import { Sound, Tick } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'

/** Events for everybody, and for those who listen to a key. */
export const events: readonly Case[] = [
  {
    name: 'an event reaches every listener, in order, with its time; a listener that has stopped hears nothing',
    covers: ['Client.on'],
    async run({ client, host }) {
      const heard: number[] = []
      const times: number[] = []
      const stops = [
        client.on(Tick, ({ n }, { time }) => {
          heard.push(n)
          times.push(time)
        }),
        client.on(Tick, ({ n }) => heard.push(-n)),
      ]
      // The host sends an event to everybody; that the engine listens is known when the first has come.
      await eventually(async () => {
        await host.tick(1)
        expect(heard).toContain(-1)
      })
      heard.splice(0)
      for (const n of [2, 3, 4]) await host.tick(n)
      await eventually(() => expect(heard.filter((n) => Math.abs(n) !== 1)).toEqual([2, -2, 3, -3, 4, -4]))
      expect(times.every((time) => Math.abs(time - Date.now()) < 60_000)).toBe(true)
      stops[0]?.()
      heard.splice(0)
      await host.tick(5)
      await eventually(() => expect(heard).toContain(-5))
      expect(heard).not.toContain(5)
      stops[1]?.()
    },
  },
  {
    name: 'a keyed event reaches those who listen to its key',
    covers: ['Client.on'],
    async run({ client, host }) {
      const bow: number[] = []
      const stern: number[] = []
      const stops = [
        client.on(Sound, 'bow', ({ n }) => bow.push(n)),
        client.on(Sound, 'stern', ({ n }) => stern.push(n)),
      ]
      await eventually(async () => {
        await host.sound('bow', 1)
        await host.sound('stern', 2)
        expect([bow.includes(1), stern.includes(2)]).toEqual([true, true])
      })
      expect([new Set(bow), new Set(stern)]).toEqual([new Set([1]), new Set([2])])
      for (const stop of stops) stop()
      expect(() => client.on(Sound, '', () => undefined)).toThrow(expect.objectContaining({ code: 'config' }))
    },
  },
  {
    name: 'events go on after the connection was lost',
    covers: ['Client.on'],
    async run({ client, host }) {
      const heard: number[] = []
      const stop = client.on(Sound, 'bow', ({ n }) => heard.push(n))
      await eventually(async () => {
        await host.sound('bow', 1)
        expect(heard).toContain(1)
      })
      await host.cut()
      await eventually(async () => {
        await host.sound('bow', 2)
        expect(heard).toContain(2)
      })
      stop()
    },
  },
]
