import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTestServer, type TestServer } from '@rivulet/testing'
import { type Harbor, HarborStore } from './support/schema.ts'

type Step = (server: TestServer) => void | Promise<void>

const boat = fc.record({ name: fc.string(), draught: fc.double({ noNaN: true }) })
const boats = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), boat)).map((entries) => new Map(entries))

const fields: fc.Arbitrary<Partial<Harbor>> = fc.record(
  {
    title: fc.string(),
    open: fc.boolean(),
    ticks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    log: fc.option(fc.array(fc.string(), { maxLength: 4 })),
    boats: fc.option(boats),
    pilot: boat,
  },
  { requiredKeys: [] },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  fields.map(
    (some): Step =>
      (server) =>
        server.set(HarborStore, some),
  ),
  fc.tuple(fc.constantFrom('a', 'b', 'c'), boat).map(([key, value]): Step => (server) => {
    server.update(HarborStore, (draft) => void (draft.boats ??= new Map()).set(key, { ...value }))
  }),
  fc.constantFrom('a', 'b').map((key): Step => (server) => {
    server.update(HarborStore, (draft) => void draft.boats?.delete(key))
  }),
  fc.constant<Step>((server) => server.disconnect()),
  fc.constant<Step>((server) => server.reconnect()),
  fc.constant<Step>((server) => server.settled()),
)

test('whatever the server does, every page ends up with its state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('safe', 'exact', 'store'),
      fc.array(step, { maxLength: 12 }),
      async (delivery, steps) => {
        const server = createTestServer()
        server.set(HarborStore, {})
        const whole = server.client({ delivery }).store(HarborStore)
        const parts = server.client({ delivery }).store(HarborStore)
        whole.subscribe([], () => undefined)
        for (const path of ['title', 'log', ['boats', 'a', 'name'], ['boats', 'b'], ['pilot', 'draught']] as const)
          parts.subscribe(path, () => undefined)
        for (const one of steps) await one(server)
        server.reconnect()
        await server.settled()
        const state = server.state(HarborStore)
        expect(whole.get()).toEqual(state)
        expect(parts.get('title')).toBe(state.title)
        expect(parts.get('log')).toEqual(state.log)
        expect(parts.get(['boats', 'a', 'name'])).toBe(state.boats?.get('a')?.name)
        expect(parts.get(['boats', 'b'])).toEqual(state.boats?.get('b'))
        expect(parts.get(['pilot', 'draught'])).toBe(state.pilot.draught)
        await server.dispose()
      },
    ),
    { numRuns: 60 },
  )
})
