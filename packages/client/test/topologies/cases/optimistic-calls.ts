import { expect } from 'vitest'
import { optimistic } from '../../../src/optimistic.ts'
import { Add, BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { failureOf } from '../../support/page.ts'
import type { Case } from '../case.ts'
import { ADD } from '../host/schema.ts'

const retitling = optimistic(BoardStore, (board, { y }: { readonly x: number; readonly y: number }) => {
  board.title = `at ${y}`
})

/** Calls whose effect is shown before the host has it. */
export const optimisticCalls: readonly Case[] = [
  {
    name: 'what a call will change is shown at once, and becomes the state of the host without flicker',
    covers: ['CallOptions.optimistic'],
    async run({ client, board, host }) {
      const seen: unknown[] = []
      const stop = board.subscribe('title', () => seen.push(board.get('title')))
      await board.ready('title')
      seen.splice(0)
      const call = client.call(Add, { x: ADD.retitles, y: 7 }, { optimistic: retitling })
      expect(board.get('title')).toBe('at 7')
      await eventually(async () => expect((await host.report()).waiting).toBe(1))
      await host.release()
      expect(await call).toBe(7)
      await host.title('done')
      await eventually(() => expect(board.get('title')).toBe('done'))
      expect(seen.filter((value, i) => value !== seen[i - 1])).toEqual(['at 7', 'done'])
      stop()
    },
  },
  {
    name: 'and is taken back when the call fails',
    covers: ['CallOptions.optimistic'],
    async run({ client, board }) {
      const stop = board.subscribe('title', () => undefined)
      await board.ready('title')
      const call = failureOf(client.call(Add, { x: ADD.fails, y: 8 }, { optimistic: retitling }))
      expect(board.get('title')).toBe('at 8')
      expect(await call).toMatchObject({ code: 'rpc' })
      expect(board.get('title')).toBe('first')
      stop()
    },
  },
]
